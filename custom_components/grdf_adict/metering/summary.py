"""The figures that the sensors show, computed from a meter's rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from .series import DayRow


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures that are kept while the ledger is not loaded.

    Attributes:
        last: the newest gas day that has a value of its own, or else a share.
        total: kWh PCS since `counted_from`; None before it is fixed.
        counted_from: the first gas day in `total`; fixed when the first import ends,
            so that history found later is not booked as gas used today.
        months: kWh PCS of each (year, month) that has a gas day with a value.
        days: gas days with a value; `absent`: without one.
        coefficient: kWh PCS per m³ of the newest gas day that has one.
    """

    last: DayRow | None = None
    total: float | None = None
    counted_from: date | None = None
    months: Mapping[tuple[int, int], float] = field(default_factory=dict)
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
    if not valued:
        return Summary(counted_from=counted_from, absent=len(rows))
    months = groupby(valued, lambda row: (row.gas_day.year, row.gas_day.month))
    return Summary(
        last=last_shown(valued),
        total=None
        if counted_from is None
        else _energy(row for row in valued if row.gas_day >= counted_from),
        counted_from=counted_from,
        months={month: _energy(of_month) for month, of_month in months},
        days=len(valued),
        absent=len(rows) - len(valued),
        coefficient=next(
            (row.coefficient for row in reversed(valued) if row.coefficient), None
        ),
    )


def last_shown(rows: Sequence[DayRow]) -> DayRow | None:
    """Return the newest row with a value of its own, else the newest with a share."""
    valued = [row for row in rows if row.energy is not None]
    own = [row for row in valued if row.is_own]
    return next(reversed(own or valued), None)


def _energy(rows: Iterable[DayRow]) -> float:
    return round(sum(row.energy or 0.0 for row in rows), 3)
