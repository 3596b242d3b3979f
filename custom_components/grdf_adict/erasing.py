"""Erasing what is kept of a meter, for good."""

from homeassistant.components.recorder.const import DOMAIN as RECORDER_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .meter_id import is_under_key
from .proof_files import async_forget_proofs
from .statistics import async_erase_statistics
from .store import MeterStore


async def async_erase_meter(hass: HomeAssistant, key: str) -> None:
    """Erase all that is kept under a meter's key: nothing brings it back.

    That is our statistics, what the recorder kept of the meter's entities, the proofs
    of its consent, and the meter's file. The file goes last: until then, erasing can be
    tried again.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
    """
    entity_ids = _entity_ids(hass, key)
    if entity_ids:
        await hass.services.async_call(
            RECORDER_DOMAIN,
            "purge_entities",
            {ATTR_ENTITY_ID: entity_ids, "keep_days": 0},
            blocking=True,
        )
    await async_erase_statistics(hass, key, entity_ids)
    await async_forget_proofs(hass, key)
    await MeterStore(hass, key).async_remove()


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
