"""The sensors of a meter that set its periods against each other.

None has a state class: late days and corrections would be compiled into a wrong total.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfTime,
    UnitOfVolume,
)

from ..metering.insight import Comparison, share_of_reference
from ..meters.data import MeterData
from .entity import KWH_A_DAY, MeterSensorEntityDescription

type _Of = Callable[[Comparison], float | None]


def _sensor(
    key: str,
    of: _Of,
    *,
    unit: str,
    device_class: SensorDeviceClass | None = None,
    digits: int = 0,
    shown: bool = False,
    diagnostic: bool = False,
    volume: bool = False,
) -> MeterSensorEntityDescription:
    """Return a sensor of what is compared; shown: enabled from the start."""

    def value(data: MeterData, today: date) -> float | None:
        insight = data.insight
        return of((insight.volume if volume else insight.energy).on(today))

    return MeterSensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
        entity_registry_enabled_default=shown,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        value_fn=value,
    )


def _energy(key: str, of: _Of, *, shown: bool = False) -> MeterSensorEntityDescription:
    return _sensor(
        key,
        of,
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        device_class=SensorDeviceClass.ENERGY,
        shown=shown,
    )


def _volume(key: str, of: _Of) -> MeterSensorEntityDescription:
    return _sensor(
        key,
        of,
        unit=UnitOfVolume.CUBIC_METERS,
        device_class=SensorDeviceClass.GAS,
        volume=True,
    )


def _change(key: str, of: _Of, *, shown: bool = False) -> MeterSensorEntityDescription:
    return _sensor(key, of, unit=PERCENTAGE, shown=shown)


def _age(data: MeterData, today: date) -> int | None:
    return (today - data.newest.gas_day).days if data.newest else None


def _difference_days(data: MeterData) -> Mapping[str, Any] | None:
    difference = data.insight.difference
    if difference is None:
        return None
    return {
        "first": difference.first.isoformat(),
        "last": difference.last.isoformat(),
    }


COMPARISON_SENSORS: Final = (
    _energy("last_month_energy", lambda of: of.last_month.energy, shown=True),
    _energy("twelve_months_energy", lambda of: of.twelve_months.energy, shown=True),
    _energy("expected_year_energy", lambda of: of.expected_year, shown=True),
    _energy("day_energy_before", lambda of: of.day.before),
    _energy("month_energy_before", lambda of: of.month.before),
    _energy("last_month_energy_before", lambda of: of.last_month.before),
    _energy("year_energy_before", lambda of: of.year.before),
    _energy("twelve_months_energy_before", lambda of: of.twelve_months.before),
    _change("day_change", lambda of: of.day.change),
    _change("month_change", lambda of: of.month.change, shown=True),
    _change("last_month_change", lambda of: of.last_month.change),
    _change("year_change", lambda of: of.year.change, shown=True),
    _change("twelve_months_change", lambda of: of.twelve_months.change),
    _volume("month_volume", lambda of: of.month.energy),
    _volume("last_month_volume", lambda of: of.last_month.energy),
    _volume("year_volume", lambda of: of.year.energy),
    _volume("twelve_months_volume", lambda of: of.twelve_months.energy),
    _sensor(
        "week_mean",
        lambda of: of.week_mean,
        unit=KWH_A_DAY,
        digits=1,
        shown=True,
    ),
    MeterSensorEntityDescription(
        key="last_gas_day_age",
        translation_key="last_gas_day_age",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_age,
    ),
)

# Of what GRDF publishes, and of the contract's reference: no file tells them.
PUBLISHED_SENSORS: Final = (
    _sensor(
        "final_share",
        lambda of: of.final_share,
        unit=PERCENTAGE,
        diagnostic=True,
    ),
    MeterSensorEntityDescription(
        key="expected_year_share",
        translation_key="expected_year_share",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data, today: share_of_reference(
            data.insight.energy.on(today).expected_year,
            data.facts.annual_reference_consumption,
        ),
    ),
    MeterSensorEntityDescription(
        key="published_difference",
        translation_key="published_difference",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            data.insight.difference.energy if data.insight.difference else None
        ),
        attributes_fn=_difference_days,
    ),
)

# Only of a meter that is told where its outdoor temperature is measured.
HEATING_SENSORS: Final = (
    MeterSensorEntityDescription(
        key="heating_base_load",
        translation_key="heating_base_load",
        native_unit_of_measurement=KWH_A_DAY,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            data.insight.heating.base_load if data.insight.heating else None
        ),
    ),
    MeterSensorEntityDescription(
        key="heating_slope",
        translation_key="heating_slope",
        native_unit_of_measurement="kWh/°C·d",
        suggested_display_precision=2,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            data.insight.heating.slope if data.insight.heating else None
        ),
        attributes_fn=lambda data: (
            {
                "r_squared": data.insight.heating.r_squared,
                "days": data.insight.heating.days,
            }
            if data.insight.heating
            else None
        ),
    ),
    MeterSensorEntityDescription(
        key="degree_days",
        translation_key="degree_days",
        native_unit_of_measurement="°C·d",
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            data.insight.corrected.degree_days if data.insight.corrected else None
        ),
        attributes_fn=lambda data: (
            {"year_before": data.insight.corrected.degree_days_before}
            if data.insight.corrected
            else None
        ),
    ),
    MeterSensorEntityDescription(
        key="weather_corrected_change",
        translation_key="weather_corrected_change",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda data, _: (
            data.insight.corrected.change if data.insight.corrected else None
        ),
    ),
)
