"""A building's gas days: the sum of its meters', once every one of them has the day.

A total that lacks a meter would look like a mild day and jump once its data come, so a
gas day is absent until the last of them has it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from .gas_day import gas_days_through
from .insight.compare import Comparison, compare
from .price import CostSummary, summarise_costs
from .series import DayRow, RowKind, total
from .summary import last_shown

# The sum has the least certain of the kinds of its meters' days.
_CERTAINTY: Final = (
    RowKind.SPREAD,
    RowKind.ESTIMATED,
    RowKind.CORRECTED,
    RowKind.MEASURED,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One meter's days of gas used.

    Attributes:
        rows: its gas days.
        costs: of each row; None: it has no price.
        currency: of the costs.
        kept: the currency in which earlier costs are kept; None: there are none.
    """

    rows: Sequence[DayRow]
    costs: Sequence[Decimal | None] | None = None
    currency: str | None = None
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class GroupSum:
    """The gas days of a group.

    Attributes:
        rows: from the first that every meter has to the newest that any has.
        costs: of each row; None: a meter has no price, or one in another currency.
        currencies: those of the meters' costs.
        kept: the currency in which earlier costs are kept; None: there are none.
        meters: how many are summed.
        lacking: how many do not have the newest gas day that another one has.
    """

    rows: tuple[DayRow, ...] = ()
    costs: tuple[Decimal | None, ...] | None = None
    currencies: frozenset[str] = frozenset()
    kept: str | None = None
    meters: int = 0
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures that a group's sensors show: kWh PCS, m³, and `currency`.

    `last` is the newest gas day that every meter has; one of their own, if there is.
    """

    last: DayRow | None = None
    last_cost: float | None = None
    energy: Comparison = field(default_factory=Comparison)
    volume: Comparison = field(default_factory=Comparison)
    cost: Comparison = field(default_factory=Comparison)
    costs: CostSummary = field(default_factory=CostSummary)
    currency: str | None = None
    meters: int = 0
    lacking: int = 0


def summed(members: Sequence[Member]) -> GroupSum:
    """Return the gas days of a group; none of a group without a common gas day."""
    by_day = [
        {row.gas_day: row for row in member.rows if row.energy is not None}
        for member in members
    ]
    newest_known = max((max(days) for days in by_day if days), default=None)
    lacking = sum(newest_known not in days for days in by_day)
    common = set.intersection(*map(set, by_day)) if by_day else set()
    if not common:
        return GroupSum(meters=len(members), lacking=lacking)
    newest = max(member.rows[-1].gas_day for member in members)
    days = list(gas_days_through(min(common), newest))
    return GroupSum(
        rows=tuple(
            _row(day, [of[day] for of in by_day]) if day in common else DayRow(day)
            for day in days
        ),
        costs=_costs(members, days, common),
        currencies=frozenset(each.currency for each in members if each.currency),
        kept=next((each.kept for each in members if each.kept), None),
        meters=len(members),
        lacking=lacking,
    )


def figures(group: GroupSum, today: date) -> GroupFigures:
    """Return the figures of a group, as of a date in France."""
    last = last_shown(group.rows)
    costs = group.costs or [None] * len(group.rows)
    volumes = [replace(row, energy=row.volume) for row in group.rows]
    money = [
        replace(row, energy=None if cost is None else float(cost))
        for row, cost in zip(group.rows, costs, strict=True)
    ]
    currency = next(iter(group.currencies)) if len(group.currencies) == 1 else None
    costs_by_day = {row.gas_day: row.energy for row in money}
    return GroupFigures(
        last=last,
        last_cost=costs_by_day[last.gas_day] if last else None,
        energy=compare(group.rows, today),
        volume=compare(volumes, today),
        cost=compare(money, today),
        costs=summarise_costs(
            group.rows, costs, last.gas_day if last else None, currency
        ),
        currency=currency,
        meters=group.meters,
        lacking=group.lacking,
    )


def _row(day: date, rows: Collection[DayRow]) -> DayRow:
    kinds = {row.kind for row in rows}
    return DayRow(
        day,
        energy=total([row.energy for row in rows]),
        volume=total([row.volume for row in rows]),
        kind=next(kind for kind in _CERTAINTY if kind in kinds),
        final=all(row.final for row in rows),
    )


def _costs(
    members: Sequence[Member], days: Sequence[date], common: Collection[date]
) -> tuple[Decimal | None, ...] | None:
    by_day: list[Mapping[date, Decimal | None]] = []
    if len({member.currency for member in members}) > 1:
        return None
    for member in members:
        if member.costs is None:
            return None
        gas_days = [row.gas_day for row in member.rows]
        by_day.append(dict(zip(gas_days, member.costs, strict=True)))
    return tuple(
        _cost([of.get(day) for of in by_day]) if day in common else None for day in days
    )


def _cost(amounts: Collection[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
