"""From a meter's file to its rows: its prices, the recorder, what the rows tell."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..adict import mask_pce
from ..const import LOGGER
from ..external_statistics.rows import Projection, async_project
from ..helpers.executor import async_compute
from ..helpers.issues import Issue, async_clear_issue, async_raise_issue
from ..metering.changes import MeterEvent
from ..metering.series import DayRow, rows
from ..prices.pricing import Priced, async_priced, async_tell_lost_entity
from ..storage.meter_file import MeterFile
from .group import rows_signal
from .news import async_followed_up
from .outdoor import async_outdoor, async_tell_lost_outdoor

if TYPE_CHECKING:
    from .coordinator import MeterCoordinator

type Keep = Callable[[MeterFile], Awaitable[None]]
"""Writes a meter's file; UpdateFailed where it cannot be written."""


@dataclass(frozen=True, slots=True)
class Projected:
    """What came of a projection.

    Attributes:
        file: the meter's, with its prices and what its rows tell.
        events: to tell, once they are kept.
    """

    file: MeterFile
    events: tuple[MeterEvent, ...] = ()


async def async_projected(
    meter: MeterCoordinator,
    keep: Keep,
    file: MeterFile,
    *,
    withdrawal_accepted: bool,
    rewrite: bool,
) -> Projected:
    """Make the recorder's rows of a meter those of its file.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
        UpdateFailed: the file could not be written.
    """
    hass, entry = meter.hass, meter.config_entry
    days = await async_compute(hass, rows, file.ledger)
    injected = await async_compute(hass, rows, file.injection.ledger)
    priced = await _async_price(meter, keep, file, days)
    outcome = await async_project(
        hass,
        meter.key,
        meter.series_title,
        days,
        priced.costs,
        injected=injected,
        withdrawal_accepted=withdrawal_accepted,
        rewrite=rewrite,
    )
    if outcome is Projection.WITHHELD:
        async_raise_issue(hass, entry, Issue.WITHDRAWAL_WITHHELD, meter)
        return Projected(priced.file)
    async_clear_issue(hass, entry, Issue.WITHDRAWAL_WITHHELD, meter)
    if outcome is Projection.WRITTEN:
        LOGGER.info(
            "Meter %s: statistics written, %s gas days through %s",
            mask_pce(meter.pce),
            len(days) + len(injected),
            max(row.gas_day for row in (*days[-1:], *injected[-1:])),
        )
        async_dispatcher_send(hass, rows_signal(entry), meter)
    return await _async_follow_up(meter, keep, priced, days)


async def _async_price(
    meter: MeterCoordinator, keep: Keep, file: MeterFile, days: Sequence[DayRow]
) -> Priced:
    priced = await async_priced(meter.hass, meter.prices, file, days)
    if (priced.file.prices, priced.file.costs) != (file.prices, file.costs):
        await keep(priced.file)
    async_tell_lost_entity(meter.hass, meter)
    return priced


async def _async_follow_up(
    meter: MeterCoordinator, keep: Keep, priced: Priced, days: Sequence[DayRow]
) -> Projected:
    """Work out what written rows tell; it is kept before anybody is told."""
    file = priced.file
    async_tell_lost_outdoor(meter.hass, meter)
    outdoor = await async_outdoor(meter.hass, meter.outdoor, days)
    followed = await async_followed_up(meter.hass, file, days, priced.costs, outdoor)
    if (followed.file.insight, followed.file.told) != (file.insight, file.told):
        await keep(followed.file)
    return Projected(followed.file, followed.events)
