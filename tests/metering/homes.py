"""Homes whose gas follows a simple rule, so that what is unusual in them is known."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from math import cos, pi
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.gas_day import gas_days_through
from custom_components.grdf_adict.metering.series import DayRow

from .factory import later, row

FIRST: Final = date(2024, 1, 1)
BASE_LOAD: Final = 8.0
SLOPE: Final = 6.0
BALANCE: Final = 16.0

type Rule = Callable[[date, float], float]
"""Changes a day's kWh."""


def temperatures(last: date, first: date = FIRST, seed: int = 1) -> dict[date, float]:
    """Return a climate of mild and cold weeks."""
    roll = Random(seed)  # noqa: S311 - plays weather, not secrets
    spell = 0.0
    found = {}
    for day in gas_days_through(first, last):
        spell = 0.8 * spell + roll.gauss(0, 1.7)
        season = cos(2 * pi * (day.timetuple().tm_yday - 18) / 365.25)
        found[day] = round(12.5 - 8 * season + spell, 1)
    return found


def heated(outdoor: Mapping[date, float], *rules: Rule, seed: int = 2) -> list[DayRow]:
    """Return the rows of a home that heats below 16 °C, changed by rules."""
    roll = Random(seed)  # noqa: S311 - plays habits, not secrets
    rows = []
    for day, mean in outdoor.items():
        heat = SLOPE * max(0.0, BALANCE - mean) * roll.gauss(1, 0.06)
        energy = max(1.0, BASE_LOAD * roll.gauss(1, 0.2)) + heat
        for rule in rules:
            energy = rule(day, energy)
        rows.append(row(float(round(energy)), day))
    return rows


def flat(last: date, *rules: Rule, seed: int = 3) -> list[DayRow]:
    """Return the rows of a flat that heats with something else."""
    return heated(dict.fromkeys(gas_days_through(FIRST, last), 20.0), *rules, seed=seed)


def between(first: date, days: int, change: Callable[[float], float]) -> Rule:
    """Change the energy of some days from the first on."""
    end = later(days, first)
    return lambda day, energy: change(energy) if first <= day < end else energy


def provisional(rows: list[DayRow], since: date) -> list[DayRow]:
    """Return rows of which those from a day on may still be replaced."""
    return [replace(one, final=one.final and one.gas_day < since) for one in rows]
