"""The sensors of contracts, meters and groups."""

from collections.abc import Mapping, Sequence
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
    async_add_meter_entities,
    consumes,
    has_contract,
    knows_weather,
)
from .entities.comparison_sensors import (
    COMPARISON_SENSORS,
    HEATING_SENSORS,
    PUBLISHED_SENSORS,
)
from .entities.contract import (
    CallsTodaySensor,
    async_add_job_sensor,
    async_add_recording_sensor,
)
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
from .runtime import GrdfConfigEntry

PARALLEL_UPDATES = 0
# Of the contract's count of calls; the sensors of meters do not poll.
SCAN_INTERVAL = timedelta(minutes=5)


class MeterSensor(MeterEntity, SensorEntity):
    """A value of one meter, as of today in France."""

    entity_description: MeterSensorEntityDescription

    @property
    @override
    def suggested_object_id(self) -> str | None:
        return self.entity_description.object_id or super().suggested_object_id

    @property
    @override
    def native_value(self) -> StateType | date | datetime:
        return self.entity_description.value_fn(self.coordinator.data, paris_today())

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data, paris_today())


class CostSensor(MeterSensor):
    """An amount of money of one meter, in the currency of its prices."""

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        return self.coordinator.data.costs.currency or self.hass.config.currency


GROUPS: Final[Sequence[EntityGroup]] = (
    *right_groups(RightSensor, RIGHT_SENSORS),
    EntityGroup(StateSensor, [STATE]),
    EntityGroup(MeterSensor, SENSORS),
    EntityGroup(MeterSensor, CONTRACT_SENSORS, has_contract),
    EntityGroup(MeterSensor, CONSUMPTION_SENSORS, consumes),
    EntityGroup(MeterSensor, COMPARISON_SENSORS, consumes),
    EntityGroup(
        MeterSensor,
        (*CONTRACT_CONSUMPTION_SENSORS, *PUBLISHED_SENSORS),
        lambda meter: has_contract(meter) and consumes(meter),
    ),
    EntityGroup(
        MeterSensor,
        HEATING_SENSORS,
        lambda meter: knows_weather(meter) and consumes(meter),
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
    """Set up the sensors of the contract, of every meter and group."""
    account = entry.runtime_data.account
    with account.guard.at("sensors of the contract"):
        if contract := account.contract:
            async_add_entities([CallsTodaySensor(contract)])
        async_add_job_sensor(hass, entry, async_add_entities)
        async_add_recording_sensor(hass, entry, async_add_entities)
    with account.guard.at("sensors of groups"):
        async_setup_group_sensors(hass, entry, async_add_entities)
    await async_add_meter_entities(
        hass, entry, async_add_entities, Platform.SENSOR, GROUPS
    )
