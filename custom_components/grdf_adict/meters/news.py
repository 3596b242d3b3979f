"""The insight and the news in a meter's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from homeassistant.core import HomeAssistant

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
    known_days,
    month_event,
    published_month,
    unusual_event,
)
from ..metering.insight import insight
from ..storage.meter_file import MeterFile


@dataclass(frozen=True, slots=True)
class News:
    """A meter's file with the insight in its rows, and the events to announce."""

    file: MeterFile
    events: tuple[MeterEvent, ...] = ()


async def async_news(
    hass: HomeAssistant,
    file: MeterFile,
    rows: Sequence[DayRow],
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
) -> News:
    """Return the insight in a meter's rows of consumption, and their unannounced news.

    Nothing is news until the first import has ended. `temperatures` are the mean ones
    outdoors on gas days, in °C.
    """
    today = paris_today()
    return await async_compute(hass, _news, file, rows, costs, temperatures, today)


def lateness_news(file: MeterFile, since: date | None, today: date) -> News:
    """Announce that data are late, unless that was announced of the same gas day.

    `since` is the newest gas day of late data; None: they are not late.
    """
    announced = file.announced
    if since is None or announced is None or announced.late == since:
        return News(file)
    details: dict[str, Detail] = {
        "gas_day": since.isoformat(),
        "age": (today - since).days,
    }
    return News(
        replace(file, announced=replace(announced, late=since)),
        (MeterEvent(EventType.DATA_LATE, details),),
    )


def _news(
    file: MeterFile,
    rows: Sequence[DayRow],
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
    today: date,
) -> News:
    found, unusual = insight(rows, file.ledger, file.insight.watch, today, temperatures)
    if not file.insight.is_still(found):
        file = replace(file, insight=found)
    if file.counted_from is None:
        return News(file)
    month = published_month(file.ledger)
    before = file.announced
    known = before or Announced()
    published = month.last if month else known.published
    file = replace(
        file, announced=Announced(known_days(rows), published, late=known.late)
    )
    if before is None:
        return News(file)
    events = (
        *day_events(rows, before, _amounts(rows, costs)),
        *month_event(month, before),
        *(unusual_event(finding) for finding in unusual),
    )
    return News(file, events)


def _amounts(rows: Sequence[DayRow], costs: Costs | None) -> dict[date, Amount]:
    """Return what each gas day cost, to the cent."""
    if costs is None:
        return {}
    return {
        row.gas_day: (round(float(amount), 2), costs.currency)
        for row, amount in zip(rows, costs.amounts, strict=True)
        if amount is not None
    }
