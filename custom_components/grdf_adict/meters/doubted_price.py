"""The repair of a meter whose price entity gives a price that jumps."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..adict import mask_pce
from ..const import Issue
from ..helpers.issues import Repair, async_clear_issue, async_show_issue
from ..helpers.texts import escaped
from ..metering.price import PriceBook, doubted_prices
from ..prices.texts import jump_texts
from .meter import Meter


def show_doubted_price(
    hass: HomeAssistant, entry: ConfigEntry, meter: Meter, prices: PriceBook
) -> None:
    """Show the repair while a price is doubted; else remove it."""
    entity = meter.prices.entity if meter.prices else None
    doubts = doubted_prices(prices) if entity else []
    if entity is None or not doubts:
        async_clear_issue(hass, entry, Issue.PRICE_DOUBTED, meter.subject)
        return
    repair = Repair(
        Issue.PRICE_DOUBTED,
        meter.subentry_id,
        {
            "meter": escaped(meter.title),
            "pce": mask_pce(meter.pce),
            "entity": escaped(entity.entity_id),
            **jump_texts(
                doubts[0],
                prices.currency or hass.config.currency,
                hass.config.language,
            ),
        },
        data={"subentry_id": meter.subentry_id},
    )
    async_show_issue(hass, entry, repair)
