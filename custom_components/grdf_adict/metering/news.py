"""What is new about a meter's gas days since the last announcement.

What was announced is kept, not what came: a restart in between announces nothing twice
and omits nothing, and several answers on one evening are one piece of news.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from ..adict import FlowDirection
from .changes import Detail, EventType, MeterEvent
from .gas_day import ONE_DAY
from .insight.anomaly import Anomaly
from .insight.compare import published_difference
from .ledger import Ledger, Source
from .series import DayRow

type Amount = tuple[float, str]
"""An amount of money and its currency."""

# Which way the gas of an event flows.
CONSUMPTION: Final = "consumption"
INJECTION: Final = "injection"

# A hole that is filled later than this is history, and no news.
_STILL_NEWS: Final = timedelta(days=62)
# More days than these at once are one piece of news: data came back after a pause.
_ONE_BY_ONE: Final = 7


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced of a meter, or counts as announced.

    `days` are kWh PCS of gas days with a value of their own, `published` is the last
    gas day of the newest published month, `late` the newest gas day when late data were
    last announced.
    """

    days: Mapping[date, float] = field(default_factory=dict)
    published: date | None = None
    late: date | None = None


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """Days that GRDF published as final: a block, or a month of single days.

    `first` and `last` are gas days, energies are kWh PCS; `difference` is the energy
    beyond that of the informative days, None when unknown, or when the block does not
    begin and end with gas days: then it is of other hours than they are.
    """

    first: date
    last: date
    energy: float
    difference: float | None = None


def known_days(rows: Sequence[DayRow]) -> dict[date, float]:
    """Return the kWh PCS of each gas day that has a value of its own."""
    return {row.gas_day: row.energy or 0.0 for row in rows if row.is_own}


def published_month(ledger: Ledger) -> PublishedMonth | None:
    """Return the newest published month: of one reading to the next, or of JJ days."""
    found = published_difference(ledger)
    months = [
        PublishedMonth(
            days[0],
            days[-1],
            block.value.energy,
            found.energy
            if found
            and (found.first, found.last) == (days[0], days[-1])
            and block.begins_and_ends_with_gas_days
            else None,
        )
        for block in ledger.blocks
        if block.value.energy is not None and (days := block.gas_days)
    ]
    return max((*months, *_final_months(ledger)), key=attrgetter("last"), default=None)


def day_events(
    rows: Sequence[DayRow], announced: Announced, costs: Mapping[date, Amount]
) -> Iterator[MeterEvent]:
    """Yield the gas days that are new, the oldest first, then what was corrected."""
    now = known_days(rows)
    if not now or not announced.days:
        return
    newest = max(announced.days)
    fresh = [
        row
        for row in rows
        if row.gas_day in now
        and row.gas_day not in announced.days
        and row.gas_day > max(newest - _STILL_NEWS, min(announced.days))
    ]
    shown = fresh if len(fresh) <= _ONE_BY_ONE else fresh[-1:]
    for row in shown:
        details: dict[str, Detail] = {
            "gas_day": row.gas_day.isoformat(),
            "energy": row.energy,
            "volume": row.volume,
            "qualification": row.kind.value,
            "final": row.final,
            "count": len(fresh),
        }
        if row.gas_day in costs:
            details["cost"], details["currency"] = costs[row.gas_day]
        yield MeterEvent(EventType.NEW_GAS_DAY, details)
    yield from _corrections(now, announced.days)


def month_event(
    month: PublishedMonth | None, announced: Announced
) -> Iterator[MeterEvent]:
    """Yield the newest published month unless it, or a later one, was announced."""
    if month is None or (announced.published and month.last <= announced.published):
        return
    yield MeterEvent(
        EventType.PUBLISHED_MONTH,
        {
            "first": month.first.isoformat(),
            "last": month.last.isoformat(),
            "energy": month.energy,
            "difference": month.difference,
        },
    )


def directed(event: MeterEvent, direction: FlowDirection) -> MeterEvent:
    """Return an event that says which way its gas flows."""
    injects = direction is FlowDirection.PRODUCTION
    details = {**event.details, "direction": INJECTION if injects else CONSUMPTION}
    return replace(event, details=details)


def unusual_event(finding: Anomaly) -> MeterEvent:
    """Return a finding as an event."""
    return MeterEvent(EventType.UNUSUAL_CONSUMPTION, finding_details(finding))


def finding_details(finding: Anomaly) -> dict[str, Detail]:
    """Return what explains a finding: its days, and kWh PCS over all of them."""
    return {
        "kind": finding.kind.value,
        "since": finding.first.isoformat(),
        "through": finding.last.isoformat(),
        "expected": finding.expected,
        "actual": finding.actual,
        "confidence": finding.confidence.value,
    }


def _corrections(
    now: Mapping[date, float], before: Mapping[date, float]
) -> Iterator[MeterEvent]:
    changed = [day for day in sorted(before) if now.get(day) != before[day]]
    if not changed:
        return
    known = [now[day] for day in changed if day in now]
    after = round(sum(known), 3)
    was = round(sum(before[day] for day in changed), 3)
    yield MeterEvent(
        EventType.CORRECTION,
        {
            "first": changed[0].isoformat(),
            "last": changed[-1].isoformat(),
            "count": len(changed),
            "withdrawn": len(changed) - len(known),
            "before": was,
            "after": after,
            "difference": round(after - was, 3),
        },
    )


def _final_months(ledger: Ledger) -> Iterator[PublishedMonth]:
    finals = [
        (day, value.energy)
        for day, value in ledger.daily.get(Source.PUBLISHED, {}).items()
        if value.final and value.energy is not None
    ]
    for _, of_month in groupby(finals, key=lambda item: (item[0].year, item[0].month)):
        days = list(of_month)
        first, last = days[0][0], days[-1][0]
        is_whole = first.day == 1 and (last + ONE_DAY).day == 1
        if is_whole and len(days) == last.day:
            energy = round(sum(energy for _, energy in days), 3)
            yield PublishedMonth(first, last, energy)
