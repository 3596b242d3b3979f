"""What a call asks of GRDF, and whether it may be asked twice."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from aiohttp import BytesPayload, FormData
import orjson

type Body = AbstractAsyncContextManager[BytesPayload | FormData | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call.

    Attributes:
        method: of HTTP.
        path: its parts behind the base.
        query: its parameters; a name may come several times.
        body: opens the body anew for each try.
        repeatable: whether a second one, after a first whose fate is unknown, does no
            harm. Where it would, a call is tried again only when the first cannot have
            been taken: no connection, 401, or 503 with `Retry-After`.
    """

    method: str = "GET"
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    body: Callable[[], Body] = nullcontext
    repeatable: bool = True


def json_body(value: object) -> Callable[[], Body]:
    """Return what opens a body of JSON."""
    data = orjson.dumps(value)

    def body() -> nullcontext[Any]:
        return nullcontext(BytesPayload(data, content_type="application/json"))

    return body
