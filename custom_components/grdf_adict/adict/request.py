"""Requests, and what all answers have in common."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from aiohttp import BytesPayload, ClientResponse, FormData
import orjson

type Body = AbstractAsyncContextManager[BytesPayload | FormData | None]

VERSION: Final = "0.1.0"
HEADERS: Final = {
    "Accept": "application/json",
    "User-Agent": f"grdf-adict/{VERSION}",
}
# Of a body that ought to be small, in bytes.
_LIMIT: Final = 65_536
# Quotas are counted by the day: no pause needs to be longer, in seconds.
_LONGEST_PAUSE: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call.

    Attributes:
        path: its parts after the base.
        query: its parameters; a name may come several times.
        body: opens the body anew for each try.
        repeatable: whether a second one does no harm where GRDF may have taken the
            first. Where it would, a call is tried again only when the first cannot have
            been taken: no connection, 401, or 503 with `Retry-After`.
    """

    method: str = "GET"
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    body: Callable[[], Body] = nullcontext
    repeatable: bool = True


def json_body(value: object) -> Callable[[], Body]:
    """Return a function that opens a body of JSON."""
    data = orjson.dumps(value)
    return lambda: nullcontext(BytesPayload(data, content_type="application/json"))


async def read_body(response: ClientResponse) -> bytes:
    """Return the first 64 kB of a body.

    Raises:
        ClientError, OSError: the connection broke.
    """
    body = b""
    async for chunk in response.content.iter_any():
        body = (body + chunk)[:_LIMIT]
        if len(body) == _LIMIT:
            break
    return body


def object_in(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a body is; an empty one where it is none."""
    try:
        found = orjson.loads(body.removeprefix(b"\xef\xbb\xbf").strip())
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def message_of(answer: dict[str, Any]) -> str | None:
    """Return the text of an error of GRDF, Okta or OAuth."""
    for name in ("error_description", "errorSummary", "message"):
        if isinstance(message := answer.get(name), str):
            return message
    return None


def retry_after(response: ClientResponse) -> float | None:
    """Return the seconds that `Retry-After` asks for, given as a number or a date.

    At most a day.
    """
    header = response.headers.get("Retry-After", "").strip()
    if header.isascii() and header.isdigit():
        return min(float(header[:9]), _LONGEST_PAUSE)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    seconds = (at - datetime.now(UTC)).total_seconds()
    return min(max(0.0, seconds), _LONGEST_PAUSE)
