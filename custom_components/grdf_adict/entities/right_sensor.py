"""The sensors of an access right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ..adict import ProofState
from ..meters.coordinator import MeterCoordinator
from ..rights.findings import RightStatus
from ..rights.rules import Standing
from .rights import RightEntity

_NO_PROOF: Final = "none"


@dataclass(frozen=True, kw_only=True)
class RightSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, from where a right stands on a date."""

    value_fn: Callable[[RightStatus, date], str | date | None]


def _standing(status: RightStatus, today: date) -> str | None:
    standing = status.standing(today)
    return standing and standing.shown.value


def _proof_status(status: RightStatus, _: date) -> str:
    proof = status.right and status.right.proof_state
    return proof.value if proof else _NO_PROOF


RIGHT_SENSORS: Final = (
    RightSensorEntityDescription(
        key="access_right",
        translation_key="access_right",
        device_class=SensorDeviceClass.ENUM,
        options=list(dict.fromkeys(standing.shown.value for standing in Standing)),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_standing,
    ),
    RightSensorEntityDescription(
        key="access_right_end",
        translation_key="access_right_end",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status, _: status.right.end if status.right else None,
    ),
    RightSensorEntityDescription(
        key="proof_status",
        translation_key="proof_status",
        device_class=SensorDeviceClass.ENUM,
        options=[_NO_PROOF, *(state.value for state in ProofState)],
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_proof_status,
    ),
    RightSensorEntityDescription(
        key="proof_deadline",
        translation_key="proof_deadline",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status, _: (
            status.right.proof_deadline if status.right else None
        ),
    ),
)


class RightSensor(RightEntity, SensorEntity):
    """A figure of an access right."""

    entity_description: RightSensorEntityDescription

    @property
    @override
    def native_value(self) -> str | date | None:
        """The value as of today in France."""
        return self.entity_description.value_fn(self.status, self.today)


def right_sensors(meter: MeterCoordinator, injects: bool) -> list[RightSensor]:  # noqa: FBT001 - which of two rights
    """Return the sensors of one of a meter's rights."""
    return [
        RightSensor(meter, description, injects=injects)
        for description in RIGHT_SENSORS
    ]
