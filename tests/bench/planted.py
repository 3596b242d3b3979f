"""Faults planted in simulated homes, and what they add to a day.

One hundred in fifty homes, in the second and the third year:

- an extra base load of 10 kWh a day, from any day of the year, for at least sixty
  days of it after the first of June;
- a window open for a week of the heating season: a quarter to three quarters more
  heat;
- a boiler out of tune: 15 % more gas for heat and hot water, reached in thirty days
  of the heating season, until it is serviced four to eight months later.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

_BASE_LOAD: Final = 10.0
_OUT_OF_TUNE: Final = 0.15
_DRIFTS_FOR: Final = 30
_WEEK: Final = 7
# After a fault is mended, this long until the next: each is told by itself.
_REST: Final = timedelta(days=60)
_SUMMER: Final = range(6, 9)
_TRIES: Final = 40
_FOUND_WITHIN: Final = timedelta(days=45)

# How many of each kind are planted.
COUNTS: Final = (34, 33, 33)


class Fault(StrEnum):
    """What goes wrong."""

    BASE_LOAD = "base load"
    WINDOW = "open window"
    BOILER = "boiler out of tune"


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault and its time.

    Attributes:
        fault: what goes wrong.
        onset: its first gas day.
        end: the first gas day without it.
        size: a window's share of the heat that it adds.
    """

    fault: Fault
    onset: date
    end: date
    size: float = 0.0

    @property
    def counts_from(self) -> date:
        """The day from which a delay counts: for a base load, not before 1 June."""
        if self.fault is not Fault.BASE_LOAD:
            return self.onset
        return _first_of_june(self.onset)

    @property
    def found_by(self) -> date:
        """The last day on which being told of it counts as found."""
        return self.counts_from + _FOUND_WITHIN

    @property
    def found_early_by(self) -> date:
        """The same for who reads "1 June" as that of the onset's own year."""
        june = date(self.onset.year, min(_SUMMER), 1)
        return max(self.onset, june) + _FOUND_WITHIN

    def burden(
        self, day: date, *, heat: float, water: float, other: float
    ) -> tuple[float, float, float]:
        """Return a day's kWh of heat, hot water and the rest with the fault."""
        if not self.onset <= day < self.end:
            return heat, water, other
        match self.fault:
            case Fault.BASE_LOAD:
                return heat, water, other + _BASE_LOAD
            case Fault.WINDOW:
                return heat * (1 + self.size), water, other
            case Fault.BOILER:
                so_far = min(1.0, ((day - self.onset).days + 1) / _DRIFTS_FOR)
                more = 1 + _OUT_OF_TUNE * so_far
                return heat * more, water * more, other


def burden(
    planted: Iterable[Planted], day: date, *, heat: float, water: float, other: float
) -> float:
    """Return a day's kWh with all faults; the parts are without."""
    for fault in planted:
        heat, water, other = fault.burden(day, heat=heat, water=water, other=other)
    return heat + water + other


def plant[K](
    roll: Random,
    homes: Sequence[K],
    fits: Callable[[K, Fault], bool],
    first: date,
    last: date,
) -> list[tuple[Planted, ...]]:
    """Return the faults of each home: spread evenly, none overlap."""
    faults = [
        fault for fault, count in zip(Fault, COUNTS, strict=True) for _ in range(count)
    ]
    found: list[list[Planted]] = [[] for _ in homes]
    for fault in faults:
        able = [place for place, home in enumerate(homes) if fits(home, fault)]
        # The home with the fewest comes first; one whose years are full gives way.
        able.sort(key=lambda place: (len(found[place]), roll.random()))
        place, one = next(_room(roll, fault, able, found, first, last))
        found[place].append(one)
    return [tuple(sorted(those, key=lambda one: one.onset)) for those in found]


def _room(
    roll: Random,
    fault: Fault,
    able: Iterable[int],
    found: Sequence[Sequence[Planted]],
    first: date,
    last: date,
) -> Iterator[tuple[int, Planted]]:
    for place in able:
        for _ in range(_TRIES):
            one = _drawn(roll, fault, first, last)
            if one is not None and all(_apart(one, other) for other in found[place]):
                yield place, one


def _drawn(roll: Random, fault: Fault, first: date, last: date) -> Planted | None:
    onset = first + timedelta(days=roll.randrange((last - first).days))
    is_cold = (onset.month, onset.day) >= (11, 1) or onset.month <= 2
    match fault:
        case Fault.BASE_LOAD:
            lasts = timedelta(days=roll.randint(60, 120))
            end = max(onset, _first_of_june(onset)) + lasts
        case Fault.WINDOW:
            end = onset + timedelta(days=_WEEK)
        case Fault.BOILER:
            end = onset + timedelta(days=roll.randint(120, 240))
    if fault is not Fault.BASE_LOAD and not is_cold:
        return None
    one = Planted(fault, onset, end, size=roll.uniform(0.25, 0.75))
    # All the time in which it could still be found must lie within the simulation.
    return one if one.found_by <= last else None


def _apart(one: Planted, other: Planted) -> bool:
    return one.onset >= other.end + _REST or other.onset >= one.end + _REST


def _first_of_june(onset: date) -> date:
    """Return the onset, or the 1 June after it where it lies in the colder months."""
    if onset.month in _SUMMER:
        return onset
    return date(onset.year + (onset.month > max(_SUMMER)), min(_SUMMER), 1)
