"""The series of a meter, or of a group of meters, as the recorder names them."""

from homeassistant.components.recorder.models import (
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

from ..const import DOMAIN
from ..helpers.ids import (
    cost_statistic_id,
    energy_statistic_id,
    injection_statistic_id,
    volume_statistic_id,
)


def energy_metadata(key: str, name: str) -> StatisticMetaData:
    """Return the series of gas used, in kWh PCS: its name and unit."""
    return _in_kwh(energy_statistic_id(key), f"{name} (kWh)")


def injection_metadata(key: str, name: str) -> StatisticMetaData:
    """Return the series of gas injected, in kWh PCS: its name and unit."""
    return _in_kwh(injection_statistic_id(key), f"{name} (injection, kWh)")


def _in_kwh(statistic_id: str, name: str) -> StatisticMetaData:
    return _metadata(
        statistic_id, name, EnergyConverter.UNIT_CLASS, UnitOfEnergy.KILO_WATT_HOUR
    )


def volume_metadata(key: str, name: str) -> StatisticMetaData:
    """Return the series of gas used, in m³: its name and unit."""
    return _metadata(
        volume_statistic_id(key),
        f"{name} (m³)",
        VolumeConverter.UNIT_CLASS,
        UnitOfVolume.CUBIC_METERS,
    )


def cost_metadata(key: str, name: str, currency: str) -> StatisticMetaData:
    """Return the series of what gas costs, in a currency: its name and unit."""
    return _metadata(cost_statistic_id(key), f"{name} ({currency})", None, currency)


def _metadata(
    statistic_id: str, name: str, unit_class: str | None, unit: str
) -> StatisticMetaData:
    return StatisticMetaData(
        has_sum=True,
        mean_type=StatisticMeanType.NONE,
        name=name,
        source=DOMAIN,
        statistic_id=statistic_id,
        unit_class=unit_class,
        unit_of_measurement=unit,
    )
