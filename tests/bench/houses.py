"""Invented homes and the gas that they use, day by day, in whole kWh as GRDF says it.

Drawn before the detector was tuned, and meant to be hard on it: thermostats that
people turn, homes that keep their warmth, guests, holidays in any season, somebody
moving in, stoves lit at will, second homes, sun that no outdoor sensor feels, and
days that GRDF never gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import cos, pi
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.gas_day import gas_days_through
from custom_components.grdf_adict.metering.series import DayRow, RowKind

from .climate import PLACES, Weather, weather
from .planted import Fault, Planted, burden

FIRST: Final = date(2023, 10, 1)
YEARS: Final = 3
LAST: Final = date(FIRST.year + YEARS, FIRST.month, FIRST.day) - timedelta(days=1)

_SATURDAY: Final = 5
_LONG_WEEKEND: Final = frozenset({4, 5, 6})
_STAYS_IN_TOWN: Final = 0.3


class Kind(Enum):
    """What a home burns gas for."""

    BOILER = "boiler"
    STOVE = "boiler beside a wood stove"
    WEEKENDS = "second home"
    HOT_WATER = "hot water and cooking"
    COOKING = "cooking"


# Fifty homes: most have a boiler.
KINDS: Final = (
    *[Kind.BOILER] * 30,
    *[Kind.STOVE] * 7,
    *[Kind.WEEKENDS] * 3,
    *[Kind.HOT_WATER] * 5,
    *[Kind.COOKING] * 5,
)
HEATED: Final = frozenset({Kind.BOILER, Kind.STOVE, Kind.WEEKENDS})


@dataclass(frozen=True, slots=True)
class Habits:
    """What does not change in a home from day to day.

    Attributes:
        losses: kWh a day for each degree between inside and outside.
        inside: °C that the thermostat keeps.
        gains: °C that people and appliances add.
        sun: °C that a day of full sun adds.
        inertia: how much of a day's losses is that of the day before's weather.
        weekend: °C by which a weekend is kept warmer.
        hot_water: kWh a day.
        hot_water_noise: its spread, relative.
        cooking: kWh a day.
        starts_below: mean °C of five days below which heating is switched on.
    """

    losses: float
    inside: float
    gains: float
    sun: float
    inertia: float
    weekend: float
    hot_water: float
    hot_water_noise: float
    cooking: float
    starts_below: float


@dataclass(frozen=True, slots=True)
class House:
    """A simulated home: what GRDF gives of it, and what its outdoor sensor says.

    Attributes:
        kind: what it burns gas for.
        rows: a row for each gas day.
        outdoor: mean °C of each gas day by the owner's sensor or weather service.
        planted: the faults that it had.
    """

    kind: Kind
    rows: tuple[DayRow, ...]
    outdoor: Mapping[date, float]
    planted: tuple[Planted, ...]


def house(seed: int, number: int, planted: tuple[Planted, ...] = ()) -> House:
    """Return one of a seed's homes; its life is the same whatever is planted."""
    roll = _dice("house", seed, number)
    kind = KINDS[number % len(KINDS)]
    habits = _habits(roll, kind)
    days = weather(_dice("sky", seed, number), roll.choice(PLACES), FIRST, LAST)
    used = _used(_dice("life", seed, number), kind, habits, days, planted)
    return House(
        kind,
        _as_grdf_says(_dice("grdf", seed, number), used),
        _as_felt_outside(_dice("sensor", seed, number), days),
        planted,
    )


def _dice(*parts: object) -> Random:
    return Random("/".join(map(str, parts)))  # noqa: S311 - plays lives, not secrets


def _habits(roll: Random, kind: Kind) -> Habits:
    heats = kind in HEATED
    return Habits(
        losses=roll.uniform(3.2, 11.0) if heats else 0.0,
        inside=roll.uniform(18.5, 21.0),
        gains=roll.uniform(2.0, 4.0),
        sun=roll.uniform(0.5, 2.5),
        inertia=roll.uniform(0.15, 0.5),
        weekend=roll.choice((0.0, 0.0, 0.5, 1.0)),
        hot_water=0.0 if kind is Kind.COOKING else roll.uniform(4.0, 14.0),
        hot_water_noise=roll.uniform(0.2, 0.4),
        cooking=roll.choice((0.0, 0.6, 1.2)) if heats else roll.uniform(0.5, 2.2),
        starts_below=roll.uniform(12.0, 15.0),
    )


