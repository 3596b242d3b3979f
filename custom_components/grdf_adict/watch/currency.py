"""A change of Home Assistant's currency: the user is asked what it means for costs."""

from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import Issue
from ..helpers.guard import Guard
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..helpers.signals import refreshed_signal
from ..meters.coordinator import MeterCoordinator
from ..meters.currency import priced_otherwise


@callback
def async_show_currency(
    hass: HomeAssistant, entry: ConfigEntry, meters: Mapping[str, MeterCoordinator]
) -> None:
    """Ask about the costs that are in another currency; stop where there are none."""
    currency = hass.config.currency
    if not (found := priced_otherwise(meters.values(), currency)):
        async_hide_issue(hass, Issue.CURRENCY_CHANGED, entry.entry_id)
        return
    before = sorted({str(meter.data.costs.currency) for meter in found})
    texts = {
        "before": ", ".join(before),
        "currency": currency,
        "count": str(len(found)),
    }
    async_show_issue(hass, entry, Repair(Issue.CURRENCY_CHANGED, entry.entry_id, texts))


@callback
def async_watch_currency(
    hass: HomeAssistant,
    entry: ConfigEntry,
    meters: Mapping[str, MeterCoordinator],
    guard: Guard,
) -> CALLBACK_TYPE:
    """Keep the question equal to the costs; return the function that stops it."""

    def changed(_: Event) -> None:
        async_show_currency(hass, entry, meters)

    def refreshed(_: str) -> None:
        async_show_currency(hass, entry, meters)

    async_show_currency(hass, entry, meters)
    stops = [
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, guard.listener(changed)),
        async_dispatcher_connect(
            hass, refreshed_signal(entry.entry_id), guard.listener(refreshed)
        ),
    ]

    def stop() -> None:
        for each in stops:
            each()

    return stop
