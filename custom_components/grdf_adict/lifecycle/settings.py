"""What a user set of a meter: kept all along, back when its PCE is added again."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant

from ..const import CONF_PCE, SUBENTRY_TYPE_METER
from ..contract.candidates import is_given_title
from ..contract.connection import environment_of
from ..helpers.ids import meter_key
from ..meters.group import async_join_groups, groups_of
from ..storage.settings import MeterSettings, SettingsStore


async def async_keep_settings(
    hass: HomeAssistant,
    entry: ConfigEntry,
    subentry: ConfigSubentry,
    entity_ids: tuple[str, ...] = (),
) -> None:
    """Keep what is set of a meter as it is now.

    Args:
        hass: Home Assistant.
        entry: the meter's.
        subentry: the meter's.
        entity_ids: of a meter that is about to be deleted, those of its entities.
    """

    def present() -> MeterSettings | None:
        # A meter that was deleted meanwhile has left its groups.
        if subentry.subentry_id not in entry.subentries:
            return None
        return _settings(entry, subentry, entity_ids)

    await _store(hass, entry, subentry).async_keep(present)


async def async_keep_changed(
    hass: HomeAssistant, entry: ConfigEntry, known: dict[str, MeterSettings]
) -> None:
    """Keep what is set of each meter of an entry where it is not as known.

    Args:
        hass: Home Assistant.
        entry: the meters'.
        known: what was kept before, by subentry id; brought up to date.
    """
    for subentry in list(entry.get_subentries_of_type(SUBENTRY_TYPE_METER)):
        settings = _settings(entry, subentry)
        if known.get(subentry.subentry_id) != settings:
            known[subentry.subentry_id] = settings
            await async_keep_settings(hass, entry, subentry)


async def async_keep_entity_ids(
    hass: HomeAssistant, key: str, entity_ids: tuple[str, ...]
) -> None:
    """Keep the ids of a deleted meter's entities; `key` is its first series'."""
    store = SettingsStore(hass, key)
    if (kept := await store.async_load()) is not None:
        settings = replace(kept, entity_ids=entity_ids)
        await store.async_keep(lambda: settings)


async def async_restore_settings(
    hass: HomeAssistant,
    entry: ConfigEntry,
    subentry: ConfigSubentry,
    known: dict[str, MeterSettings],
) -> None:
    """Set a meter that was added again as it was: what was set anew goes before.

    The name comes back unless it was given another; the groups, as far as the entry
    still has them.

    Args:
        hass: Home Assistant.
        entry: the meter's.
        subentry: the meter's.
        known: what is kept of each meter, by subentry id; brought up to date.
    """
    kept = await _store(hass, entry, subentry).async_load()
    if kept is None:
        return
    known[subentry.subentry_id] = kept
    if kept.subentry_id == subentry.subentry_id:
        return
    pce = subentry.data[CONF_PCE]
    is_named_anew = is_given_title(subentry.title, pce)
    returns = is_given_title(kept.title, pce) and not is_named_anew
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        title=kept.title if returns else subentry.title,
        data={**kept.data, **subentry.data},
    )
    async_join_groups(hass, entry, subentry.subentry_id, kept.groups)


def _store(
    hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry
) -> SettingsStore:
    key = meter_key(environment_of(entry.data), subentry.data[CONF_PCE])
    return SettingsStore(hass, key)


def _settings(
    entry: ConfigEntry, subentry: ConfigSubentry, entity_ids: tuple[str, ...] = ()
) -> MeterSettings:
    return MeterSettings(
        subentry.subentry_id,
        subentry.title,
        dict(subentry.data),
        groups_of(entry, subentry.subentry_id),
        entity_ids,
    )
