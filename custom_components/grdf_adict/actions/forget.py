"""The action that erases a meter's history for good."""

from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
import voluptuous as vol

from ..const import DOMAIN
from ..contract.connection import environment_of
from ..helpers.errors import invalid
from ..helpers.ids import key_of_statistic, series_keys
from ..lifecycle.erasure import async_erase_meter
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from .target import meter_of

FORGET_METER: Final = "forget_meter"
_ATTR_CONFIRM: Final = "confirm"
_ATTR_STATISTIC_ID: Final = "statistic_id"
_FORGET_SCHEMA: Final = vol.All(
    vol.Schema(
        {
            vol.Exclusive(ATTR_DEVICE_ID, "meter"): cv.string,
            vol.Exclusive(_ATTR_STATISTIC_ID, "meter"): cv.string,
            vol.Required(_ATTR_CONFIRM): cv.boolean,
        }
    ),
    cv.has_at_least_one_key(ATTR_DEVICE_ID, _ATTR_STATISTIC_ID),
)


@callback
def async_setup_forget_action(hass: HomeAssistant) -> None:
    """Register the action: it destroys, and so needs an administrator."""
    async_register_admin_service(
        hass, DOMAIN, FORGET_METER, _async_forget_meter, _FORGET_SCHEMA
    )


async def _async_forget_meter(call: ServiceCall) -> None:
    """Erase a meter and take it out of its contract, or erase a series left behind."""
    if not call.data[_ATTR_CONFIRM]:
        raise invalid("not_confirmed")
    if ATTR_DEVICE_ID in call.data:
        keys = await _async_taken_out(call.hass, meter_of(call))
    else:
        keys = (_left_behind(call.hass, call.data[_ATTR_STATISTIC_ID]),)
    for key in keys:
        await async_erase_meter(call.hass, key)


async def _async_taken_out(
    hass: HomeAssistant, meter: MeterCoordinator
) -> tuple[str, ...]:
    """Return the keys of a meter, once it is no longer in its contract."""
    entry = meter.config_entry
    await meter.async_retire()
    hass.config_entries.async_remove_subentry(entry, meter.subentry_id)
    environment = environment_of(entry.data)
    return series_keys(environment, meter.pce, meter.meter.series)


def _left_behind(hass: HomeAssistant, statistic_id: str) -> str:
    """Return the key of a series that no meter goes on with."""
    key = key_of_statistic(statistic_id)
    if key is None:
        raise invalid("not_a_series")
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if any(
        meter.key == key
        for entry in entries
        for meter in entry.runtime_data.meters.values()
    ):
        raise invalid("series_in_use")
    return key
