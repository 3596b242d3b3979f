"""Another statistic's amounts for the gas days that a meter's series lacks.

An adopted value is the weakest: a value of GRDF's or of an exported file replaces it
whenever it comes, and it never changes a published total.

Hourly rows are summed from 06:00 to 06:00 in France. A row that stands alone, a day
from its neighbours, is its calendar day's: the gas day of that date. Where a row before
is missing, the days of its amount are unknown: such a day is refused, and so is the
first of all.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isclose, isfinite
from statistics import median
from typing import Final

from ..adict import Qualification
from .gas_day import ONE_DAY, gas_day_at, gas_day_start, paris_date
from .ledger import Daily, DayValue, Ledger, Limit, Source
from .series import rows

_HOUR: Final = timedelta(hours=1)
# Rows at midnight are 23 or 25 hours apart twice a year; hourly ones are never so far.
_ALONE: Final = timedelta(hours=20)
_NEXT_DAY: Final = timedelta(hours=28)
# Below zero by less is a rounding of running totals.
_NOISE: Final = 0.0005
# A coefficient of another day differs by less, another day's amount by more.
_ALIKE: Final = 0.05
# Where the meter's limit is unknown: a day this far beyond the usual one is an index
# counted as gas. No household burns the least limit in a day of summer.
_BEYOND_USUAL: Final = 20
_LEAST_LIMIT: Final = 500.0


class Doubt(StrEnum):
    """Why a gas day's amount is refused."""

    NEGATIVE = "negative"
    """It falls: a counter was reset, or rows were corrected by hand."""
    NOT_A_NUMBER = "not_a_number"
    BEYOND_METER = "beyond_meter"
    """More than the meter passes, or than twenty usual days."""
    GAP = "gap"
    """Rows are missing: its amount may be of other days too."""


class AdoptionOutcome(StrEnum):
    """What adopting does to a gas day."""

    NEW = "new"
    """It had no value and gets one."""
    CHANGED = "changed"
    """It was adopted before, with another value."""
    EQUAL = "equal"
    """It was adopted before, with this value."""
    KEPT = "kept"
    """It keeps its value, which came from GRDF or a file."""


_FILLED: Final = frozenset({AdoptionOutcome.NEW, AdoptionOutcome.CHANGED})


@dataclass(frozen=True, slots=True)
class SourceRow:
    """An aware start, and the change of the total there; None: the row has none."""

    start: datetime
    change: float | None


