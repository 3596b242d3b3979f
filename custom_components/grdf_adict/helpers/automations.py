"""The base of our triggers and conditions, which changes between releases."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er

from .internals import Internal

if TYPE_CHECKING:
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
else:
    (
        ATTR_BEHAVIOR,
        BEHAVIOR_ALL,
        BEHAVIOR_ANY,
        Condition,
        _,
        ConditionCheckParams,
        ConditionConfig,
    ) = Internal.CONDITIONS.load()
    TargetSelection, async_extract_referenced_entity_ids = Internal.TARGETS.load()
    (
        NotTriggeredInfo,
        Trigger,
        TriggerActionRunner,
        TriggerConfig,
        TriggerNotTriggeredReporter,
    ) = Internal.TRIGGERS.load()

HAS_CONDITIONS: Final = not Internal.CONDITIONS.missing
HAS_TRIGGERS: Final = not Internal.TRIGGERS.missing

__all__ = [
    "ATTR_BEHAVIOR",
    "BEHAVIOR_ALL",
    "BEHAVIOR_ANY",
    "HAS_CONDITIONS",
    "HAS_TRIGGERS",
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
    devices, entity_ids = _targeted(hass, target)
    entities = er.async_get(hass)
    return devices | {
        entity.device_id
        for entity_id in entity_ids
        if (entity := entities.async_get(entity_id)) is not None
        and entity.device_id is not None
    }


def _targeted(hass: HomeAssistant, target: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return the ids of devices and of entities of a target."""
    if Internal.TARGETS.missing:
        devices, entity_ids = (
            set(cv.ensure_list(target.get(key)))
            for key in (ATTR_DEVICE_ID, ATTR_ENTITY_ID)
        )
        return devices, entity_ids
    selected = async_extract_referenced_entity_ids(
        hass, TargetSelection(target), primary_entities_only=False
    )
    return (
        selected.referenced_devices,
        selected.referenced | selected.indirectly_referenced,
    )
