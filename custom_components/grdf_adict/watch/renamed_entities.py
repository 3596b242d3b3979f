"""Price entities and outdoor sensors, followed when their owner renames them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import CONF_OUTDOOR, SUBENTRY_TYPE_METER
from ..helpers.guard import Guard
from ..prices.settings import CONF_ENTITY, CONF_PRICE


@callback
def async_follow_renames(
    hass: HomeAssistant, entry: ConfigEntry, guard: Guard
) -> CALLBACK_TYPE:
    """Change the settings of meters once an entity that they read has another id."""

    def follow(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        change = event.data
        if change["action"] != "update" or "old_entity_id" not in change:
            return
        before, after = change["old_entity_id"], change["entity_id"]
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
            data = _renamed(subentry.data, before, after)
            hass.config_entries.async_update_subentry(entry, subentry, data=data)

    return hass.bus.async_listen(
        er.EVENT_ENTITY_REGISTRY_UPDATED, guard.listener(follow)
    )


def _renamed(data: Mapping[str, Any], before: str, after: str) -> Mapping[str, Any]:
    """Return a meter's settings with another id of an entity."""
    price = data.get(CONF_PRICE) or {}
    entity = price.get(CONF_ENTITY) or {}
    if entity.get(CONF_ENTITY) == before:
        data = {
            **data,
            CONF_PRICE: {**price, CONF_ENTITY: {**entity, CONF_ENTITY: after}},
        }
    if data.get(CONF_OUTDOOR) == before:
        data = {**data, CONF_OUTDOOR: after}
    return data
