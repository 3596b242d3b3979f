"""What a config entry holds: set up, started, and updated with its subentries."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.helpers.start import async_at_started

from ..adict import PARIS
from ..const import CONF_SERIES, DOMAIN, SUBENTRY_TYPE_GROUP, SUBENTRY_TYPE_METER
from ..contract.connection import holds_contract
from ..contract.coordinator import ContractCoordinator, EntryCoordinator
from ..contract.recording import AnswerRecording
from ..exchange.folder_watch import FolderWatch
from ..helpers.guard import REFRESH
from ..helpers.issues import async_clear_meter_issues
from ..helpers.signals import (
    new_group_signal,
    new_meter_signal,
    refreshed_signal,
    settings_signal,
)
from ..jobs.runner import JobRunner
from ..meters.coordinator import MeterCoordinator
from ..meters.group import GroupCoordinator, async_leave_groups
from ..runtime import GrdfData
from ..watch.currency import async_watch_currency
from ..watch.issue_keeper import IssueKeeper
from ..watch.new_rights import async_watch_new_rights
from ..watch.renamed_entities import async_follow_renames
from .deleted import async_note_deleted, async_note_return, async_show_deleted
from .leftovers import async_update_leftovers
from .settings import (
    async_keep_changed,
    async_restore_settings,
)


async def async_restore(hass: HomeAssistant, entry: ConfigEntry) -> GrdfData:
    """Return what an entry holds, from storage: no call, no waiting."""
    kind = ContractCoordinator if holds_contract(entry.data) else EntryCoordinator
    account = kind(hass, entry)
    await account.async_restore()
    meters: dict[str, MeterCoordinator] = {}
    data = GrdfData(
        account=account,
        configured=dict(entry.data),
        issues=IssueKeeper(account, meters),
        jobs=JobRunner(hass, entry, account),
        meters=meters,
    )
    with account.guard.at("stored job"):
        await data.jobs.async_restore()
    if account.contract is not None:
        data.recording = AnswerRecording(hass, entry, account.contract.client)
        with account.guard.at("recording"):
            await data.recording.async_restore()
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        with account.guard.at(f"set-up of meter {subentry.subentry_id}"):
            await async_restore_settings(hass, entry, subentry, data.kept_settings)
            await _async_restore_meter(data, subentry)
    with account.guard.at("settings of meters"):
        await async_keep_changed(hass, entry, data.kept_settings)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        with account.guard.at(f"set-up of group {subentry.subentry_id}"):
            _add_group(data, subentry)
    return data


@callback
def async_start(hass: HomeAssistant, entry: ConfigEntry, data: GrdfData) -> None:
    """Start refreshes, repairs and jobs: the platforms are set up."""
    guard = data.account.guard
    for meter in data.meters.values():
        with meter.guard.at(REFRESH):
            meter.async_start()
    for group in data.groups.values():
        with group.guard.at(REFRESH):
            group.async_start()
    with guard.at("repairs"):
        data.issues.update_all()
    with guard.at("repairs of deleted meters"):
        async_show_deleted(hass, data.account)

    @callback
    def started(_: HomeAssistant) -> None:
        data.started.set()
        with guard.at("job over many PCE"):
            data.jobs.async_resume()
        entry.async_create_background_task(
            hass, _async_compare_all(data), f"{DOMAIN} compare statistics"
        )
        entry.async_create_background_task(
            hass, async_update_leftovers(hass), f"{DOMAIN} what is left"
        )

    async def updated(hass: HomeAssistant, entry: ConfigEntry) -> None:
        await _async_updated(data)

    stops = [
        data.account.async_add_listener(data.issues.update_all),
        async_dispatcher_connect(
            hass,
            refreshed_signal(entry.entry_id),
            guard.listener(data.issues.update),
        ),
        data.jobs.async_stop,
        async_at_started(hass, started),
        entry.add_update_listener(updated),
        _track_new_days(data),
    ]
    if data.recording is not None:
        stops.append(data.recording.async_pause)
    if data.account.contract is not None:
        with guard.at("watch for new rights"):
            stops.append(async_watch_new_rights(hass, data.account.contract))
    with guard.at("watch for renamed entities"):
        stops.append(async_follow_renames(hass, entry, guard))
    with guard.at("watch for the currency"):
        stops.append(async_watch_currency(hass, entry, data.meters, guard))
    for stop in stops:
        entry.async_on_unload(stop)
    with guard.at("watched folder"):
        FolderWatch(hass, entry).async_start()


async def _async_restore_meter(
    data: GrdfData, subentry: ConfigSubentry
) -> MeterCoordinator:
    account = data.account
    meter = MeterCoordinator(
        account.hass,
        account.config_entry,
        subentry,
        account,
        started=data.started,
        entity_lock=data.entity_lock,
    )
    await meter.async_restore()
    data.meters[subentry.subentry_id] = meter
    return meter


def _add_group(data: GrdfData, subentry: ConfigSubentry) -> GroupCoordinator:
    hass, entry = data.account.hass, data.account.config_entry
    group = GroupCoordinator(hass, entry, subentry, data.meters, started=data.started)
    data.groups[subentry.subentry_id] = group
    return group


async def _async_compare_all(data: GrdfData) -> None:
    for meter in list(data.meters.values()):
        await meter.async_compare_or_log()
    for group in list(data.groups.values()):
        await group.async_refresh()


async def _async_updated(data: GrdfData) -> None:
    """Apply a change of the entry; meters and groups need no reload."""
    hass, entry = data.account.hass, data.account.config_entry
    if dict(entry.data) != data.configured:
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
    for subentry_id in data.meters.keys() - entry.subentries.keys():
        meter = data.meters.pop(subentry_id)
        await meter.async_shutdown()
        async_clear_meter_issues(hass, subentry_id)
        async_leave_groups(hass, entry, subentry_id)
        await async_note_deleted(hass, data.account, meter)
        meter.async_write_no_more()
    # What is set of a meter that returns is another change, while it is being set up.
    async with data.updating:
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
            with data.account.guard.at(f"set-up of meter {subentry.subentry_id}"):
                await _async_meter_updated(data, subentry)
        await _async_groups_updated(data)
        with data.account.guard.at("settings of meters"):
            await async_keep_changed(hass, entry, data.kept_settings)
            await async_update_leftovers(hass)
    data.issues.update_all()


async def _async_meter_updated(data: GrdfData, subentry: ConfigSubentry) -> None:
    hass, entry = data.account.hass, data.account.config_entry
    subentry_id = subentry.subentry_id
    known = data.meters.get(subentry_id)
    series = subentry.data.get(CONF_SERIES, 1)
    if known is not None and known.meter.series == series:
        if known.async_take_settings():
            async_dispatcher_send(hass, settings_signal(entry.entry_id), subentry_id)
        return
    if known is not None:
        await data.meters.pop(subentry_id).async_shutdown()
    await async_note_return(hass, data.account, subentry)
    await async_restore_settings(hass, entry, subentry, data.kept_settings)
    meter = await _async_restore_meter(data, subentry)
    async_dispatcher_send(hass, new_meter_signal(entry.entry_id), subentry_id)
    meter.async_start()
    if meter.contract is None:
        # No refresh that would write its rows is due soon.
        entry.async_create_background_task(
            hass, meter.async_compare_or_log(), f"{meter.name} files"
        )


async def _async_groups_updated(data: GrdfData) -> None:
    hass, entry = data.account.hass, data.account.config_entry
    for subentry_id in data.groups.keys() - entry.subentries.keys():
        await data.groups.pop(subentry_id).async_retire()
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        subentry_id = subentry.subentry_id
        if (known := data.groups.get(subentry_id)) is not None:
            known.async_take_settings()
            continue
        group = _add_group(data, subentry)
        async_dispatcher_send(hass, new_group_signal(entry.entry_id), subentry_id)
        group.async_start()


def _track_new_days(data: GrdfData) -> CALLBACK_TYPE:
    """Begin "this month" and "this year" at midnight in France."""
    hass, entry = data.account.hass, data.account.config_entry

    @callback
    def on_the_hour(now: datetime) -> None:
        in_france = now.astimezone(PARIS)
        if in_france.hour != 0:
            return
        for meter in data.meters.values():
            meter.async_update_health()
        with data.account.guard.at("repairs"):
            data.issues.update_all()
        for group in data.groups.values():
            group.async_update_listeners()
        if in_france.day == 1:
            entry.async_create_background_task(
                hass, _async_compare_all(data), f"{DOMAIN} a new month"
            )

    return async_track_utc_time_change(hass, on_the_hour, minute=0, second=0)
