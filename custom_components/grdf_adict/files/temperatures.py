"""Which temperatures of a file are those of a gas day; the others are left out.

The column "Température locale (°C)" is empty in every real export seen so far (API
notes §9), so how GRDF fills it is not known. A wrong temperature would spoil a
comparison of years that looks right, a missing one only makes it wait: what is doubtful
is left out, and counted. It never makes a row invalid, as no energy depends on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from ..metering import ExportedRow, is_outdoors
from .errors import Problem
from .periods import Problems

# GRDF writes 0 where it has nothing (API notes §9). Temperatures have tenths: a cold
# spell is rarely 0.0 for days, and 0.0 never stands beside a warm day.
_MOST_ZEROS: Final = 3
_NEAR_ZERO: Final = 10.0


def with_checked_temperatures(
    rows: list[ExportedRow],
) -> tuple[list[ExportedRow], Problems]:
    """Return one meter's rows, by date, with the temperatures that count alone.

    Each row that had one is among the problems: it is kept, or left out.
    """
    given = [row for row in rows if row.temperature is not None]
    if not given:
        return rows, []
    kept = {row.first for row in _measured([row for row in given if _is_usable(row)])}
    return [
        row
        if row.temperature is None or row.first in kept
        else replace(row, temperature=None)
        for row in rows
    ], [
        (
            Problem.TEMPERATURES_KEPT
            if row.first in kept
            else Problem.TEMPERATURES_LEFT_OUT,
            row,
        )
        for row in given
    ]


def _is_usable(row: ExportedRow) -> bool:
    """Whether a temperature can be a gas day's."""
    celsius = row.temperature
    is_nothing = celsius == 0 and row.energy is None
    return (
        celsius is not None
        and is_outdoors(celsius)
        and row.days == 1
        and not is_nothing
    )


def _measured(rows: Sequence[ExportedRow]) -> Iterator[ExportedRow]:
    """Yield the rows without the zeros that probably stand for nothing.

    Those are zeros alone, more than three in succession, or beside a day that is ten
    degrees warmer or colder.
    """
    runs = [
        (is_zero, list(run))
        for is_zero, run in groupby(rows, key=lambda row: row.temperature == 0)
    ]
    for place, (is_zero, run) in enumerate(runs):
        around = [
            *(before[-1] for _, before in runs[max(place - 1, 0) : place]),
            *(after[0] for _, after in runs[place + 1 : place + 2]),
        ]
        is_near = all(abs(row.temperature or 0) <= _NEAR_ZERO for row in around)
        if not is_zero or (around and is_near and len(run) <= _MOST_ZEROS):
            yield from run
