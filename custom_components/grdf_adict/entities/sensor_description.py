"""What describes a sensor of a meter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.helpers.typing import StateType

from ..meters.data import MeterData

KWH_A_DAY: Final = "kWh/d"


@dataclass(frozen=True, kw_only=True)
class MeterSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, and what explains it, from a meter's data on a date."""

    value_fn: Callable[[MeterData, date], StateType | date | datetime]
    attributes_fn: Callable[[MeterData], Mapping[str, Any] | None] = lambda _: None
