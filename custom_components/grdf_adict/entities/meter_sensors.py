"""What the sensors of a meter are, and what each draws from the meter's data."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfPressure,
    UnitOfVolume,
    UnitOfVolumeFlowRate,
)
from homeassistant.helpers.typing import StateType

from ..adict import PARIS, Frequency
from ..metering import MeterFacts, Summary
from ..metering.schedule import AT_ONCE
from ..meters.data import MeterData
from .entity import KWH_A_DAY, MeterSensorEntityDescription


def _last_energy(summary: Summary) -> float | None:
    return summary.last.energy if summary.last else None


def _last_volume(summary: Summary) -> float | None:
    return summary.last.volume if summary.last else None


def _last_day(summary: Summary) -> Mapping[str, Any] | None:
    if (last := summary.last) is None:
        return None
    return {"gas_day": last.gas_day.isoformat(), "qualification": last.kind.value}


def _reading(data: MeterData) -> Mapping[str, Any] | None:
    if (reading := data.reading) is None:
        return None
    return {"read_at": reading.at.astimezone(PARIS).isoformat()}


def _modulation_years(data: MeterData) -> Mapping[str, Any] | None:
    years = data.facts.modulation_years
    return {f"year_{ago}": year for ago, year in enumerate(years, 1)} or None


def _energy(
    key: str,
    of: Callable[[MeterData], Summary],
    value: Callable[[Summary, date], float | None],
    attributes: Callable[[Summary], Mapping[str, Any] | None] = lambda _: None,
    *,
    state_class: SensorStateClass | None = None,
) -> MeterSensorEntityDescription:
    """Return a sensor of kWh of gas used or injected."""
    return MeterSensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=state_class,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        value_fn=lambda data, today: value(of(data), today),
        attributes_fn=lambda data: attributes(of(data)),
    )


def _used(data: MeterData) -> Summary:
    return data.summary


def _injected(data: MeterData) -> Summary:
    return data.injection


def _fact(
    key: str,
    value: Callable[[MeterFacts], StateType | date],
    *,
    device_class: SensorDeviceClass | None = None,
    unit: str | None = None,
    digits: int | None = None,
    attributes: Callable[[MeterData], Mapping[str, Any] | None] = lambda _: None,
) -> MeterSensorEntityDescription:
    """Return a sensor of what hardly ever changes: shown to who asks for it."""
    return MeterSensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: value(data.facts),
        attributes_fn=attributes,
    )


# Of every meter.
SENSORS = (
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
        value_fn=lambda data, _: data.coefficient,
    ),
    MeterSensorEntityDescription(
        key="last_gas_day",
        translation_key="last_gas_day",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: data.newest.gas_day if data.newest else None,
    ),
)

# Of every meter of a contract.
CONTRACT_SENSORS = (
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
        key="reading_frequency",
        translation_key="reading_frequency",
        device_class=SensorDeviceClass.ENUM,
        options=[
            frequency.name.lower()
            for frequency in Frequency
            if frequency is not Frequency.UNKNOWN
        ],
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda data, _: (
            None
            if data.facts.frequency is Frequency.UNKNOWN
            else data.facts.frequency.name.lower()
        ),
    ),
    _fact("delivery_tariff", lambda facts: facts.delivery_tariff),
    _fact(
        "in_service",
        lambda facts: facts.in_service,
        device_class=SensorDeviceClass.DATE,
    ),
    _fact("calibre", lambda facts: facts.calibre),
    _fact(
        "flow_rate",
        lambda facts: facts.flow_rate,
        device_class=SensorDeviceClass.VOLUME_FLOW_RATE,
        unit=UnitOfVolumeFlowRate.CUBIC_METERS_PER_HOUR,
        digits=0,
    ),
    _fact(
        "delivery_pressure",
        lambda facts: facts.delivery_pressure,
        device_class=SensorDeviceClass.PRESSURE,
        unit=UnitOfPressure.BAR,
        digits=3,
    ),
    _fact("serial_number", lambda facts: facts.serial_number),
)

# Sensors of a period have no state class: late days and corrections would be
# compiled into a wrong total.
CONSUMPTION_SENSORS = (
    # The one sensor that may be chosen in the Energy dashboard: it books a gas day
    # when GRDF publishes it.
    _energy(
        "energy",
        _used,
        lambda used, _: used.total,
        state_class=SensorStateClass.TOTAL,
    ),
    _energy("last_day_energy", _used, lambda used, _: _last_energy(used), _last_day),
    MeterSensorEntityDescription(
        key="last_day_volume",
        translation_key="last_day_volume",
        device_class=SensorDeviceClass.GAS,
        native_unit_of_measurement=UnitOfVolume.CUBIC_METERS,
        suggested_display_precision=0,
        value_fn=lambda data, _: _last_volume(data.summary),
        attributes_fn=lambda data: _last_day(data.summary),
    ),
    _energy("month_energy", _used, Summary.month_energy),
    _energy("year_energy", _used, Summary.year_energy),
)

# What the customer's gas contract says.
CONTRACT_CONSUMPTION_SENSORS = (
    _fact(
        "annual_reference_consumption",
        lambda facts: facts.annual_reference_consumption,
        device_class=SensorDeviceClass.ENERGY,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        digits=0,
    ),
    _fact(
        "next_annual_reference_consumption",
        lambda facts: facts.next_annual_reference_consumption,
        device_class=SensorDeviceClass.ENERGY,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        digits=0,
    ),
    _fact("profile", lambda facts: facts.profile),
    _fact("next_profile", lambda facts: facts.next_profile),
    _fact(
        "daily_capacity",
        lambda facts: facts.cja,
        unit=KWH_A_DAY,
        digits=0,
    ),
    _fact(
        "daily_capacity_daily",
        lambda facts: facts.cja_daily,
        unit=KWH_A_DAY,
        digits=0,
    ),
    _fact(
        "daily_capacity_monthly",
        lambda facts: facts.cja_monthly,
        unit=KWH_A_DAY,
        digits=0,
    ),
    _fact(
        "modulation",
        lambda facts: facts.modulation,
        attributes=_modulation_years,
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

# Only of a site that injects gas.
INJECTION_SENSORS = (
    _energy(
        "injection",
        _injected,
        lambda injected, _: injected.total,
        state_class=SensorStateClass.TOTAL,
    ),
    _energy(
        "last_day_injection",
        _injected,
        lambda injected, _: _last_energy(injected),
        _last_day,
    ),
    _energy("month_injection", _injected, Summary.month_energy),
    _energy("year_injection", _injected, Summary.year_energy),
)
