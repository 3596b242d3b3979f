"""What a gas day costs: its energy at that day's price, and its part of a subscription.

The price of each day is kept, so that today's price never reprices last year.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap, monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from ..gas_day import ONE_DAY, gas_day_start
from ..series import DayRow

# Data that have not come by then are late.
_FIRST_DAY_LATE: Final = 7
_MONEY: Final = Decimal("0.0001")
_PRICE: Final = Decimal("0.00000001")


class Per(StrEnum):
    """How often a subscription is paid."""

    YEAR = "year"
    MONTH = "month"


class Quantity(StrEnum):
    """What a price is the price of."""

    KWH = "kwh"
    CUBIC_METRE = "m3"


class Origin(StrEnum):
    """Where the price of a gas day comes from."""

    LIST = "list"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class Price:
    """A price of gas, tax included, in the currency of its book.

    `energy` is that of a kWh PCS or a m³, by `quantity`; `subscription` that of a whole
    year or month, by `per`.
    """

    energy: Decimal
    subscription: Decimal = Decimal(0)
    per: Per = Per.YEAR
    quantity: Quantity = Quantity.KWH


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """A price of a list: in force from a gas day until the next period starts."""

    start: date
    price: Price


@dataclass(frozen=True, slots=True)
class DayPrice:
    """The price of a gas day, and where it comes from."""

    price: Price
    origin: Origin


type GivenPrices = Mapping[date, DayPrice]
type PriceList = tuple[PricePeriod, ...]


class KeptCosts(NamedTuple):
    """The costs through a gas day, which stay in the currency that they were in."""

    currency: str
    through: date


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices that gas days were given.

    Attributes:
        days: the price of each gas day that was given one, by date. Days before the
            first take that one; days between take the one before.
        periods: the list by which `days` were last priced.
        searched: the earliest gas day that an entity was asked for; None: none was.
        repriced: the last request to price the past again that was carried out.
        doubted: prices of an entity that jump, until the user has decided on them;
            their gas days have none in `days`.
        currency: of the prices (ISO 4217); None: no gas day was given one yet.
        kept: the earlier costs of another currency, which no price here changes.
    """

    days: GivenPrices = field(default_factory=dict)
    periods: PriceList = ()
    searched: date | None = None
    repriced: str | None = None
    doubted: GivenPrices = field(default_factory=dict)
    currency: str | None = None
    kept: KeptCosts | None = None


@dataclass(frozen=True, slots=True)
class CostSummary:
    """The costs that the sensors show, in a currency; None: there are none.

    `last` is the cost of `gas_day`, the newest with a value of its own; `months` holds
    that of each (year, month), `days` how many of its gas days have a value and a cost.
    """

    gas_day: date | None = None
    last: float | None = None
    months: Mapping[tuple[int, int], float] = field(default_factory=dict)
    days: Mapping[tuple[int, int], int] = field(default_factory=dict)
    currency: str | None = None

    def month(self, today: date) -> MonthCost | None:
        """Return the cost of today's month so far; None while nothing is known.

        GRDF gives a gas day one to three days later: through the 7th, the month before
        is returned until a gas day of today's month has a cost.
        """
        found = self._of(today)
        if found is None and today.day <= _FIRST_DAY_LATE:
            return self.last_month(today)
        return found

    def last_month(self, today: date) -> MonthCost | None:
        """Return the cost of the month before today's, also while days are missing."""
        return self._of(today.replace(day=1) - ONE_DAY)

    def _of(self, day: date) -> MonthCost | None:
        month = day.year, day.month
        cost = self.months.get(month)
        return None if cost is None else MonthCost(*month, cost, self.days.get(month))


class MonthCost(NamedTuple):
    """The cost of a month's gas days that are known; `known`: how many that are.

    `known` is None in what a version before kept.
    """

    year: int
    month: int
    cost: float
    known: int | None

    @property
    def is_whole(self) -> bool:
        """Whether every gas day of the month is in it."""
        return self.known == monthrange(self.year, self.month)[1]


def in_currency(
    book: PriceBook, currency: str, *, keep_through: date | None
) -> PriceBook:
    """Return a book whose gas days are to be priced in another currency.

    Args:
        book: with prices in a currency.
        currency: the other one.
        keep_through: the gas day through which costs stay in the present currency;
            None: all are priced anew.
    """
    kept = None
    if keep_through is not None and book.currency is not None:
        kept = KeptCosts(book.currency, keep_through)
    return PriceBook(repriced=book.repriced, currency=currency, kept=kept)


def price_list(periods: Iterable[PricePeriod]) -> PriceList:
    """Return periods as a list, the earliest first.

    Raises:
        ValueError: two of them start on the same date.
    """
    ordered = tuple(sorted(periods, key=lambda period: period.start))
    if len({period.start for period in ordered}) < len(ordered):
        raise ValueError("two periods start on the same date")
    return ordered


def priced_by_list(
    book: PriceBook,
    periods: PriceList,
    gas_days: Iterable[date],
    *,
    since: date | None = None,
) -> PriceBook:
    """Return the book with the gas days priced by a list.

    Days keep what they were given before the first date on which the list differs from
    the one they were last priced by.
    From `since` on, days are priced again where the list reaches; None: no. The list
    holds at least one period, the earliest first.
    """
    first = periods[0].start
    asked = None if since is None else max(since, first)
    changes = [day for day in (_first_difference(book.periods, periods), asked) if day]
    days = {
        day: given
        for day, given in book.days.items()
        if (not changes or day < min(changes))
        # Days before a list that now begins later are no longer priced by it.
        and (given.origin is not Origin.LIST or day >= first)
    }
    reached = [day for day in gas_days if day >= first]
    # A list that begins in the future prices the days before it all the same.
    for day in reached or [first]:
        if day not in days:
            days[day] = DayPrice(_in_force(periods, day), Origin.LIST)
    return replace(book, days=dict(sorted(days.items())), periods=periods, doubted={})


