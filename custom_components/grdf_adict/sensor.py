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

from .adict import FlowDirection
from .const import DOMAIN
from .entities.comparison_sensors import (
    HEATING_SENSORS,
    KNOWN_SENSORS,
    PUBLISHED_SENSORS,
)
from .entities.contract import account_sensors, async_add_fleet_sensor
from .entities.entity import (
    MeterEntity,
    async_for_each_meter,
    new_meter_signal,
    prices_signal,
)
from .entities.group import async_setup_group_sensors
from .entities.meter_sensors import (
    CONSUMPTION_SENSORS,
    CONTRACT_CONSUMPTION_SENSORS,
    CONTRACT_SENSORS,
    COST_SENSORS,
    INJECTION_SENSORS,
    SENSORS,
)
from .entities.right_sensor import right_sensors
from .entities.rights import async_add_right_entities
from .entities.sensor_description import MeterSensorEntityDescription
from .entities.state import StateSensor
from .metering.gas_day import paris_date
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


def _consumes(meter: MeterCoordinator) -> bool:
    return FlowDirection.CONSUMPTION in meter.directions


GROUPS: Final = (
    SensorGroup(SENSORS),
    SensorGroup(CONTRACT_SENSORS, lambda meter: meter.has_contract),
    SensorGroup(CONSUMPTION_SENSORS, _consumes),
    SensorGroup(KNOWN_SENSORS, _consumes),
    SensorGroup(
        (*CONTRACT_CONSUMPTION_SENSORS, *PUBLISHED_SENSORS),
        lambda meter: meter.has_contract and _consumes(meter),
    ),
    SensorGroup(
        HEATING_SENSORS, lambda meter: meter.outdoor is not None and _consumes(meter)
    ),
    SensorGroup(
        COST_SENSORS,
        lambda meter: meter.prices is not None and _consumes(meter),
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
    sensors = _MeterSensors(hass, entry, async_add_entities)

    @callback
    def add_new(meter: MeterCoordinator) -> None:
        entry.async_create_task(hass, sensors.async_add(meter), f"{meter.name} sensors")

    @callback
    def show_all() -> None:
        for meter in entry.runtime_data.meters.values():
            sensors.show(meter)

    async_add_entities(account_sensors(entry.runtime_data.account))
    async_add_fleet_sensor(hass, entry, async_add_entities)
    async_setup_group_sensors(hass, entry, async_add_entities)
    await async_add_right_entities(hass, entry, async_add_entities, right_sensors)
    await sensors.async_add()
    for signal, act in (
        (new_meter_signal(entry), add_new),
        (prices_signal(entry), sensors.show),
    ):
        entry.async_on_unload(async_dispatcher_connect(hass, signal, act))
    entry.async_on_unload(entry.runtime_data.account.async_add_listener(show_all))


class _MeterSensors:
    """The sensors of a contract's meters, as they come and go."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: GrdfConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._async_add_entities = async_add_entities
        self._shown: dict[tuple[str, str, SensorGroup], bool] = {}

    async def async_add(self, only: MeterCoordinator | None = None) -> None:
        """Add those of every meter, or of one alone, and let them come and go."""
        await async_for_each_meter(self._entry, self._add_state, only=only)
        for group in GROUPS:
            show = partial(self._show_group, group)
            await async_for_each_meter(self._entry, show, only=only)
        await async_for_each_meter(self._entry, self._follow, only=only)

    @callback
    def show(self, meter: MeterCoordinator) -> None:
        """Add what belongs to a meter now, and remove what does not any more."""
        for group in GROUPS:
            self._show_group(group, meter)

    def _add_state(self, meter: MeterCoordinator) -> None:
        self._async_add_entities(
            [StateSensor(meter)], config_subentry_id=meter.subentry_id
        )

    def _show_group(self, group: SensorGroup, meter: MeterCoordinator) -> None:
        belongs = group.belongs(meter)
        here = (meter.subentry_id, meter.key, group)
        if self._shown.get(here) is belongs:
            return
        self._shown[here] = belongs
        if belongs:
            self._async_add_entities(
                [group.entity(meter, sensor) for sensor in group.sensors],
                config_subentry_id=meter.subentry_id,
            )
        else:
            _remove(self._hass, meter, group)

    def _follow(self, meter: MeterCoordinator) -> None:
        self.show(meter)
        stop = meter.async_add_listener(partial(self.show, meter))
        self._entry.async_on_unload(stop)


def _remove(hass: HomeAssistant, meter: MeterCoordinator, group: SensorGroup) -> None:
    """Leave no sensor behind that a meter does not have any more."""
    registry = er.async_get(hass)
    for sensor in group.sensors:
        unique_id = f"{meter.key}_{sensor.key}"
        entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)
