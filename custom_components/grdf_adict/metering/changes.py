"""What changed about a meter, noticed from what GRDF says: another meter, a frequency.

A change of meter shows in its number, in a reading's reason and in an index that falls.
The signs come weeks apart; together they tell one change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from ..adict import Consumption, Frequency, ReadingQuality
from .facts import MeterFacts
from .gas_day import paris_date

# Technical data are read once a month, forty-six days apart at most.
_ONE_CHANGE: Final = timedelta(days=46)
_METER_CHANGE: Final = "COM"
# A meter that is put in counts from near zero. Less of a fall is a reading put right.
_FALLS_BELOW: Final = 0.5
# The counter of a meter has five digits at least; near its end it begins anew.
_FEWEST_DIGITS: Final = 5
_NEAR_THE_END: Final = 0.9
_SHOWN: Final = 4


type Detail = str | float | bool | None


class EventType(StrEnum):
    """What can happen to a meter that somebody may want to know of."""

    NEW_GAS_DAY = "new_gas_day"
    CORRECTION = "correction"
    PUBLISHED_MONTH = "published_month"
    UNUSUAL_CONSUMPTION = "unusual_consumption"
    DATA_LATE = "data_late"
    METER_CHANGED = "meter_changed"
    FREQUENCY_CHANGED = "frequency_changed"


@dataclass(frozen=True, slots=True)
class MeterEvent:
    """Something that happened to a meter; `details` hold no whole serial number."""

    type: EventType
    details: Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class Noticed:
    """The facts of a meter, and what happened to it since they were last told."""

    facts: MeterFacts
    events: tuple[MeterEvent, ...] = ()


class _Sign(NamedTuple):
    """What shows that the meter was changed, between two dates, both included."""

    since: date
    until: date
    kind: str


class _Counted(NamedTuple):
    """An index in m³, when it was read, and whether a block begins with it."""

    at: datetime
    begins: bool
    cubic_metres: float
    zero_return: bool


def noticed_in_facts(before: MeterFacts, after: MeterFacts, today: date) -> Noticed:
    """Return the facts, and what they say that the facts before them did not.

    Args:
        before: as they were kept.
        after: as GRDF now tells them.
        today: the date in France.
    """
    events = []
    if _differ(before.frequency, after.frequency, unknown=Frequency.UNKNOWN):
        details: dict[str, Detail] = {
            "previous_frequency": before.frequency.name.lower(),
            "frequency": after.frequency.name.lower(),
        }
        events.append(MeterEvent(EventType.FREQUENCY_CHANGED, details))
    if not _differ(before.serial_number, after.serial_number, unknown=None):
        return Noticed(after, tuple(events))
    told = _told(after, _Sign(today, today, "serial_number"), before.serial_number)
    return Noticed(told.facts, (*events, *told.events))


def noticed_in_readings(
    facts: MeterFacts, blocks: Iterable[Consumption], since: datetime | None
) -> Noticed:
    """Return the facts, and the change of meter that new readings tell of.

    Args:
        facts: as they are kept.
        blocks: one answer's, of gas that flows one way.
        since: the newest reading known before; older ones are no news. None: the
            history is being imported, and nothing is.
    """
    if since is None:
        return Noticed(facts)
    listed = list(blocks)
    signs = [*_named_changes(listed, since), *_falls(listed, since)]
    events: tuple[MeterEvent, ...] = ()
    for sign in signs:
        told = _told(facts, sign)
        facts, events = told.facts, (*events, *told.events)
    return Noticed(facts, events)


def _told(facts: MeterFacts, sign: _Sign, previous: str | None = None) -> Noticed:
    """Tell of a change, unless an earlier sign already told of it."""
    last = facts.changed_on
    if last and sign.since - _ONE_CHANGE <= last <= sign.until + _ONE_CHANGE:
        return Noticed(facts)
    details: dict[str, Detail] = {
        "date": sign.until.isoformat(),
        "noticed_by": sign.kind,
    }
    if previous and facts.serial_number:
        details |= {
            "previous_serial_number": _masked(previous),
            "serial_number": _masked(facts.serial_number),
        }
    event = MeterEvent(EventType.METER_CHANGED, details)
    return Noticed(replace(facts, changed_on=sign.until), (event,))


def _named_changes(blocks: list[Consumption], since: datetime) -> Iterator[_Sign]:
    for block in blocks:
        for reading in (block.start_reading, block.end_reading):
            if (
                reading is not None
                and reading.reason == _METER_CHANGE
                and reading.at is not None
                and reading.at > since
            ):
                day = paris_date(reading.at)
                yield _Sign(day, day, "reading")


def _falls(blocks: list[Consumption], since: datetime) -> Iterator[_Sign]:
    for earlier, later in pairwise(sorted(_counted(blocks))):
        if later.at > since and _begins_anew(earlier, later):
            yield _Sign(paris_date(earlier.at), paris_date(later.at), "index")


def _counted(blocks: list[Consumption]) -> Iterator[_Counted]:
    for block in blocks:
        for reading in (block.start_reading, block.end_reading):
            if (
                reading is not None
                and reading.at is not None
                and reading.index is not None
                and reading.quality is not ReadingQuality.ESTIMATED
            ):
                yield _Counted(
                    reading.at,
                    reading is block.start_reading,
                    reading.index,
                    block.zero_return is True,
                )


def _begins_anew(earlier: _Counted, later: _Counted) -> bool:
    digits = max(_FEWEST_DIGITS, len(str(int(earlier.cubic_metres))))
    turned = later.zero_return or earlier.cubic_metres >= _NEAR_THE_END * 10**digits
    return later.cubic_metres < _FALLS_BELOW * earlier.cubic_metres and not turned


def _differ[T](before: T, after: T, *, unknown: T) -> bool:
    return unknown not in {before, after} and before != after


def _masked(serial_number: str) -> str:
    """Return the last four characters at most, and never more than half."""
    shown = min(_SHOWN, len(serial_number) // 2)
    return f"…{serial_number[len(serial_number) - shown :]}"
