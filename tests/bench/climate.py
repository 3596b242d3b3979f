"""Daily weather of an invented France: seasons, spells that last, and cold waves.

Drawn before anything that is measured on it was tuned.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, sqrt
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.gas_day import gas_days_through

_DAYS_IN_YEAR: Final = 365.25
_COLDEST_DAY: Final = 18
_MOST_SUN_DAY: Final = 172
# A front passes in days; a mild or a harsh spell of weeks lies beneath it.
_FRONT: Final = (0.72, 2.5)
_SPELL: Final = (0.95, 1.9)
# Cold waves: how many in a winter, how cold at their heart, how long.
_WAVES: Final = (0, 1, 1, 2, 2, 3)
_WAVE_DEPTH: Final = (4.0, 9.0)
_WAVE_DAYS: Final = (5, 13)


@dataclass(frozen=True, slots=True)
class Place:
    """A climate: its mean temperature and half its yearly swing, in °C."""

    mean: float
    swing: float


PLACES: Final = (
    Place(10.9, 7.6),  # the north
    Place(12.0, 8.0),  # the middle
    Place(11.2, 9.4),  # the east
    Place(12.9, 9.2),  # inland south
    Place(15.6, 8.6),  # the Mediterranean
    Place(12.2, 5.9),  # the ocean's coast
)


@dataclass(frozen=True, slots=True)
class Weather:
    """A gas day's weather: mean temperature in °C, and sun from 0 to 1."""

    mean: float
    sun: float


def weather(roll: Random, place: Place, first: date, last: date) -> dict[date, Weather]:
    """Return the weather of each gas day from the first through the last."""
    waves = _cold_waves(roll, first, last)
    years = {year: roll.gauss(0, 0.6) for year in range(first.year, last.year + 1)}
    front = spell = 0.0
    found: dict[date, Weather] = {}
    for day in gas_days_through(first, last):
        front = _persist(roll, front, *_FRONT)
        spell = _persist(roll, spell, *_SPELL)
        number = day.timetuple().tm_yday
        season = place.swing * cos(2 * pi * (number - _COLDEST_DAY) / _DAYS_IN_YEAR)
        mean = place.mean - season + years[day.year] + front + spell
        length = 0.55 + 0.45 * cos(2 * pi * (number - _MOST_SUN_DAY) / _DAYS_IN_YEAR)
        found[day] = Weather(
            mean - waves.get(day, 0.0), length * roll.betavariate(1, 1)
        )
    return found


def _persist(roll: Random, value: float, memory: float, spread: float) -> float:
    return memory * value + roll.gauss(0, spread * sqrt(1 - memory**2))


def _cold_waves(roll: Random, first: date, last: date) -> dict[date, float]:
    depths: dict[date, float] = {}
    for year in range(first.year - 1, last.year + 1):
        for _ in range(roll.choice(_WAVES)):
            start = date(year, 11, 25) + timedelta(days=roll.randrange(95))
            depth, length = roll.uniform(*_WAVE_DEPTH), roll.randint(*_WAVE_DAYS)
            for place in range(length):
                # The cold comes in two days and leaves in two.
                edge = min(place + 1, length - place, 3) / 3
                day = start + timedelta(days=place)
                depths[day] = max(depths.get(day, 0.0), depth * edge)
    return depths
