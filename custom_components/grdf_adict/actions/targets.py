"""Which meters the target of a trigger or a condition names."""

from collections.abc import Iterator
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..const import DOMAIN
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry


@callback
def meters_of(
    hass: HomeAssistant, target: dict[str, Any]
) -> Iterator[tuple[MeterCoordinator, str]]:
    """Yield the loaded meters that a target names, each with its device's id.

    It is looked up each time: areas and labels change. A meter is named by its device,
    or by any of its entities, diagnostic ones included.
    """
    selected = async_extract_referenced_entity_ids(
        hass, TargetSelection(target), primary_entities_only=False
    )
    entities = er.async_get(hass)
    named = selected.referenced_devices | {
        entity.device_id
        for entity_id in selected.referenced | selected.indirectly_referenced
        if (entity := entities.async_get(entity_id)) is not None
    }
    for meter, device_id in _loaded(hass):
        if device_id in named:
            yield meter, device_id


def _loaded(hass: HomeAssistant) -> Iterator[tuple[MeterCoordinator, str]]:
    devices = dr.async_get(hass)
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for meter in entry.runtime_data.meters.values():
            device = devices.async_get_device_by_identifier(
                (DOMAIN, meter.key), entry.entry_id
            )
            if device is not None:
                yield meter, device.id
