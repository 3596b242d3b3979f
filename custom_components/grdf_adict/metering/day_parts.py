"""A gas day that GRDF gives in parts: bounds off 06:00, a meter changed at noon.

Parts that overlap are versions of one amount; others are different gas.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Final

from .gas_day import ONE_DAY, gas_day_start

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DayPart[V]:
    """A value from `start` to `end`, the latter exclusive; both in UTC."""

    start: datetime
    end: datetime
    value: V

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it shares time with an aware period whose end is exclusive."""
        return self.start < end and start < self.end


type DayParts[V] = tuple[DayPart[V], ...]
"""By start; none overlaps another."""


def only_part[V](value: V) -> DayParts[V]:
    """Return a gas day's only value, which any other replaces."""
    return (DayPart(_EARLIEST, _LATEST, value),)


def merged_parts[V](
    known: DayParts[V],
    given: Iterable[DayPart[V]],
    replaces: Callable[[V, Iterable[V]], bool],
) -> DayParts[V]:
    """Return a gas day's parts with those of an answer.

    Args:
        known: its parts so far.
        given: the answer's, those that count first.
        replaces: whether a value may replace others, of no other be added.
    """
    taken: list[DayPart[V]] = []
    for part in given:
        if not any(part.overlaps(other.start, other.end) for other in taken):
            taken.append(part)
    for part in taken:
        rivals = [other for other in known if other.overlaps(part.start, part.end)]
        if replaces(part.value, (other.value for other in rivals)):
            known = (*(other for other in known if other not in rivals), part)
    return tuple(sorted(known, key=attrgetter("start")))


def without_whole_days[V](
    parts: Mapping[date, DayParts[V]],
) -> dict[date, DayParts[V]]:
    """Return gas days in their order, without those of one value for all of them."""
    return {
        day: of_day
        for day, of_day in sorted(parts.items())
        if len(of_day) > 1
        or (of_day[0].start, of_day[0].end)
        not in {
            (_EARLIEST, _LATEST),
            (gas_day_start(day), gas_day_start(day + ONE_DAY)),
        }
    }