def _used(
    roll: Random,
    kind: Kind,
    habits: Habits,
    days: Mapping[date, Weather],
    planted: tuple[Planted, ...],
) -> dict[date, float]:
    """Return the kWh of each gas day."""
    away = _absences(roll, kind, list(days))
    guests = _visits(roll)
    moved, family = _family_change(roll)
    winters = {year: roll.gauss(0, 0.35) for year in range(FIRST.year, LAST.year + 1)}
    turned = 0.0
    stove = False
    heating_on = True
    before = next(iter(days.values())).mean
    last_five = [before] * 5
    was_away = 0
    used: dict[date, float] = {}
    for day, outside in days.items():
        last_five = [*last_five[1:], outside.mean]
        mild = sum(last_five) / len(last_five)
        # Switched on by feel in autumn, and off a few degrees later in spring.
        heating_on = mild < habits.starts_below + (2.0 if heating_on else 0.0)
        turned = 0.9 * turned + roll.gauss(0, 0.12)
        inside = habits.inside + turned + winters[(day - timedelta(days=200)).year]
        if day.weekday() >= _SATURDAY:
            inside += habits.weekend
        is_away = day in away
        if is_away:
            inside = min(inside, 13.0)
        felt = (1 - habits.inertia) * outside.mean + habits.inertia * before
        need = inside - habits.gains - habits.sun * outside.sun - felt
        # Who comes home heats the walls again.
        returns = 2.5 if was_away > 0 and not is_away else 0.0
        heat = habits.losses * max(0.0, need + returns) * max(0.6, roll.gauss(1, 0.05))
        heat = heat if heating_on else 0.0
        if kind is Kind.STOVE:
            stove = roll.random() < (
                0.7 if stove else 0.2 + 0.2 * (day.weekday() >= _SATURDAY)
            )
            heat *= roll.uniform(0.2, 0.8) if stove else 1.0
        people = 0.0 if is_away else guests.get(day, 1.0)
        people *= family if day >= moved else 1.0
        water = _hot_water(roll, habits, day) * people
        cooking = habits.cooking * people * roll.choice((0.0, 0.5, 1.0, 1.5, 2.0))
        used[day] = burden(planted, day, heat=heat, water=water, other=cooking)
        before = outside.mean
        was_away = was_away + 1 if is_away else 0
    return used


def _hot_water(roll: Random, habits: Habits, day: date) -> float:
    # The mains are colder in winter; weekends bathe.
    season = 1 + 0.18 * cos(2 * pi * (day.timetuple().tm_yday - 45) / 365.25)
    week = 1.2 if day.weekday() >= _SATURDAY else 0.92
    shape = 1 / habits.hot_water_noise**2
    return habits.hot_water * season * week * roll.gammavariate(shape, 1 / shape)


def _absences(roll: Random, kind: Kind, days: list[date]) -> set[date]:
    away: set[date] = set()
    if kind is Kind.WEEKENDS:
        weeks = {day.isocalendar()[:2] for day in days}
        empty = {week for week in sorted(weeks) if roll.random() < _STAYS_IN_TOWN}
        away = {
            day
            for day in days
            if day.weekday() not in _LONG_WEEKEND or day.isocalendar()[:2] in empty
        }
        for year in range(FIRST.year, LAST.year + 1):
            stay = date(year, 7, 10) + timedelta(days=roll.randrange(20))
            away -= set(gas_days_through(stay, stay + timedelta(days=20)))
        return away
    for year in range(FIRST.year, LAST.year + 1):
        school = (date(year, 2, 8), date(year, 4, 10), date(year, 12, 20))
        holidays = [
            (date(year, 7, 5), 45, roll.choice((0, 7, 14, 21))),
            *((start, 10, roll.choice((0, 0, 0, 7, 9))) for start in school),
            *((date(year, 1, 1), 360, roll.choice((0, 2, 3))) for _ in range(4)),
        ]
        for earliest, spread, length in holidays:
            start = earliest + timedelta(days=roll.randrange(spread))
            away.update(start + timedelta(days=place) for place in range(length))
    return away


def _visits(roll: Random) -> dict[date, float]:
    """Return by how much guests raise what people use."""
    guests: dict[date, float] = {}
    for year in range(FIRST.year, LAST.year + 1):
        for _ in range(roll.choice((0, 1, 2, 3))):
            start = date(year, 1, 1) + timedelta(days=roll.randrange(355))
            more, length = roll.uniform(1.2, 1.9), roll.randint(2, 10)
            guests |= {start + timedelta(days=n): more for n in range(length)}
    return guests


def _family_change(roll: Random) -> tuple[date, float]:
    """Return when somebody moves in or out, if ever, and what that does."""
    moved = FIRST + timedelta(days=roll.randrange(365 * YEARS))
    return moved, roll.choice((1.0, 1.0, 1.0, 1.25, 0.8))


def _as_grdf_says(roll: Random, used: Mapping[date, float]) -> tuple[DayRow, ...]:
    """Round to whole kWh and leave out days; some come as a share of their block."""
    missing: dict[date, RowKind] = {}
    for day in used:
        if roll.random() < 0.006:
            length = roll.choice((1, 1, 1, 2, 3, 8))
            kind = roll.choice((RowKind.ABSENT, RowKind.SPREAD))
            missing |= {day + timedelta(days=place): kind for place in range(length)}
    return tuple(_row(day, energy, missing.get(day)) for day, energy in used.items())


def _row(day: date, energy: float, missing: RowKind | None) -> DayRow:
    if missing is RowKind.ABSENT:
        return DayRow(day, None, None, None, missing, final=False)
    kind = missing or RowKind.MEASURED
    return DayRow(day, float(round(energy)), None, None, kind, final=missing is None)


def _as_felt_outside(roll: Random, days: Mapping[date, Weather]) -> dict[date, float]:
    """Return what a sensor says: off by its place and by the day, at times silent."""
    place = roll.gauss(0, 0.7)
    return {
        day: round(sky.mean + place + roll.gauss(0, 0.5), 1)
        for day, sky in days.items()
        if roll.random() > 0.01
    }


def heats(kind: Kind) -> bool:
    """Whether a kind of home heats with gas."""
    return kind in HEATED


def fits(kind: Kind, fault: Fault) -> bool:
    """Whether a kind of home can have a fault: only a boiler's is one of heating."""
    return fault is Fault.BASE_LOAD or heats(kind)
