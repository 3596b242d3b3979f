"""What access rights allow, and what their states and refusals mean."""

from .holder import is_another_customer as is_another_customer, was_left as was_left
from .listed import ListedRights as ListedRights, listed_rights as listed_rights
from .right import (
    NO_RIGHTS as NO_RIGHTS,
    Deciding as Deciding,
    MeterRight as MeterRight,
    MeterRights as MeterRights,
    deciding as deciding,
    deciding_rights as deciding_rights,
    is_of_holder as is_of_holder,
    last_end as last_end,
    meter_right as meter_right,
    open_calls as open_calls,
    shown_right as shown_right,
)
from .rules import (
    CONTRACT_OVER as CONTRACT_OVER,
    NEAR_ITS_END as NEAR_ITS_END,
    OPTIONAL as OPTIONAL,
    STATES as STATES,
    UNANSWERED_AFTER as UNANSWERED_AFTER,
    Asking as Asking,
    Scope as Scope,
    Standing as Standing,
    StateRow as StateRow,
    When as When,
    closes_the_meter as closes_the_meter,
    row_of as row_of,
)
