"""The sensor that tells in a word how a meter fares."""

from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.util import dt as dt_util

from ..metering.gas_day import paris_date
from ..meters.coordinator import MeterCoordinator
from .entity import MeterEntity
from .meter_state import MeterState, meter_state

STATE: Final = SensorEntityDescription(
    key="state",
    translation_key="state",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in MeterState],
    entity_category=EntityCategory.DIAGNOSTIC,
)


class StateSensor(MeterEntity, SensorEntity):
    """How one meter fares: known even while GRDF is away."""

    def __init__(self, meter: MeterCoordinator) -> None:
        """Prepare the sensor of a meter."""
        super().__init__(meter, STATE)

    @property
    @override
    def available(self) -> bool:
        """Always: it tells why there are no data."""
        return True

    @property
    @override
    def native_value(self) -> str:
        """The state as of today in France."""
        return meter_state(self.coordinator, paris_date(dt_util.utcnow())).value
