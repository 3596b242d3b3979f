"""Comparisons of a meter's periods with each other, computed from its rows.

Absent is absent, never zero. A period's energy is known when at least 95 % of its gas
days have a value: a month may lack one day, a year eighteen. A change is worked out
from the days that have a value in both years, and known when those are 95 % of the
period: like is compared with like. The running month and year are compared up to the
newest gas day that has a value. A 29 February has no day a year before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ..amounts import exact, exact_sum
from ..gas_day import ONE_DAY, gas_days_through, year_before
from ..ledger import Ledger, Source
from ..series import BlockDifference, DayRow, parts_beside_blocks

_LEAST_KNOWN: Final = 0.95
_WEEK: Final = 7
_LEAST_OF_WEEK: Final = 5
# A day of a year that is still to come is like the week around it in years before.
_AROUND: Final = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A period's energy and the same period's a year before, in kWh PCS.

    `change` is in percent. None: too little is known.
    """

    energy: float | None = None
    before: float | None = None
    change: float | None = None


_UNKNOWN: Final = Period()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A meter's periods, as of a date in France.

    Attributes:
        day: the newest gas day with a value of its own.
        month: today's month up to the newest gas day with a value; so for `year`.
        last_month: the whole month before.
        twelve_months: those that end with the newest gas day with a value.
        week_mean: kWh PCS a day, over the seven days that end with `day`; None when
            fewer than five have a value of their own.
        final_share: how many in a hundred of this month's gas days so far are final.
        expected_year: kWh PCS of today's whole year, the days that have no value taken
            from the years before; None without a year before.
    """

    today: date = date.min
    day: Period = _UNKNOWN
    month: Period = _UNKNOWN
    last_month: Period = _UNKNOWN
    year: Period = _UNKNOWN
    twelve_months: Period = _UNKNOWN
    week_mean: float | None = None
    final_share: float | None = None
    expected_year: float | None = None

    def on(self, today: date) -> Comparison:
        """Return what still applies on a later day: a month or a year may be over."""
        if (today.year, today.month) == (self.today.year, self.today.month):
            return self
        same_year = today.year == self.today.year
        return replace(
            self,
            month=_UNKNOWN,
            last_month=_UNKNOWN,
            final_share=None,
            year=self.year if same_year else _UNKNOWN,
            expected_year=self.expected_year if same_year else None,
        )


def compare(rows: Sequence[DayRow], today: date) -> Comparison:
    """Return a meter's periods as of a date in France, from its rows, oldest first."""
    energies = {row.gas_day: row.energy for row in rows if row.energy is not None}
    own = [row for row in rows if row.is_own]
    if not energies:
        return Comparison(today)
    newest = min(max(energies), today)
    month = today.replace(day=1)
    last_month = (month - ONE_DAY).replace(day=1)
    known = _Energies(energies)
    return Comparison(
        today,
        day=known.period(own[-1].gas_day, own[-1].gas_day) if own else _UNKNOWN,
        month=known.period(month, newest),
        last_month=known.period(last_month, month - ONE_DAY),
        year=known.period(month.replace(month=1), newest),
        twelve_months=known.period(_in_year(newest, newest.year - 1) + ONE_DAY, newest),
        week_mean=_week_mean(own),
        final_share=_final_share(row for row in rows if month <= row.gas_day <= today),
        expected_year=known.expected_year(today.year),
    )


def published_difference(ledger: Ledger) -> BlockDifference | None:
    """Return by how much the newest published block differs from its informative days.

    None where no block was published, or one of its days has no informative value.
    """
    block = max(
        (block for block in ledger.blocks if block.value.energy is not None),
        key=lambda block: (block.end, block.start),
        default=None,
    )
    if block is None or block.value.energy is None or not (days := block.gas_days):
        return None
    daily = ledger.daily.get(Source.INFORMATIVE, {})
    energies = [daily[day].energy for day in days if day in daily]
    informative = [energy for energy in energies if energy is not None]
    if len(informative) < len(days):
        return None
    beside = parts_beside_blocks(ledger).get(block, {}).values()
    published = exact(block.value.energy) + exact_sum(part.energy for part in beside)
    difference = float(published - exact_sum(informative))
    return BlockDifference(days[0], days[-1], difference)


def share_of_reference(
    expected_year: float | None, reference: float | None
) -> float | None:
    """Return the expected consumption of a year in percent of the CAR, both in kWh."""
    if expected_year is None or not reference:
        return None
    return round(100 * expected_year / reference, 1)


class _Energies:
    """The energy in kWh PCS of each gas day that has one."""

    def __init__(self, energies: dict[date, float]) -> None:
        self._energies = energies
        self._years = sorted({day.year for day in energies})

    def period(self, first: date, last: date) -> Period:
        """Return a period, both days included; unknown where it has no day."""
        days = list(gas_days_through(first, last))
        befores = [year_before(day) for day in days]
        return Period(
            energy=self._sum(days),
            before=self._sum([before for before in befores if before is not None]),
            change=self._change(days, befores),
        )

    def expected_year(self, year: int) -> float | None:
        """Return a whole year's energy, unknown days estimated from other years."""
        days = list(gas_days_through(date(year, 1, 1), date(year, 12, 31)))
        missing = [day for day in days if day not in self._energies]
        likely = [
            energy for day in missing if (energy := self._likely(day)) is not None
        ]
        if len(missing) - len(likely) > (1 - _LEAST_KNOWN) * len(days):
            return None
        so_far = [self._energies[day] for day in days if day in self._energies]
        filled = sum(so_far) + sum(likely)
        return round(filled * len(days) / (len(so_far) + len(likely)), 3)

    def _likely(self, day: date) -> float | None:
        """Return the mean of the days around one in the years before."""
        middles = [_in_year(day, year) for year in self._years if year < day.year]
        around = [
            energy
            for middle in middles
            for place in range(-_AROUND, _AROUND + 1)
            if (energy := self._energies.get(middle + place * ONE_DAY)) is not None
        ]
        return sum(around) / len(around) if around else None

    def _sum(self, days: Sequence[date]) -> float | None:
        found = [self._energies[day] for day in days if day in self._energies]
        if not found or len(found) < _LEAST_KNOWN * len(days):
            return None
        return round(sum(found), 3)

    def _change(
        self, days: Sequence[date], befores: Sequence[date | None]
    ) -> float | None:
        pairs = [
            (self._energies[day], self._energies[before])
            for day, before in zip(days, befores, strict=True)
            if day in self._energies and before in self._energies
        ]
        before = sum(energy for _, energy in pairs)
        if len(pairs) < _LEAST_KNOWN * len(days) or before <= 0:
            return None
        return round(100 * (sum(energy for energy, _ in pairs) / before - 1), 1)


def _week_mean(own: Sequence[DayRow]) -> float | None:
    if not own:
        return None
    first = own[-1].gas_day - (_WEEK - 1) * ONE_DAY
    energies = [row.energy or 0.0 for row in own[-_WEEK:] if row.gas_day >= first]
    if len(energies) < _LEAST_OF_WEEK:
        return None
    return round(sum(energies) / len(energies), 3)


def _final_share(rows: Iterable[DayRow]) -> float | None:
    finals = [row.final for row in rows]
    return round(100 * sum(finals) / len(finals), 1) if finals else None


def _in_year(day: date, year: int) -> date:
    """Return a day in another year; for a 29 February, the 28th if need be."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
