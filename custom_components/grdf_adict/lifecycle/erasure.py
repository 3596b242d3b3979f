"""Erasing a meter for good: its statistics, its file, its proofs."""

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
    """Delete all that is stored under a meter's key: statistics, file and proofs.

    What the recorder holds of its entities is purged too. The meter must have stopped:
    a refresh would write its file again. A busy recorder deletes the rows later.
    """
    entity_ids = _entity_ids(hass, key)
    await MeterStore(hass, key).async_remove()
    await async_forget_proofs(hass, key)
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


def _entity_ids(hass: HomeAssistant, key: str) -> list[str]:
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
    return sorted(present | (deleted - registry.entities.keys()))
