"""The actions of the integration."""

from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.update_coordinator import UpdateFailed
import voluptuous as vol

from .actions.adopt import async_setup_adopt_action
from .actions.data import async_setup_data_actions
from .actions.export import async_setup_export_action
from .actions.fleet import async_setup_fleet_actions
from .actions.forget import async_setup_forget_action
from .actions.import_file import async_setup_import_action
from .actions.rights import async_setup_right_actions
from .actions.target import account_of_meter, meter_of
from .const import DOMAIN
from .helpers.errors import not_done
from .helpers.recorder import RecorderBusyError

REBUILD_STATISTICS: Final = "rebuild_statistics"
_ATTR_FROM_GRDF: Final = "from_grdf"
_REBUILD_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(_ATTR_FROM_GRDF, default=False): cv.boolean,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; those that rewrite or destroy need an administrator."""
    async_setup_adopt_action(hass)
    async_setup_data_actions(hass)
    async_setup_import_action(hass)
    async_setup_export_action(hass)
    async_setup_right_actions(hass)
    async_setup_forget_action(hass)
    async_setup_fleet_actions(hass)
    async_register_admin_service(
        hass, DOMAIN, REBUILD_STATISTICS, _async_rebuild_statistics, _REBUILD_SCHEMA
    )


async def _async_rebuild_statistics(call: ServiceCall) -> None:
    """Write all rows of a meter anew, asking GRDF first if so wished."""
    meter = meter_of(call)
    if call.data[_ATTR_FROM_GRDF]:
        account_of_meter(meter)  # raises where there is no contract
        await meter.async_forget_answers()
        await meter.async_refresh()
        if not meter.last_update_success:
            raise not_done("rebuild_failed") from meter.last_exception
    try:
        await meter.async_compare(rewrite=True)
    except UpdateFailed as err:
        raise not_done("write_failed") from err
    except RecorderBusyError as err:
        raise not_done("recorder_busy") from err
