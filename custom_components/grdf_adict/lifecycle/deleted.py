"""Deleted meters: Home Assistant asks nothing as it deletes, so we do once, after."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..adict import mask_pce
from ..const import CONF_PCE, Issue
from ..contract.coordinator import EntryCoordinator
from ..helpers.clock import paris_today
from ..helpers.ids import series_keys
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..meters.coordinator import MeterCoordinator
from ..storage.contract_file import Deleted


async def async_note_deleted(
    hass: HomeAssistant, account: EntryCoordinator, coordinator: MeterCoordinator
) -> None:
    """Note that a meter was deleted, and ask what becomes of what is left of it."""
    meter = coordinator.meter
    has_history = coordinator.data.days or meter.series > 1
    keeps_history = has_history and not coordinator.is_retired
    today = paris_today()
    left = Deleted(
        meter.pce,
        keys=(
            series_keys(meter.environment, meter.pce, meter.series)
            if keeps_history
            else ()
        ),
        rights=tuple(
            right.id
            for right in coordinator.rights.all
            if right.id and right.standing(today).may_open
        ),
    )
    if left.keys or left.rights:
        await account.async_keep_deleted({**account.deleted, meter.subentry_id: left})
        async_show_deleted(hass, account)


async def async_note_return(
    hass: HomeAssistant, account: EntryCoordinator, subentry: ConfigSubentry
) -> None:
    """Ask no more about a meter that was deleted and is here again."""
    for name, left in account.deleted.items():
        if left.pce == subentry.data[CONF_PCE]:
            await async_forget_deleted(hass, account, name)


async def async_forget_deleted(
    hass: HomeAssistant, account: EntryCoordinator, name: str
) -> None:
    """Ask no more about a deleted meter; `name` is the id that its subentry had."""
    await account.async_keep_deleted(
        {other: left for other, left in account.deleted.items() if other != name}
    )
    async_hide_issue(hass, Issue.METER_DELETED, name)


@callback
def async_show_deleted(hass: HomeAssistant, account: EntryCoordinator) -> None:
    """Show the question about each deleted meter; again changes nothing."""
    for name, left in account.deleted.items():
        repair = Repair(
            Issue.METER_DELETED,
            name,
            {"pce": mask_pce(left.pce)},
            data={"subentry_id": name},
        )
        async_show_issue(hass, account.config_entry, repair)
