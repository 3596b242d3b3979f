"""A config entry that is removed: people's data go, histories as was chosen."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import (
    CONF_ERASE_WITH_ENTRY,
    CONF_PCE,
    CONF_SERIES,
    DOMAIN,
    SUBENTRY_TYPE_GROUP,
    SUBENTRY_TYPE_METER,
)
from ..contract.candidates import meter_owners
from ..contract.connection import environment_of
from ..helpers.ids import series_keys
from ..helpers.issues import async_clear_entry_issues
from ..meters.group import async_erase_group
from ..storage.contract_file import ContractStore
from ..storage.job_file import JobStore
from ..storage.left_files import async_erase_files_of_entries
from ..storage.proofs import async_forget_proofs, async_keys_with_proofs
from ..storage.recording import RecordingStore
from .erasure import async_erase_meter, entity_ids_of
from .leftovers import async_show_leftovers
from .settings import async_keep_settings


async def async_remove(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Erase what is stored of an entry that is removed, and show what stays.

    Names, mails, jobs, recordings and proofs go at once. The histories of its meters
    stay, with what was set of them, unless their erasure was chosen in its options.
    """
    await ContractStore(hass, entry.entry_id).async_remove()
    await JobStore(hass, entry.entry_id).async_remove()
    await RecordingStore(hass, entry.entry_id).async_remove()
    others = {each.entry_id for each in hass.config_entries.async_entries(DOMAIN)}
    await async_erase_files_of_entries(hass, others - {entry.entry_id})
    await _async_forget_proofs(hass, entry)
    async_clear_entry_issues(hass, entry)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER):
        keys = series_keys(
            environment_of(entry.data),
            subentry.data[CONF_PCE],
            subentry.data.get(CONF_SERIES, 1),
        )
        ids = {each for key in keys for each in entity_ids_of(hass, key)}
        await async_keep_settings(hass, entry, subentry, tuple(sorted(ids)))
        if entry.options.get(CONF_ERASE_WITH_ENTRY):
            for key in keys:
                await async_erase_meter(hass, key)
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        await async_erase_group(hass, subentry.subentry_id)
    await async_show_leftovers(hass)


async def _async_forget_proofs(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete the proofs of every PCE that no other entry has as a meter."""
    kept = {key for key, owner in meter_owners(hass).items() if owner is not entry}
    for key in await async_keys_with_proofs(hass) - kept:
        await async_forget_proofs(hass, key)
