"""The insight and the news in a meter's rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from homeassistant.core import HomeAssistant

from ..adict import FlowDirection
from ..external_statistics.rows import Costs
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..metering import (
    Amount,
    Announced,
    DayRow,
    Detail,
    EventType,
    MeterEvent,
    day_events,
    directed,
    known_days,
    month_event,
    published_month,
    unusual_event,
)
from ..metering.insight import insight
from ..storage.meter_file import GasHistory, MeterFile
from .summaries import MeterRows


@dataclass(frozen=True, slots=True)
class News:
    """A meter's file with the insight in its rows, and the events to announce."""

    file: MeterFile
    events: tuple[MeterEvent, ...] = ()


async def async_news(
    hass: HomeAssistant,
    file: MeterFile,
    rows: MeterRows,
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
) -> News:
    """Return the insight in a meter's rows of consumption, and the unannounced news.

    Nothing is news until the first import of the gas that flows that way has ended.
    `costs` are of gas used. `temperatures` are the mean ones outdoors on gas days, in
    °C.
    """
    today = paris_today()
    return await async_compute(hass, _news, file, rows, costs, temperatures, today)


def lateness_news(file: MeterFile, since: date | None, today: date) -> News:
    """Announce that data are late, unless that was announced of the same gas day.

    `since` is the newest gas day of late data; None: they are not late.
    """
    if since is None:
        return News(file)
    direction = _late_direction(file, since)
    history = file.history(direction)
    announced = history.announced
    if announced is None or announced.late == since:
        return News(file)
    details: dict[str, Detail] = {
        "gas_day": since.isoformat(),
        "age": (today - since).days,
    }
    after = replace(history, announced=replace(announced, late=since))
    events = [MeterEvent(EventType.DATA_LATE, details)]
    return News(file.with_history(direction, after), _directed(file, direction, events))


def _late_direction(file: MeterFile, since: date) -> FlowDirection:
    """Return which way the late gas flows: the one whose newest gas day is given.

    Of two such ways, and of none, gas is used, if that was ever announced.
    """
    used, injected = file.announced, file.injection.announced
    reaches = [
        max(announced.days, default=None) == since
        for announced in (used, injected)
        if announced is not None
    ]
    if used is None or reaches == [False, True]:
        return FlowDirection.PRODUCTION
    return FlowDirection.CONSUMPTION


def _news(
    file: MeterFile,
    rows: MeterRows,
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
    today: date,
) -> News:
    used = rows[FlowDirection.CONSUMPTION].days
    found, unusual = insight(used, file.ledger, file.insight.watch, today, temperatures)
    if not file.insight.is_still(found):
        file = replace(file, insight=found)
    events: tuple[MeterEvent, ...] = ()
    for direction, (_, days) in rows.items():
        consumes = direction is FlowDirection.CONSUMPTION
        before = file.history(direction)
        if before.counted_from is None:
            continue
        after, news = _of_history(before, days, costs if consumes else None)
        file = file.with_history(direction, after)
        events += _directed(file, direction, news)
        if consumes and before.announced is not None:
            events += tuple(unusual_event(finding) for finding in unusual)
    return News(file, events)


def _of_history(
    history: GasHistory, rows: Sequence[DayRow], costs: Costs | None
) -> tuple[GasHistory, tuple[MeterEvent, ...]]:
    """Return the gas that flows one way with all of its news announced, and these."""
    month = published_month(history.ledger)
    before = history.announced
    known = before or Announced()
    published = month.last if month else known.published
    after = replace(
        history, announced=Announced(known_days(rows), published, late=known.late)
    )
    if before is None:
        return after, ()
    return after, (
        *day_events(rows, before, _amounts(rows, costs)),
        *month_event(month, before),
    )


def _directed(
    file: MeterFile, direction: FlowDirection, events: Iterable[MeterEvent]
) -> tuple[MeterEvent, ...]:
    """Return events that say which way the gas flows, unless the site only uses gas."""
    if not file.injection.summary.days:
        return tuple(events)
    return tuple(directed(event, direction) for event in events)


def _amounts(rows: Sequence[DayRow], costs: Costs | None) -> dict[date, Amount]:
    """Return what each gas day cost, to the cent."""
    if costs is None:
        return {}
    return {
        row.gas_day: (round(float(amount), 2), costs.currency)
        for row, amount in zip(rows, costs.amounts, strict=True)
        if amount is not None
    }
