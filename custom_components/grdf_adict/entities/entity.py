"""What every entity of a meter shares, and the kinds of its sensors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfVolume,
)
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..metering.price import MonthCost
from ..meters.coordinator import MeterCoordinator
from ..meters.data import MeterData
from ..meters.device import meter_device_info


class MeterEntity(CoordinatorEntity[MeterCoordinator]):
    """An entity of one meter; the key of its texts is that of its description."""

    _attr_has_entity_name = True

    def __init__(self, meter: MeterCoordinator, description: EntityDescription) -> None:
        """Name the entity after its description, on the meter's device."""
        super().__init__(meter)
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{meter.key}_{description.key}"
        self._attr_device_info = meter_device_info(meter.meter, meter.data)

    @property
    @override
    def available(self) -> bool:
        """The last gas day is still valid while GRDF is unavailable."""
        return super().available or self.coordinator.data.newest is not None


@dataclass(frozen=True, kw_only=True)
class MeterSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, and what explains it, from a meter's data on a date.

    `object_id` is the end of its entity id, where that is not its name.
    """

    value_fn: Callable[[MeterData, date], StateType | date | datetime]
    object_id: str | None = None
    attributes_fn: Callable[[MeterData, date], Mapping[str, Any] | None] = lambda *_: (
        None
    )


def month_cost(found: MonthCost | None) -> float | None:
    """Return the cost of a month's known gas days, in Home Assistant's currency."""
    return None if found is None else found.cost


def month_attributes(found: MonthCost | None) -> Mapping[str, Any]:
    """Return which month a cost is of, and whether every gas day of it is in it."""
    if found is None:
        return {}
    return {
        "month": f"{found.year}-{found.month:02}",
        "gas_days": found.known,
        "complete": found.is_whole,
    }


type SensorKind = Callable[..., MeterSensorEntityDescription]

# None of these has a state class, except where one is given: late days and corrections
# of a period would be compiled into a wrong total.
energy_sensor: Final = partial(
    MeterSensorEntityDescription,
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    suggested_display_precision=0,
)
volume_sensor: Final = partial(
    MeterSensorEntityDescription,
    device_class=SensorDeviceClass.GAS,
    native_unit_of_measurement=UnitOfVolume.CUBIC_METERS,
    suggested_display_precision=0,
)
percent_sensor: Final = partial(
    MeterSensorEntityDescription,
    native_unit_of_measurement=PERCENTAGE,
    suggested_display_precision=0,
)
daily_energy_sensor: Final = partial(
    MeterSensorEntityDescription, native_unit_of_measurement="kWh/d"
)
diagnostic_sensor: Final = partial(
    MeterSensorEntityDescription, entity_category=EntityCategory.DIAGNOSTIC
)
