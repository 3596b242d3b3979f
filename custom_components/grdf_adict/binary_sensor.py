"""The binary sensors of a meter: of its access right, and of its consumption."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .adict import FlowDirection, ProofState
from .const import DOMAIN
from .entities.entity import MeterEntity, async_for_each_meter, new_meter_signal
from .entities.rights import RightEntity, async_add_right_entities
from .metering.insight.anomaly import Finding
from .metering.news import finding_details
from .meters.coordinator import MeterCoordinator
from .rights.findings import RightStatus
from .runtime import GrdfConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class RightBinarySensorEntityDescription(BinarySensorEntityDescription):
    """A binary sensor: its value, from where a right stands on a date."""

    is_on_fn: Callable[[RightStatus, date], bool | None]


def _is_proof_awaited(status: RightStatus, today: date) -> bool:
    right = status.right
    return (
        right is not None
        and right.proof_state is ProofState.AWAITED
        and right.standing(today).is_living
    )


BINARY_SENSORS: Final = (
    RightBinarySensorEntityDescription(
        key="data_accessible",
        translation_key="data_accessible",
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=RightStatus.is_accessible,
    ),
    RightBinarySensorEntityDescription(
        key="proof_awaited",
        translation_key="proof_awaited",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=_is_proof_awaited,
    ),
)


UNUSUAL: Final = BinarySensorEntityDescription(
    key="unusual_consumption",
    translation_key="unusual_consumption",
    device_class=BinarySensorDeviceClass.PROBLEM,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of every meter, and of those that join later."""
    await async_add_right_entities(hass, entry, async_add_entities, _made)
    shown: set[tuple[str, str]] = set()

    @callback
    def show(meter: MeterCoordinator) -> None:
        here = (meter.subentry_id, meter.key)
        consumes = FlowDirection.CONSUMPTION in meter.directions
        if consumes and here not in shown:
            shown.add(here)
            async_add_entities(
                [UnusualConsumption(meter, UNUSUAL)],
                config_subentry_id=meter.subentry_id,
            )
        elif not consumes and here in shown:
            # Until its rights are first read, a producer looks like any meter.
            shown.discard(here)
            _remove(hass, f"{meter.key}_{UNUSUAL.key}")

    @callback
    def add(meter: MeterCoordinator) -> None:
        show(meter)
        entry.async_on_unload(meter.async_add_listener(partial(show, meter)))

    await async_for_each_meter(entry, add)
    entry.async_on_unload(async_dispatcher_connect(hass, new_meter_signal(entry), add))


def _remove(hass: HomeAssistant, unique_id: str) -> None:
    registry = er.async_get(hass)
    platform = Platform.BINARY_SENSOR
    entity_id = registry.async_get_entity_id(platform, DOMAIN, unique_id)
    if entity_id is not None:
        registry.async_remove(entity_id)


def _made(meter: MeterCoordinator, injects: bool) -> list[RightBinarySensor]:  # noqa: FBT001 - which of two rights
    return [
        RightBinarySensor(meter, description, injects=injects)
        for description in BINARY_SENSORS
    ]


class RightBinarySensor(RightEntity, BinarySensorEntity):
    """Whether something holds of an access right."""

    entity_description: RightBinarySensorEntityDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it holds today in France."""
        return self.entity_description.is_on_fn(self.status, self.today)


class UnusualConsumption(MeterEntity, BinarySensorEntity):
    """Whether more gas was used than the meter's history makes likely: no alarm."""

    @property
    @override
    def available(self) -> bool:
        """Nothing can be said before there is a year of data."""
        return (
            super().available and self.coordinator.data.insight.watch.judged is not None
        )

    @property
    @override
    def is_on(self) -> bool:
        """Whether something is unusual as of the newest gas day."""
        return self._finding is not None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """What is unusual: the most lasting of it."""
        return finding_details(self._finding) if self._finding else None

    @property
    def _finding(self) -> Finding | None:
        return next(iter(self.coordinator.data.insight.watch.found), None)
