"""French gas meters in the Energy dashboard, through GRDF's official ADICT API."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .dashboard.dashboard import async_energy_dashboard
from .exchange.recording_view import async_setup_recording_view
from .helpers.internals import log_missing
from .jobs.template_view import async_setup_template
from .lifecycle.entry import async_restore, async_start
from .lifecycle.removal import async_remove
from .runtime import GrdfConfigEntry
from .services import async_setup_services
from .storage.left_files import async_erase_files_of_entries

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions."""
    log_missing(hass)

    @callback
    def update_issues() -> None:
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            entry.runtime_data.issues.update_all()

    async def watch_dashboard(_: HomeAssistant) -> None:
        if (dashboard := await async_energy_dashboard(hass)) is not None:
            dashboard.preferences.async_listen(update_issues)
            update_issues()

    async_at_started(hass, watch_dashboard)
    await async_erase_files_of_entries(
        hass, {entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)}
    )
    async_setup_services(hass)
    async_setup_template(hass)
    async_setup_recording_view(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Set up a contract and its meters from storage: no call, no waiting."""
    entry.runtime_data = await async_restore(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_start(hass, entry, entry.runtime_data)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Unload a contract and its meters."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    """Remove what is stored of the contract; histories stay, or go as was chosen."""
    await async_remove(hass, entry)
