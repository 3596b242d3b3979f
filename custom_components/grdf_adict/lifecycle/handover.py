"""A new holder on a PCE: a series of its own, beside that of the one before."""

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import CONF_SERIES, DOMAIN
from ..contract.candidates import meter_subentry
from ..meters.coordinator import MeterCoordinator
from ..runtime import loaded_meters


def has_new_series(meter: MeterCoordinator, subentry: ConfigSubentry) -> bool:
    """Whether a meter's subentry names another series than the one it runs."""
    return bool(subentry.data.get(CONF_SERIES, 1) != meter.meter.series)


@callback
def async_begin_series(
    hass: HomeAssistant, entry: ConfigEntry, meter: MeterCoordinator
) -> None:
    """Begin the series of a new holder; that of the one before stays as it is.

    Entities get their names from the series before, and what the recorder kept under
    these names moves to others first: cards and automations go on, and no history
    holds the days of two customers.
    """
    registry = er.async_get(hass)
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier((DOMAIN, meter.key), entry.entry_id)
    if device is not None:
        for entity in er.async_entries_for_device(
            registry, device.id, include_disabled_entities=True
        ):
            registry.async_update_entity(
                entity.entity_id,
                new_entity_id=registry.async_get_available_entity_id(
                    entity.domain,
                    f"{entity.entity_id.partition('.')[2]}_{meter.meter.series}",
                ),
            )
        devices.async_remove_device(device.id)
    subentry = entry.subentries[meter.subentry_id]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, CONF_SERIES: meter.meter.series + 1}
    )


async def async_release(hass: HomeAssistant, owner: ConfigEntry, pce: str) -> None:
    """Take a meter out of its entry; all that is kept of it waits for its next owner.

    When this returns, nothing of the meter is being written any more, and its entities
    are gone: the next owner's get their names and go on with their history.
    """
    subentry = meter_subentry(owner, pce)
    for meter in loaded_meters(hass):
        if meter.subentry_id == subentry.subentry_id:
            await meter.async_retire()
    hass.config_entries.async_remove_subentry(owner, subentry.subentry_id)
