"""Deleted meters: Home Assistant asks nothing as it deletes, so we do once, after."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..adict import mask_pce
from ..const import CONF_PCE, DOMAIN
from ..contract.connection import environment_of
from ..helpers.ids import series_keys
from ..helpers.issues import Issue
from ..metering.gas_day import paris_date
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from ..storage.contract_file import Departed


async def async_note_departure(
    hass: HomeAssistant, entry: GrdfConfigEntry, meter: MeterCoordinator
) -> None:
    """Take note of a meter that was deleted, and ask what becomes of what is left."""
    history = not meter.is_retired and (meter.data.days or meter.series > 1)
    today = paris_date(dt_util.utcnow())
    environment = environment_of(entry.data)
    left = Departed(
        meter.pce,
        keys=series_keys(environment, meter.pce, meter.series) if history else (),
        rights=tuple(
            right.id
            for right in meter.rights.all
            if right.id and right.standing(today).is_living
        ),
    )
    if left.keys or left.rights:
        account = entry.runtime_data.account
        await account.async_keep_departed({**account.departed, meter.subentry_id: left})
        async_tell_departures(hass, entry)


async def async_note_return(
    hass: HomeAssistant, entry: GrdfConfigEntry, subentry: ConfigSubentry
) -> None:
    """Ask no more about a meter that was deleted and is here again."""
    for name, left in entry.runtime_data.account.departed.items():
        if left.pce == subentry.data[CONF_PCE]:
            await async_forget_departure(hass, entry, name)


async def async_forget_departure(
    hass: HomeAssistant, entry: GrdfConfigEntry, name: str
) -> None:
    """Ask no more about a meter that was deleted."""
    account = entry.runtime_data.account
    await account.async_keep_departed(
        {other: left for other, left in account.departed.items() if other != name}
    )
    ir.async_delete_issue(hass, DOMAIN, _issue_id(name))


@callback
def async_tell_departures(hass: HomeAssistant, entry: GrdfConfigEntry) -> None:
    """Show the question about each deleted meter; again changes nothing."""
    for name, left in entry.runtime_data.account.departed.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            _issue_id(name),
            data={
                "entry_id": entry.entry_id,
                "subentry_id": name,
                "issue": Issue.METER_DELETED.value,
            },
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=Issue.METER_DELETED.value,
            translation_placeholders={
                "account": entry.title,
                "pce": mask_pce(left.pce),
            },
        )


def _issue_id(name: str) -> str:
    return f"{Issue.METER_DELETED}_{name}"
