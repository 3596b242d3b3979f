"""Gas days priced by an entity, and its prices that jump: cents for euros, kWh for MWh.

A price of more than five times the one in force, or less than a fifth of it, prices no
gas day before the user has agreed: gas does not become dearer or cheaper by so much at
once, but units and templates change.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from .book import DayPrice, GivenPrices, Origin, Price, PriceBook, Quantity

_MOST_TIMES: Final = 5
# Roughly, to compare the price of a m³ with that of a kWh PCS.
_KWH_PER_CUBIC_METRE: Final = 11


class PriceJump(NamedTuple):
    """A price of a gas day that is far from the one in force, `before`."""

    gas_day: date
    before: Price
    after: Price


def unpriced(
    book: PriceBook,
    gas_days: Iterable[date],
    *,
    today: date,
    since: date | None = None,
) -> list[date]:
    """Return the gas days that an entity is to price.

    Days before the first that was given a price are asked for once only: a price that
    was unknown then is unknown now.
    Prices given to days after `today`, the gas day in France, do not count. From
    `since` on, days are priced again; None: no.
    """
    given = {day for day in book.days if day <= today}
    first = min(given, default=date.min)
    return [
        day
        for day in gas_days
        if (since is not None and day >= since)
        or (
            day not in given
            and (day > first or book.searched is None or day < book.searched)
        )
    ]


def priced_by_entity(
    book: PriceBook,
    gas_days: Sequence[date],
    prices: Mapping[date, Price],
    *,
    today: date,
    since: date | None = None,
) -> PriceBook:
    """Return the book with an entity's prices of the days it was asked for.

    See `unpriced`; prices of days after `today`, the gas day in France, are dropped.
    Those that jump are doubted, except from `since` on; None: all of them. Among days
    that have a price, one that jumps takes the price in force: the entity came back.
    """
    kept = {day: given for day, given in book.days.items() if day <= today}
    pending = {
        day: given.price for day, given in book.doubted.items() if day not in kept
    }
    offered = {day: p for day, p in (pending | dict(prices)).items() if day <= today}
    doubts = {
        jump.gas_day: jump
        for jump in price_jumps(kept, offered)
        if since is None or jump.gas_day < since
    }
    days = kept | _given({d: p for d, p in offered.items() if d not in doubts})
    first, last = min(days, default=date.max), max(days, default=date.min)
    passed = {day: jump for day, jump in doubts.items() if first < day < last}
    days |= _given({day: jump.before for day, jump in passed.items()})
    doubted = {day: jump.after for day, jump in doubts.items() if day not in passed}
    return replace(
        book,
        days=dict(sorted(days.items())),
        searched=min((day for day in (book.searched, *gas_days) if day), default=None),
        doubted=_given(doubted),
    )


def price_jumps(known: GivenPrices, offered: Mapping[date, Price]) -> list[PriceJump]:
    """Return the offered prices that jump, the earliest gas day first.

    Each is compared with the known price in force on its day; without any, with the
    newest one offered.
    """
    if not offered:
        return []
    in_force = _in_force(known) if known else lambda _: offered[max(offered)]
    return [
        PriceJump(day, before, after)
        for day, after in sorted(offered.items())
        if _jumps(before := in_force(day), after)
    ]


def doubted_prices(book: PriceBook) -> list[PriceJump]:
    """Return the prices of a book that are doubted, the earliest gas day first."""
    return price_jumps(
        book.days, {day: given.price for day, given in book.doubted.items()}
    )


def decided(book: PriceBook, *, believed: bool) -> PriceBook:
    """Return a book without doubts: those prices count, or the ones in force do."""
    prices = {
        jump.gas_day: jump.after if believed else jump.before
        for jump in doubted_prices(book)
    }
    days = dict(book.days) | _given(prices)
    return replace(book, days=dict(sorted(days.items())), doubted={})


def _given(prices: Mapping[date, Price]) -> dict[date, DayPrice]:
    return {
        day: DayPrice(price, Origin.ENTITY) for day, price in sorted(prices.items())
    }


def _in_force(known: GivenPrices) -> Callable[[date], Price]:
    """Return what gives the price in force on a day, as `PriceBook` has it."""
    days = sorted(known)
    return lambda day: known[days[max(bisect_right(days, day) - 1, 0)]].price


def _jumps(before: Price, after: Price) -> bool:
    least, most = sorted(map(_of_kwh, (before, after)))
    return most > _MOST_TIMES * least


def _of_kwh(price: Price) -> Decimal:
    is_volume = price.quantity is Quantity.CUBIC_METRE
    return price.energy / _KWH_PER_CUBIC_METRE if is_volume else price.energy
