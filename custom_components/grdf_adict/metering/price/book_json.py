"""Prices and costs as JSON values, and back: money as text, to the last digit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ..gas_day import ONE_DAY, gas_days_through
from ..json_values import Json, date_from_json
from ..stored import UNBOUNDED, checked, of_type, stored_day
from .book import (
    CostSummary,
    DayPrice,
    GivenPrices,
    KeptCosts,
    Origin,
    Per,
    Price,
    PriceBook,
    PricePeriod,
    Quantity,
)


def book_to_json(book: PriceBook) -> Json:
    """Return a price book as JSON values: one short list a run of equal days."""
    return {
        "given": _given(book.days),
        "periods": [
            [period.start.isoformat(), *_price(period.price)] for period in book.periods
        ],
        "searched": book.searched and book.searched.isoformat(),
        "repriced": book.repriced,
        "doubted": _given(book.doubted),
        "currency": book.currency,
        "kept": book.kept and [book.kept.currency, book.kept.through.isoformat()],
    }


def book_from_json(stored: Json | None) -> PriceBook:
    """Return the book that `book_to_json` wrote; an empty one where there is none.

    Raises:
        ArithmeticError, KeyError, TypeError, ValueError: the values are not a book's.
    """
    if stored is None:
        return PriceBook()
    repriced, currency = stored["repriced"], stored.get("currency")
    kept = stored.get("kept")
    return PriceBook(
        days=_read_given(stored["given"]),
        periods=tuple(
            # Its owner wrote it: any date may stand for "always".
            PricePeriod(date.fromisoformat(start), _read_price(price))
            for start, *price in of_type(list, stored["periods"])
        ),
        searched=date_from_json(stored["searched"]),
        repriced=None if repriced is None else of_type(str, repriced),
        doubted=_read_given(stored.get("doubted", [])),
        currency=None if currency is None else of_type(str, currency),
        kept=None if kept is None else _read_kept(*of_type(list, kept)),
    )


def costs_to_json(costs: CostSummary) -> Json:
    """Return a summary of costs as JSON values."""
    return {
        "gas_day": costs.gas_day and costs.gas_day.isoformat(),
        "last": costs.last,
        "months": [[*month, cost] for month, cost in costs.months.items()],
        "days": [[*month, days] for month, days in costs.days.items()],
        "currency": costs.currency,
    }


def costs_from_json(stored: Json | None) -> CostSummary:
    """Return what `costs_to_json` wrote; an empty summary where there is none.

    Raises:
        KeyError, TypeError, ValueError: the values are not a summary's.
    """
    if stored is None:
        return CostSummary()
    return checked(
        CostSummary(
            gas_day=date_from_json(stored["gas_day"]),
            last=stored["last"],
            months=_months(stored["months"]),
            days=_months(stored.get("days", [])),
            currency=stored.get("currency"),
        ),
        least=UNBOUNDED,
    )


def _given(days: GivenPrices) -> list[list[str]]:
    return [
        [first.isoformat(), last.isoformat(), given.origin.value, *_price(given.price)]
        for first, last, given in _runs(days)
    ]


def _read_given(stored: object) -> dict[date, DayPrice]:
    return {
        day: given
        for first, last, origin, *price in of_type(list, stored)
        for given in [DayPrice(_read_price(price), Origin(origin))]
        for day in _days(first, last)
    }


def _days(first: Any, last: Any) -> Iterable[date]:
    """Return the days of a run; a list's first date alone may be any: "always"."""
    if first == last:
        return [date.fromisoformat(first)]
    return gas_days_through(stored_day(first), stored_day(last))


def _read_kept(currency: object, through: object) -> KeptCosts:
    return KeptCosts(of_type(str, currency), stored_day(through))


def _months[T](stored: Any) -> dict[tuple[int, int], T]:
    return {(year, month): of for year, month, of in of_type(list, stored)}


def _runs(days: GivenPrices) -> Iterator[tuple[date, date, DayPrice]]:
    """Yield the first and the last day of each run of neighbours with one price."""
    run: tuple[date, date, DayPrice] | None = None
    for day, given in days.items():
        if run is not None and run[2] == given and run[1] + ONE_DAY == day:
            run = (run[0], day, given)
            continue
        if run is not None:
            yield run
        run = (day, day, given)
    if run is not None:
        yield run


def _price(price: Price) -> list[str]:
    return [
        str(price.energy),
        str(price.subscription),
        price.per.value,
        price.quantity.value,
    ]


def _read_price(stored: Sequence[str]) -> Price:
    energy, subscription, per, quantity = stored
    return checked(
        Price(
            Decimal(of_type(str, energy)),
            Decimal(of_type(str, subscription)),
            Per(per),
            Quantity(quantity),
        )
    )
