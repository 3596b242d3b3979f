"""The actions that rewrite a meter's statistics, or erase them."""

from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..contract.candidates import written_keys
from ..contract.connection import environment_of
from ..helpers.errors import invalid, not_done
from ..helpers.ids import key_of_statistic, series_keys
from ..helpers.recorder import RecorderBusyError
from ..lifecycle.erasure import async_erase_meter
from ..lifecycle.leftovers import async_update_leftovers
from ..meters.coordinator import MeterCoordinator
from .action import METER, ServiceAction
from .target import account_of_meter, meter_of

_ATTR_CONFIRM: Final = "confirm"
_ATTR_FROM_GRDF: Final = "from_grdf"
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
_REBUILD_SCHEMA: Final = vol.Schema(
    {**METER, vol.Optional(_ATTR_FROM_GRDF, default=False): cv.boolean}
)


async def _async_forget_meter(call: ServiceCall) -> None:
    """Erase a meter and remove it from its contract, or erase a series without one."""
    if not call.data[_ATTR_CONFIRM]:
        raise invalid("not_confirmed")
    if ATTR_DEVICE_ID in call.data:
        keys = await _async_removed(call.hass, meter_of(call))
    else:
        keys = (_unused(call.hass, call.data[_ATTR_STATISTIC_ID]),)
    for key in keys:
        await async_erase_meter(call.hass, key)
    await async_update_leftovers(call.hass)


async def _async_removed(
    hass: HomeAssistant, meter: MeterCoordinator
) -> tuple[str, ...]:
    """Remove a meter from its contract; return the keys of its series."""
    entry = meter.config_entry
    await meter.async_end()
    hass.config_entries.async_remove_subentry(entry, meter.subentry_id)
    return series_keys(environment_of(entry.data), meter.pce, meter.meter.series)


def _unused(hass: HomeAssistant, statistic_id: str) -> str:
    """Return the key of a series that no meter writes, loaded or not."""
    key = key_of_statistic(statistic_id)
    if key is None:
        raise invalid("not_a_series")
    if key in written_keys(hass):
        raise invalid("series_in_use")
    return key


async def _async_rebuild_statistics(call: ServiceCall) -> None:
    """Write all rows of a meter anew; with `from_grdf`, GRDF's data are read first."""
    meter = meter_of(call)
    if call.data[_ATTR_FROM_GRDF]:
        account_of_meter(meter)  # raises where there is no contract
        await meter.book.async_forget_answers()
        await meter.async_refresh()
        if not meter.last_update_success:
            raise not_done("rebuild_failed") from meter.last_exception
    try:
        await meter.async_compare(rewrite=True)
    except RecorderBusyError as err:
        raise not_done("recorder_busy") from err


HISTORY_ACTIONS: Final = (
    ServiceAction(
        "forget_meter", _async_forget_meter, _FORGET_SCHEMA, SupportsResponse.NONE
    ),
    ServiceAction(
        "rebuild_statistics",
        _async_rebuild_statistics,
        _REBUILD_SCHEMA,
        SupportsResponse.NONE,
    ),
)
