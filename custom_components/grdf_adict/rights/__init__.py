"""What access rights allow, and what is wrong with them."""

from .findings import HealthFinding, RightStatus, codes_of, statuses_of
from .right import (
    NO_RIGHTS,
    Deciding,
    MeterRight,
    MeterRights,
    deciding,
    deciding_rights,
    meter_right,
    meter_rights,
)
from .rules import OPTIONAL, STATES, Asking, Standing, closes_the_meter

__all__ = [
    "NO_RIGHTS",
    "OPTIONAL",
    "STATES",
    "Asking",
    "Deciding",
    "HealthFinding",
    "MeterRight",
    "MeterRights",
    "RightStatus",
    "Standing",
    "closes_the_meter",
    "codes_of",
    "deciding",
    "deciding_rights",
    "meter_right",
    "meter_rights",
    "statuses_of",
]
