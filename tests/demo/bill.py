"""What gas costs at the demo's prices, worked out in a few plain lines.

Written apart from the integration, whose costs it judges.
"""

from calendar import isleap
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Price(NamedTuple):
    """A price from a gas day on, tax included: EUR a kWh, EUR a year."""

    start: date
    kwh: str
    subscription: str


PRICES = (
    Price(date(2023, 7, 1), "0.0891", "245.40"),
    Price(date(2024, 7, 1), "0.1036", "257.16"),
    Price(date(2025, 8, 15), "0.1085", "331.20"),
    Price(date(2031, 1, 1), "0.1234", "345.67"),
)
HALF_A_CENT = 0.005


def day_costs(days: Mapping[date, float | None]) -> dict[date, float]:
    """Return what each gas day costs; an absent one costs the subscription only."""
    return {day: float(_cost(day, kwh)) for day, kwh in days.items()}


def year_costs(days: Mapping[date, float | None]) -> dict[int, float]:
    """Return what the gas days of each year cost."""
    years: dict[int, Fraction] = {}
    for day, kwh in days.items():
        years[day.year] = years.get(day.year, Fraction(0)) + _cost(day, kwh)
    return {year: float(cost) for year, cost in years.items()}


def _cost(day: date, kwh: float | None) -> Fraction:
    in_force = [price for price in PRICES if price.start <= day] or [PRICES[0]]
    price = in_force[-1]
    gas = round(Decimal(str(kwh or 0)) * Decimal(price.kwh), 4)
    return Fraction(gas) + Fraction(price.subscription) / (365 + isleap(day.year))
