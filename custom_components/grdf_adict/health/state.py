"""The states of a meter's health, and what the reader can do about each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class HealthState(StrEnum):
    """The state of a meter: of all that hold, the first one listed here."""

    SECRET_REFUSED = "secret_refused"  # noqa: S105 - a state, not a secret
    NO_RIGHT = "no_right"
    WAITING_FOR_CONSENT = "waiting_for_consent"
    NEW_HOLDER = "new_holder"
    NOT_BEGUN = "not_begun"
    RIGHT_ENDED = "right_ended"
    RIGHT_OPENS_NO_GAS = "right_opens_no_gas"
    REFUSED = "refused"
    """GRDF refuses a call that brings gas."""
    POLLING_OFF = "polling_off"
    QUOTA_REACHED = "quota_reached"
    GRDF_AWAY = "grdf_away"
    METER_FAILING = "meter_failing"
    """A call of this meter fails, while GRDF answers others."""
    RECORDER_AWAY = "recorder_away"
    FIRST_IMPORT = "first_import"
    WAITING_FOR_DATA = "waiting_for_data"
    """Nothing has ever come, and nothing is wrong."""
    FILES_ENDED = "files_ended"
    DATA_LATE = "data_late"
    DOUBTED = "doubted"
    """A value waits for its repetition, or was refused as impossible."""
    UP_TO_DATE = "up_to_date"


ORDER: Final = tuple(HealthState)


class WhatToDo(StrEnum):
    """What the reader can do about a state."""

    NOTHING = "nothing"
    WAIT = "wait"
    WAIT_THEN_ASK_GRDF = "wait_then_ask_grdf"
    ANSWER_FOR_HOLDER = "answer_for_holder"
    ASK_CUSTOMER = "ask_customer"
    DECLARE_RIGHT = "declare_right"
    ENTER_SECRET = "enter_secret"  # noqa: S105 - no secret
    IMPORT_FILES = "import_files"
    LOOK_AT_REPAIR = "look_at_repair"
    CHECK_CLOCK = "check_clock"
    CHECK_RECORDER = "check_recorder"
    SWITCH_POLLING_ON = "switch_polling_on"


WHAT_TO_DO: Final[Mapping[HealthState, WhatToDo]] = {
    HealthState.SECRET_REFUSED: WhatToDo.ENTER_SECRET,
    HealthState.NO_RIGHT: WhatToDo.DECLARE_RIGHT,
    HealthState.WAITING_FOR_CONSENT: WhatToDo.ASK_CUSTOMER,
    HealthState.NEW_HOLDER: WhatToDo.ANSWER_FOR_HOLDER,
    HealthState.NOT_BEGUN: WhatToDo.WAIT,
    HealthState.RIGHT_ENDED: WhatToDo.DECLARE_RIGHT,
    HealthState.RIGHT_OPENS_NO_GAS: WhatToDo.DECLARE_RIGHT,
    HealthState.REFUSED: WhatToDo.LOOK_AT_REPAIR,
    HealthState.POLLING_OFF: WhatToDo.SWITCH_POLLING_ON,
    HealthState.QUOTA_REACHED: WhatToDo.WAIT,
    HealthState.GRDF_AWAY: WhatToDo.WAIT,
    HealthState.METER_FAILING: WhatToDo.WAIT_THEN_ASK_GRDF,
    HealthState.RECORDER_AWAY: WhatToDo.CHECK_RECORDER,
    HealthState.FIRST_IMPORT: WhatToDo.WAIT,
    HealthState.WAITING_FOR_DATA: WhatToDo.WAIT,
    HealthState.FILES_ENDED: WhatToDo.IMPORT_FILES,
    HealthState.DATA_LATE: WhatToDo.WAIT_THEN_ASK_GRDF,
    HealthState.DOUBTED: WhatToDo.WAIT_THEN_ASK_GRDF,
    HealthState.UP_TO_DATE: WhatToDo.NOTHING,
}
