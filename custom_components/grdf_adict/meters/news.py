"""What follows once a meter's rows are written: what they tell, and what is news."""

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
    """A meter's file with what its rows tell, and what of it is news."""

    file: MeterFile
    events: tuple[MeterEvent, ...] = ()


async def async_news(
    hass: HomeAssistant,
    file: MeterFile,
    rows: Sequence[DayRow],
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
) -> News:
    """Work out what a meter's rows tell, and what its owner does not know yet.

    Nothing is news until the first import has ended: what it brought is then known.

    Args:
        hass: whose executor does the work.
        file: the meter's.
        rows: its gas days of consumption, as they were written.
        costs: of each row; None: its owner told no price.
        temperatures: the mean outdoor temperature in °C of each gas day, if known.
    """
    today = paris_today()
    return await async_compute(
        hass, _followed_up, file, rows, costs, temperatures, today
    )


def lateness_news(file: MeterFile, since: date | None, today: date) -> News:
    """Tell that data are late, unless it was told of the same gas day before.

    Args:
        file: the meter's.
        since: the newest gas day where data are late; None: they are not.
        today: the date in France.
    """
    told = file.announced
    if since is None or told is None or told.late == since:
        return News(file)
    details: dict[str, Detail] = {
        "gas_day": since.isoformat(),
        "age": (today - since).days,
    }
    return News(
        replace(file, announced=replace(told, late=since)),
        (MeterEvent(EventType.DATA_LATE, details),),
    )


def _followed_up(
    file: MeterFile,
    rows: Sequence[DayRow],
    costs: Costs | None,
    temperatures: Mapping[date, float] | None,
    today: date,
) -> News:
    tells, unusual = insight(rows, file.ledger, file.insight.watch, today, temperatures)
    if not file.insight.is_still(tells):
        file = replace(file, insight=tells)
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
