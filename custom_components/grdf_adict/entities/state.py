"""The sensor of a meter's state."""

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


class MeterState(StrEnum):
    """The state of a meter."""

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


_FAILURES: Final = {
    "bad_answer": MeterState.GRDF_AWAY,
    "cannot_connect": MeterState.GRDF_AWAY,
    "invalid_auth": MeterState.SECRET_REFUSED,
    "quota_reached": MeterState.QUOTA_REACHED,
}
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
    """Return the state of a meter on a date in France.

    Lasting causes of missing data come before temporary ones.
    """
    status, *_ = meter.right_statuses
    standing = status.standing(today) if status.is_known else None
    if standing in _OF_STANDING:
        return _OF_STANDING[standing]
    if not meter.last_update_success:
        key = getattr(meter.last_exception, "translation_key", None)
        if key in _FAILURES:
            return _FAILURES[key]
    # None: no call is possible, e.g. before the user has decided about a new customer.
    if meter.data.progress not in {_WHOLE, None}:
        return MeterState.FIRST_IMPORT
    if late_since(meter.rights, meter.data, today) is not None:
        return MeterState.DATA_LATE
    return MeterState.UP_TO_DATE


STATE: Final = SensorEntityDescription(
    key="state",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in MeterState],
    entity_category=EntityCategory.DIAGNOSTIC,
)


class StateSensor(MeterEntity, SensorEntity):
    """The state of one meter, as of today in France."""

    @property
    @override
    def available(self) -> bool:
        """Always: it shows why there are no data."""
        return True

    @property
    @override
    def native_value(self) -> str:
        return meter_state(self.coordinator, paris_today()).value
