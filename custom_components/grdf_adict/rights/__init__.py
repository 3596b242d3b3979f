"""What access rights allow, and what their states and refusals mean."""

from .right import (
    NO_RIGHTS as NO_RIGHTS,
    Deciding as Deciding,
    MeterRight as MeterRight,
    MeterRights as MeterRights,
    deciding as deciding,
    deciding_rights as deciding_rights,
    meter_right as meter_right,
    meter_rights as meter_rights,
)
from .rules import (
    CODES as CODES,
    NEAR_ITS_END as NEAR_ITS_END,
    OPTIONAL as OPTIONAL,
    OTHER_REFUSAL as OTHER_REFUSAL,
    STATES as STATES,
    UNANSWERED_AFTER as UNANSWERED_AFTER,
    Asking as Asking,
    Scope as Scope,
    Standing as Standing,
    StateRow as StateRow,
    When as When,
    closes_the_meter as closes_the_meter,
)
