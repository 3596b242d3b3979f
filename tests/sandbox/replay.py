"""A recording of GRDF's answers, as the integration gives it, served again.

Each call gets the answers that it got then, in their order, and the last one from then
on. Its period does not matter: what is asked for depends on the date of the replay.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Self

from aiohttp import web

from .answers import plain
from .spoiled import drop
from .wire import Json

type _Call = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer of a recording; status None: none came."""

    call: _Call
    status: int | None
    headers: dict[str, str]
    body: bytes
    is_cut: bool

    @classmethod
    def of(cls, line: Json) -> Self:
        """Return the answer that a line of the file holds; KeyError if it is none."""
        match line:
            case {
                "method": str(method),
                "path": [*path],
                "status": int() | None as status,
                "headers": dict(headers),
                "body": str(body),
                "is_cut": bool(is_cut),
            }:
                call = (method, *map(str, path))
                # Bytes that were no UTF-8 are none again.
                return cls(
                    call,
                    status,
                    headers,
                    body.encode("utf-8", "surrogateescape"),
                    is_cut,
                )
        raise KeyError(line)


class Replay:
    """The answers of a recording by call, in order."""

    def __init__(self, file: Path) -> None:
        """Read a file; ValueError where it is no recording."""
        header, *answers = [*_lines(file)] or [{}]
        if header.get("recording") != 1:
            raise ValueError(f"{file} is no recording that is known here")
        self._answers: defaultdict[_Call, deque[Recorded]] = defaultdict(deque)
        for line in answers:
            recorded = Recorded.of(line)
            self._answers[recorded.call].append(recorded)

    @property
    def pces(self) -> list[str]:
        """The PCE that were asked about."""
        return sorted({call[2] for call in self._answers if call[1] == "pce"})

    def next(self, method: str, *path: str) -> Recorded | None:
        """Return the next answer to a call; None where it was never made."""
        answers = self._answers.get((method, *path))
        if not answers:
            return None
        return answers.popleft() if len(answers) > 1 else answers[0]


async def answer(request: web.Request, replay: Replay, base: str) -> web.StreamResponse:
    """Answer a call of the API as GRDF did."""
    path = request.path.removeprefix(base).strip("/").split("/")
    recorded = replay.next(request.method, *path)
    if recorded is None:
        return plain(404, {"message": "Absent de l'enregistrement"})
    if recorded.status is None:
        drop(request)
        return web.Response(status=500)
    response = web.StreamResponse(status=recorded.status)
    for name in ("Content-Type", "Retry-After"):
        if name in recorded.headers:
            response.headers[name] = recorded.headers[name]
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(recorded.body)
    if recorded.is_cut:
        drop(request)
    else:
        await response.write_eof()
    return response


def _lines(file: Path) -> Iterator[Json]:
    """Yield the lines of a recording; one that a crash tore is left out."""
    for line in file.read_text("utf-8").split("\n"):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
