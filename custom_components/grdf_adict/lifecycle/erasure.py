"""Erasing a meter for good: its statistics, its ledger, its files."""

from homeassistant.components.recorder.const import DOMAIN as RECORDER_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN, LOGGER
from ..external_statistics.rows import async_erase_statistics
from ..helpers.ids import is_under_key
from ..helpers.recorder import RecorderBusyError
from ..storage.meter_file import MeterStore
from ..storage.proofs import async_forget_proofs


async def async_erase_meter(hass: HomeAssistant, key: str) -> None:
    """Delete everything that is kept under a meter's key; nothing brings it back.

    That is our statistics, what the recorder kept of the meter's entities, the meter's
    file and proofs. The meter must have stopped: what still refreshes it would write it
    anew. Rows that a busy recorder has not deleted on return are deleted when it comes
    to them.

    Args:
        hass: whose recorder and storage hold it.
        key: the meter's.
    """
    entity_ids = _entity_ids(hass, key)
    await MeterStore(hass, key).async_remove()
    await async_forget_proofs(hass, key)
    if entity_ids:
        await hass.services.async_call(
            RECORDER_DOMAIN,
            "purge_entities",
            {ATTR_ENTITY_ID: entity_ids, "keep_days": 0},
            blocking=True,
        )
    try:
        await async_erase_statistics(hass, key, entity_ids)
    except RecorderBusyError:
        LOGGER.warning("The recorder is busy: a meter's statistics are erased later")


def _entity_ids(hass: HomeAssistant, key: str) -> list[str]:
    """Return the ids that the meter's entities have, or had and nobody else took."""
    registry = er.async_get(hass)
    ours = {
        entity.entity_id
        for entity in registry.entities.values()
        if entity.platform == DOMAIN and is_under_key(entity.unique_id, key)
    }
    gone = {
        entity.entity_id
        for entity in registry.deleted_entities.values()
        if entity.platform == DOMAIN and is_under_key(entity.unique_id, key)
    }
    return sorted(ours | (gone - registry.entities.keys()))
