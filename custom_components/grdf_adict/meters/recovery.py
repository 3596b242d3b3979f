"""A meter's file, lost with its storage, started anew from the recorder's rows."""

from decimal import Decimal

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import mask_pce
from ..const import LOGGER
from ..external_statistics.rows import (
    async_recover,
    async_recover_costs,
    async_recover_injection,
)
from ..metering import Daily, gas_day_at, recovered
from ..metering.price import Price, PriceBook, priced_by_entity, recovered_prices
from ..prices.settings import PriceSettings
from ..storage.meter_file import GasHistory, MeterFile


async def async_recovered_file(
    hass: HomeAssistant, pce: str, key: str, prices: PriceSettings | None
) -> MeterFile:
    """Return what the recorder still tells of a meter; an empty file where nothing."""
    outlived = await async_recover(hass, key)
    injected = await async_recover_injection(hass, key)
    if outlived or injected:
        LOGGER.info(
            "Meter %s: %s gas days taken back from the recorder",
            mask_pce(pce),
            len(outlived) + len(injected),
        )
    return MeterFile(
        ledger=recovered(outlived),
        prices=await _async_prices(hass, key, prices, outlived),
        injection=GasHistory(ledger=recovered(injected)),
    )


async def _async_prices(
    hass: HomeAssistant, key: str, settings: PriceSettings | None, days: Daily
) -> PriceBook:
    # A price list tells all prices again; an entity has forgotten most of its own.
    if settings is None or settings.entity is None:
        return PriceBook()
    costs = await async_recover_costs(hass, key)
    entity = settings.entity
    subscription = Price(Decimal(0), entity.subscription, entity.per)
    energies = {day: value.energy for day, value in days.items()}
    book = PriceBook(repriced=settings.reprice.asked if settings.reprice else None)
    return priced_by_entity(
        book,
        [],
        recovered_prices(energies, costs, subscription),
        today=gas_day_at(dt_util.utcnow()),
    )
