"""The actions of the integration."""

from homeassistant.core import HomeAssistant, callback

from .actions.adopt import ADOPT
from .actions.data import DATA_ACTIONS
from .actions.export import EXPORT
from .actions.fleet import FLEET_ACTIONS
from .actions.history import HISTORY_ACTIONS
from .actions.import_file import IMPORT
from .actions.rights import RIGHT_ACTIONS


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action in (
        ADOPT,
        EXPORT,
        IMPORT,
        *DATA_ACTIONS,
        *FLEET_ACTIONS,
        *HISTORY_ACTIONS,
        *RIGHT_ACTIONS,
    ):
        action.async_register(hass)
