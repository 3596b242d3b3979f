"""The sensor that tells in a word how a meter fares."""

from datetime import date
from enum import StrEnum
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ..helpers.clock import paris_today
from ..meters.coordinator import MeterCoordinator
from ..meters.data import late_since
from ..rights import Standing
from .entity import MeterEntity

_WHOLE: Final = 100


_FAILURES: Final = {
    "bad_answer": "grdf_away",
    "cannot_connect": "grdf_away",
    "invalid_auth": "secret_refused",
    "quota_reached": "quota_reached",
}


class MeterState(StrEnum):
    """How a meter fares."""

    WAITING_FOR_CONSENT = "waiting_for_consent"
    FIRST_IMPORT = "first_import"
    UP_TO_DATE = "up_to_date"
    DATA_LATE = "data_late"
    GRDF_AWAY = "grdf_away"
    QUOTA_REACHED = "quota_reached"
    SECRET_REFUSED = "secret_refused"  # noqa: S105 - a state, not a secret
    NOT_BEGUN = "not_begun"
    NO_RIGHT = "no_right"
    RIGHT_ENDED = "right_ended"


_OF_STANDING: Final = {
    Standing.NONE: MeterState.NO_RIGHT,
    Standing.WAITING: MeterState.WAITING_FOR_CONSENT,
    Standing.NOT_BEGUN: MeterState.NOT_BEGUN,
    Standing.PERIMETER_ENDED: MeterState.RIGHT_ENDED,
    Standing.ENDED: MeterState.RIGHT_ENDED,
    Standing.REVOKED: MeterState.RIGHT_ENDED,
    Standing.OBSOLETE: MeterState.RIGHT_ENDED,
    Standing.REFUSED: MeterState.NO_RIGHT,
}


def meter_state(meter: MeterCoordinator, today: date) -> MeterState:
    """Return how a meter fares on a date in France.

    What stops data for longer comes before what passes.
    """
    status, *_ = meter.right_statuses
    standing = status.standing(today) if status.is_known else None
    if standing in _OF_STANDING:
        return _OF_STANDING[standing]
    if not meter.last_update_success:
        key = getattr(meter.last_exception, "translation_key", None)
        if key in _FAILURES:
            return MeterState(_FAILURES[key])
    # Nothing may be asked for while somebody is to say what becomes of a new customer.
    settled = meter.data.progress == _WHOLE or meter.data.progress is None
    if not settled:
        return MeterState.FIRST_IMPORT
    if late_since(meter.rights, meter.data, today) is not None:
        return MeterState.DATA_LATE
    return MeterState.UP_TO_DATE


STATE: Final = SensorEntityDescription(
    key="state",
    translation_key="state",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in MeterState],
    entity_category=EntityCategory.DIAGNOSTIC,
)


class StateSensor(MeterEntity, SensorEntity):
    """How one meter fares: known even while GRDF is away."""

    @property
    @override
    def available(self) -> bool:
        """Always: it tells why there are no data."""
        return True

    @property
    @override
    def native_value(self) -> str:
        """The state as of today in France."""
        return meter_state(self.coordinator, paris_today()).value
