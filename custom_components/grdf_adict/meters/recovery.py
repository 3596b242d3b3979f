"""A meter's lost file, created again from the recorder's rows; or an older one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import FlowDirection, mask_pce
from ..const import LOGGER
from ..external_statistics.stored import async_amounts, async_currency, async_recover
from ..helpers.clock import paris_today
from ..helpers.ids import Statistic
from ..metering import Daily, Ledger, gas_day_at, recovered, with_recovered
from ..metering.price import Price, PriceBook, priced_by_entity, recovered_prices
from ..prices.settings import PriceSettings
from ..storage.meter_file import GasHistory, MeterFile, without_days_ahead
from .summaries import MeterRows

_ENERGIES: Final = {
    FlowDirection.CONSUMPTION: Statistic.ENERGY,
    FlowDirection.PRODUCTION: Statistic.INJECTION,
}


async def async_recovered_file(
    hass: HomeAssistant, pce: str, key: str, prices: PriceSettings | None
) -> MeterFile:
    """Return a file with the gas days that the recorder holds of a meter, if any."""
    used = await async_recover(hass, key)
    injected = await async_recover(hass, key, Statistic.INJECTION)
    if used or injected:
        LOGGER.info(
            "Meter %s: %s gas days taken back from the recorder",
            mask_pce(pce),
            len(used) + len(injected),
        )
    file = MeterFile(
        ledger=recovered(used),
        prices=await _async_prices(hass, key, prices, used),
        injection=GasHistory(ledger=recovered(injected)),
    )
    return without_days_ahead(file, paris_today())


async def async_with_newer_days(
    hass: HomeAssistant, pce: str, key: str, file: MeterFile, rows: MeterRows
) -> MeterFile:
    """Return a file with the gas days that the recorder holds beyond its own.

    Without them, a backup that is older than the database would have their rows
    deleted. Where there are none, it is the same file.

    Args:
        hass: Home Assistant.
        pce: the meter's.
        key: the meter's.
        file: the meter's.
        rows: the file's.
    """
    today, taken = paris_today(), 0
    for direction, statistic in _ENERGIES.items():
        days, history = rows[direction].days, file.history(direction)
        if not days or history.ahead != Ledger():
            continue
        last = days[-1].gas_day
        found = await async_recover(hass, key, statistic, beyond=last)
        newer = {day: value for day, value in found.items() if last < day <= today}
        if not newer:
            continue
        ledger = with_recovered(history.ledger, newer)
        file = file.with_history(direction, replace(history, ledger=ledger))
        taken += len(newer)
    if taken:
        LOGGER.info(
            "Meter %s: %s gas days beyond its file's taken back from the recorder",
            mask_pce(pce),
            taken,
        )
    return file


async def _async_prices(
    hass: HomeAssistant, key: str, settings: PriceSettings | None, days: Daily
) -> PriceBook:
    currency = await async_currency(hass, key)
    # A price list still has all prices; an entity has few of its past ones.
    if settings is None or settings.entity is None:
        return PriceBook(currency=currency)
    costs = await async_amounts(hass, key, Statistic.COST)
    entity = settings.entity
    subscription = Price(Decimal(0), entity.subscription, entity.per)
    energies = {day: value.energy for day, value in days.items()}
    repriced = settings.reprice.asked if settings.reprice else None
    book = PriceBook(repriced=repriced, currency=currency)
    return priced_by_entity(
        book,
        [],
        recovered_prices(energies, costs, subscription),
        today=gas_day_at(dt_util.utcnow()),
        # What a gas day has cost is no doubt.
        since=date.min,
    )
