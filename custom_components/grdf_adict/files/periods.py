"""Which gas days the rows of one meter really cover, and which rows are valid.

The traps of API notes §9: a week cut at New Year whose first part is labelled as the
whole week; first and last months that hold only the exported days; repeated rows.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from ..metering import ONE_DAY, ExportedRow, ExportKind
from .errors import Problem

# A gas day is published three days after its start (API notes §8, 1M at J+3).
_NEWEST_SHOWN: Final = timedelta(days=3)
_FEBRUARY_28: Final = 28

type Problems = list[tuple[Problem, ExportedRow]]


def settled(
    rows: Iterable[ExportedRow],
    kind: ExportKind,
    exported_on: date | None,
    requested: tuple[date | None, date | None],
    today: date,
    invalid: Collection[date] = (),
) -> tuple[list[ExportedRow], Problems]:
    """Return one meter's rows with the gas days that they cover, and their problems.

    Args:
        rows: in any order; those returned are by date, none overlapping another.
        kind: of all rows.
        exported_on: the day of the export, if it is known.
        requested: the first and last gas day of the export, if they are known.
        today: the date in France; no row has data of a later gas day.
        invalid: the first days of rows that are left out.
    """
    first, last = requested
    problems: Problems = []
    by_period = sorted(rows, key=_period)
    if any(row.end > following.first for row, following in pairwise(by_period)):
        by_period = list(_best_of_each_period(by_period, problems))
    if kind is ExportKind.WEEKLY:
        by_period = _cut_at_new_year(by_period, invalid)
    if kind is not ExportKind.DAILY and by_period:
        by_period = [_ended(row, exported_on, last, today) for row in by_period]
        if kind is ExportKind.MONTHLY:
            by_period[0] = _begun(by_period[0], exported_on, first)
    apart = _apart(by_period, problems)
    problems += [(Problem.PRESUMED_DAYS, row) for row in apart if row.written]
    exports = [day for day in (exported_on, last) if day is not None]
    problems += [
        (Problem.LATER_THAN_EXPORT, row)
        for row in apart
        if any(row.first > day for day in exports)
    ]
    problems += [(Problem.INDEX_BACKWARDS, row) for row in _backwards(apart)]
    return apart, problems


def _best_of_each_period(
    by_period: list[ExportedRow], problems: Problems
) -> Iterator[ExportedRow]:
    """Yield one row for each period; data replace absent data (API notes §5)."""
    for _, same_period in groupby(by_period, key=_period):
        rows = list(same_period)
        measured = [row for row in rows if row.energy is not None] or rows
        first = measured[0]
        if any(_values(row) != _values(first) for row in measured):
            problems += [(Problem.CONFLICTING_ROWS, row) for row in rows]
        else:
            problems += [
                (Problem.DUPLICATE_ROWS, row) for row in rows if row is not first
            ]
            yield first


def _period(row: ExportedRow) -> tuple[date, date]:
    return row.first, row.end


def _values(row: ExportedRow) -> tuple[float | None, float | None]:
    return row.energy, row.volume


def _cut_at_new_year(
    rows: list[ExportedRow], invalid: Collection[date]
) -> list[ExportedRow]:
    """End on 31 December a week that extends into January, unless the next row differs.

    GRDF adds up weeks within a year. Only a week that is followed by the one right
    after it, with no row of its January days between, was added up whole.
    """
    following = {*(row.first for row in rows), *invalid}

    def cut(row: ExportedRow) -> ExportedRow:
        new_year = date(row.end.year, 1, 1)
        spans_years = row.first < new_year < row.end
        if not spans_years or (row.end in following and new_year not in following):
            return row
        return replace(row, end=new_year)

    return [cut(row) for row in rows]


def _ended(
    row: ExportedRow, exported_on: date | None, last: date | None, today: date
) -> ExportedRow:
    """End a row with the last gas day that the export can hold.

    A later row was added after the export, whose end is none of its own.
    """
    end = row.end
    if last is not None and row.first <= last:
        end = min(end, last + ONE_DAY)
    if exported_on is None or row.first > exported_on:
        exported_on = today
    end = min(end, exported_on - _NEWEST_SHOWN + ONE_DAY)
    # A row exists because it covers a day at least.
    end = max(end, row.first + ONE_DAY)
    return row if end == row.end else replace(row, end=end, written=_written(row))


def _begun(
    row: ExportedRow, exported_on: date | None, first: date | None
) -> ExportedRow:
    """Begin the first month with the first day that was exported.

    Where that day is unknown, an export whose first month is the month of the export in
    an earlier year is taken for one of whole years, up to the day of the export.
    """
    if first is None:
        first = _years_before(exported_on, row.first.year)
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
    for position, row in enumerate(rows):
        if position and row.first < rows[furthest].end:
            overlapping |= {furthest, position}
        if row.end > rows[furthest].end:
            furthest = position
    problems += [(Problem.OVERLAPPING_ROWS, rows[position]) for position in overlapping]
    return [row for position, row in enumerate(rows) if position not in overlapping]


def _backwards(rows: Iterable[ExportedRow]) -> Iterator[ExportedRow]:
    """Yield the rows with an index below one that was read earlier.

    Business exports repeat the indexes of a published period in each of its days, or
    count on from its first one: neither is a step back.
    """
    start, end = 0.0, 0.0
    for row in rows:
        read = [
            index for index in (row.index_start, row.index_end) if index is not None
        ]
        if not read:
            continue
        goes_on = read[0] >= end or (read[0] == start and read[-1] >= end)
        if not goes_on or read[-1] < read[0]:
            yield row
        # After a meter change the new one counts on from its own index.
        start, end = read[0], read[-1]
