"""Blocks, answers and rows for the tests of the metering floor."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from custom_components.grdf_adict.adict import (
    PARIS,
    Consumption,
    ConsumptionKind,
    ConsumptionStatus,
    Qualification,
    Reading,
)
from custom_components.grdf_adict.metering.exported import ExportedMeter, ExportedRow
from custom_components.grdf_adict.metering.file_merge import (
    DayOutcome,
    Preview,
    merge_file,
    preview,
)
from custom_components.grdf_adict.metering.ledger import (
    DayValue,
    Ledger,
    Limit,
    Source,
    merge,
)
from custom_components.grdf_adict.metering.schedule.calls import (
    DataFamily,
    Perimeter,
    Span,
)
from custom_components.grdf_adict.metering.series import DayRow, RowKind

PCE: Final = "09999999900617"
TODAY: Final = date(2026, 11, 20)
# Far from any clock change, month end or year end.
DAY: Final = date(2026, 11, 10)


def covering(
    *calls: DataFamily, first: date | None = None, last: date | None = None
) -> Perimeter:
    return Perimeter(dict.fromkeys(calls, Span(first, last)))


def six_o_clock(day: date) -> datetime:
    return datetime.combine(day, time(6), PARIS)


def later(days: int, day: date = DAY) -> date:
    return day + timedelta(days=days)


def informative(energy: float | None, day: date = DAY) -> Consumption:
    return Consumption(
        pce=PCE,
        start=six_o_clock(day),
        end=six_o_clock(later(1, day)),
        energy=energy,
        qualification=Qualification.MEASURED,
        status=ConsumptionStatus.PROVISIONAL,
        kind=ConsumptionKind.INFORMATIVE_DAILY,
        gas_day=day,
    )


def published(energy: float | None, day: date = DAY, *, days: int = 1) -> Consumption:
    return Consumption(
        pce=PCE,
        start=six_o_clock(day),
        end=six_o_clock(later(days, day)),
        energy=energy,
        qualification=Qualification.MEASURED,
        status=ConsumptionStatus.FINAL,
        kind=ConsumptionKind.PUBLISHED,
    )


def qualified(block: Consumption, qualification: Qualification) -> Consumption:
    return replace(block, qualification=qualification)


def absent(block: Consumption) -> Consumption:
    return replace(block, energy=None, qualification=Qualification.ABSENT)


def read(block: Consumption, index: float | None, at: datetime | None) -> Consumption:
    return replace(block, end_reading=Reading(index=index, at=at))


def no_limit(start: datetime, end: datetime) -> float | None:  # noqa: ARG001
    return None


def at_most(energy: float) -> Limit:
    def limit(start: datetime, end: datetime) -> float | None:  # noqa: ARG001
        return energy

    return limit


def answered(
    *blocks: Consumption,
    ledger: Ledger | None = None,
    complete: bool = True,
    today: date = TODAY,
    limit: Limit = no_limit,
) -> Ledger:
    """Return the ledger, an empty one by default, with one answer taken in."""
    return merge(
        ledger or Ledger(), blocks, complete=complete, today=today, limit=limit
    )


def energies(ledger: Ledger, source: Source) -> Mapping[date, float | None]:
    days = ledger.daily.get(source, {})
    return {day: value.energy for day, value in days.items()}


def value(
    energy: float | None,
    qualification: Qualification = Qualification.MEASURED,
    *,
    final: bool = True,
) -> DayValue:
    return DayValue(energy, None, None, qualification, final)


def row(energy: float | None, day: date = DAY, *, final: bool = True) -> DayRow:
    if energy is None:
        return DayRow(day, None, None, None, RowKind.ABSENT, final=False)
    return DayRow(day, energy, None, None, RowKind.MEASURED, final)


def exported_day(day: date, temperature: float | None) -> ExportedRow:
    """Return an exported row of one gas day."""
    return ExportedRow(1, day, later(1, day), 8, volume=1, temperature=temperature)


def previewed(ledger: Ledger, meter: ExportedMeter) -> Preview:
    """Return what merging a file would do to a ledger."""
    return preview(ledger, merge_file(ledger, meter), meter)


def changes_nothing(shown: Preview) -> bool:
    changed = {DayOutcome.NEW, DayOutcome.CHANGED}
    return not shown.elsewhere and changed.isdisjoint(shown.outcomes.values())
