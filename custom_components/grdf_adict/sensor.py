"""The sensors of a meter, those that come and go included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .account_sensor import account_sensors, async_add_fleet_sensor
from .adict import FlowDirection
from .const import DOMAIN
from .coordinator import MeterCoordinator
from .entity import (
    MeterEntity,
    async_for_each_meter,
    new_meter_signal,
    prices_signal,
)
from .entry_data import GrdfConfigEntry
from .group_sensor import async_setup_group_sensors
from .known_sensors import HEATING_SENSORS, KNOWN_SENSORS, PUBLISHED_SENSORS
from .meter_sensors import (
    CONSUMPTION_SENSORS,
    CONTRACT_CONSUMPTION_SENSORS,
    CONTRACT_SENSORS,
    COST_SENSORS,
    INJECTION_SENSORS,
    SENSORS,
)
from .metering.gas_day import paris_date
from .right_entity import async_add_right_entities
from .right_sensor import right_sensors
from .sensor_description import MeterSensorEntityDescription
from .state_sensor import StateSensor

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
        return self.entity_description.value_fn(
            self.coordinator.data, paris_date(dt_util.utcnow())
        )

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


@dataclass(frozen=True, slots=True, eq=False)
class SensorGroup:
    """Sensors of a meter that come and go together.

    Attributes:
        sensors: what they are.
        belongs: whether a meter has them now.
        entity: what shows them.
    """

    sensors: tuple[MeterSensorEntityDescription, ...]
    belongs: Callable[[MeterCoordinator], bool] = lambda _: True
    entity: type[MeterSensor] = MeterSensor


GROUPS: Final = (
    SensorGroup(SENSORS),
    SensorGroup(CONTRACT_SENSORS, lambda meter: meter.has_contract),
    SensorGroup(
        (*CONSUMPTION_SENSORS, *KNOWN_SENSORS),
        lambda meter: FlowDirection.CONSUMPTION in meter.directions,
    ),
    SensorGroup(
        (*CONTRACT_CONSUMPTION_SENSORS, *PUBLISHED_SENSORS),
        lambda meter: (
            meter.has_contract and FlowDirection.CONSUMPTION in meter.directions
        ),
    ),
    SensorGroup(
        HEATING_SENSORS,
        lambda meter: (
            meter.outdoor is not None and FlowDirection.CONSUMPTION in meter.directions
        ),
    ),
    SensorGroup(
        COST_SENSORS,
        lambda meter: (
            meter.prices is not None and FlowDirection.CONSUMPTION in meter.directions
        ),
        CostSensor,
    ),
    SensorGroup(
        INJECTION_SENSORS,
        lambda meter: FlowDirection.PRODUCTION in meter.directions,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of every meter, and of those that join later."""
    shown: dict[tuple[str, str, SensorGroup], bool] = {}

    @callback
    def show(meter: MeterCoordinator) -> None:
        for group in GROUPS:
            belongs = group.belongs(meter)
            here = (meter.subentry_id, meter.key, group)
            if shown.get(here) is belongs:
                continue
            shown[here] = belongs
            if belongs:
                async_add_entities(
                    [group.entity(meter, sensor) for sensor in group.sensors],
                    config_subentry_id=meter.subentry_id,
                )
            else:
                _remove(hass, meter, group)

    @callback
    def add(meter: MeterCoordinator) -> None:
        async_add_entities([StateSensor(meter)], config_subentry_id=meter.subentry_id)
        show(meter)
        entry.async_on_unload(meter.async_add_listener(partial(show, meter)))

    @callback
    def show_all() -> None:
        for meter in entry.runtime_data.meters.values():
            show(meter)

    async_add_entities(account_sensors(entry.runtime_data.account))
    async_add_fleet_sensor(hass, entry, async_add_entities)
    async_setup_group_sensors(hass, entry, async_add_entities)
    await async_add_right_entities(hass, entry, async_add_entities, right_sensors)
    await async_for_each_meter(entry, add)
    for signal, act in ((new_meter_signal(entry), add), (prices_signal(entry), show)):
        entry.async_on_unload(async_dispatcher_connect(hass, signal, act))
    entry.async_on_unload(entry.runtime_data.account.async_add_listener(show_all))


def _remove(hass: HomeAssistant, meter: MeterCoordinator, group: SensorGroup) -> None:
    """Leave no sensor behind that a meter does not have any more."""
    registry = er.async_get(hass)
    for sensor in group.sensors:
        unique_id = f"{meter.key}_{sensor.key}"
        entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)
