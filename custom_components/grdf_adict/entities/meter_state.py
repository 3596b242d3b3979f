"""How a meter fares, in a word that people understand."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ..rights.rules import Standing
from ..watch.meter_findings import late_since

if TYPE_CHECKING:
    from ..meters.coordinator import MeterCoordinator

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
    standing = status.standing(today) if status.is_told else None
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
    if late_since(meter, today) is not None:
        return MeterState.DATA_LATE
    return MeterState.UP_TO_DATE
