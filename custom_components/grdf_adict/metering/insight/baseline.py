"""What a meter's own history makes likely on a gas day.

A day is likened to the days of the history that were most like it: of the same outdoor
temperature where that is known, else of the same time of the year. Their middle is
what is likely; how they scatter tells how far off a day must be to be remarkable.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final

from ..gas_day import ONE_DAY
from ..series import DayRow, RowKind
from .robust import median, quantile, upper_spread

_OWN: Final = frozenset({RowKind.MEASURED, RowKind.CORRECTED})
# A home keeps some warmth: a day's heat is due to the day before, too.
_INERTIA: Final = 0.3
# How many days of the history a day is likened to, at most.
_ALIKE: Final = 45
_DAYS_IN_YEAR: Final = 365.25
# Whole kWh are GRDF's, and no habit is kept more exactly than this.
_LEAST_SPREAD: Final = 1.0
_LEAST_RELATIVE_SPREAD: Final = 0.05


@dataclass(frozen=True, slots=True)
class UsedDay:
    """The energy of a gas day that has a value of its own, in kWh PCS."""

    gas_day: date
    energy: float
    final: bool


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is likely on a day, in kWh PCS.

    Attributes:
        energy: the middle of the days like it.
        most: the middle of days a little colder, or of a season a little further.
        spread: how far days like it scatter, as a standard deviation.
    """

    energy: float
    most: float
    spread: float


@dataclass(frozen=True, slots=True)
class Similarity:
    """What makes days alike: how warm it was, or the time of the year.

    Attributes:
        of: the trait of each gas day.
        grain: a difference that is none.
        leeway: a difference that explains much: a sensor is a degree off, the sun did
            not shine, autumn comes early.
        cycle: where the trait starts anew; None: it does not.
    """

    of: Mapping[date, float]
    grain: float
    leeway: float
    cycle: float | None = None

    @classmethod
    def warmth(
        cls, temperatures: Mapping[date, float], days: Iterable[date]
    ) -> Similarity:
        """Take days by the outdoor temperature in °C that a home feels on them."""
        felt = {
            day: (1 - _INERTIA) * mean
            + _INERTIA * temperatures.get(day - ONE_DAY, mean)
            for day in days
            if (mean := temperatures.get(day)) is not None
        }
        return cls(felt, grain=0.5, leeway=1.5)

    @classmethod
    def season(cls, days: Iterable[date]) -> Similarity:
        """Take days by their place in the year."""
        places = {day: float(day.timetuple().tm_yday) for day in days}
        return cls(places, grain=5.0, leeway=20.0, cycle=_DAYS_IN_YEAR)


def used_days(rows: Iterable[DayRow]) -> list[UsedDay]:
    """Return the days that say how much was used on them.

    A share of a published block, and what GRDF estimates, do not.
    """
    return [
        UsedDay(row.gas_day, row.energy, row.final)
        for row in rows
        if row.energy is not None and row.kind in _OWN
    ]


class Baseline:
    """A meter's habits, learnt from a history of days."""

    def __init__(self, history: Iterable[UsedDay], trait: Similarity) -> None:
        """Learn from the days whose trait is known."""
        self._trait = trait
        known = [
            (where + turn, day.energy)
            for day in history
            if (where := trait.of.get(day.gas_day)) is not None
            for turn in _turns(trait.cycle)
        ]
        known.sort(key=itemgetter(0))
        self._places = [where for where, _ in known]
        self._energies = [energy for _, energy in known]
        self._likely: dict[int, Expectation] = {}
        self._middles: dict[int, tuple[float, float]] = {}

    def likely(self, gas_day: date) -> Expectation | None:
        """Return what is likely on a day; None where its trait is unknown.

        Raises:
            IndexError: there was nothing to learn from.
        """
        where = self._trait.of.get(gas_day)
        if where is None:
            return None
        step = round(where / self._trait.grain)
        if step not in self._likely:
            self._likely[step] = self._at(step)
        return self._likely[step]

    def _at(self, step: int) -> Expectation:
        energy, scatter = self._middle(step)
        leeway = round(self._trait.leeway / self._trait.grain)
        around = self._middle(step - leeway)[0], self._middle(step + leeway)[0]
        most = max(energy, *around)
        least = max(_LEAST_SPREAD, _LEAST_RELATIVE_SPREAD * energy)
        return Expectation(energy, most, max(scatter, most - energy, least))

    def _middle(self, step: int) -> tuple[float, float]:
        """Return the middle and the spread of the days like one."""
        if step not in self._middles:
            where = step * self._trait.grain
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
        """Return the nearest days' traits and energies, by trait."""
        places = self._places
        last_begin = max(0, len(places) - _ALIKE)
        # The first window that would not be nearer one day further on.
        begin = bisect_left(
            range(last_begin),
            where,
            key=lambda place: (places[place] + places[place + _ALIKE]) / 2,
        )
        return places[begin : begin + _ALIKE], self._energies[begin : begin + _ALIKE]


def _turns(cycle: float | None) -> tuple[float, ...]:
    return (0.0,) if cycle is None else (-cycle, 0.0, cycle)


def _slope(places: Sequence[float], energies: Sequence[float]) -> float:
    """Return the energy by trait, from the middles of the two halves."""
    half = len(places) // 2
    run = quantile(places[half:], 0.5) - quantile(places[:half], 0.5)
    if run <= 0:
        return 0.0
    return (median(energies[half:]) - median(energies[:half])) / run
