"""Erasing a meter for good: its statistics, its files, whatever names it."""

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN, LOGGER
from ..contract.candidates import meter_owners
from ..dashboard.dashboard import async_energy_dashboard
from ..external_statistics.rows import async_erase_statistics
from ..helpers.ids import Statistic, is_under_key, pce_key, statistic_id
from ..helpers.recorder import RecorderBusyError
from ..jobs.report import async_erase_from_reports
from ..meters.book import async_end_books
from ..storage.left_files import async_erase_copies
from ..storage.meter_file import MeterStore
from ..storage.proofs import async_forget_proofs
from ..storage.settings import SettingsStore


async def async_erase_meter(hass: HomeAssistant, key: str) -> None:
    """Delete all that is stored under a meter's key, also what is being written.

    Its statistics, its file, its sources in the Energy dashboard, and what the recorder
    holds of its entities. With the first series of a PCE that is no meter any more:
    its settings, its proofs, and its lines in reports.

    A busy recorder deletes the rows later.
    """
    await async_end_books(hass, key)
    entity_ids = await _async_known_ids(hass, key)
    await MeterStore(hass, key).async_remove()
    await _async_erase_of_pce(hass, key)
    await async_erase_copies(hass, key)
    if (dashboard := await async_energy_dashboard(hass)) is not None:
        series = {statistic_id(key, each) for each in Statistic}
        await dashboard.async_remove(series.union(entity_ids))
    if entity_ids:
        await hass.services.async_call(
            "recorder",
            "purge_entities",
            {ATTR_ENTITY_ID: entity_ids, "keep_days": 0},
            blocking=True,
        )
    try:
        await async_erase_statistics(hass, key, entity_ids)
    except RecorderBusyError:
        LOGGER.warning("The recorder is busy: a meter's statistics are erased later")


def entity_ids_of(hass: HomeAssistant, key: str) -> tuple[str, ...]:
    """Return the ids of the meter's entities, and untaken ids of deleted ones."""
    registry = er.async_get(hass)
    present, deleted = (
        {
            entity.entity_id
            for entity in entities.values()
            if entity.platform == DOMAIN and is_under_key(entity.unique_id, key)
        }
        for entities in (registry.entities, registry.deleted_entities)
    )
    return tuple(sorted(present | (deleted - registry.entities.keys())))


async def _async_erase_of_pce(hass: HomeAssistant, key: str) -> None:
    """Erase what is stored once a PCE, whichever series of it is written."""
    about = pce_key(key)
    if about is None or about.first != key or key in meter_owners(hass):
        return
    await SettingsStore(hass, key).async_remove()
    await async_forget_proofs(hass, key)
    await async_erase_from_reports(hass, about.pce)


async def _async_known_ids(hass: HomeAssistant, key: str) -> list[str]:
    """Return the ids of the meter's entities, also those that were kept with it.

    Home Assistant remembers the ids of deleted entities for a month.
    """
    kept = await SettingsStore(hass, key).async_load()
    taken = er.async_get(hass).entities
    left = {each for each in (kept.entity_ids if kept else ()) if each not in taken}
    return sorted(left.union(entity_ids_of(hass, key)))
