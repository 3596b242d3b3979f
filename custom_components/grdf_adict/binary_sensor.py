"""The binary sensors of a meter: what its access right opens, and asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .adict import ProofState
from .coordinator import GrdfConfigEntry, MeterCoordinator
from .right_entity import RightEntity, async_add_right_entities
from .right_findings import RightStatus

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


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of every meter, and of those that join later."""
    async_add_right_entities(hass, entry, async_add_entities, _made)


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
