"""A price of an entity that jumps: cents for euros, kWh for MWh."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from custom_components.grdf_adict.metering.price import (
    Price,
    PriceBook,
    Quantity,
    decided,
    doubted_prices,
    priced_by_entity,
    unpriced,
)

TODAY = date(2026, 11, 20)
DAYS = [TODAY - timedelta(days=ago) for ago in range(9, -1, -1)]


def at(energy: str, quantity: Quantity = Quantity.KWH) -> Price:
    return Price(Decimal(energy), quantity=quantity)


def given(
    book: PriceBook,
    prices: Mapping[date, Price],
    *,
    today: date = TODAY,
    since: date | None = None,
) -> PriceBook:
    """Let an entity price the days through today that it is asked for."""
    days = [day for day in DAYS if day <= today]
    asked = unpriced(book, days, today=today, since=since)
    known = {day: prices[day] for day in asked if day in prices}
    return priced_by_entity(book, asked, known, today=today, since=since)


def lived(*energies: str) -> PriceBook:
    """Let an entity give the last gas days these prices, one each day."""
    book = PriceBook()
    for day, energy in zip(DAYS[-len(energies) :], energies, strict=True):
        book = given(book, {day: at(energy)}, today=day)
    return book


def prices_of(book: PriceBook) -> list[str]:
    return [str(each.price.energy) for each in book.days.values()]


@pytest.mark.parametrize(
    ("before", "after", "jumps"),
    [
        (at("0.1"), at("0.5"), False),
        (at("0.1"), at("0.51"), True),
        (at("0.1"), at("0.02"), False),
        (at("0.1"), at("0.019"), True),
        (at("0.1"), at("0.0001"), True),
        (at("0.01"), at("1"), True),
        (at("0.1"), at("0"), True),
        (at("0"), at("0.1"), True),
        (at("0"), at("0"), False),
        # A m³ holds about 11 kWh.
        (at("0.1"), at("1.1", Quantity.CUBIC_METRE), False),
        (at("1.1", Quantity.CUBIC_METRE), at("0.1"), False),
        (at("0.1"), at("0.1", Quantity.CUBIC_METRE), True),
        (at("0.1"), at("11", Quantity.CUBIC_METRE), True),
    ],
)
def test_more_than_five_times_or_less_than_a_fifth_is_a_jump(
    before: Price, after: Price, *, jumps: bool
) -> None:
    book = given(PriceBook(), {DAYS[-2]: before}, today=DAYS[-2])

    book = given(book, {TODAY: after})

    doubts = [(TODAY, before, after)] if jumps else []
    assert doubted_prices(book) == doubts
    assert (TODAY in book.days) is not jumps


def test_days_of_a_price_that_jumps_have_none_until_the_user_decides() -> None:
    book = lived("0.1", "0.1", "0.0001", "0.0002")
    assert prices_of(book) == ["0.1", "0.1"]
    assert [jump.gas_day for jump in doubted_prices(book)] == DAYS[-2:]

    believed, kept = decided(book, believed=True), decided(book, believed=False)

    assert prices_of(believed) == ["0.1", "0.1", "0.0001", "0.0002"]
    assert prices_of(kept) == ["0.1"] * 4
    assert (doubted_prices(believed), doubted_prices(kept)) == ([], [])


def test_a_price_that_was_agreed_to_is_the_one_to_compare_with() -> None:
    book = decided(lived("0.1", "0.0001"), believed=True)

    book = given(book, {TODAY + timedelta(days=1): at("0.0001")})

    assert doubted_prices(book) == []


def test_an_entity_that_comes_back_leaves_the_price_before_to_days_between() -> None:
    book = lived("0.1", "0.0001", "0.0001", "0.12")

    assert prices_of(book) == ["0.1", "0.1", "0.1", "0.12"]
    assert doubted_prices(book) == []


def test_a_doubted_price_is_kept_when_the_entity_has_forgotten_it() -> None:
    book = given(lived("0.1", "0.0001"), {})

    assert prices_of(decided(book, believed=True)) == ["0.1", "0.0001"]


def test_past_days_that_the_user_asked_to_price_anew_are_not_doubted() -> None:
    book = lived("0.1", "0.1", "0.1")

    book = given(book, dict.fromkeys(DAYS, at("0.0001")), since=DAYS[-2])

    assert prices_of(book)[-3:] == ["0.1", "0.0001", "0.0001"]


def test_older_days_that_come_later_with_a_price_that_jumps_are_doubted() -> None:
    first = priced_by_entity(PriceBook(), [TODAY], {TODAY: at("0.1")}, today=TODAY)

    book = given(first, {day: at("0.0001") for day in DAYS[:-1]})

    assert prices_of(book) == ["0.1"]
    assert [jump.gas_day for jump in doubted_prices(book)] == DAYS[:-1]
    assert given(book, {}).doubted == book.doubted
