"""Changes of a meter, detected in GRDF's data: another meter, another frequency.

A change of meter shows in its number, in a reading's reason and in an index that falls.
The signs come weeks apart; together they make one change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from ..adict import Consumption, Frequency, ReadingQuality
from .blocks import dated_readings
from .facts import MeterFacts
from .gas_day import paris_date

# Technical data are read once a month, forty-six days apart at most.
_ONE_CHANGE: Final = timedelta(days=46)
_METER_CHANGE: Final = "COM"
# A new meter counts from near zero. Less of a fall is a corrected reading.
_FALLS_BELOW: Final = 0.5
# The counter of a meter has five digits at least; near its end it starts from zero.
_FEWEST_DIGITS: Final = 5
_NEAR_THE_END: Final = 0.9
_SHOWN: Final = 4

type Detail = str | float | bool | None


class EventType(StrEnum):
    """What can happen to a meter."""

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
    """The facts of a meter, and what happened to it since they were last known."""

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
    """Return GRDF's new facts, and the changes from those before; today in France."""
    events = []
    if _differ(before.frequency, after.frequency, unknown=Frequency.UNKNOWN):
        details: dict[str, Detail] = {
            "previous_frequency": before.frequency.name.lower(),
            "frequency": after.frequency.name.lower(),
        }
        events.append(MeterEvent(EventType.FREQUENCY_CHANGED, details))
    if not _differ(before.serial_number, after.serial_number, unknown=None):
        return Noticed(after, tuple(events))
    changed = _changed(after, _Sign(today, today, "serial_number"), before)
    return Noticed(changed.facts, (*events, *changed.events))


def noticed_in_readings(
    facts: MeterFacts, blocks: Iterable[Consumption], since: datetime | None
) -> Noticed:
    """Return the facts, and the change of meter that an answer's new readings show.

    Args:
        facts: as they are kept.
        blocks: of gas that flows one way.
        since: the newest reading known before; None: the history is being imported,
            and nothing is news.
    """
    if since is None:
        return Noticed(facts)
    listed = list(blocks)
    events: tuple[MeterEvent, ...] = ()
    for sign in (*_named_changes(listed, since), *_falls(listed, since)):
        changed = _changed(facts, sign)
        facts, events = changed.facts, (*events, *changed.events)
    return Noticed(facts, events)


def _changed(
    facts: MeterFacts, sign: _Sign, before: MeterFacts | None = None
) -> Noticed:
    """Report a change of meter, unless an earlier sign of it was reported."""
    last = facts.changed_on
    if last and sign.since - _ONE_CHANGE <= last <= sign.until + _ONE_CHANGE:
        return Noticed(facts)
    details: dict[str, Detail] = {
        "date": sign.until.isoformat(),
        "noticed_by": sign.kind,
    }
    if before and before.serial_number and facts.serial_number:
        details |= {
            "previous_serial_number": _masked(before.serial_number),
            "serial_number": _masked(facts.serial_number),
        }
    event = MeterEvent(EventType.METER_CHANGED, details)
    return Noticed(replace(facts, changed_on=sign.until), (event,))


def _named_changes(blocks: list[Consumption], since: datetime) -> Iterator[_Sign]:
    for at, reading, _ in dated_readings(blocks):
        if reading.reason == _METER_CHANGE and at > since:
            yield _Sign(paris_date(at), paris_date(at), "reading")


def _falls(blocks: list[Consumption], since: datetime) -> Iterator[_Sign]:
    counted = sorted(
        _Counted(
            at,
            reading is block.start_reading,
            reading.index,
            block.zero_return is True,
        )
        for at, reading, block in dated_readings(blocks)
        if reading.index is not None and reading.quality is not ReadingQuality.ESTIMATED
    )
    for earlier, later in pairwise(counted):
        if later.at > since and _begins_anew(earlier, later):
            yield _Sign(paris_date(earlier.at), paris_date(later.at), "index")


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
