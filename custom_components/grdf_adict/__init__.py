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

from .actions.fleet import async_setup_fleet_actions
from .actions.forget import async_setup_forget_action
from .const import DOMAIN, SUBENTRY_TYPE_GROUP, SUBENTRY_TYPE_METER
from .contract.connection import holds_contract
from .contract.coordinator import AccountCoordinator
from .contract.entry_account import FilesAccount
from .dashboard.dashboard import async_setup_dashboard
from .entities.device import async_update_device
from .entities.entity import new_meter_signal, prices_signal
from .exchange.folder_watch import FolderWatch
from .helpers.issues import async_clear_entry_issues, async_clear_meter_issues
from .jobs.runner import FleetRunner
from .jobs.template_view import async_setup_template
from .lifecycle.deleted import (
    async_note_departure,
    async_note_return,
    async_tell_departures,
)
from .lifecycle.handover import has_new_series
from .metering.gas_day import PARIS
from .meters.coordinator import MeterCoordinator
from .meters.group import (
    GroupCoordinator,
    async_erase_group,
    async_groups_updated,
    async_leave_groups,
)
from .runtime import GrdfConfigEntry, GrdfData
from .services import async_setup_services
from .storage.contract_file import AccountStore
from .storage.job_file import FleetStore
from .watch.issue_keeper import RightWatch
from .watch.new_rights import async_watch_new_rights

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions."""

    @callback
    def look_again() -> None:
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            entry.runtime_data.watch.look_at_all()

    async def watch_dashboard(_: HomeAssistant) -> None:
        await async_setup_dashboard(hass, look_again)

    async_at_started(hass, watch_dashboard)
    async_setup_services(hass)
    async_setup_forget_action(hass)
    async_setup_fleet_actions(hass)
    async_setup_template(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Set up a contract and its meters from what was kept: no call, no waiting."""
    has_contract = holds_contract(entry.data)
    account = (AccountCoordinator if has_contract else FilesAccount)(hass, entry)
    await account.async_restore()
    watch = RightWatch(hass, entry)
    fleet = FleetRunner(hass, entry)
    await fleet.async_restore()
    entry.runtime_data = GrdfData(
        account=account, configured=dict(entry.data), watch=watch, fleet=fleet
    )
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        await _async_restore_meter(hass, entry, subentry)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        entry.runtime_data.groups[subentry.subentry_id] = GroupCoordinator(
            hass, entry, subentry
        )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for meter in entry.runtime_data.meters.values():
        meter.async_start(partial(async_update_device, hass, entry, meter))
    for group in entry.runtime_data.groups.values():
        group.async_start()

    watch.look_at_all()
    entry.async_on_unload(account.async_add_listener(watch.look_at_all))
    async_tell_departures(hass, entry)
    if has_contract:
        entry.async_on_unload(async_watch_new_rights(hass, entry))
    entry.async_on_unload(fleet.async_stop)

    @callback
    def started(_: HomeAssistant) -> None:
        entry.runtime_data.started.set()
        fleet.async_resume()
        entry.async_create_background_task(
            hass, _async_compare_all(entry), f"{DOMAIN} compare statistics"
        )

    entry.async_on_unload(async_at_started(hass, started))
    entry.async_on_unload(entry.add_update_listener(_async_entry_updated))
    entry.async_on_unload(_track_new_days(hass, entry))
    FolderWatch(hass, entry).async_start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> bool:
    """Unload a contract and its meters."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    """Remove what was kept of the contract; histories and ledgers stay."""
    await AccountStore(hass, entry.entry_id).async_remove()
    await FleetStore(hass, entry.entry_id).async_remove()
    async_clear_entry_issues(hass, entry)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        await async_erase_group(hass, subentry.subentry_id)


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
    for group in list(entry.runtime_data.groups.values()):
        await group.async_refresh()


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
        async_leave_groups(hass, entry, subentry_id)
        await async_note_departure(hass, entry, meter)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        known = data.meters.get(subentry.subentry_id)
        if known is not None and has_new_series(known, subentry):
            await data.meters.pop(subentry.subentry_id).async_shutdown()
            known = None
        if known is None:
            await async_note_return(hass, entry, subentry)
            meter = await _async_restore_meter(hass, entry, subentry)
            async_dispatcher_send(hass, new_meter_signal(entry), meter)
            meter.async_start(partial(async_update_device, hass, entry, meter))
            if not meter.has_contract:
                # No refresh is due soon that would write its rows.
                entry.async_create_background_task(
                    hass, meter.async_compare_or_say(), f"{meter.name} files"
                )
        else:
            async_update_device(hass, entry, known)
            if known.async_take_settings():
                async_dispatcher_send(hass, prices_signal(entry), known)
    await async_groups_updated(hass, entry)
    data.watch.look_at_all()


def _track_new_days(hass: HomeAssistant, entry: GrdfConfigEntry) -> CALLBACK_TYPE:
    """Let "this month" and "this year" begin anew at midnight in France."""

    @callback
    def on_the_hour(now: datetime) -> None:
        if now.astimezone(PARIS).hour == 0:
            entry.runtime_data.watch.look_at_all()
            for meter in entry.runtime_data.meters.values():
                meter.async_update_listeners()
            for group in entry.runtime_data.groups.values():
                group.async_update_listeners()
            if now.astimezone(PARIS).day == 1:
                entry.async_create_background_task(
                    hass, _async_compare_all(entry), f"{DOMAIN} a new month"
                )

    return async_track_utc_time_change(hass, on_the_hour, minute=0, second=0)
