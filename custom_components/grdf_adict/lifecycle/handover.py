"""A PCE that goes to a new holder or to another entry."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import CONF_SERIES, DOMAIN
from ..contract.candidates import meter_subentry
from ..meters.coordinator import MeterCoordinator
from ..runtime import loaded_meters


@callback
def async_begin_series(
    hass: HomeAssistant, entry: ConfigEntry, meter: MeterCoordinator
) -> None:
    """Begin the series of a new holder; the earlier one stays as it is.

    The new entities take over the entity ids, so that cards and automations go on. The
    earlier entities get new ids first: no history holds the days of two customers.
    """
    series = meter.meter.series
    registry = er.async_get(hass)
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier((DOMAIN, meter.key), entry.entry_id)
    if device is not None:
        for entity in er.async_entries_for_device(
            registry, device.id, include_disabled_entities=True
        ):
            name = f"{entity.entity_id.partition('.')[2]}_{series}"
            free = registry.async_get_available_entity_id(entity.domain, name)
            registry.async_update_entity(entity.entity_id, new_entity_id=free)
        devices.async_remove_device(device.id)
    subentry = entry.subentries[meter.subentry_id]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, CONF_SERIES: series + 1}
    )


async def async_release(hass: HomeAssistant, owner: ConfigEntry, pce: str) -> None:
    """Remove a meter from its entry; all that is stored of it stays for the next one.

    When this returns, nothing of the meter is being written, and its entities are
    removed: the next entry's get their ids and continue their history.
    """
    subentry = meter_subentry(owner, pce)
    for meter in loaded_meters(hass):
        if meter.subentry_id == subentry.subentry_id:
            await meter.async_retire()
    hass.config_entries.async_remove_subentry(owner, subentry.subentry_id)
