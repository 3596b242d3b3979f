"""Exchanges with GRDF as they came, for whoever observes the client."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import time
from typing import Final

from aiohttp import ClientResponse

# So many PCE have longer lists of rights that their first part shows all there is.
MOST_KEPT: Final = 4_000_000
_HEADERS: Final = ("Content-Type", "Content-Encoding", "Retry-After")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One try of a call, as it came: it may name people. No token is in it.

    Attributes:
        path: its parts after the base; of the token's, `("token",)`.
        status: of HTTP; None: no answer came.
        headers: those of the answer that say how to read it, or when to ask again.
        body: what came of it, decompressed; at most its first 4 MB. Of a token's, the
            names of its fields alone.
        size: of the whole body, in bytes.
        is_cut: whether the connection broke, or nothing came for long, within the body.
        seconds: until its end.
    """

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    status: int | None
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    size: int
    is_cut: bool
    seconds: float


type Observer = Callable[[Exchange], Awaitable[None]]
"""Is given each exchange at its end; the call waits for it. It must not raise."""


class Tap:
    """Gathers an exchange while it goes on."""

    def __init__(
        self, method: str, path: tuple[str, ...], query: tuple[tuple[str, str], ...]
    ) -> None:
        """Begin with the request, which is about to be sent."""
        self._request = method, path, query
        self._begun = time.monotonic()
        self._status: int | None = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._size = 0
        self.is_cut = False

    def answered(self, response: ClientResponse) -> None:
        """Take the status and the headers."""
        self._status = response.status
        headers = response.headers
        self._headers = {name: headers[name] for name in _HEADERS if name in headers}

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._size += len(chunk)
        self._body += chunk[: MOST_KEPT - len(self._body)]

    def exchange(self) -> Exchange:
        """Return the exchange, which has ended."""
        method, path, query = self._request
        return Exchange(
            method=method,
            path=path,
            query=query,
            status=self._status,
            headers=self._headers,
            body=bytes(self._body),
            size=self._size,
            is_cut=self.is_cut,
            seconds=time.monotonic() - self._begun,
        )


@asynccontextmanager
async def observed(
    observer: Observer | None,
    method: str,
    path: tuple[str, ...],
    query: tuple[tuple[str, str], ...] = (),
) -> AsyncIterator[Tap | None]:
    """Give a tap for an exchange, and what it gathered to the observer; None: nobody.

    An exchange that is cancelled is not observed: its caller wants no more waiting.
    """
    if observer is None:
        yield None
        return
    tap = Tap(method, path, query)
    try:
        yield tap
    except Exception:
        await observer(tap.exchange())
        raise
    await observer(tap.exchange())
