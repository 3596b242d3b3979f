"""What the entities of access rights share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.entity import EntityDescription

from ..adict import ProofState
from ..health import RightHealth
from ..meters.coordinator import MeterCoordinator
from ..rights import Standing
from .adding import EntityGroup, has_contract
from .entity import MeterEntity

_INJECTION = "injection_"


class RightEntity(MeterEntity):
    """An entity of one of a meter's rights: the main one, or one on injected gas."""

    def __init__(
        self, meter: MeterCoordinator, description: EntityDescription, *, injects: bool
    ) -> None:
        """Name the entity after its description and its right."""
        super().__init__(meter, description)
        self._injects = injects
        if injects:
            self._attr_unique_id = f"{meter.key}_{_INJECTION}{description.key}"
            self._attr_translation_key = f"{_INJECTION}{description.key}"

    @property
    def status(self) -> RightHealth:
        """The health of the right, as GRDF last gave it."""
        main, *others = self.coordinator.data.health.rights
        if not self._injects:
            return main
        if others or main.standing is None:
            return others[0] if others else main
        return RightHealth(standing=Standing.NONE, is_accessible=False)

    @property
    @override
    def available(self) -> bool:
        """What GRDF gave is still valid while GRDF is unavailable."""
        return self.status.standing is not None


def right_groups(
    kind: type[RightEntity], descriptions: Sequence[EntityDescription]
) -> tuple[EntityGroup, ...]:
    """Return the entities of a meter's main right, and of a second one.

    Without a contract there is no right. A second one stays shown once it was there.
    """
    main, second = partial(kind, injects=False), partial(kind, injects=True)
    return (
        EntityGroup(main, descriptions, has_contract, stays=True),
        EntityGroup(second, descriptions, _has_second_right, stays=True),
    )


def _has_second_right(meter: MeterCoordinator) -> bool:
    return has_contract(meter) and len(meter.data.health.rights) > 1


_NO_PROOF: Final = "none"


@dataclass(frozen=True, kw_only=True)
class RightSensorEntityDescription(SensorEntityDescription):
    """A sensor: its value, from the health of a right."""

    value_fn: Callable[[RightHealth], str | date | None]
    attributes_fn: Callable[[RightHealth], Mapping[str, bool] | None] = lambda _: None


def _standing(status: RightHealth) -> str | None:
    return status.standing and status.standing.shown.value


def _estimate(status: RightHealth) -> Mapping[str, bool] | None:
    """Say of a deadline that it is worked out, where GRDF gives none."""
    is_estimated = status.right is not None and status.right.is_deadline_estimated
    return {"estimated": True} if is_estimated else None


def _proof_status(status: RightHealth) -> str:
    proof = status.right and status.right.proof_state
    return proof.value if proof else _NO_PROOF


RIGHT_SENSORS: Final = (
    RightSensorEntityDescription(
        key="access_right",
        device_class=SensorDeviceClass.ENUM,
        options=list(dict.fromkeys(standing.shown.value for standing in Standing)),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_standing,
    ),
    RightSensorEntityDescription(
        key="access_right_end",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: status.end,
    ),
    RightSensorEntityDescription(
        key="proof_status",
        device_class=SensorDeviceClass.ENUM,
        options=[_NO_PROOF, *(state.value for state in ProofState)],
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_proof_status,
    ),
    RightSensorEntityDescription(
        key="proof_deadline",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: status.right.proof_due if status.right else None,
        attributes_fn=_estimate,
    ),
)


class RightSensor(RightEntity, SensorEntity):
    """A value of an access right, as of today in France."""

    entity_description: RightSensorEntityDescription

    @property
    @override
    def native_value(self) -> str | date | None:
        return self.entity_description.value_fn(self.status)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, bool] | None:
        return self.entity_description.attributes_fn(self.status)
