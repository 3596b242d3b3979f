"""The sensors of a meter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfEnergy,
    UnitOfVolume,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .account_sensor import CallsTodaySensor
from .const import DOMAIN
from .coordinator import GrdfConfigEntry, MeterCoordinator, MeterData
from .entity import MeterEntity, new_meter_signal, prices_signal
from .metering.cadence import AT_ONCE
from .metering.gas_day import paris_date
from .right_entity import async_add_right_entities
from .right_sensor import right_sensors

PARALLEL_UPDATES = 0
# Of the contract's count of calls; what meters show is told when it changes.
SCAN_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class MeterSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, and what explains it, from a meter's data on a date."""

    value_fn: Callable[[MeterData, date], StateType | date | datetime]
    attributes_fn: Callable[[MeterData], Mapping[str, Any] | None] = lambda _: None


def _last_day_energy(data: MeterData) -> float | None:
    return data.summary.last.energy if data.summary.last else None


def _last_day_volume(data: MeterData) -> float | None:
    return data.summary.last.volume if data.summary.last else None


def _last_day(data: MeterData) -> Mapping[str, Any] | None:
    if (last := data.summary.last) is None:
        return None
    return {"gas_day": last.gas_day.isoformat(), "qualification": last.kind.value}


def _reading(data: MeterData) -> Mapping[str, Any] | None:
    return {"read_at": data.reading.at.isoformat()} if data.reading else None


SENSORS = (
    # The one sensor that may be chosen in the Energy dashboard: it books a gas day
    # when GRDF publishes it.
    MeterSensorEntityDescription(
        key="energy",
        translation_key="energy",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        value_fn=lambda data, _: data.summary.total,
    ),
    # Sensors of a period have no state class: late days and corrections would be
    # compiled into a wrong total.
    MeterSensorEntityDescription(
        key="last_day_energy",
        translation_key="last_day_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        value_fn=lambda data, _: _last_day_energy(data),
        attributes_fn=_last_day,
    ),
    MeterSensorEntityDescription(
        key="last_day_volume",
        translation_key="last_day_volume",
        device_class=SensorDeviceClass.GAS,
        native_unit_of_measurement=UnitOfVolume.CUBIC_METERS,
        suggested_display_precision=0,
        value_fn=lambda data, _: _last_day_volume(data),
        attributes_fn=_last_day,
    ),
    MeterSensorEntityDescription(
        key="month_energy",
        translation_key="month_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        value_fn=lambda data, today: data.summary.month_energy(today),
    ),
    MeterSensorEntityDescription(
        key="year_energy",
        translation_key="year_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        value_fn=lambda data, today: data.summary.year_energy(today),
    ),
    MeterSensorEntityDescription(
        key="index",
        translation_key="index",
        device_class=SensorDeviceClass.GAS,
        native_unit_of_measurement=UnitOfVolume.CUBIC_METERS,
        suggested_display_precision=0,
        value_fn=lambda data, _: data.reading.index if data.reading else None,
        attributes_fn=_reading,
    ),
    MeterSensorEntityDescription(
        key="conversion_coefficient",
        translation_key="conversion_coefficient",
        native_unit_of_measurement="kWh/m³",
        suggested_display_precision=2,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: data.summary.coefficient,
    ),
    MeterSensorEntityDescription(
        key="last_gas_day",
        translation_key="last_gas_day",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: (
            data.summary.last.gas_day if data.summary.last else None
        ),
    ),
    MeterSensorEntityDescription(
        key="next_update",
        translation_key="next_update",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: (
            None if data.next_update == AT_ONCE else data.next_update
        ),
    ),
    MeterSensorEntityDescription(
        key="import_progress",
        translation_key="import_progress",
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: data.progress,
    ),
    MeterSensorEntityDescription(
        key="annual_reference_consumption",
        translation_key="annual_reference_consumption",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: data.facts.annual_reference_consumption,
    ),
)

# Only a meter with a price has these; their unit is Home Assistant's currency.
COST_SENSORS = (
    MeterSensorEntityDescription(
        key="last_day_cost",
        translation_key="last_day_cost",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=2,
        value_fn=lambda data, _: data.costs.last,
        attributes_fn=lambda data: (
            {"gas_day": data.costs.gas_day.isoformat()} if data.costs.gas_day else None
        ),
    ),
    MeterSensorEntityDescription(
        key="month_cost",
        translation_key="month_cost",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=2,
        value_fn=lambda data, today: data.costs.month_cost(today),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of every meter, and of those that join later."""

    @callback
    def add(meter: MeterCoordinator) -> None:
        async_add_entities(
            [MeterSensor(meter, description) for description in SENSORS],
            config_subentry_id=meter.subentry_id,
        )
        show_costs(meter)

    @callback
    def show_costs(meter: MeterCoordinator) -> None:
        series = (meter.subentry_id, meter.key)
        if meter.prices is None:
            with_costs.discard(series)
            _remove_costs(hass, meter)
        elif series not in with_costs:
            with_costs.add(series)
            async_add_entities(
                [CostSensor(meter, description) for description in COST_SENSORS],
                config_subentry_id=meter.subentry_id,
            )

    async_add_entities([CallsTodaySensor(entry.runtime_data.account)])
    with_costs: set[tuple[str, str]] = set()
    for meter in entry.runtime_data.meters.values():
        add(meter)
    async_add_right_entities(hass, entry, async_add_entities, right_sensors)
    entry.async_on_unload(async_dispatcher_connect(hass, new_meter_signal(entry), add))
    entry.async_on_unload(
        async_dispatcher_connect(hass, prices_signal(entry), show_costs)
    )


def _remove_costs(hass: HomeAssistant, meter: MeterCoordinator) -> None:
    """Leave no cost sensor behind of a meter that has no price any more."""
    registry = er.async_get(hass)
    for description in COST_SENSORS:
        unique_id = f"{meter.key}_{description.key}"
        entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
        if entity_id is not None:
            registry.async_remove(entity_id)


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
