"""The sensor of a meter's state."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ..health import HealthState
from .entity import MeterEntity

STATE: Final = SensorEntityDescription(
    key="state",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in HealthState],
    entity_category=EntityCategory.DIAGNOSTIC,
)


class StateSensor(MeterEntity, SensorEntity):
    """The health of one meter: its state, why, since when, what to do."""

    @property
    @override
    def available(self) -> bool:
        """Always: it shows why there are no data."""
        return True

    @property
    @override
    def native_value(self) -> str:
        return self.coordinator.data.health.state.value

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        health = self.coordinator.data.health
        return {
            "reason": health.reason,
            "since": health.since,
            "what_to_do": health.what_to_do.value,
        }
