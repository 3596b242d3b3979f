"""Which gas days the rows of one meter really cover, and which rows to believe.

The traps of API notes §9: a week cut at New Year whose first part still says the whole
week; first and last months that hold only the exported days; rows told twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from ..metering import ONE_DAY, ExportedRow, ExportKind
from .errors import Problem

# A gas day is shown three days after its start (API notes §8, 1M at J+3).
_NEWEST_SHOWN: Final = timedelta(days=3)
_FEBRUARY_28: Final = 28

type Problems = list[tuple[Problem, ExportedRow]]


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of the period that a file was exported for.

    Attributes:
        exported_on: the day of the export.
        first: the first gas day asked for, if the file's name says it.
        last: the last one, likewise.
    """

    exported_on: date | None
    first: date | None = None
    last: date | None = None


@dataclass(slots=True)
class Settled:
    """The rows of one meter, by date, and what was met on the way."""

    rows: list[ExportedRow] = field(default_factory=list)
    problems: Problems = field(default_factory=list)


def settled(rows: Iterable[ExportedRow], kind: ExportKind, window: Window) -> Settled:
    """Return each row with the gas days that it covers, none overlapping another."""
    found = Settled()
    told_once = _told_once(rows, found.problems)
    if kind is ExportKind.WEEKLY:
        told_once = _cut_at_new_year(told_once)
    if kind is not ExportKind.DAILY:
        told_once = _cut_at_edges(told_once, kind, window)
    found.rows = _apart(told_once, found.problems)
    found.problems += [
        (Problem.PRESUMED_DAYS, row) for row in found.rows if row.written
    ]
    found.problems += [(Problem.INDEX_BACKWARDS, row) for row in _backwards(found.rows)]
    return found


def _told_once(rows: Iterable[ExportedRow], problems: Problems) -> list[ExportedRow]:
    """Return the rows by date, one a period."""
    by_period = sorted(rows, key=_period)
    if all(row.end <= following.first for row, following in pairwise(by_period)):
        return by_period
    return list(_best_of_each_period(by_period, problems))


def _best_of_each_period(
    by_period: list[ExportedRow], problems: Problems
) -> Iterator[ExportedRow]:
    """Give each period's one row; absent data give way to data (API notes §5)."""
    for _, same_period in groupby(by_period, key=_period):
        told = list(same_period)
        measured = [row for row in told if row.energy is not None] or told
        first = measured[0]
        again = [row for row in told if row is not first]
        if any(_values(row) != _values(first) for row in measured):
            problems += [(Problem.CONFLICTING_ROWS, row) for row in told]
        else:
            problems += [(Problem.DUPLICATE_ROWS, row) for row in again]
            yield first


def _period(row: ExportedRow) -> tuple[date, date]:
    return row.first, row.end


def _values(row: ExportedRow) -> tuple[float | None, float | None]:
    return row.energy, row.volume


def _cut_at_new_year(rows: list[ExportedRow]) -> list[ExportedRow]:
    """End on 31 December a week that goes on in January, unless the next row denies it.

    GRDF adds up weeks within a year. Only a week that is followed by the one right
    after it, with no row of its January days between, was added up whole.
    """
    following = {row.first for row in rows}

    def cut(row: ExportedRow) -> ExportedRow:
        new_year = date(row.end.year, 1, 1)
        goes_on = row.first < new_year < row.end
        if not goes_on or (row.end in following and new_year not in following):
            return row
        return replace(row, end=new_year)

    return [cut(row) for row in rows]


def _cut_at_edges(
    rows: list[ExportedRow], kind: ExportKind, window: Window
) -> list[ExportedRow]:
    if not rows:
        return rows
    cut = [_ended(row, window) for row in rows]
    if kind is ExportKind.MONTHLY:
        cut[0] = _begun(cut[0], window)
    return cut


def _ended(row: ExportedRow, window: Window) -> ExportedRow:
    """End a row with the last gas day that the export can hold."""
    ends = [
        *([window.last + ONE_DAY] if window.last else []),
        *(
            [window.exported_on - _NEWEST_SHOWN + ONE_DAY]
            if window.exported_on is not None
            else []
        ),
    ]
    # A row is there because it holds a day at least.
    end = max(min([row.end, *ends]), row.first + ONE_DAY)
    return row if end == row.end else replace(row, end=end, written=_written(row))


def _begun(row: ExportedRow, window: Window) -> ExportedRow:
    """Begin the first month with the first day that was exported.

    Where no one says which, an export whose first month is the month of the export in
    an earlier year is taken for one of whole years, up to the day of the export.
    """
    first = window.first
    if first is None:
        first = _years_before(window.exported_on, row.first.year)
    if first is None or not row.first < first < row.end:
        return row
    return replace(row, first=first, written=_written(row))


def _years_before(day: date | None, year: int) -> date | None:
    """Return the same day in an earlier year; None where the year is not earlier."""
    if day is None or year >= day.year:
        return None
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=_FEBRUARY_28)


def _written(row: ExportedRow) -> tuple[date, date]:
    return row.written or _period(row)


def _apart(rows: list[ExportedRow], problems: Problems) -> list[ExportedRow]:
    """Return the rows that share no gas day with another."""
    overlapping: set[int] = set()
    furthest = 0
    for place, row in enumerate(rows):
        if place and row.first < rows[furthest].end:
            overlapping |= {furthest, place}
        if row.end > rows[furthest].end:
            furthest = place
    problems += [(Problem.OVERLAPPING_ROWS, rows[place]) for place in overlapping]
    return [row for place, row in enumerate(rows) if place not in overlapping]


def _backwards(rows: Iterable[ExportedRow]) -> Iterator[ExportedRow]:
    """Give the rows with an index below one that was read earlier."""
    last = 0.0
    for row in rows:
        read = [
            index for index in (row.index_start, row.index_end) if index is not None
        ]
        if read and (read[0] < last or read[-1] < read[0]):
            yield row
        if read:
            # After a meter change the new one counts on from its own index.
            last = read[-1]
