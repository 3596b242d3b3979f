"""The demo's own reckoning of what gas costs, and how it judges the integration's."""

from datetime import date, timedelta

import pytest

from tests.demo.bill import day_costs, year_costs
from tests.demo.cost import CostLine, cost_table

LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]


def test_a_year_without_gas_costs_its_subscription() -> None:
    # Half of it at the price before July.
    expected = 245.40 * 182 / 366 + 257.16 * 184 / 366

    assert year_costs(dict.fromkeys(LEAP_YEAR)) == {2024: pytest.approx(expected)}


def test_a_day_costs_its_kilowatt_hours_at_the_price_in_force() -> None:
    days = {date(2024, 6, 30): 100.0, date(2024, 7, 1): 100.0, date(2022, 1, 1): 100.0}

    assert list(day_costs(days).values()) == [
        pytest.approx(8.91 + 245.40 / 366),
        pytest.approx(10.36 + 257.16 / 366),
        pytest.approx(8.91 + 245.40 / 365),
    ]


@pytest.mark.parametrize(("error", "equal"), [(0.004, True), (0.006, False)])
def test_costs_are_compared_to_the_cent(error: float, *, equal: bool) -> None:
    line = CostLine("house", 2024, 100.0, stored=12.34 + error, expected=12.34)

    assert line.equal is equal


def test_the_table_shows_the_cost_beside_its_energy() -> None:
    line = CostLine("house", 2024, 100.0, stored=12.3, expected=13.0)

    _, row = cost_table([line]).splitlines()

    assert row.split() == ["house", "2024", "100.000", "12.30", "13.00", "DIFFERENT"]
