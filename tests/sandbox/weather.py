"""Daily mean temperatures of an invented, seeded French climate."""

from functools import cache
from math import cos, pi, sqrt
from random import Random
from typing import Final

_MEAN: Final = 12.2
_SWING: Final = 7.9
_COLDEST_DAY: Final = 18
_DAYS_IN_YEAR: Final = 365.25
# A warm or a cold spell lasts about five days.
_MEMORY: Final = 0.8
_SPREAD: Final = 3.1
_LONGEST_YEAR: Final = 366


def dice(*parts: object) -> Random:
    """Return a generator that always rolls the same for the same words."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - plays weather, not secrets


@cache
def temperatures(seed: int, year: int) -> tuple[float, ...]:
    """Return a year's daily mean temperatures in °C, 1 January first."""
    roll = dice("weather", seed, year)
    mean = _MEAN + roll.gauss(0, 0.5)
    shock = _SPREAD * sqrt(1 - _MEMORY**2)
    spell = roll.gauss(0, _SPREAD)
    found = []
    for day in range(_LONGEST_YEAR):
        season = cos(2 * pi * (day - _COLDEST_DAY) / _DAYS_IN_YEAR)
        found.append(mean - _SWING * season + spell)
        spell = _MEMORY * spell + roll.gauss(0, shock)
    return tuple(found)
