"""The sensors of a group of meters.

None has a state class: late days and corrections would be compiled into a wrong total.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..helpers.clock import paris_today
from ..helpers.signals import new_group_signal
from ..metering import GroupFigures
from ..metering.insight import Comparison
from ..metering.price import CostSummary, MonthCost
from ..meters.group import GroupCoordinator
from ..runtime import GrdfConfigEntry
from .entity import month_attributes, month_cost


@dataclass(frozen=True, kw_only=True)
class GroupSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, from a group's figures on a date."""

    value_fn: Callable[[GroupFigures, date], float | None]
    attributes_fn: Callable[[GroupFigures, date], Mapping[str, Any]] = lambda *_: {}


def _sensors(
    quantity: str,
    last: Callable[[GroupFigures], float | None],
    of: Callable[[GroupFigures], Comparison],
    device_class: SensorDeviceClass,
    unit: str | None,
    digits: int,
) -> tuple[GroupSensorEntityDescription, ...]:
    """Return the sensors of one quantity: the last gas day, then each period."""
    sensor = partial(
        GroupSensorEntityDescription,
        device_class=device_class,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
    )
    values: dict[str, Callable[[GroupFigures, date], float | None]] = {
        "last_day": lambda figures, _: last(figures),
        "month": lambda figures, today: of(figures).on(today).month.energy,
        "last_month": lambda figures, today: of(figures).on(today).last_month.energy,
        "year": lambda figures, today: of(figures).on(today).year.energy,
        "twelve_months": (
            lambda figures, today: of(figures).on(today).twelve_months.energy
        ),
    }
    return tuple(
        sensor(
            key=f"{period}_{quantity}",
            translation_key=f"{period}_{quantity}",
            value_fn=value,
        )
        for period, value in values.items()
    )


_MONTH_COSTS: Final[Mapping[str, Callable[[CostSummary, date], MonthCost | None]]] = {
    "month_cost": CostSummary.month,
    "last_month_cost": CostSummary.last_month,
}


def _of_month_cost(
    sensor: GroupSensorEntityDescription,
) -> GroupSensorEntityDescription:
    """Return the sensor of a month's cost as a meter has it: also of a part."""
    if (of := _MONTH_COSTS.get(sensor.key)) is None:
        return sensor
    return replace(
        sensor,
        value_fn=lambda figures, today: month_cost(of(figures.costs, today)),
        attributes_fn=lambda figures, today: month_attributes(of(figures.costs, today)),
    )


GROUP_SENSORS: Final = (
    *_sensors(
        "energy",
        lambda figures: figures.last.energy if figures.last else None,
        lambda figures: figures.energy,
        SensorDeviceClass.ENERGY,
        UnitOfEnergy.KILO_WATT_HOUR,
        0,
    ),
    *_sensors(
        "volume",
        lambda figures: figures.last.volume if figures.last else None,
        lambda figures: figures.volume,
        SensorDeviceClass.GAS,
        UnitOfVolume.CUBIC_METERS,
        0,
    ),
    # Their unit is the currency of the meters' prices.
    *map(
        _of_month_cost,
        _sensors(
            "cost",
            lambda figures: figures.last_cost,
            lambda figures: figures.cost,
            SensorDeviceClass.MONETARY,
            None,
            2,
        ),
    ),
)


class GroupSensor(CoordinatorEntity[GroupCoordinator], SensorEntity):
    """A value of a group of meters, as of today in France."""

    _attr_has_entity_name = True
    entity_description: GroupSensorEntityDescription

    def __init__(
        self, group: GroupCoordinator, description: GroupSensorEntityDescription
    ) -> None:
        """Name the entity after its description, on the group's device."""
        super().__init__(group)
        self.entity_description = description
        self._attr_unique_id = f"{group.key}_{description.key}"
        self._attr_device_info = group.device_info

    @property
    @override
    def available(self) -> bool:
        """The last gas day is still valid while the recorder is busy."""
        return super().available or self.coordinator.data.last is not None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The unit; of a cost, the currency of the meters' prices."""
        if self.entity_description.device_class is SensorDeviceClass.MONETARY:
            return self.coordinator.data.currency or self.hass.config.currency
        return self.entity_description.native_unit_of_measurement

    @property
    @override
    def native_value(self) -> float | None:
        return self.entity_description.value_fn(self.coordinator.data, paris_today())

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """The newest gas day, and how many meters still lack it."""
        data = self.coordinator.data
        return {
            **self.entity_description.attributes_fn(data, paris_today()),
            "gas_day": data.last.gas_day.isoformat() if data.last else None,
            "meters": data.meters,
            "meters_lacking": data.lacking,
        }


@callback
def async_setup_group_sensors(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of every group, and of those added later."""
    groups = entry.runtime_data.groups

    @callback
    def add(subentry_id: str) -> None:
        async_add_entities(
            [GroupSensor(groups[subentry_id], sensor) for sensor in GROUP_SENSORS],
            config_subentry_id=subentry_id,
        )

    for subentry_id in groups:
        add(subentry_id)
    signal = new_group_signal(entry.entry_id)
    entry.async_on_unload(async_dispatcher_connect(hass, signal, add))
