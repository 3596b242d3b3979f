"""The rows of a meter's ledgers, and their summaries: pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from ..adict import FlowDirection
from ..metering import DayRow, Ledger, rows, summarise
from ..metering.schedule import (
    CONSUMPTION,
    HISTORY,
    CallRecord,
    DataFamily,
    Perimeter,
    calls_for,
)
from ..storage.meter_file import MeterFile

# The calls that import the gas that flows one way. Answers on the gas used may hold
# gas injected too.
BRINGING: Final = {
    FlowDirection.CONSUMPTION: CONSUMPTION,
    FlowDirection.PRODUCTION: HISTORY,
}

type LedgerChange[T] = Callable[[Ledger], tuple[Ledger, T]]
"""Returns another ledger of gas used, and a result for the caller; pure."""


class LedgerRows(NamedTuple):
    """A ledger, and the rows computed from it: one a gas day, the earliest first."""

    ledger: Ledger
    days: tuple[DayRow, ...]


type MeterRows = Mapping[FlowDirection, LedgerRows]
"""The rows of gas used and of gas injected."""


def meter_rows(file: MeterFile, known: MeterRows | None = None) -> MeterRows:
    """Return the rows of a meter's ledgers; known ones may be reused."""
    return {
        direction: _ledger_rows(
            file.history(direction).ledger, known[direction] if known else None
        )
        for direction in BRINGING
    }


def settled(
    file: MeterFile, perimeter: Perimeter | None, known: MeterRows | None = None
) -> tuple[MeterFile, MeterRows]:
    """Return the file with new summaries, and its rows.

    The cumulative sensors start when the first import has ended: older days that are
    found later did not flow today. Without a contract, and so a perimeter, the
    first file ends it.
    Known rows of the same ledger are reused.
    """
    found = meter_rows(file, known)
    for direction, (_, days) in found.items():
        history = file.history(direction)
        counted_from = history.counted_from
        if counted_from is None and days and _is_imported(file, perimeter, direction):
            counted_from = days[0].gas_day
        summary = summarise(days, counted_from=counted_from)
        file = file.with_history(
            direction, replace(history, counted_from=counted_from, summary=summary)
        )
    return file, found


def with_summaries(file: MeterFile, known: MeterRows) -> tuple[MeterFile, MeterRows]:
    """Return the file with the summaries of its ledgers, and their rows."""
    found = meter_rows(file, known)
    for direction, (_, days) in found.items():
        history = file.history(direction)
        summary = summarise(days, counted_from=history.counted_from)
        file = file.with_history(direction, replace(history, summary=summary))
    return file, found


def with_ledger[T](
    file: MeterFile, change: LedgerChange[T], perimeter: Perimeter | None
) -> tuple[MeterFile, MeterRows | None, T]:
    """Return the file with a changed ledger, its rows, and the result of the change.

    If nothing changes: the file itself, without rows. `perimeter` is as in `settled`.
    """
    ledger, result = change(file.ledger)
    if ledger == file.ledger:
        return file, None, result
    after, found = settled(replace(file, ledger=ledger), perimeter)
    return after, found, result


def progress(file: MeterFile, perimeter: Perimeter) -> int | None:
    """Return how much of the first import is done, in percent; None: nothing to do."""
    calls = calls_for(file.facts.frequency, perimeter)
    if not calls:
        return None
    done = sum(_is_settled(file, family) for family in calls)
    return 100 * done // len(calls)


def _ledger_rows(ledger: Ledger, known: LedgerRows | None) -> LedgerRows:
    if known is not None and known.ledger == ledger:
        return known
    return LedgerRows(ledger, rows(ledger))


def _is_imported(
    file: MeterFile, perimeter: Perimeter | None, direction: FlowDirection
) -> bool:
    if perimeter is None:
        return True
    calls = calls_for(file.facts.frequency, perimeter)
    # Days of a file do not end an import that waits for its right.
    return bool(calls) and all(
        _is_settled(file, family) for family in calls if family in BRINGING[direction]
    )


def _is_settled(file: MeterFile, family: DataFamily) -> bool:
    """Whether the first import waits for a call no longer: without gas, for one try."""
    record = file.records.get(family, CallRecord())
    return record.is_settled or (family not in HISTORY and record.failures > 0)
