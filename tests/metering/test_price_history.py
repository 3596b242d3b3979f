"""The price of each gas day, from the moments at which it changed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from custom_components.grdf_adict.adict import PARIS
from custom_components.grdf_adict.metering.price.book import daily_prices

OLD, NEW = Decimal("0.10"), Decimal("0.11")
DAYS = [date(2026, 3, n) for n in (27, 28, 29, 30)]


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("hour", "minute", "price"), [(0, 0, NEW), (6, 0, NEW), (6, 1, OLD), (23, 0, OLD)]
)
def test_a_gas_day_has_the_price_that_it_begins_with(
    hour: int, minute: int, price: Decimal
) -> None:
    # The clocks go forward on the 29th.
    changes = [(moment(1, 0), OLD), (moment(29, hour, minute), NEW)]

    assert daily_prices(changes, DAYS) == {
        DAYS[0]: OLD,
        DAYS[1]: OLD,
        DAYS[2]: price,
        DAYS[3]: NEW,
    }


def test_the_first_day_may_have_its_price_later() -> None:
    changes = [(moment(29, 5, 59), OLD), (moment(29, 12), NEW)]

    prices = daily_prices(changes, DAYS)

    assert prices == {DAYS[1]: OLD, DAYS[2]: OLD, DAYS[3]: NEW}


def test_without_a_change_no_day_has_a_price() -> None:
    assert daily_prices([], DAYS) == {}
