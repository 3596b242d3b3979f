"""A meter's gas days as a table of days, months or years, for accounting.

A period is whole, or cut by the dates asked for; a row has the number of its gas days
and of those with a value, so that a part is never taken for the whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .gas_day import ONE_DAY
from .ledger import Source
from .series import DayRow, RowKind, total

_COEFFICIENT_DIGITS: Final = 4


class Step(StrEnum):
    """What a row of the table covers."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Basis(StrEnum):
    """What an amount rests on; also the keys of the texts for it."""

    PUBLISHED = "published"
    PUBLISHED_SHARE = "published_share"
    INFORMATIVE = "informative"
    FILE_DAILY = "file_daily"
    FILE_WEEKLY = "file_weekly"
    FILE_MONTHLY = "file_monthly"
    RECOVERED = "recovered"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One row of the table: kWh PCS, m³, kWh PCS per m³ and cost of its gas days.

    Amounts are of the days that have a value, None where one of them lacks it; the
    coefficient is weighted by volume, None where no day has one. `bases` are in the
    order of `Basis`, each once. `known` of its `days` have a value.
    """

    first: date
    last: date
    energy: float | None
    volume: float | None
    coefficient: float | None
    cost: Decimal | None
    bases: tuple[Basis, ...]
    known: int
    days: int

    @property
    def is_whole(self) -> bool:
        """Whether every gas day has a value."""
        return self.known == self.days


@dataclass(frozen=True, slots=True)
class CostedDay:
    """A gas day with the source of its value and its cost; None: unknown."""

    row: DayRow
    source: Source | None
    cost: Decimal | None


def costed_days(
    rows: Sequence[DayRow],
    sources: Mapping[date, Source],
    costs: Sequence[Decimal | None] | None,
) -> list[CostedDay]:
    """Return a meter's rows with their sources and costs; None: it has no price."""
    amounts = [None] * len(rows) if costs is None else costs
    return [
        CostedDay(row, sources.get(row.gas_day), cost)
        for row, cost in zip(rows, amounts, strict=True)
    ]


def period_table(
    days: Iterable[CostedDay],
    step: Step,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Iterator[PeriodRow]:
    """Yield a meter's periods, the oldest first; none before its first gas day.

    Periods end with the one of its newest gas day. Months and years are whole calendar
    ones, except where `first` and `last` cut them; None: no bound.
    """
    earliest, latest = first or date.min, last or date.max
    periods: dict[date, list[CostedDay]] = {}
    for day in days:
        if earliest <= day.row.gas_day <= latest:
            periods.setdefault(_begin(day.row.gas_day, step), []).append(day)
    for begin, of_period in periods.items():
        end = _end(begin, step)
        yield _row(max(begin, earliest), min(end, latest), of_period)


def _begin(gas_day: date, step: Step) -> date:
    match step:
        case Step.DAY:
            return gas_day
        case Step.MONTH:
            return gas_day.replace(day=1)
        case Step.YEAR:
            return gas_day.replace(month=1, day=1)


def _end(begin: date, step: Step) -> date:
    match step:
        case Step.DAY:
            return begin
        case Step.MONTH:
            # No month has 32 days, and every one has 28.
            return _begin(begin.replace(day=28) + 4 * ONE_DAY, step) - ONE_DAY
        case Step.YEAR:
            return begin.replace(month=12, day=31)


def _row(first: date, last: date, days: Sequence[CostedDay]) -> PeriodRow:
    valued = [day for day in days if day.row.energy is not None]
    costs = [day.cost for day in days if day.cost is not None]
    return PeriodRow(
        first=first,
        last=last,
        energy=total([day.row.energy for day in valued]),
        volume=total([day.row.volume for day in valued]),
        coefficient=_coefficient([day.row for day in valued]),
        # An absent day may still cost its part of a subscription.
        cost=sum(costs, Decimal(0))
        if costs and all(day.cost is not None for day in valued)
        else None,
        bases=_bases(valued),
        known=len(valued),
        days=(last - first).days + 1,
    )


def _coefficient(rows: Iterable[DayRow]) -> float | None:
    known = [(row.coefficient, row.volume or 0.0) for row in rows if row.coefficient]
    if not known:
        return None
    # Where no gas flowed, or its m³ are unknown, each day weighs the same.
    if not any(volume for _, volume in known):
        known = [(coefficient, 1.0) for coefficient, _ in known]
    weighed = sum(coefficient * weight for coefficient, weight in known)
    total = sum(weight for _, weight in known)
    return round(weighed / total, _COEFFICIENT_DIGITS)


def _bases(days: Iterable[CostedDay]) -> tuple[Basis, ...]:
    found = {_basis(day.source, day.row.kind) for day in days if day.source}
    return tuple(basis for basis in Basis if basis in found)


def _basis(source: Source, kind: RowKind) -> Basis:
    if source is Source.PUBLISHED and kind is RowKind.SPREAD:
        return Basis.PUBLISHED_SHARE
    return Basis(source.value)
