"""One row for each gas day, decided from all that the ledger holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ..adict import Qualification
from .gas_day import gas_days_through
from .ledger import DayValue, Ledger, Source, rank


class RowKind(StrEnum):
    """How a gas day came by its value."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    CORRECTED = "corrected"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One gas day of a meter.

    Attributes:
        gas_day: its name, the date of its start in France.
        energy: kWh PCS; None when absent.
        volume: m³; None when unknown.
        coefficient: kWh PCS per m³; None when unknown.
        kind: how the value came about.
        final: whether only a correction can still change it.
    """

    gas_day: date
    energy: float | None
    volume: float | None
    coefficient: float | None
    kind: RowKind
    final: bool


# A published day is what the customer is billed for.
_TRUST: Final = {Source.INFORMATIVE: 0, Source.PUBLISHED: 1}

_KINDS: Final = {
    Qualification.ESTIMATED: RowKind.ESTIMATED,
    Qualification.CORRECTED: RowKind.CORRECTED,
}


def rows(ledger: Ledger) -> tuple[DayRow, ...]:
    """Return a row for every gas day from the first with a value to the newest known.

    Days that nothing is known of, and days that GRDF calls absent, are rows of kind
    `absent`.
    """
    valued = [
        day
        for days in ledger.daily.values()
        for day, value in days.items()
        if value.energy is not None
    ]
    if not valued:
        return ()
    newest = max(max(days) for days in ledger.daily.values() if days)
    return tuple(_row(ledger, day) for day in gas_days_through(min(valued), newest))


def _row(ledger: Ledger, gas_day: date) -> DayRow:
    value = _best(ledger, gas_day)
    if value is None or value.energy is None:
        return DayRow(gas_day, None, None, None, RowKind.ABSENT, final=False)
    return DayRow(
        gas_day,
        value.energy,
        value.volume,
        value.coefficient,
        _KINDS.get(value.qualification, RowKind.MEASURED),
        final=value.final,
    )


def _best(ledger: Ledger, gas_day: date) -> DayValue | None:
    said = [
        (value.energy is not None, trust, rank(value), value)
        for source, trust in _TRUST.items()
        if (value := ledger.daily.get(source, {}).get(gas_day)) is not None
    ]
    if said:
        return max(said, key=lambda candidate: candidate[:3])[3]
    # Rows that outlived a lost ledger stand in where GRDF no longer says anything.
    return ledger.daily.get(Source.RECOVERED, {}).get(gas_day)
