"""What gas days cost, and the price that each was given."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.metering.gas_day import ONE_DAY, gas_days_through
from custom_components.grdf_adict.metering.price.book import (
    MonthCost,
    Per,
    Price,
    PriceBook,
    PricePeriod,
    Quantity,
    day_costs,
    price_list,
    priced_by_list,
    subscription_share,
    summarise_costs,
)
from custom_components.grdf_adict.metering.price.by_entity import (
    priced_by_entity,
    unpriced,
)

from .factory import row

quick = settings(max_examples=60, deadline=None)
money = st.decimals(0, 1000, places=2)

TODAY = date(2026, 11, 20)
DAYS = list(gas_days_through(date(2024, 1, 1), TODAY))


def at(start: str, energy: str, subscription: str = "0") -> PricePeriod:
    return PricePeriod(
        date.fromisoformat(start), Price(Decimal(energy), Decimal(subscription))
    )


def listed(*periods: PricePeriod, book: PriceBook | None = None) -> PriceBook:
    return priced_by_list(book or PriceBook(), price_list(periods), DAYS)


def by_entity(
    book: PriceBook, prices: dict[str, str], *, since: date | None = None
) -> PriceBook:
    """Let an entity price what it is asked for, knowing the prices of some days."""
    asked = unpriced(book, DAYS, today=TODAY, since=since)
    known = {date.fromisoformat(day): Price(Decimal(p)) for day, p in prices.items()}
    answer = {day: price for day, price in known.items() if day in asked}
    return priced_by_entity(book, asked, answer, today=TODAY)


def price_of(book: PriceBook, day: str) -> Decimal | None:
    """Return what 1000 kWh of a day cost, by the kWh."""
    (cost,) = day_costs([row(1000.0, date.fromisoformat(day))], book)
    return None if cost is None else cost / 1000


@quick
@given(amount=money, year=st.integers(2019, 2029))
def test_the_shares_of_a_year_add_up_to_the_subscription(
    amount: Decimal, year: int
) -> None:
    price = Price(Decimal(0), amount)
    days = list(gas_days_through(date(year, 1, 1), date(year, 12, 31)))

    assert sum(subscription_share(price, day) for day in days) == amount


@quick
@given(amount=money, first=st.dates(date(2019, 1, 1)).map(lambda d: d.replace(day=1)))
def test_the_shares_of_a_month_add_up_to_the_subscription(
    amount: Decimal, first: date
) -> None:
    price = Price(Decimal(0), amount, Per.MONTH)
    days = [date.fromordinal(first.toordinal() + n) for n in range(31)]

    shares = [
        subscription_share(price, day) for day in days if day.month == first.month
    ]

    assert sum(shares) == amount
    assert max(shares) - min(shares) <= Decimal("0.0001")


def test_a_day_of_a_leap_year_takes_a_smaller_share() -> None:
    price = Price(Decimal(0), Decimal("366.00"))

    assert subscription_share(price, date(2024, 2, 29)) == 1
    assert subscription_share(price, date(2025, 3, 1)) > 1


def test_a_day_costs_its_energy_and_its_share_of_the_subscription() -> None:
    book = listed(at("2024-01-01", "0.1", "366"))

    assert day_costs([row(12.5, date(2024, 5, 1))], book) == [Decimal("2.25")]


def test_an_absent_day_costs_its_share_of_the_subscription_only() -> None:
    rows = [row(None, date(2024, 5, 1))]

    assert day_costs(rows, listed(at("2024-01-01", "0.1", "366"))) == [Decimal(1)]


def test_the_cost_of_an_absent_day_without_a_subscription_is_unknown_not_zero() -> None:
    rows = [row(None, date(2024, 5, 1)), row(0.0, date(2024, 5, 2))]

    assert day_costs(rows, listed(at("2024-01-01", "0.1"))) == [None, Decimal(0)]


def test_without_any_price_nothing_is_known() -> None:
    assert day_costs([row(1.0)], PriceBook()) == [None]


def test_a_price_holds_until_the_next_one_begins() -> None:
    book = listed(at("2024-01-01", "0.1"), at("2025-07-01", "0.2"))

    assert price_of(book, "2025-06-30") == Decimal("0.1")
    assert price_of(book, "2025-07-01") == Decimal("0.2")
    assert price_of(book, "2026-11-20") == Decimal("0.2")


def test_days_before_the_first_price_take_that_one() -> None:
    book = listed(at("2025-07-01", "0.2"), at("2026-01-01", "0.3"))

    assert price_of(book, "2024-01-01") == Decimal("0.2")


def test_a_list_that_begins_in_the_future_prices_the_days_before_it() -> None:
    book = listed(at("2027-02-01", "0.2"))

    assert price_of(book, "2024-01-01") == Decimal("0.2")
    assert price_of(book, "2026-11-20") == Decimal("0.2")


def test_a_price_of_the_future_holds_when_its_date_has_come() -> None:
    periods = price_list([at("2024-01-01", "0.1"), at("2026-11-21", "0.2")])
    book = priced_by_list(PriceBook(), periods, DAYS)

    book = priced_by_list(book, periods, [*DAYS, TODAY + ONE_DAY])

    assert price_of(book, "2026-11-20") == Decimal("0.1")
    assert price_of(book, "2026-11-21") == Decimal("0.2")


def test_editing_a_price_prices_anew_from_its_date_on() -> None:
    book = by_entity(PriceBook(), {"2024-01-01": "0.4", "2025-01-01": "0.5"})
    book = listed(at("2025-07-01", "0.2"), at("2026-01-01", "0.3"), book=book)

    book = listed(at("2025-07-01", "0.2"), at("2026-01-01", "0.31"), book=book)

    assert price_of(book, "2024-06-01") == Decimal("0.4")
    assert price_of(book, "2025-06-30") == Decimal("0.5")
    assert price_of(book, "2025-12-31") == Decimal("0.2")
    assert price_of(book, "2026-01-01") == Decimal("0.31")


def test_editing_the_first_price_edits_the_days_that_borrow_it() -> None:
    book = listed(at("2025-07-01", "0.2"))

    book = listed(at("2025-07-01", "0.21"), book=book)

    assert price_of(book, "2024-01-01") == Decimal("0.21")


def test_a_period_that_is_removed_gives_its_days_to_the_one_before() -> None:
    book = listed(at("2024-01-01", "0.1"), at("2025-07-01", "0.2"))

    book = listed(at("2024-01-01", "0.1"), book=book)

    assert price_of(book, "2026-01-01") == Decimal("0.1")


def test_a_period_that_moves_to_a_later_date_gives_days_back() -> None:
    book = listed(at("2024-01-01", "0.1"), at("2025-07-01", "0.2"))

    book = listed(at("2024-01-01", "0.1"), at("2025-08-01", "0.2"), book=book)

    assert price_of(book, "2025-07-31") == Decimal("0.1")
    assert price_of(book, "2025-08-01") == Decimal("0.2")


@quick
@given(
    lists=st.lists(
        st.dictionaries(st.sampled_from(DAYS[::50]), money, min_size=1, max_size=4),
        min_size=2,
        max_size=4,
    )
)
def test_a_list_prices_days_alike_whatever_lists_came_before(
    lists: list[dict[date, Decimal]],
) -> None:
    def periods(prices: dict[date, Decimal]) -> list[PricePeriod]:
        return [PricePeriod(day, Price(energy)) for day, energy in prices.items()]

    book = PriceBook()
    for prices in lists:
        book = listed(*periods(prices), book=book)

    rows = [row(1.0, day) for day in DAYS]
    assert day_costs(rows, book) == day_costs(rows, listed(*periods(lists[-1])))


def test_two_periods_cannot_start_on_one_date() -> None:
    with pytest.raises(ValueError, match="same date"):
        price_list([at("2025-01-01", "0.1"), at("2025-01-01", "0.2")])


def test_what_an_entity_gave_of_a_day_is_kept() -> None:
    book = by_entity(PriceBook(), {"2026-11-19": "0.10", "2026-11-20": "0.11"})

    book = by_entity(book, {"2026-11-19": "0.5", "2026-11-20": "0.5"})

    assert price_of(book, "2026-11-19") == Decimal("0.10")
    assert price_of(book, "2026-11-20") == Decimal("0.11")


def test_days_that_an_entity_lacks_take_the_one_before_or_else_the_first() -> None:
    book = by_entity(PriceBook(), {"2026-11-01": "0.10", "2026-11-19": "0.11"})

    assert price_of(book, "2024-01-01") == Decimal("0.10")
    assert price_of(book, "2026-11-18") == Decimal("0.10")
    assert price_of(book, "2026-11-20") == Decimal("0.11")


def test_an_entity_is_asked_once_for_days_before_the_first_that_it_knew() -> None:
    book = by_entity(PriceBook(), {"2026-11-18": "0.10"})

    assert unpriced(book, DAYS, today=TODAY) == [date(2026, 11, 19), TODAY]


def test_older_days_that_join_later_are_asked_for() -> None:
    book = by_entity(PriceBook(), {"2026-11-20": "0.10"})
    older = list(gas_days_through(date(2023, 12, 30), TODAY))

    asked = unpriced(book, older, today=TODAY)

    assert asked == [date(2023, 12, 30), date(2023, 12, 31)]


def test_an_entity_leaves_the_days_of_a_list_as_they_are() -> None:
    book = listed(at("2024-01-01", "0.1"))

    book = by_entity(book, {"2026-11-01": "0.5"})

    assert price_of(book, "2026-11-20") == Decimal("0.1")


def test_the_past_is_priced_again_by_an_entity_where_it_has_a_price() -> None:
    book = listed(at("2024-01-01", "0.1"))

    book = by_entity(
        book, {"2025-01-01": "0.4", "2026-11-20": "0.5"}, since=date(2025, 1, 1)
    )

    assert price_of(book, "2024-12-31") == Decimal("0.1")
    assert price_of(book, "2025-01-01") == Decimal("0.4")
    assert price_of(book, "2025-01-02") == Decimal("0.1")
    assert price_of(book, "2026-11-20") == Decimal("0.5")


def test_the_past_is_priced_anew_by_a_list_where_it_reaches() -> None:
    periods = price_list([at("2026-01-01", "0.1")])
    book = priced_by_list(PriceBook(), periods, [])
    book = by_entity(book, {"2025-01-01": "0.4", "2026-02-01": "0.5"}, since=DAYS[0])

    book = priced_by_list(book, periods, DAYS, since=date(2024, 6, 1))

    assert price_of(book, "2025-01-01") == Decimal("0.4")
    assert price_of(book, "2026-02-01") == Decimal("0.1")


def test_a_list_of_the_future_does_not_keep_an_entity_from_pricing_the_past() -> None:
    book = listed(at("2027-02-01", "0.2"))

    book = by_entity(book, {"2025-01-01": "0.4"})

    assert price_of(book, "2025-01-01") == Decimal("0.4")


def test_a_correction_of_a_day_keeps_its_price() -> None:
    book = listed(at("2024-01-01", "0.1"))
    before = day_costs([row(10.0, date(2025, 1, 1))], book)

    after = day_costs([row(11.0, date(2025, 1, 1))], listed(*book.periods, book=book))

    assert (before, after) == ([Decimal(1)], [Decimal("1.1")])


def test_a_price_per_cubic_metre_is_converted_by_the_days_coefficient() -> None:
    price = Price(Decimal("1.1"), quantity=Quantity.CUBIC_METRE)
    book = priced_by_entity(PriceBook(), DAYS, dict.fromkeys(DAYS, price), today=TODAY)
    days = DAYS[:3]
    rows = [
        replace(row(110.0, day), coefficient=coefficient)
        for day, coefficient in zip(days, (None, 11.0, None), strict=True)
    ]

    assert day_costs(rows, book) == [Decimal(11)] * 3


def test_a_price_per_cubic_metre_gives_no_cost_while_no_coefficient_is_known() -> None:
    price = Price(Decimal("1.1"), quantity=Quantity.CUBIC_METRE)
    book = priced_by_entity(PriceBook(), DAYS, dict.fromkeys(DAYS, price), today=TODAY)

    assert day_costs([row(110.0, DAYS[0])], book) == [None]


def test_the_summary_has_the_last_day_and_the_month_so_far() -> None:
    rows = [row(10.0, date(2026, 11, n)) for n in (1, 2)] + [
        row(None, date(2026, 11, 3)),
        row(30.0, date(2026, 10, 31)),
    ]
    costs = day_costs(rows, listed(at("2024-01-01", "0.1")))

    summary = summarise_costs(rows, costs, date(2026, 11, 2), "EUR")

    assert (summary.gas_day, summary.last) == (date(2026, 11, 2), 1.0)
    assert summary.month(TODAY) == MonthCost(2026, 11, 2.0, 2)
    assert summary.last_month(TODAY) == MonthCost(2026, 10, 3.0, 1)
    assert summary.month(date(2026, 10, 1)) == MonthCost(2026, 10, 3.0, 1)


@pytest.mark.parametrize(
    ("today", "newest", "this_month", "month_before"),
    [
        # Through the 7th, the month before is "this month" while it has no day yet.
        ("2026-12-01", "2026-11-28", (11, 28.0), (11, 28.0)),
        ("2026-12-03", "2026-11-30", (11, 30.0), (11, 30.0)),
        ("2026-12-03", "2026-12-01", (12, 1.0), (11, 30.0)),
        ("2026-12-07", "2026-11-30", (11, 30.0), (11, 30.0)),
        # Then data are late, and the cost of the month is not known.
        ("2026-12-08", "2026-11-30", None, (11, 30.0)),
        ("2026-12-31", "2026-12-29", (12, 29.0), (11, 30.0)),
        ("2027-01-02", "2026-12-31", (12, 31.0), (12, 31.0)),
        ("2027-01-02", "2026-11-30", None, None),
    ],
)
def test_the_cost_of_a_month_stays_known_over_its_end(
    today: str,
    newest: str,
    this_month: tuple[int, float] | None,
    month_before: tuple[int, float] | None,
) -> None:
    days = gas_days_through(date(2026, 11, 1), date.fromisoformat(newest))
    rows = [row(10.0, day) for day in days]
    costs = day_costs(rows, listed(at("2024-01-01", "0.1")))
    summary = summarise_costs(rows, costs, date.fromisoformat(newest), "EUR")

    found = summary.month(date.fromisoformat(today))
    before = summary.last_month(date.fromisoformat(today))

    assert (found and (found.month, found.cost)) == this_month
    assert (before and (before.month, before.cost)) == month_before
    assert before is None or before.is_whole == (newest != "2026-11-28")


def test_days_before_a_list_that_now_begins_later_borrow_its_first_price() -> None:
    book = listed(at("2024-01-01", "0.1"))
    book = listed(at("2025-01-01", "0.1"), book=book)

    book = listed(at("2025-01-01", "0.2"), book=book)

    assert price_of(book, "2024-06-01") == Decimal("0.2")
