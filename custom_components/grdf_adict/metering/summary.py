"""The figures that people look at, drawn from a meter's rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Final

from .series import DayRow, RowKind

type MonthlyEnergy = MappingProxyType[tuple[int, int], float]

_NO_MONTHS: Final[MonthlyEnergy] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Summary:
    """What remains of the rows when the ledger is put away.

    Attributes:
        last: the newest gas day that has a value of its own, or else a share.
        total: kWh PCS since `counted_from`; None before it is fixed.
        counted_from: the first gas day in `total`; fixed when the first import ends,
            so that history found later is not booked as gas used today.
        months: kWh PCS of each (year, month) that has a gas day with a value.
        days: gas days with a value.
        absent: gas days without one.
        coefficient: kWh PCS per m³ of the newest gas day that has one.
    """

    last: DayRow | None = None
    total: float | None = None
    counted_from: date | None = None
    months: MonthlyEnergy = _NO_MONTHS
    days: int = 0
    absent: int = 0
    coefficient: float | None = None

    def month_energy(self, today: date) -> float | None:
        """Return the kWh PCS of today's month; None while no gas day is known."""
        return self.months.get((today.year, today.month))

    def year_energy(self, today: date) -> float | None:
        """Return the kWh PCS of today's year; None while no gas day is known."""
        of_year = [
            energy for (year, _), energy in self.months.items() if year == today.year
        ]
        return round(sum(of_year), 3) if of_year else None


def summarise(rows: Sequence[DayRow], *, counted_from: date | None) -> Summary:
    """Return the summary of a meter's rows."""
    valued = [row for row in rows if row.energy is not None]
    # A share says nothing of its one day: it stands in only where no day has its own.
    own = [row for row in valued if row.kind is not RowKind.SPREAD]
    if not valued:
        return Summary(counted_from=counted_from, absent=len(rows))
    return Summary(
        last=own[-1] if own else valued[-1],
        total=None if counted_from is None else _energy_since(valued, counted_from),
        counted_from=counted_from,
        months=MappingProxyType(
            {
                month: _energy(of_month)
                for month, of_month in groupby(
                    valued, lambda row: (row.gas_day.year, row.gas_day.month)
                )
            }
        ),
        days=len(valued),
        absent=len(rows) - len(valued),
        coefficient=next(
            (row.coefficient for row in reversed(valued) if row.coefficient), None
        ),
    )


def _energy_since(rows: Sequence[DayRow], first: date) -> float:
    return _energy(row for row in rows if row.gas_day >= first)


def _energy(rows: Iterable[DayRow]) -> float:
    return round(sum(row.energy or 0.0 for row in rows), 3)
