"""What can go wrong on the way to GRDF, on demand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
import json
from typing import Protocol, Self

from .wire import Json

PAGE = "<!DOCTYPE html><html><body><h1>Service indisponible</h1></body></html>"


type Rewrite = Callable[[Sequence[Json]], Iterable[Json]]


class Lie(StrEnum):
    """What stands behind `Content-Encoding: gzip`."""

    PLAIN = "plain"
    """Nothing is compressed."""
    CUT = "cut"
    """It is, and stops half-way, though the answer ends in order."""
    BOMB = "bomb"
    """It is, and swells to 128 MB of blanks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way for an answer to fail; use the named makers."""

    http_status: int | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    is_reset: bool = False
    seconds: float = 0
    stalls_after: int | None = None
    cuts_after: int | None = None
    malforms: int | None = None
    ends_partial: bool = False
    partial_after: int | None = None
    cuts_at: int | None = None
    byte_seconds: float = 0
    gzip: Lie | None = None
    endless: bytes = b""
    garbles_newest: bool = False
    header_seconds: float = 0
    rewrites: Rewrite | None = None
    spoils_newest: bool = False

    @classmethod
    def status(
        cls, status: int, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Self:
        """Answer with an HTTP status, and a body (JSON) and headers if given."""
        return cls(http_status=status, body=body, headers=headers or {})

    @classmethod
    def retry_after(cls, status: int = 429, seconds: int = 5) -> Self:
        """Answer with a status and a `Retry-After` in seconds."""
        return cls(http_status=status, headers={"Retry-After": str(seconds)})

    @classmethod
    def html(cls, status: int = 200) -> Self:
        """Answer with a web page, as proxies do."""
        return cls(http_status=status, body=PAGE, content_type="text/html")

    @classmethod
    def redirect(cls, to: str, status: int = 302) -> Self:
        """Send whoever calls to another address."""
        return cls(http_status=status, headers={"Location": to})

    @classmethod
    def reset(cls) -> Self:
        """Close the connection (RST) before any byte."""
        return cls(is_reset=True)

    @classmethod
    def hang(cls, seconds: float, after_objects: int | None = None) -> Self:
        """Say nothing for a while, at once or after some objects; then go on."""
        return cls(seconds=seconds, stalls_after=after_objects)

    @classmethod
    def cut(cls, after_objects: int = 0) -> Self:
        """Close the connection inside the object that follows the first n."""
        return cls(cuts_after=after_objects)

    @classmethod
    def malformed(cls, at_object: int = 0) -> Self:
        """Break the JSON of one object (0 = the first); the rest goes on."""
        return cls(malforms=at_object)

    @classmethod
    def partial_error(cls, after_objects: int | None = None) -> Self:
        """End the stream with a 2000100 object, early if told so."""
        return cls(ends_partial=True, partial_after=after_objects)

    @classmethod
    def cut_at(cls, byte: int) -> Self:
        """Close the connection after so many bytes of the body."""
        return cls(cuts_at=byte)

    @classmethod
    def trickle(cls, seconds: float) -> Self:
        """Send the body byte by byte, with so many seconds between."""
        return cls(byte_seconds=seconds)

    @classmethod
    def compressed(cls, lie: Lie) -> Self:
        """Announce gzip, and send something else."""
        return cls(gzip=lie)

    @classmethod
    def never_ends(cls, what: bytes, seconds: float = 0) -> Self:
        """Send the body, then the same bytes again and again, so far apart."""
        return cls(endless=what, byte_seconds=seconds)

    @classmethod
    def newest_twice(cls) -> Self:
        """Send the last object twice, and the one before it never."""
        return cls(garbles_newest=True)

    @classmethod
    def dribble(cls, seconds: float) -> Self:
        """Send a header byte by byte, so many seconds apart, that never ends."""
        return cls(header_seconds=seconds)

    @classmethod
    def refusal(cls, code: str, message: str) -> Self:
        """Answer with HTTP 200 and a `statut_restitution`, alone."""
        status = {"code": code, "message": message}
        return cls.status(200, json.dumps({"statut_restitution": status}))

    @classmethod
    def odd(cls, rewrite: Rewrite, *, spoils_newest: bool = False) -> Self:
        """Answer to the end, with other objects than GRDF should send.

        `spoils_newest`: nobody can use the newest any more.
        """
        return cls(rewrites=rewrite, spoils_newest=spoils_newest)

    @property
    def is_of_bytes(self) -> bool:
        """Whether it is the bytes that go wrong, whatever they mean."""
        return (
            self.cuts_at is not None
            or self.byte_seconds > 0
            or self.gzip is not None
            or bool(self.endless)
        )

    def passes[T](self, items: Sequence[T]) -> tuple[T, ...]:
        """Return the items of a stream that come through in one piece.

        Where bytes go wrong, those of which that is sure: none, unless the body comes
        first.
        """
        if self.endless:
            return tuple(items)
        if self.is_of_bytes:
            return ()
        if self.spoils_newest:
            return tuple(items[:-1])
        if self.garbles_newest:
            return (*items[:-2], *items[-1:], *items[-1:])
        sent = items[: self.partial_after] if self.ends_partial else items
        sent = sent[: self.cuts_after]
        return tuple(item for at, item in enumerate(sent) if at != self.malforms)

    def leaves_whole(self, items: Sequence[object]) -> bool:
        """Whether a stream of these items reaches its end unbroken."""
        return not (
            self.is_of_bytes
            or self.ends_partial
            or self.cuts_after is not None
            # Without an item, one object still says that there is none.
            or (self.malforms is not None and self.malforms < max(1, len(items)))
        )


@dataclass(slots=True)
class Planned:
    """A fault that waits for its calls."""

    path_part: str | None
    fault: Fault
    times: int


@dataclass(frozen=True, slots=True)
class Outage:
    """A time, from an aware instant to before another, in which every call fails."""

    start: datetime
    end: datetime
    fault: Fault


class Weather(Protocol):
    """Decides call by call whether one fails."""

    def next_fault(self, path: str) -> Fault | None:
        """Return how the call of a path fails; None: it does not."""


class Faults:
    """Faults in the order they were planned, outages, and bad weather."""

    def __init__(self) -> None:
        """Start with none."""
        self._planned: list[Planned] = []
        self.outages: list[Outage] = []
        self.weather: Weather | None = None

    def plan(self, path_part: str | None, fault: Fault, times: int = 1) -> None:
        """Let the next calls fail whose path holds a text; None: any API call."""
        self._planned.append(Planned(path_part, fault, times))

    @property
    def planned(self) -> Sequence[Planned]:
        """Those that have not come yet, in their order."""
        return tuple(self._planned)

    def clear(self) -> None:
        """Forget those that have not come yet."""
        self._planned.clear()

    def away(self, now: datetime) -> Fault | None:
        """Return how every call fails at an aware moment, the token's too."""
        return next(
            (out.fault for out in self.outages if out.start <= now < out.end), None
        )

    def take(self, path: str, *, is_api: bool = True) -> Fault | None:
        """Return the fault that a call meets, and use it up."""
        for planned in self._planned:
            part = planned.path_part
            if (part is None and not is_api) or (part is not None and part not in path):
                continue
            planned.times -= 1
            if planned.times <= 0:
                self._planned.remove(planned)
            return planned.fault
        return self.weather.next_fault(path) if self.weather else None
