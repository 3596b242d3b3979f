"""From bytes to typed models, beside orjson alone and beside a public client."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any, Final, cast

from lowatt_grdf.api import API
import orjson
from requests import Response

from custom_components.grdf_adict.adict.answer import Intake
from custom_components.grdf_adict.adict.models.consumption import (
    Consumption,
    read_consumption,
)
from custom_components.grdf_adict.adict.stream import ObjectSplitter

from .asked import Asked
from .figures import Figure
from .timing import hot_spots, interleaved
from .wires import CHUNK, THREE_YEARS, chunks, informative, one_object

_SPLITTING: Final = 1.5
_TYPED: Final = 6.0
_TEN_TIMES: Final = 11.0
_LARGE: Final = 900_000
# What looks like an end or a beginning, over and over, in a text that never ends.
_ENDLESS: Final = (b"x", b'"},{"', b"}{", b'{"a":1}', b'{"a":[\n', b'{"a":"x\n')


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell what splitting and reading cost, and how they grow."""
    days = THREE_YEARS // 10 if asked.quick else THREE_YEARS
    yield from _beside_others(informative(asked.seed, days), 3 if asked.quick else 15)
    yield from _growth(asked)


def split(data: bytes, size: int = CHUNK) -> int:
    """Split a stream that comes in chunks; return how many objects there were."""
    splitter = ObjectSplitter()
    found = 0
    for chunk in chunks(data, size):
        found += sum(1 for _ in splitter.feed(chunk))
    return found + len(splitter.close())


def read(data: bytes) -> tuple[Consumption, ...]:
    """Return the blocks of a stream, as a call of the client does."""
    splitter = ObjectSplitter()
    intake = Intake(read_consumption, content="consommation")
    for chunk in chunks(data):
        for event in splitter.feed(chunk):
            intake.take(event)
    for event in splitter.close():
        intake.take(event)
    return intake.answer().items


def _bare(data: bytes) -> int:
    """Parse each line, and keep none, as splitting keeps none."""
    return sum(len(orjson.loads(line)) for line in data.splitlines())


def _public_client(data: bytes) -> Any:
    """Let lowatt-grdf read the same answer: it gives bare dictionaries."""
    client = API("demo", "demo-secret")
    response = SimpleNamespace(text=data.decode())
    return client._parse_response(cast("Response", response))  # noqa: SLF001


def _beside_others(data: bytes, runs: int) -> Iterator[Figure]:
    blocks = len(read(data))
    yield Figure("blocks", blocks, "")
    yield Figure("bytes a block", len(data) / blocks, "")
    taken = interleaved(
        {
            "orjson": lambda: _bare(data),
            "splitting": lambda: split(data),
            "typed": lambda: read(data),
            "public": lambda: _public_client(data),
        },
        runs=runs,
    )
    alone = taken["orjson"]
    yield Figure("orjson.loads a line, alone", 1e3 * alone, "ms")
    yield Figure.at_most(
        "splitting, of orjson alone", taken["splitting"] / alone, _SPLITTING, "x"
    ).explained(lambda: hot_spots(lambda: split(data)))
    yield Figure.at_most(
        "typed models, of orjson alone", taken["typed"] / alone, _TYPED, "x"
    ).explained(lambda: hot_spots(lambda: read(data)))
    yield Figure(
        "lowatt-grdf, bare dictionaries, of orjson alone", taken["public"] / alone, "x"
    )


def _growth(asked: Asked) -> Iterator[Figure]:
    """Tell how the time grows with ten times the bytes, however they come."""
    days = THREE_YEARS // 10 if asked.quick else THREE_YEARS
    stream = informative(asked.seed, days)
    large = one_object(_LARGE // 10 if asked.quick else _LARGE)
    small = one_object(len(large) // 10)
    cases = {
        "stream in 64-kB chunks": (CHUNK, stream, stream * 10),
        "stream in 100-byte chunks": (100, _tenth(stream), stream),
        "stream in 1-byte chunks": (1, _tenth(stream), stream),
        "one large object in 64-kB chunks": (CHUNK, small, large),
        "one large object in 100-byte chunks": (100, small, large),
        "one large object in 1-byte chunks": (1, small, large),
    }
    for unit in _ENDLESS:
        less, more = (b'{"a":"' + unit * (n // len(unit)) for n in (10**4, 10**5))
        cases[f"an endless text of {unit!r} in one chunk"] = (10**9, less, more)
    for name, (size, less, more) in cases.items():
        work = partial(split, more, size)
        taken = interleaved(
            {"less": partial(split, less, size), "more": work},
            runs=3 if asked.quick or size == 1 else 9,
        )
        growth = taken["more"] / taken["less"] * 10 * len(less) / len(more)
        yield Figure.at_most(
            f"{name}: time of 10 x the bytes", growth, _TEN_TIMES, "x"
        ).explained(partial(hot_spots, work))


def _tenth(stream: bytes) -> bytes:
    return b"".join(stream.splitlines(keepends=True)[::10])
