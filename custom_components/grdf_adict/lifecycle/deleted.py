"""Deleted meters: a repair asks afterwards what becomes of their data and rights."""

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
from .erasure import entity_ids_of
from .settings import async_keep_entity_ids


async def async_note_deleted(
    hass: HomeAssistant, account: EntryCoordinator, coordinator: MeterCoordinator
) -> None:
    """Store that a meter was deleted, and ask about its series and open rights."""
    meter = coordinator.meter
    keys: tuple[str, ...] = ()
    if not coordinator.book.is_retired:
        known = series_keys(meter.environment, meter.pce, meter.series)
        if coordinator.data.days or meter.series > 1 or meter.prices or meter.outdoor:
            keys = known
            await async_keep_entity_ids(
                hass,
                known[0],
                tuple(each for key in known for each in entity_ids_of(hass, key)),
            )
    today = paris_today()
    rights = tuple(
        right.id
        for right in coordinator.rights.all
        if right.id and right.standing(today).may_open
    )
    if keys or rights:
        left = Deleted(meter.pce, keys, rights)
        await account.async_keep_deleted({**account.deleted, meter.subentry_id: left})
        async_show_deleted(hass, account)


async def async_note_return(
    hass: HomeAssistant, account: EntryCoordinator, subentry: ConfigSubentry
) -> None:
    """Stop asking about a deleted meter that was added again."""
    for name, left in account.deleted.items():
        if left.pce == subentry.data[CONF_PCE]:
            await async_forget_deleted(hass, account, name)


async def async_forget_deleted(
    hass: HomeAssistant, account: EntryCoordinator, name: str
) -> None:
    """Stop asking about a deleted meter; `name` is the id that its subentry had."""
    await account.async_keep_deleted(
        {other: left for other, left in account.deleted.items() if other != name}
    )
    async_hide_issue(hass, Issue.METER_DELETED, name)


@callback
def async_show_deleted(hass: HomeAssistant, account: EntryCoordinator) -> None:
    """Show the repair about each deleted meter."""
    for name, left in account.deleted.items():
        texts, data = {"pce": mask_pce(left.pce)}, {"subentry_id": name}
        repair = Repair(Issue.METER_DELETED, name, texts, data)
        async_show_issue(hass, account.config_entry, repair)
