"""The device of a meter, kept in step with what is known of it."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..adict import Frequency
from ..const import DOMAIN
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry


def meter_device_info(meter: MeterCoordinator) -> DeviceInfo:
    """Return what Home Assistant shows of a meter."""
    return DeviceInfo(
        identifiers={(DOMAIN, meter.key)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="GRDF",
        model=_model(meter),
        name=meter.title,
    )


@callback
def async_update_device(
    hass: HomeAssistant, entry: GrdfConfigEntry, meter: MeterCoordinator
) -> None:
    """Tell the registry of a new name, or of what GRDF said of the meter."""
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, meter.key), entry.entry_id
    )
    if device is None or (device.name, device.model) == (meter.title, _model(meter)):
        return
    registry.async_update_device(device.id, name=meter.title, model=_model(meter))


def _model(meter: MeterCoordinator) -> str | None:
    frequency = meter.data.facts.frequency
    return None if frequency is Frequency.UNKNOWN else frequency.value
