"""A meter's device in Home Assistant's registry."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..adict import Frequency
from ..const import DOMAIN
from .data import MeterData
from .meter import Meter


def meter_device_info(meter: Meter, data: MeterData) -> DeviceInfo:
    """Return the device of a meter."""
    return DeviceInfo(
        identifiers={(DOMAIN, meter.key)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="GRDF",
        model=_model(data),
        name=meter.title,
    )


@callback
def async_update_device(
    hass: HomeAssistant, entry: ConfigEntry, meter: Meter, data: MeterData
) -> None:
    """Update a meter's name, or its model once GRDF has given it."""
    registry, owner = dr.async_get(hass), entry.entry_id
    device = registry.async_get_device_by_identifier((DOMAIN, meter.key), owner)
    if device is not None:
        registry.async_update_device(device.id, name=meter.title, model=_model(data))


def _model(data: MeterData) -> str | None:
    frequency = data.facts.frequency
    return None if frequency is Frequency.UNKNOWN else frequency.value
