"""Rows of a series that were imported by hand, before its first gas day.

They are no gas days: nothing is known of the period that each is about. They are kept
as they are, in the unit of the series, and the running total of the gas days goes on
from theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from .gas_day import ONE_DAY, gas_day_at, gas_day_start
from .json_values import Json
from .stored import UNBOUNDED, number, of_type, stored_day


class EarlierRow(NamedTuple):
    """A row that was imported: its amounts are in the unit of its series.

    Attributes:
        start: in seconds since 1970, UTC.
        state: what its importer gave; None: nothing.
        sum: the running total.
    """

    start: float
    state: float | None
    sum: float

    @property
    def gas_day(self) -> date:
        """The gas day that it begins in."""
        return gas_day_at(datetime.fromtimestamp(self.start, UTC))

    def times(self, factor: float) -> EarlierRow:
        """Return it with its amounts multiplied."""
        state = None if self.state is None else self.state * factor
        return EarlierRow(self.start, state, self.sum * factor)


@dataclass(frozen=True, slots=True)
class EarlierRows:
    """The rows before the first gas day of a series; at least one, the earliest first.

    Attributes:
        rows: the rows.
        until: the gas day from which on gas days follow; None: none was known yet.
        is_announced: whether the user has seen that they are there.
        is_settled: whether he wants them to stay where gas days cover them.
    """

    rows: tuple[EarlierRow, ...]
    until: date | None = None
    is_announced: bool = False
    is_settled: bool = False

    @property
    def total(self) -> float:
        """The running total that gas days go on from."""
        return self.rows[-1].sum

    def written_from(self, first: date) -> date:
        """Return the first gas day that is written after them; `first` is known."""
        return max(first, self.until or self.rows[-1].gas_day + ONE_DAY)

    def covered_by(self, first: date) -> bool:
        """Whether gas days from `first` on could take the place of some."""
        return self.rows[-1].start >= gas_day_start(first).timestamp()

    def begun(self, first: date) -> EarlierRows:
        """Return them once the first gas day is known."""
        if self.until is not None:
            return self
        return replace(self, until=self.written_from(first))

    def replaced_from(self, first: date) -> EarlierRows | None:
        """Return those that stay where gas days from `first` on take their place.

        One that begins before stays, and so do gas days that it may be about.
        """
        begin = gas_day_start(first).timestamp()
        kept = tuple(row for row in self.rows if row.start < begin)
        if not kept:
            return None
        replaced = [row for row in self.rows if row.start >= begin]
        until = _day_from(replaced[0]) if replaced else self.until
        return replace(self, rows=kept, until=until, is_announced=True)


def with_rows(
    known: EarlierRows | None, found: Sequence[EarlierRow], factor: float = 1.0
) -> EarlierRows:
    """Return earlier rows with those that a recorder holds; of a start, its row.

    At least one is known or found. `factor` makes the unit of those that are not known
    that of the series.
    """
    before = known or EarlierRows(())
    rows = {row.start: row for row in before.rows}
    for row in found:
        if row != rows.get(row.start):
            rows[row.start] = row.times(factor)
    merged = tuple(sorted(rows.values()))
    if merged == before.rows:
        return before
    return replace(before, rows=merged, is_announced=False)


def earlier_rows_to_json(earlier: EarlierRows) -> Json:
    """Return earlier rows as JSON values."""
    return {
        "rows": [list(row) for row in earlier.rows],
        "until": earlier.until and earlier.until.isoformat(),
        "announced": earlier.is_announced,
        "settled": earlier.is_settled,
    }


def earlier_rows_from_json(stored: Json) -> EarlierRows:
    """Return what `earlier_rows_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are no earlier rows'.
    """
    rows = tuple(sorted(_row(*of_type(list, row)) for row in stored["rows"]))
    if not rows:
        raise ValueError("no earlier rows")
    until = stored["until"]
    return EarlierRows(
        rows,
        None if until is None else stored_day(until),
        is_announced=of_type(bool, stored["announced"]),
        is_settled=of_type(bool, stored["settled"]),
    )


def _row(start: object, state: object, total: object) -> EarlierRow:
    return EarlierRow(
        number(start),
        None if state is None else number(state, UNBOUNDED),
        number(total, UNBOUNDED),
    )


def _day_from(row: EarlierRow) -> date:
    """Return the first gas day that begins at a row's start or later."""
    day = row.gas_day
    return day if gas_day_start(day).timestamp() >= row.start else day + ONE_DAY
