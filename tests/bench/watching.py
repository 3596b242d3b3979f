"""Watching simulated homes day by day, as an owner would have been told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from custom_components.grdf_adict.metering.gas_day import ONE_DAY, gas_days_through
from custom_components.grdf_adict.metering.insight.anomaly import (
    Anomaly,
    AnomalyKind,
    news,
    remember,
)
from custom_components.grdf_adict.metering.insight.unusual import findings

from .houses import FIRST, LAST, House, Kind, house
from .planted import Fault, Planted

# A gas day is known on the third day after its own.
LATE: Final = timedelta(days=3)
_SAME_ALARM: Final = timedelta(days=3)
WATCHED_FROM: Final = FIRST + timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A finding, and the day on which it was news."""

    told: date
    finding: Anomaly


@dataclass(frozen=True, slots=True)
class Watched:
    """What the owner of one home was told.

    Attributes:
        kind: what the home burns gas for.
        alarms_without: alarms of the home while nothing was wrong with it.
        told: for each fault planted in it, the day on which it was told; None: never
            in time.
    """

    kind: Kind
    alarms_without: tuple[Alarm, ...]
    told: Mapping[Planted, date | None]


def watch(
    seed: int, number: int, planted: tuple[Planted, ...], *, outdoor: bool
) -> Watched:
    """Return what the owner of a home is told, with the faults and without."""
    sound = house(seed, number)
    diary = _diary(sound, outdoor=outdoor)
    # Until its first fault a home tells the same.
    same = [entry for entry in diary if entry.today < _first_onset(planted)]
    faulty = _diary(house(seed, number, planted), outdoor=outdoor, so_far=same)
    without = _alarms(diary)
    # What the home tells in any case is luck, though it fall into a fault's time.
    due = [
        alarm
        for alarm in _alarms(faulty)
        if not any(_is_the_same(alarm, other) for other in without)
    ]
    return Watched(sound.kind, without, {one: _told_of(one, due) for one in planted})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A day's news, and all that was told by then."""

    today: date
    fresh: tuple[Anomaly, ...]
    told: tuple[Anomaly, ...]


def _diary(
    home: House, *, outdoor: bool, so_far: Sequence[_Entry] = ()
) -> list[_Entry]:
    """Return each day's news, as the data become known."""
    entries = list(so_far)
    told = entries[-1].told if entries else ()
    first = entries[-1].today + ONE_DAY if entries else WATCHED_FROM
    for today in gas_days_through(first, LAST):
        rows = home.rows[: (today - LATE - FIRST).days + 1]
        found = findings(rows, today, home.outdoor if outdoor else None)
        fresh = news(found, told)
        told = remember(found, told)
        entries.append(_Entry(today, fresh, told))
    return entries


def _first_onset(planted: Sequence[Planted]) -> date:
    return min((one.onset for one in planted), default=LAST)


def _alarms(diary: Sequence[_Entry]) -> tuple[Alarm, ...]:
    return tuple(
        Alarm(entry.today, finding) for entry in diary for finding in entry.fresh
    )


def _told_of(one: Planted, alarms: Sequence[Alarm]) -> date | None:
    """Return when a fault was told of; a single day tells of no lasting fault."""
    return min(
        (
            alarm.told
            for alarm in alarms
            if one.onset < alarm.told <= one.found_by
            and alarm.finding.last >= one.onset
            and (alarm.finding.kind is not AnomalyKind.DAY or one.fault is Fault.WINDOW)
        ),
        default=None,
    )


def _is_the_same(alarm: Alarm, other: Alarm) -> bool:
    return (
        alarm.finding.kind is other.finding.kind
        and abs(alarm.told - other.told) <= _SAME_ALARM
    )
