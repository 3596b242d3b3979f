"""The sensors of a meter that compare its periods."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory, UnitOfTime

from ..metering.insight import Comparison, share_of_reference
from ..meters.data import MeterData
from .entity import (
    MeterSensorEntityDescription,
    SensorKind,
    daily_energy_sensor,
    diagnostic_sensor,
    energy_sensor,
    percent_sensor,
    volume_sensor,
)


def _sensor(
    kind: SensorKind,
    key: str,
    of: Callable[[Comparison], float | None],
    *,
    shown: bool = False,
    volume: bool = False,
) -> MeterSensorEntityDescription:
    """Return a sensor of a comparison, of energies or of volumes.

    Args:
        kind: its unit and device class.
        key: its key.
        of: its value.
        shown: whether it is enabled from the start.
        volume: whether volumes are compared.
    """

    def value(data: MeterData, today: date) -> float | None:
        insight = data.insight
        return of((insight.volume if volume else insight.energy).on(today))

    return kind(key=key, entity_registry_enabled_default=shown, value_fn=value)


_energy = partial(_sensor, energy_sensor)
_volume = partial(_sensor, volume_sensor, volume=True)
_change = partial(_sensor, percent_sensor)


def _difference_days(data: MeterData, _: date) -> Mapping[str, Any] | None:
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
    daily_energy_sensor(
        key="week_mean",
        suggested_display_precision=1,
        value_fn=lambda data, today: data.insight.energy.on(today).week_mean,
    ),
    diagnostic_sensor(
        key="last_gas_day_age",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        suggested_display_precision=0,
        value_fn=lambda data, today: (
            (today - data.newest.gas_day).days if data.newest else None
        ),
    ),
)

# From what GRDF publishes and the contract's reference: no file has them.
PUBLISHED_SENSORS: Final = (
    percent_sensor(
        key="final_share",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, today: data.insight.energy.on(today).final_share,
    ),
    percent_sensor(
        key="expected_year_share",
        entity_registry_enabled_default=False,
        value_fn=lambda data, today: share_of_reference(
            data.insight.energy.on(today).expected_year,
            data.facts.annual_reference_consumption,
        ),
    ),
    energy_sensor(
        key="published_difference",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            found.energy if (found := data.insight.difference) else None
        ),
        attributes_fn=_difference_days,
    ),
)

# Only of a meter whose outdoor temperatures are known, from a sensor or from files.
HEATING_SENSORS: Final = (
    daily_energy_sensor(
        key="heating_base_load",
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            fit.base_load if (fit := data.insight.heating) else None
        ),
    ),
    diagnostic_sensor(
        key="heating_slope",
        native_unit_of_measurement="kWh/°C·d",
        suggested_display_precision=2,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: fit.slope if (fit := data.insight.heating) else None,
        attributes_fn=lambda data, _: (
            {
                "r_squared": fit.r_squared,
                "days": fit.days,
                "source": fit.source.value,
            }
            if (fit := data.insight.heating)
            else None
        ),
    ),
    diagnostic_sensor(
        key="degree_days",
        native_unit_of_measurement="°C·d",
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda data, _: (
            year.degree_days if (year := data.insight.corrected) else None
        ),
        attributes_fn=lambda data, _: (
            {"year_before": year.degree_days_before, "source": year.source.value}
            if (year := data.insight.corrected)
            else None
        ),
    ),
    percent_sensor(
        key="weather_corrected_change",
        value_fn=lambda data, _: (
            year.change if (year := data.insight.corrected) else None
        ),
        attributes_fn=lambda data, _: (
            {"source": year.source.value} if (year := data.insight.corrected) else None
        ),
    ),
)
