"""What a meter's own history makes likely on a gas day.

A day is compared with the most similar days of the history: of the same outdoor
temperature where that is known, else of the same time of the year. Their median is
what is likely; how they scatter decides how far off a day must be to be remarkable.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from operator import itemgetter
from statistics import median
from typing import Final

from ..gas_day import ONE_DAY
from ..series import DayRow, RowKind

_OWN: Final = frozenset({RowKind.MEASURED, RowKind.CORRECTED})
# A home stores heat: a day's heating depends on the day before, too.
_INERTIA: Final = 0.3
# How many days of the history a day is compared with, at most.
_ALIKE: Final = 45
_DAYS_IN_YEAR: Final = 365.25
# GRDF gives whole kWh, and no habit is more regular than this.
_LEAST_SPREAD: Final = 1.0
_LEAST_RELATIVE_SPREAD: Final = 0.05
# Of a normal distribution: deviations and upper quantiles in standard deviations.
MEDIAN_DEVIATION: Final = 1.4826
_UPPER: Final = 0.9
_UPPER_DEVIATION: Final = 1.2816


@dataclass(frozen=True, slots=True)
class UsedDay:
    """The energy of a gas day that has a value of its own, in kWh PCS."""

    gas_day: date
    energy: float
    final: bool


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is likely on a day, in kWh PCS: the median of the days like it.

    `most` is the median of days a little colder, or of a season a little further;
    `spread` is a standard deviation.
    """

    energy: float
    most: float
    spread: float


@dataclass(frozen=True, slots=True)
class Similarity:
    """What makes days alike: how warm it was, or the time of the year.

    Attributes:
        of: the value of each gas day that is compared.
        grain: a difference that is negligible.
        leeway: a difference that explains much: a sensor is a degree off, the sun did
            not shine, autumn comes early.
        cycle: the value at which it starts over; None: it does not.
    """

    of: Mapping[date, float]
    grain: float
    leeway: float
    cycle: float | None = None

    @classmethod
    def warmth(
        cls, temperatures: Mapping[date, float], days: Iterable[date]
    ) -> Similarity:
        """Compare days by the outdoor temperature in °C that acts on a home."""
        felt = {
            day: (1 - _INERTIA) * mean
            + _INERTIA * temperatures.get(day - ONE_DAY, mean)
            for day in days
            if (mean := temperatures.get(day)) is not None
        }
        return cls(felt, grain=0.5, leeway=1.5)

    @classmethod
    def season(cls, days: Iterable[date]) -> Similarity:
        """Compare days by the day of the year."""
        places = {day: float(day.timetuple().tm_yday) for day in days}
        return cls(places, grain=5.0, leeway=20.0, cycle=_DAYS_IN_YEAR)


def used_days(rows: Iterable[DayRow]) -> list[UsedDay]:
    """Return the days with a value that was measured on them.

    Neither a share of a published block nor GRDF's estimate is one.
    """
    return [
        UsedDay(row.gas_day, row.energy, row.final)
        for row in rows
        if row.energy is not None and row.kind in _OWN
    ]


class Baseline:
    """A meter's usual consumption, learnt from a history of days."""

    def __init__(self, history: Iterable[UsedDay], similarity: Similarity) -> None:
        """Learn from the days whose similarity is known."""
        self._similarity = similarity
        cycle = similarity.cycle
        turns = (0.0,) if cycle is None else (-cycle, 0.0, cycle)
        known = [
            (where + turn, day.energy)
            for day in history
            if (where := similarity.of.get(day.gas_day)) is not None
            for turn in turns
        ]
        known.sort(key=itemgetter(0))
        self._places = [where for where, _ in known]
        self._energies = [energy for _, energy in known]
        self._middles: dict[int, tuple[float, float]] = {}

    def likely(self, gas_day: date) -> Expectation | None:
        """Return what is likely on a day; None where its similarity is unknown.

        Raises:
            StatisticsError: the history was empty.
        """
        where = self._similarity.of.get(gas_day)
        if where is None:
            return None
        step = round(where / self._similarity.grain)
        energy, scatter = self._middle(step)
        leeway = round(self._similarity.leeway / self._similarity.grain)
        around = self._middle(step - leeway)[0], self._middle(step + leeway)[0]
        most = max(energy, *around)
        least = max(_LEAST_SPREAD, _LEAST_RELATIVE_SPREAD * energy)
        return Expectation(energy, most, max(scatter, most - energy, least))

    def _middle(self, step: int) -> tuple[float, float]:
        """Return the median and the spread of the days like one."""
        if step not in self._middles:
            where = step * self._similarity.grain
            places, energies = self._alike(where)
            slope = _slope(places, energies)
            levelled = sorted(
                energy + slope * (where - place)
                for place, energy in zip(places, energies, strict=True)
            )
            middle = max(0.0, quantile(levelled, 0.5))
            self._middles[step] = middle, upper_spread(levelled)
        return self._middles[step]

    def _alike(self, where: float) -> tuple[list[float], list[float]]:
        """Return the places and energies of the most similar days, by place."""
        places = self._places
        last_begin = max(0, len(places) - _ALIKE)
        # The first window that would not be nearer one day further on.
        begin = bisect_left(
            range(last_begin),
            where,
            key=lambda place: (places[place] + places[place + _ALIKE]) / 2,
        )
        return places[begin : begin + _ALIKE], self._energies[begin : begin + _ALIKE]


def _slope(places: Sequence[float], energies: Sequence[float]) -> float:
    """Return the energy by place, from the medians of the two halves."""
    half = len(places) // 2
    run = median(places[half:]) - median(places[:half])
    if run <= 0:
        return 0.0
    return (median(energies[half:]) - median(energies[:half])) / run


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of ordered values lies, interpolated.

    Raises:
        IndexError: there is none.
    """
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def upper_spread(ordered: Sequence[float]) -> float:
    """Return how far ordered values scatter upward, as a standard deviation.

    Where many lie far above the median, as in a home that is empty most of the week,
    they are usual and count.

    Raises:
        StatisticsError: there is none.
    """
    middle = median(ordered)
    upper = quantile(ordered, _UPPER) - middle
    deviation = median([abs(value - middle) for value in ordered])
    return max(MEDIAN_DEVIATION * deviation, upper / _UPPER_DEVIATION)
