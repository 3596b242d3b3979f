"""The sensors of a meter, those that come and go included."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .adict import FlowDirection
from .entities.adding import (
    EntityGroup,
    EntityGroups,
    async_add_meter_entities,
    consumes,
)
from .entities.comparison_sensors import (
    COMPARISON_SENSORS,
    HEATING_SENSORS,
    PUBLISHED_SENSORS,
)
from .entities.contract import account_sensors, async_add_job_sensor
from .entities.entity import MeterEntity, MeterSensorEntityDescription
from .entities.group import async_setup_group_sensors
from .entities.meter_sensors import (
    CONSUMPTION_SENSORS,
    CONTRACT_CONSUMPTION_SENSORS,
    CONTRACT_SENSORS,
    COST_SENSORS,
    INJECTION_SENSORS,
    SENSORS,
)
from .entities.rights import RIGHT_SENSORS, RightSensor, right_groups
from .entities.state import STATE, StateSensor
from .helpers.clock import paris_today
from .meters.coordinator import MeterCoordinator
from .runtime import GrdfConfigEntry

PARALLEL_UPDATES = 0
# Of the contract's count of calls; what meters show is told when it changes.
SCAN_INTERVAL = timedelta(minutes=5)


class MeterSensor(MeterEntity, SensorEntity):
    """A figure of one meter."""

    entity_description: MeterSensorEntityDescription

    @property
    @override
    def native_value(self) -> StateType | date | datetime:
        """The value as of today in France."""
        return self.entity_description.value_fn(self.coordinator.data, paris_today())

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """What explains the value."""
        return self.entity_description.attributes_fn(self.coordinator.data)


class CostSensor(MeterSensor):
    """An amount of money of one meter."""

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        """Home Assistant's currency."""
        return self.hass.config.currency


def _has_contract(meter: MeterCoordinator) -> bool:
    return meter.contract is not None


GROUPS: Final[EntityGroups] = (
    *right_groups(RightSensor, RIGHT_SENSORS),
    EntityGroup(StateSensor, [STATE]),
    EntityGroup(MeterSensor, SENSORS),
    EntityGroup(MeterSensor, CONTRACT_SENSORS, _has_contract),
    EntityGroup(MeterSensor, CONSUMPTION_SENSORS, consumes),
    EntityGroup(MeterSensor, COMPARISON_SENSORS, consumes),
    EntityGroup(
        MeterSensor,
        (*CONTRACT_CONSUMPTION_SENSORS, *PUBLISHED_SENSORS),
        lambda meter: _has_contract(meter) and consumes(meter),
    ),
    EntityGroup(
        MeterSensor,
        HEATING_SENSORS,
        lambda meter: meter.meter.outdoor is not None and consumes(meter),
    ),
    EntityGroup(
        CostSensor,
        COST_SENSORS,
        lambda meter: meter.meter.prices is not None and consumes(meter),
    ),
    EntityGroup(
        MeterSensor,
        INJECTION_SENSORS,
        lambda meter: FlowDirection.PRODUCTION in meter.directions,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the contract, of every meter and group, as they come."""
    async_add_entities(account_sensors(entry.runtime_data.account))
    async_add_job_sensor(hass, entry, async_add_entities)
    async_setup_group_sensors(hass, entry, async_add_entities)
    await async_add_meter_entities(
        hass, entry, async_add_entities, Platform.SENSOR, GROUPS
    )