@dataclass(frozen=True, slots=True)
class Offered:
    """The other statistic's amounts by gas day, in its unit; why others are refused."""

    amounts: Mapping[date, float] = field(default_factory=dict)
    doubts: Mapping[date, Doubt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adoption:
    """The ledger after adopting, with the outcome of each gas day offered.

    `energy` is the kWh PCS of the gas days that are new; `alike` is how many of those
    that keep their value have nearly the same in the other statistic.
    """

    ledger: Ledger
    outcomes: Mapping[date, AdoptionOutcome]
    doubts: Mapping[date, Doubt]
    energy: float
    alike: int

    def count(self, outcome: AdoptionOutcome) -> int:
        """Return how many gas days have an outcome."""
        return sum(each is outcome for each in self.outcomes.values())

    @property
    def filled(self) -> list[date]:
        """The gas days that get another value."""
        return [day for day, outcome in self.outcomes.items() if outcome in _FILLED]


def offered(source: Sequence[SourceRow], *, now: datetime, delay: int = 0) -> Offered:
    """Return a statistic's amounts of the gas days that are over.

    Args:
        source: its rows, oldest first.
        now: an aware instant.
        delay: how many days after a gas day the statistic books it.
    """
    amounts: dict[date, float] = {}
    doubts: dict[date, Doubt] = {}
    for gas_day, found in _by_gas_day(source).items():
        if gas_day_start(gas_day + ONE_DAY) > now:
            continue
        of_day = gas_day - delay * ONE_DAY
        if isinstance(found, Doubt):
            doubts[of_day] = found
        else:
            amounts[of_day] = found
    return Offered(amounts, doubts)


def within(offer: Offered, first: date | None, last: date | None) -> Offered:
    """Return an offer bounded by two gas days, both included; None: unbounded."""

    def bounded[T](by_day: Mapping[date, T]) -> dict[date, T]:
        return {
            day: value
            for day, value in by_day.items()
            if (first or date.min) <= day <= (last or date.max)
        }

    return Offered(bounded(offer.amounts), bounded(offer.doubts))


def day_values(
    offer: Offered, coefficient: Callable[[date], float] | None = None
) -> dict[date, DayValue]:
    """Return an offer as the ledger keeps it.

    Args:
        offer: the other statistic's.
        coefficient: kWh PCS per m³ of a gas day; None: the offer is in kWh PCS.
    """
    values = {}
    for day, amount in offer.amounts.items():
        factor = None if coefficient is None else coefficient(day)
        values[day] = DayValue(
            energy=round(amount if factor is None else amount * factor, 3),
            volume=None if factor is None else round(amount, 3),
            coefficient=factor,
            qualification=Qualification.UNKNOWN,
            final=False,
        )
    return values


def nearest_coefficient(ledger: Ledger) -> Callable[[date], float] | None:
    """Return how to find the coefficient of a gas day: its own, or the nearest known.

    None where none is known. Of two as near, the earlier one's.
    """
    known = {row.gas_day: row.coefficient for row in rows(ledger) if row.coefficient}
    if not known:
        return None
    days = list(known)

    def coefficient(day: date) -> float:
        place = bisect_left(days, day)
        near = days[max(place - 1, 0) : place + 1]
        return known[min(near, key=lambda other: abs(other - day))]

    return coefficient


def adopt(
    ledger: Ledger,
    values: Mapping[date, DayValue],
    doubts: Mapping[date, Doubt],
    limit: Limit,
) -> Adoption:
    """Return the ledger with a value for each gas day without one of another source.

    Again with the same values changes nothing; with others it replaces what was adopted
    before. What was adopted of other days stays. `doubts` are of gas days that the
    other statistic has no usable value for.
    """
    before = ledger.daily.get(Source.ADOPTED, {})
    others: dict[Source, Daily] = {
        source: days
        for source, days in ledger.daily.items()
        if source is not Source.ADOPTED
    }
    given = {
        row.gas_day: row.energy
        for row in rows(replace(ledger, daily=others))
        if row.energy is not None
    }
    refused = dict(doubts) | _beyond(values, limit)
    outcomes = {
        day: _outcome(value, before.get(day), is_given=day in given)
        for day, value in values.items()
        if day not in refused
    }
    new = {day: values[day] for day, outcome in outcomes.items() if outcome in _FILLED}
    adopted = dict(sorted({**before, **new}.items()))
    return Adoption(
        replace(ledger, daily={**others, Source.ADOPTED: adopted}) if new else ledger,
        outcomes,
        dict(sorted(refused.items())),
        round(
            sum(
                value.energy or 0.0
                for day, value in new.items()
                if outcomes[day] is AdoptionOutcome.NEW
            ),
            3,
        ),
        sum(
            isclose(values[day].energy or 0.0, given[day], rel_tol=_ALIKE, abs_tol=1)
            for day, outcome in outcomes.items()
            if outcome is AdoptionOutcome.KEPT
        ),
    )


def _outcome(
    value: DayValue, before: DayValue | None, *, is_given: bool
) -> AdoptionOutcome:
    if is_given:
        return AdoptionOutcome.KEPT
    if before is None:
        return AdoptionOutcome.NEW
    return AdoptionOutcome.EQUAL if before == value else AdoptionOutcome.CHANGED


def _by_gas_day(source: Sequence[SourceRow]) -> dict[date, float | Doubt]:
    """Return the amount of each gas day; a doubt where there is no usable one."""
    starts = {row.start for row in source}
    hourly: dict[date, list[float | None]] = {}
    found: dict[date, float | Doubt] = {}
    starts_around = [None, *(row.start for row in source), None]
    for row, before, after in zip(
        source, starts_around, starts_around[2:], strict=False
    ):
        if _is_alone(row.start, before, after):
            follows = before is not None and row.start - before <= _NEXT_DAY
            found[paris_date(row.start)] = (
                _amount([row.change]) if follows else Doubt.GAP
            )
        else:
            hourly.setdefault(gas_day_at(row.start), []).append(row.change)
    for gas_day, changes in hourly.items():
        start, end = gas_day_start(gas_day), gas_day_start(gas_day + ONE_DAY)
        is_whole = end - _HOUR in starts and (
            start - _HOUR in starts or source[0].start == start
        )
        # A date that has a row of its own is that row's, hours around it or not.
        found.setdefault(gas_day, _amount(changes) if is_whole else Doubt.GAP)
    return dict(sorted(found.items()))


def _is_alone(start: datetime, before: datetime | None, after: datetime | None) -> bool:
    return (before is None or start - before >= _ALONE) and (
        after is None or after - start >= _ALONE
    )


def _amount(changes: Sequence[float | None]) -> float | Doubt:
    numbers = [change for change in changes if change is not None]
    if len(numbers) < len(changes) or not all(map(isfinite, numbers)):
        return Doubt.NOT_A_NUMBER
    if any(number < -_NOISE for number in numbers):
        return Doubt.NEGATIVE
    return max(sum(numbers), 0.0)


def _beyond(values: Mapping[date, DayValue], limit: Limit) -> dict[date, Doubt]:
    energies = {day: value.energy or 0.0 for day, value in values.items()}
    used = [energy for energy in energies.values() if energy > 0]
    usual = max(_LEAST_LIMIT, _BEYOND_USUAL * median(used)) if used else _LEAST_LIMIT
    return {
        day: Doubt.BEYOND_METER
        for day, energy in energies.items()
        if energy > (limit(gas_day_start(day), gas_day_start(day + ONE_DAY)) or usual)
    }
