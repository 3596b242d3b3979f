"""The base of our triggers and conditions, which changes between releases."""

from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.helpers.trigger import (
    NotTriggeredInfo,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)

__all__ = [
    "ATTR_BEHAVIOR",
    "BEHAVIOR_ALL",
    "BEHAVIOR_ANY",
    "Condition",
    "ConditionCheckParams",
    "ConditionConfig",
    "NotTriggeredInfo",
    "Trigger",
    "TriggerActionRunner",
    "TriggerConfig",
    "TriggerNotTriggeredReporter",
    "targeted_devices",
]


@callback
def targeted_devices(hass: HomeAssistant, target: dict[str, Any]) -> set[str]:
    """Return the ids of the devices of a target and of its entities, also diagnostic.

    It is evaluated each time: areas and labels change.
    """
    selected = async_extract_referenced_entity_ids(
        hass, TargetSelection(target), primary_entities_only=False
    )
    entities = er.async_get(hass)
    return selected.referenced_devices | {
        entity.device_id
        for entity_id in selected.referenced | selected.indirectly_referenced
        if (entity := entities.async_get(entity_id)) is not None
        and entity.device_id is not None
    }
