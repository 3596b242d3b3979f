"""From a meter's file to what follows of it: prices, insight, news, recorder rows."""

from dataclasses import dataclass, replace
from datetime import date

from homeassistant.core import HomeAssistant

from ..adict import FlowDirection
from ..external_statistics.rows import (
    Costs,
    MeterSeries,
    Projection,
    async_project,
)
from ..helpers.clock import paris_today
from ..helpers.guard import Guard
from ..metering import MeterEvent
from ..prices.pricing import Priced, async_priced
from ..storage.meter_file import MeterFile
from .meter import Meter
from .news import News, async_news, lateness_news
from .outdoor import async_outdoor
from .summaries import MeterRows


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows of a meter's rows.

    Attributes:
        file: the meter's, with its prices and what follows of its rows; the same object
            as before where that changes nothing.
        costs: of each row of gas used; None: the meter has no price.
        events: to announce, once the file is kept.
    """

    file: MeterFile
    costs: Costs | None
    events: tuple[MeterEvent, ...]


async def async_follow(
    hass: HomeAssistant,
    meter: Meter,
    file: MeterFile,
    rows: MeterRows,
    late: date | None,
    guard: Guard,
) -> Followed:
    """Work out what follows of a meter's rows; nothing is written.

    Args:
        hass: whose entities and recorder give prices and temperatures.
        meter: what the meter is.
        file: its file.
        rows: computed from that file.
        late: the newest gas day of a meter whose data are late; None: they are not.
        guard: the meter's: rows are written without what cannot be worked out.
    """
    days = rows[FlowDirection.CONSUMPTION].days
    priced, outdoor = Priced(file, None), None
    with guard.at("prices"):
        priced = await async_priced(hass, meter.prices, file, days)
    with guard.at("outdoor temperatures"):
        outdoor = await async_outdoor(hass, meter.outdoor, days)
    news = lateness = News(priced.file)
    with guard.at("insight and news"):
        news = await async_news(hass, priced.file, rows, priced.costs, outdoor)
        lateness = lateness_news(news.file, late, paris_today())
    after = lateness.file
    if _follows(after) == _follows(file):
        after = file
    return Followed(after, priced.costs, (*news.events, *lateness.events))


async def async_write_rows(
    hass: HomeAssistant,
    meter: Meter,
    rows: MeterRows,
    followed: Followed,
    *,
    withdrawal_accepted: bool,
    rewrite: bool,
) -> Projection:
    """Make the recorder's rows of a meter those computed from its file.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
    """
    wanted = MeterSeries(
        rows[FlowDirection.CONSUMPTION].days,
        followed.costs,
        rows[FlowDirection.PRODUCTION].days,
        followed.file.earlier,
    )
    return await async_project(
        hass,
        meter.key,
        meter.series_title,
        wanted,
        withdrawal_accepted=withdrawal_accepted,
        rewrite=rewrite,
    )


def priced_alone(file: MeterFile, followed: Followed) -> MeterFile:
    """Return a file with its prices alone of what follows of its rows.

    Args:
        file: as it was before `async_follow`.
        followed: what that returned.
    """
    prices = followed.file.prices, followed.file.costs
    if prices == (file.prices, file.costs):
        return file
    return replace(file, prices=prices[0], costs=prices[1])


def _follows(file: MeterFile) -> tuple[object, ...]:
    announced = file.announced, file.injection.announced
    return file.prices, file.costs, file.insight, announced
