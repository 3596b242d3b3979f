"""Which outdoor temperatures compare a meter's days: one source, in all of them.

A sensor and an exported file need not agree: one hangs at a wall, the other is of a
station that GRDF does not name. Two periods that have different sources would differ by
that alone, so a comparison has one source throughout; or, where both are known on
enough days to measure how far they are apart, the files' moved onto the sensor's scale.
Neither is extrapolated beyond its own days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Final

from ..temperatures import Temperatures

_LEAST_COMMON: Final = 60


class TemperatureSource(StrEnum):
    """Where the temperatures of a comparison come from."""

    SENSOR = "sensor"
    FILES = "files"
    BOTH = "both"
    """The sensor's, and on its other days the files' as that sensor would have it."""


@dataclass(frozen=True, slots=True)
class Weather:
    """The outdoor temperatures of gas days in °C, from one source."""

    source: TemperatureSource
    of: Mapping[date, float]

    def known(self, days: Iterable[date]) -> int:
        """Return of how many days it is known."""
        return sum(day in self.of for day in days)


def weathers(sensor: Mapping[date, float], filed: Temperatures) -> list[Weather]:
    """Return what there is to compare with, that to be preferred first.

    The files' are moved by the median difference from the sensor's, of all days that
    both know, where those are sixty at least.

    Args:
        sensor: the mean outdoor temperature in °C of each gas day; maybe none.
        filed: those of exported files; maybe none.
    """
    files = {day: each.celsius for day, each in filed.items()}
    found = [
        Weather(source, of)
        for source, of in (
            (TemperatureSource.SENSOR, sensor),
            (TemperatureSource.FILES, files),
        )
        if of
    ]
    common = sensor.keys() & files.keys()
    if len(common) >= _LEAST_COMMON:
        offset = median(sensor[day] - files[day] for day in common)
        moved = {day: celsius + offset for day, celsius in files.items()}
        found.append(Weather(TemperatureSource.BOTH, {**moved, **sensor}))
    return found
