"""French gas meters in the Energy dashboard, through GRDF's official ADICT API."""

from datetime import datetime
from functools import partial

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType

from .account import AccountCoordinator
from .account_store import AccountStore
from .const import DOMAIN, SUBENTRY_TYPE_METER
from .coordinator import GrdfConfigEntry, GrdfData, MeterCoordinator
from .device import async_update_device
from .entity import new_meter_signal, prices_signal
from .issues import async_clear_meter_issues
from .metering.gas_day import PARIS
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.EVENT, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Set up a contract and its meters from what was kept: no call, no waiting."""
    account = AccountCoordinator(hass, entry)
    await account.async_restore()
    entry.runtime_data = GrdfData(account=account, configured=dict(entry.data))
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        await _async_restore_meter(hass, entry, subentry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for meter in entry.runtime_data.meters.values():
        meter.async_start(partial(async_update_device, hass, entry, meter))

    @callback
    def started(_: HomeAssistant) -> None:
        entry.runtime_data.started.set()
        entry.async_create_background_task(
            hass, _async_compare_all(entry), f"{DOMAIN} compare statistics"
        )

    entry.async_on_unload(async_at_started(hass, started))
    entry.async_on_unload(entry.add_update_listener(_async_entry_updated))
    entry.async_on_unload(_track_new_days(hass, entry))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Unload a contract and its meters."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    """Remove what was kept of the contract; histories and ledgers stay."""
    await AccountStore(hass, entry.entry_id).async_remove()


async def _async_restore_meter(
    hass: HomeAssistant, entry: GrdfConfigEntry, subentry: ConfigSubentry
) -> MeterCoordinator:
    meter = MeterCoordinator(hass, entry, subentry)
    await meter.async_restore()
    entry.runtime_data.meters[subentry.subentry_id] = meter
    return meter


async def _async_compare_all(entry: GrdfConfigEntry) -> None:
    for meter in list(entry.runtime_data.meters.values()):
        await meter.async_compare_or_say()


async def _async_entry_updated(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    """Act on what changed: meters come and go without a reload."""
    data = entry.runtime_data
    if dict(entry.data) != data.configured:
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
    for subentry_id in data.meters.keys() - entry.subentries.keys():
        meter = data.meters.pop(subentry_id)
        await meter.async_shutdown()
        async_clear_meter_issues(hass, entry, meter)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        if subentry.subentry_id not in data.meters:
            meter = await _async_restore_meter(hass, entry, subentry)
            async_dispatcher_send(hass, new_meter_signal(entry), meter)
            meter.async_start(partial(async_update_device, hass, entry, meter))
        else:
            meter = data.meters[subentry.subentry_id]
            async_update_device(hass, entry, meter)
            if meter.async_reprice():
                async_dispatcher_send(hass, prices_signal(entry), meter)


def _track_new_days(hass: HomeAssistant, entry: GrdfConfigEntry) -> CALLBACK_TYPE:
    """Let "this month" and "this year" begin anew at midnight in France."""

    @callback
    def on_the_hour(now: datetime) -> None:
        if now.astimezone(PARIS).hour == 0:
            for meter in entry.runtime_data.meters.values():
                meter.async_update_listeners()

    return async_track_utc_time_change(hass, on_the_hour, minute=0, second=0)
