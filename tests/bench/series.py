"""Merging five years of a meter, and finding that nothing changed in them.

Without Home Assistant; `loop` and `engines` measure the same with its recorder.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from custom_components.grdf_adict.adict import Consumption
from custom_components.grdf_adict.metering.ledger import Ledger, merge
from custom_components.grdf_adict.metering.series import rows

from .asked import Asked
from .figures import Figure
from .stream import read
from .timing import hot_spots, interleaved
from .wires import FIVE_YEARS, TODAY, published_daily

_EVERYDAY: Final = 0.1
_WINDOW: Final = 62
"""The days that a refresh asks for again, at least."""


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell what a first import costs, and what an everyday answer does after it."""
    days = FIVE_YEARS // 5 if asked.quick else FIVE_YEARS
    everything = published_daily(asked.seed, days)
    window = published_daily(asked.seed, _WINDOW)
    known = _taken_in(Ledger(), read(everything))
    again = read(window)
    taken = interleaved(
        {
            "first": lambda: rows(_taken_in(Ledger(), read(everything))),
            "merging": lambda: _taken_in(known, again),
            "everyday": lambda: _is_unchanged(known, window),
        },
        runs=3 if asked.quick else 15,
    )
    first = taken["first"]
    yield Figure("gas days", len(rows(known)), "")
    yield Figure("first import: bytes to rows", 1e3 * first, "ms")
    yield Figure.at_most(
        "merging an answer that changes nothing, of it",
        taken["merging"] / first,
        _EVERYDAY,
        "x",
    ).explained(lambda: hot_spots(lambda: _taken_in(known, again)))
    yield Figure.at_most(
        "bytes to finding that nothing changed, of it",
        taken["everyday"] / first,
        _EVERYDAY,
        "x",
    ).explained(lambda: hot_spots(lambda: _is_unchanged(known, window)))


def _taken_in(ledger: Ledger, blocks: Sequence[Consumption]) -> Ledger:
    return merge(ledger, blocks, complete=True, today=TODAY, limit=_no_limit)


def _is_unchanged(known: Ledger, answer: bytes) -> bool:
    return _taken_in(known, read(answer)) == known


def _no_limit(*_: object) -> None:
    return None
