"""What every entity of a meter shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, override

from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..meters.coordinator import MeterCoordinator
from ..meters.data import MeterData
from ..meters.device import meter_device_info


class MeterEntity(CoordinatorEntity[MeterCoordinator]):
    """An entity of one meter."""

    _attr_has_entity_name = True

    def __init__(self, meter: MeterCoordinator, description: EntityDescription) -> None:
        """Name the entity after its description, on the meter's device."""
        super().__init__(meter)
        self.entity_description = description
        self._attr_unique_id = f"{meter.key}_{description.key}"
        self._attr_device_info = meter_device_info(meter.meter, meter.data)

    @property
    @override
    def available(self) -> bool:
        """The last gas day stays the truth while GRDF is away."""
        return super().available or self.coordinator.data.newest is not None


KWH_A_DAY: Final = "kWh/d"


@dataclass(frozen=True, kw_only=True)
class MeterSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, and what explains it, from a meter's data on a date."""

    value_fn: Callable[[MeterData, date], StateType | date | datetime]
    attributes_fn: Callable[[MeterData], Mapping[str, Any] | None] = lambda _: None
