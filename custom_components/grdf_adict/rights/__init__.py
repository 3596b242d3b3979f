"""What access rights allow, and what is wrong with them."""

from .findings import (
    HealthFinding as HealthFinding,
    RightStatus as RightStatus,
    codes_of as codes_of,
    statuses_of as statuses_of,
)
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
    OPTIONAL as OPTIONAL,
    STATES as STATES,
    Asking as Asking,
    Standing as Standing,
    closes_the_meter as closes_the_meter,
)
