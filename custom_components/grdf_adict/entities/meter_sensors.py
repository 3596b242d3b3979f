"""The sensors of a meter that show its data and the facts about it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfPressure,
    UnitOfVolumeFlowRate,
)
from homeassistant.helpers.typing import StateType

from ..adict import PARIS, Frequency
from ..metering import MeterFacts, Summary
from ..metering.price import CostSummary, MonthCost
from ..metering.schedule import AT_ONCE
from ..meters.data import MeterData
from .entity import (
    MeterSensorEntityDescription,
    SensorKind,
    daily_energy_sensor,
    diagnostic_sensor,
    energy_sensor,
    month_attributes,
    month_cost,
    volume_sensor,
)


def _last_day(summary: Summary) -> Mapping[str, Any] | None:
    if (last := summary.last) is None:
        return None
    return {"gas_day": last.gas_day.isoformat(), "qualification": last.kind.value}


def _modulation_years(data: MeterData, _: date) -> Mapping[str, Any] | None:
    years = data.facts.modulation_years
    return {f"year_{ago}": year for ago, year in enumerate(years, 1)} or None


def _energies(
    name: str, of: Callable[[MeterData], Summary]
) -> tuple[MeterSensorEntityDescription, ...]:
    """Return the sensors of the kWh of gas used or injected."""
    return (
        # The one sensor that can be chosen in the Energy dashboard: it books a gas day
        # when GRDF publishes it, as its name says. Entity ids do not follow that name.
        energy_sensor(
            key=name,
            object_id=name,
            state_class=SensorStateClass.TOTAL,
            value_fn=lambda data, _: of(data).total,
        ),
        energy_sensor(
            key=f"last_day_{name}",
            value_fn=lambda data, _: last.energy if (last := of(data).last) else None,
            attributes_fn=lambda data, _: _last_day(of(data)),
        ),
        energy_sensor(
            key=f"month_{name}",
            value_fn=lambda data, today: of(data).month_energy(today),
        ),
        energy_sensor(
            key=f"year_{name}",
            value_fn=lambda data, today: of(data).year_energy(today),
        ),
    )


def _fact(
    key: str,
    value: Callable[[MeterFacts], StateType | date],
    kind: SensorKind = MeterSensorEntityDescription,
    attributes: Callable[[MeterData, date], Mapping[str, Any] | None] = lambda *_: None,
) -> MeterSensorEntityDescription:
    """Return a sensor of what rarely changes; it is disabled at first."""
    return kind(
        key=key,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: value(data.facts),
        attributes_fn=attributes,
    )


_daily_capacity = partial(daily_energy_sensor, suggested_display_precision=0)
_flow_rate = partial(
    MeterSensorEntityDescription,
    device_class=SensorDeviceClass.VOLUME_FLOW_RATE,
    native_unit_of_measurement=UnitOfVolumeFlowRate.CUBIC_METERS_PER_HOUR,
    suggested_display_precision=0,
)
_pressure = partial(
    MeterSensorEntityDescription,
    device_class=SensorDeviceClass.PRESSURE,
    native_unit_of_measurement=UnitOfPressure.BAR,
    suggested_display_precision=3,
)
_date = partial(MeterSensorEntityDescription, device_class=SensorDeviceClass.DATE)
_cost = partial(
    MeterSensorEntityDescription,
    device_class=SensorDeviceClass.MONETARY,
    suggested_display_precision=2,
)


def _month_cost(
    key: str, of: Callable[[CostSummary, date], MonthCost | None]
) -> MeterSensorEntityDescription:
    """Return the sensor of what a month costs, and of how many of its gas days."""
    return _cost(
        key=key,
        value_fn=lambda data, today: month_cost(of(data.costs, today)),
        attributes_fn=lambda data, today: month_attributes(of(data.costs, today)),
    )


# Of every meter.
SENSORS = (
    volume_sensor(
        key="index",
        value_fn=lambda data, _: data.reading.index if data.reading else None,
        attributes_fn=lambda data, _: (
            {"read_at": data.reading.at.astimezone(PARIS).isoformat()}
            if data.reading
            else None
        ),
    ),
    diagnostic_sensor(
        key="conversion_coefficient",
        native_unit_of_measurement="kWh/m³",
        suggested_display_precision=2,
        value_fn=lambda data, _: data.coefficient,
    ),
    diagnostic_sensor(
        key="last_gas_day",
        device_class=SensorDeviceClass.DATE,
        value_fn=lambda data, _: data.newest.gas_day if data.newest else None,
    ),
)

# Of every meter of a contract.
CONTRACT_SENSORS = (
    diagnostic_sensor(
        key="next_update",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda data, _: (
            None if data.next_update == AT_ONCE else data.next_update
        ),
    ),
    diagnostic_sensor(
        key="import_progress",
        native_unit_of_measurement=PERCENTAGE,
        value_fn=lambda data, _: data.progress,
    ),
    diagnostic_sensor(
        key="reading_frequency",
        device_class=SensorDeviceClass.ENUM,
        options=[
            frequency.name.lower()
            for frequency in Frequency
            if frequency is not Frequency.UNKNOWN
        ],
        value_fn=lambda data, _: (
            None
            if data.facts.frequency is Frequency.UNKNOWN
            else data.facts.frequency.name.lower()
        ),
    ),
    _fact("delivery_tariff", lambda facts: facts.delivery_tariff),
    _fact("in_service", lambda facts: facts.in_service, _date),
    _fact("calibre", lambda facts: facts.calibre),
    _fact("flow_rate", lambda facts: facts.flow_rate, _flow_rate),
    _fact("delivery_pressure", lambda facts: facts.delivery_pressure, _pressure),
    _fact("serial_number", lambda facts: facts.serial_number),
)

CONSUMPTION_SENSORS = (
    *_energies("energy", lambda data: data.summary),
    volume_sensor(
        key="last_day_volume",
        value_fn=lambda data, _: last.volume if (last := data.summary.last) else None,
        attributes_fn=lambda data, _: _last_day(data.summary),
    ),
)

# From the customer's gas contract.
CONTRACT_CONSUMPTION_SENSORS = (
    _fact(
        "annual_reference_consumption",
        lambda facts: facts.annual_reference_consumption,
        energy_sensor,
    ),
    _fact(
        "next_annual_reference_consumption",
        lambda facts: facts.next_annual_reference_consumption,
        energy_sensor,
    ),
    _fact("profile", lambda facts: facts.profile),
    _fact("next_profile", lambda facts: facts.next_profile),
    _fact("daily_capacity", lambda facts: facts.cja, _daily_capacity),
    _fact("daily_capacity_daily", lambda facts: facts.cja_daily, _daily_capacity),
    _fact("daily_capacity_monthly", lambda facts: facts.cja_monthly, _daily_capacity),
    _fact("modulation", lambda facts: facts.modulation, attributes=_modulation_years),
)

# Only of a meter with a price; their unit is Home Assistant's currency.
COST_SENSORS = (
    _cost(
        key="last_day_cost",
        value_fn=lambda data, _: data.costs.last,
        attributes_fn=lambda data, _: (
            {"gas_day": data.costs.gas_day.isoformat()} if data.costs.gas_day else None
        ),
    ),
    _month_cost("month_cost", CostSummary.month),
    _month_cost("last_month_cost", CostSummary.last_month),
)

# Only of a site that injects gas.
INJECTION_SENSORS = _energies("injection", lambda data: data.injection)
