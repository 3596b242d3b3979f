"""The binary sensors of a meter: of its access right, and of its consumption."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (  # type: ignore[attr-defined]
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .adict import ProofState
from .entities.adding import EntityGroup, async_add_meter_entities, consumes
from .entities.entity import MeterEntity
from .entities.rights import RightEntity, right_groups
from .health import RightHealth
from .metering import finding_details
from .metering.insight import Anomaly
from .runtime import GrdfConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class RightBinarySensorEntityDescription(BinarySensorEntityDescription):
    """A binary sensor: its value, from the health of a right."""

    is_on_fn: Callable[[RightHealth], bool | None]


def _is_proof_awaited(status: RightHealth) -> bool:
    right, standing = status.right, status.standing
    return (
        right is not None
        and right.proof_state is ProofState.AWAITED
        and standing is not None
        and standing.may_open
    )


BINARY_SENSORS: Final = (
    RightBinarySensorEntityDescription(
        key="data_accessible",
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda status: status.is_accessible,
    ),
    RightBinarySensorEntityDescription(
        key="proof_awaited",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=_is_proof_awaited,
    ),
)
UNUSUAL: Final = BinarySensorEntityDescription(
    key="unusual_consumption",
    device_class=BinarySensorDeviceClass.PROBLEM,
)


class RightBinarySensor(RightEntity, BinarySensorEntity):
    """Whether something is true of an access right, today in France."""

    entity_description: RightBinarySensorEntityDescription

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.is_on_fn(self.status)


class UnusualConsumption(MeterEntity, BinarySensorEntity):
    """Whether the newest gas days are unusually high: no alarm."""

    @property
    @override
    def available(self) -> bool:
        """Whether there is a year of data to compare with."""
        judged = self.coordinator.data.insight.watch.judged
        return super().available and judged is not None

    @property
    @override
    def is_on(self) -> bool:
        return self._finding is not None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        return finding_details(self._finding) if self._finding else None

    @property
    def _finding(self) -> Anomaly | None:
        """The anomaly that has lasted longest."""
        return next(iter(self.coordinator.data.insight.watch.found), None)


_GROUPS: Final = (
    *right_groups(RightBinarySensor, BINARY_SENSORS),
    # Until its rights are first read, a producer's meter is taken for a consumer's.
    EntityGroup(UnusualConsumption, [UNUSUAL], consumes),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of every meter, and of those added later."""
    await async_add_meter_entities(
        hass, entry, async_add_entities, Platform.BINARY_SENSOR, _GROUPS
    )
