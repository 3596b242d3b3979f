"""Prices and costs come back from storage as they were."""

from datetime import date
from decimal import Decimal
import json

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.metering.price.book import (
    CostSummary,
    DayPrice,
    KeptCosts,
    MonthCost,
    Origin,
    Per,
    Price,
    PriceBook,
    PricePeriod,
    Quantity,
)
from custom_components.grdf_adict.metering.price.book_json import (
    book_from_json,
    book_to_json,
    costs_from_json,
    costs_to_json,
)

prices = st.builds(
    Price,
    energy=st.decimals(0, 1, places=6),
    subscription=st.decimals(0, 500, places=2),
    per=st.sampled_from(Per),
    quantity=st.sampled_from(Quantity),
)
# Few prices and few days: neighbours often have the same.
given_prices = st.dictionaries(
    st.dates(date(2024, 2, 20), date(2024, 3, 10)),
    st.builds(
        DayPrice,
        st.sampled_from([Price(Decimal("0.1")), Price(Decimal("0.10000"))]) | prices,
        st.sampled_from(Origin),
    ),
)
books = st.builds(
    PriceBook,
    days=given_prices.map(lambda days: dict(sorted(days.items()))),
    doubted=given_prices.map(lambda days: dict(sorted(days.items()))),
    periods=st.lists(st.builds(PricePeriod, st.dates(), prices)).map(tuple),
    searched=st.none() | st.dates(date(1946, 1, 1), date(2199, 12, 31)),
    repriced=st.none() | st.just("2026-11-20T18:00:00+00:00"),
    currency=st.sampled_from([None, "CHF"]),
    kept=st.none()
    | st.builds(
        KeptCosts, st.just("EUR"), st.dates(date(1946, 1, 1), date(2199, 12, 31))
    ),
)


@settings(max_examples=60, deadline=None)
@given(book=books)
def test_a_price_book_comes_back_as_it_was(book: PriceBook) -> None:
    assert book_from_json(json.loads(json.dumps(book_to_json(book)))) == book


def test_a_book_of_a_version_that_doubted_no_price_is_read() -> None:
    stored = book_to_json(PriceBook())
    del stored["doubted"]

    assert book_from_json(stored) == PriceBook()


def test_years_at_one_price_take_one_line() -> None:
    price = DayPrice(Price(Decimal("0.0987")), Origin.LIST)
    days = {date.fromordinal(739000 + n): price for n in range(1826)}

    assert len(book_to_json(PriceBook(days))["given"]) == 1


def test_costs_come_back_as_they_were() -> None:
    months, days = {(2026, 10): 3.0, (2026, 11): 2.5}, {(2026, 10): 31, (2026, 11): 2}
    costs = CostSummary(date(2026, 11, 2), 1.25, months, days, "EUR")

    assert costs_from_json(json.loads(json.dumps(costs_to_json(costs)))) == costs


def test_costs_of_a_version_that_counted_no_days_are_read() -> None:
    stored = {"gas_day": "2026-11-02", "last": 1.25, "months": [[2026, 11, 2.5]]}

    assert costs_from_json(stored).month(date(2026, 11, 20)) == MonthCost(
        2026, 11, 2.5, None
    )


@pytest.mark.parametrize("first", [date.min, date(1900, 1, 1), date.max])
def test_a_list_that_begins_at_any_date_is_read(first: date) -> None:
    price = Price(Decimal("0.1"))
    book = PriceBook(
        {first: DayPrice(price, Origin.LIST)}, (PricePeriod(first, price),)
    )

    assert book_from_json(json.loads(json.dumps(book_to_json(book)))) == book


def test_a_book_and_costs_of_before_currencies_were_kept_have_none() -> None:
    book, costs = book_to_json(PriceBook()), costs_to_json(CostSummary())
    del book["currency"], book["kept"], costs["currency"]

    assert book_from_json(book) == PriceBook()
    assert costs_from_json(costs) == CostSummary()


def test_a_file_of_before_there_were_prices_has_none() -> None:
    assert book_from_json(None) == PriceBook()
    assert costs_from_json(None) == CostSummary()


def test_money_that_is_no_number_is_refused() -> None:
    stored = book_to_json(
        PriceBook(periods=(PricePeriod(date(2026, 1, 1), Price(Decimal(1))),))
    )
    stored["periods"][0][1] = "much"

    with pytest.raises(ArithmeticError):
        book_from_json(stored)