def recovered_prices(
    energies: Mapping[date, float | None],
    costs: Mapping[date, float],
    subscription: Price,
) -> dict[date, Price]:
    """Return the prices of days that used gas from their costs, after a book was lost.

    Energies are in kWh PCS; the energy price of `subscription` is unused.
    """
    prices: dict[date, Price] = {}
    for day, cost in costs.items():
        if energy := energies.get(day):
            rest = Decimal(str(cost)) - subscription_share(subscription, day)
            per_kwh = (max(rest, Decimal(0)) / Decimal(str(energy))).quantize(_PRICE)
            prices[day] = replace(subscription, energy=per_kwh)
    return prices


def daily_prices[P](
    changes: Sequence[tuple[datetime, P]], gas_days: Iterable[date]
) -> dict[date, P]:
    """Return the price of each gas day: its first, the one it begins with if it can.

    Args:
        changes: the aware instants at which a price began, and the price, oldest first;
            each holds until the next.
        gas_days: those to price; the ones that end before the first change are left
            out.
    """
    moments = [moment for moment, _ in changes]
    prices: dict[date, P] = {}
    for day in gas_days:
        start, end = gas_day_start(day), gas_day_start(day + ONE_DAY)
        if held := bisect_right(moments, start):
            prices[day] = changes[held - 1][1]
        elif bisect_left(moments, end):
            prices[day] = changes[0][1]
    return prices


def day_costs(rows: Sequence[DayRow], book: PriceBook) -> list[Decimal | None]:
    """Return what each row's gas day costs, to 0.0001; None: unknown.

    An absent day costs its part of the subscription only; without one, it is unknown.
    Costs that are kept in another currency are unknown here.
    """
    given = sorted(book.days)
    if not given:
        return [None] * len(rows)
    first = book.kept.through + ONE_DAY if book.kept else date.min
    return [
        None
        if row.gas_day < first
        else day_cost(
            book.days[given[max(bisect_right(given, row.gas_day) - 1, 0)]].price,
            row,
            coefficient,
        )
        for row, coefficient in zip(rows, _coefficients(rows), strict=True)
    ]


def day_cost(price: Price, row: DayRow, coefficient: float | None) -> Decimal | None:
    """Return what a gas day costs at a price, to 0.0001; None: unknown.

    An absent one costs its part of the subscription. The coefficient, in kWh PCS per
    m³, is for a price per m³.
    """
    share = subscription_share(price, row.gas_day)
    if row.energy is None:
        return share or None
    per_kwh = price.energy
    if price.quantity is Quantity.CUBIC_METRE:
        if not coefficient:
            return None
        per_kwh /= Decimal(str(coefficient))
    return (Decimal(str(row.energy)) * per_kwh).quantize(_MONEY) + share


def subscription_share(price: Price, gas_day: date) -> Decimal:
    """Return a gas day's part of a subscription, to 0.0001.

    The parts of a whole year or month add up to its amount exactly.
    """
    if price.per is Per.YEAR:
        first, count = gas_day.replace(month=1, day=1), 365 + isleap(gas_day.year)
    else:
        first = gas_day.replace(day=1)
        count = monthrange(gas_day.year, gas_day.month)[1]
    place = (gas_day - first).days

    def until(days: int) -> Decimal:
        return (price.subscription * days / count).quantize(_MONEY)

    return until(place + 1) - until(place)


def summarise_costs(
    rows: Sequence[DayRow],
    costs: Sequence[Decimal | None],
    last: date | None,
    currency: str | None,
) -> CostSummary:
    """Return the summary of the costs of each row; `last` is its `gas_day`."""
    months: dict[tuple[int, int], Decimal] = {}
    days: Counter[tuple[int, int]] = Counter()
    last_cost: Decimal | None = None
    for row, cost in zip(rows, costs, strict=True):
        if cost is None:
            continue
        month = (row.gas_day.year, row.gas_day.month)
        months[month] = months.get(month, Decimal(0)) + cost
        days[month] += row.energy is not None
        if row.gas_day == last:
            last_cost = cost
    return CostSummary(
        gas_day=last,
        last=None if last_cost is None else float(last_cost),
        months={month: float(cost) for month, cost in months.items()},
        days=dict(days),
        currency=currency,
    )


def _in_force(periods: PriceList, day: date) -> Price:
    place = bisect_right(periods, day, key=lambda period: period.start)
    return periods[max(place - 1, 0)].price


def _first_difference(before: PriceList, after: PriceList) -> date | None:
    """Return the first date on which the prices of two lists differ; None: never."""
    starts = sorted({period.start for period in (*before, *after)})
    return next(
        (
            start
            for start in starts
            if not (before and after)
            or _in_force(before, start) != _in_force(after, start)
        ),
        None,
    )


def _coefficients(rows: Sequence[DayRow]) -> Iterator[float | None]:
    """Yield each row's coefficient, else the one before it, else the first known."""
    known = next((row.coefficient for row in rows if row.coefficient), None)
    for row in rows:
        known = row.coefficient or known
        yield known
