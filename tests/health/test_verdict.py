"""One verdict on a meter: of all that holds, what decides, and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from custom_components.grdf_adict.adict import (
    PARIS,
    AccessRightState,
    Frequency,
    Refused,
)
from custom_components.grdf_adict.const import Issue
from custom_components.grdf_adict.health import (
    Arrivals,
    Evidence,
    HealthState,
    Trouble,
    Way,
    WhatToDo,
    health,
)
from custom_components.grdf_adict.metering import RefusedValues
from custom_components.grdf_adict.metering.schedule import (
    CallFailure,
    CallRecord,
    DataFamily,
)
from custom_components.grdf_adict.rights import MeterRight, MeterRights

TODAY: Final = date(2026, 11, 20)
NOW: Final = datetime(2026, 11, 20, 19, tzinfo=PARIS)
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
ALL: Final = frozenset(DataFamily) - {DataFamily.ACCESS_RIGHTS, DataFamily.INJECTIONS}
ANSWERED: Final = CallRecord(answered=NOW - HOUR, whole=True)
RIGHT: Final = MeterRight("1", AccessRightState.ACTIVE, ALL)
INJECTION: Final = MeterRight(
    "2", AccessRightState.ACTIVE, frozenset({DataFamily.INJECTIONS}), injects=True
)
REFUSAL: Final = ANSWERED.after_refusal(
    NOW - 2 * DAY, HOUR, CallFailure("1000099", "Exemple")
)
FAULT: Final = ANSWERED.after_fault(NOW - 2 * DAY, HOUR, CallFailure("500"))

# A 1M meter of which everything has come.
WELL: Final = Evidence(
    has_contract=True,
    rights=MeterRights(RIGHT),
    frequency=Frequency.MONTHLY,
    records=dict.fromkeys(ALL, ANSWERED),
    used=Way(days=300, newest=TODAY - 3 * DAY, has_informative=True),
    progress=100,
)


def _records(record: CallRecord, *calls: DataFamily) -> Mapping[DataFamily, CallRecord]:
    return {**WELL.records, **dict.fromkeys(calls, record)}


def _right(**changes: Any) -> MeterRights:
    return MeterRights(replace(RIGHT, **changes))


CASES: Final[dict[str, tuple[dict[str, Any], HealthState, str | None]]] = {
    "all is well": ({}, HealthState.UP_TO_DATE, None),
    "no right is listed": (
        {"rights": MeterRights()},
        HealthState.NO_RIGHT,
        "right_none",
    ),
    "the customer has not answered": (
        {"rights": _right(state=AccessRightState.TO_VALIDATE)},
        HealthState.WAITING_FOR_CONSENT,
        "right_waiting",
    ),
    "the customer refused": (
        {"rights": _right(state=AccessRightState.REFUSED)},
        HealthState.NO_RIGHT,
        "right_refused",
    ),
    "a new customer": (
        {"another_holder": True},
        HealthState.NEW_HOLDER,
        "another_customer",
    ),
    "the right begins later": (
        {"rights": _right(starts=TODAY + DAY)},
        HealthState.NOT_BEGUN,
        "right_not_begun",
    ),
    "the right was revoked": (
        {"rights": _right(state=AccessRightState.REVOKED)},
        HealthState.RIGHT_ENDED,
        "right_revoked",
    ),
    "the right has only contractual data": (
        {"rights": _right(calls=frozenset({DataFamily.CONTRACT}))},
        HealthState.RIGHT_OPENS_NO_GAS,
        "no_gas_data",
    ),
    "a 6M meter whose right has informative data only": (
        {
            "rights": _right(calls=frozenset({DataFamily.INFORMATIVE})),
            "frequency": Frequency.SIX_MONTHLY,
        },
        HealthState.RIGHT_OPENS_NO_GAS,
        "no_gas_data",
    ),
    "an unknown refusal of one of two": (
        {"records": _records(REFUSAL, DataFamily.PUBLISHED)},
        HealthState.REFUSED,
        "1000099",
    ),
    "the consent's proof is refused at the first call, for technical data": (
        {
            "rights": _right(state=AccessRightState.TO_RECHECK),
            "records": {
                DataFamily.TECHNICAL: CallRecord().after_refusal(
                    NOW, DAY, CallFailure("1000011", "Preuve refusée")
                )
            },
            "used": Way(),
            "progress": None,
        },
        HealthState.REFUSED,
        "1000011",
    ),
    "contractual data are refused": (
        {"records": _records(REFUSAL, DataFamily.CONTRACT)},
        HealthState.UP_TO_DATE,
        None,
    ),
    "contractual data of a new meter fail from the first day on": (
        {
            "records": {
                **dict.fromkeys(ALL, ANSWERED),
                DataFamily.CONTRACT: CallRecord().after_fault(
                    NOW - DAY, HOUR, CallFailure("500")
                ),
            }
        },
        HealthState.UP_TO_DATE,
        None,
    ),
    "polling is off": ({"is_polled": False}, HealthState.POLLING_OFF, "polling"),
    "the day's calls are used up": (
        {"trouble": Trouble(HealthState.QUOTA_REACHED, CallFailure("429"), TODAY)},
        HealthState.QUOTA_REACHED,
        "429",
    ),
    "GRDF is away, and so this call fails": (
        {
            "trouble": Trouble(HealthState.GRDF_AWAY, CallFailure("503"), TODAY),
            "records": _records(FAULT, DataFamily.INFORMATIVE),
        },
        HealthState.GRDF_AWAY,
        "503",
    ),
    "this meter's call fails": (
        {"records": _records(FAULT, DataFamily.PUBLISHED)},
        HealthState.METER_FAILING,
        "500",
    ),
    "contractual data of a known meter fail": (
        {"records": _records(FAULT, DataFamily.CONTRACT)},
        HealthState.UP_TO_DATE,
        None,
    ),
    "an answer that is always cut": (
        {"records": _records(replace(ANSWERED, cut=4), DataFamily.INFORMATIVE)},
        HealthState.METER_FAILING,
        "no_answer",
    ),
    "statistics cannot be written": (
        {"is_recorder_away": True},
        HealthState.RECORDER_AWAY,
        "recorder",
    ),
    "the first import": (
        {"progress": 50, "used": Way()},
        HealthState.FIRST_IMPORT,
        "importing",
    ),
    "the rights were never read": (
        {"rights": None, "used": Way(), "progress": None, "records": {}},
        HealthState.FIRST_IMPORT,
        "importing",
    ),
    "in service since yesterday": (
        {"used": Way(arrivals=Arrivals(began=TODAY))},
        HealthState.WAITING_FOR_DATA,
        "nothing_yet",
    ),
    "nothing has come for half a year and more": (
        {"used": Way(arrivals=Arrivals(began=TODAY - 240 * DAY))},
        HealthState.DATA_LATE,
        "nothing_new",
    ),
    "nothing new for twice the delay": (
        {"used": replace(WELL.used, newest=TODAY - 10 * DAY)},
        HealthState.DATA_LATE,
        "nothing_new",
    ),
    "a day in between has not come": (
        {"used": replace(WELL.used, gap=TODAY - 20 * DAY)},
        HealthState.DATA_LATE,
        "missing_day",
    ),
    "published months only: informative has never given any": (
        {"used": Way(days=300, newest=TODAY - 25 * DAY)},
        HealthState.UP_TO_DATE,
        None,
    ),
    "a value waits for its repetition": (
        {"doubted": TODAY - DAY},
        HealthState.DOUBTED,
        "implausible_value",
    ),
    "a value was refused": (
        {
            "refused": {
                DataFamily.PUBLISHED: RefusedValues(1, (Refused("energie", TODAY),))
            }
        },
        HealthState.DOUBTED,
        "values_refused",
    ),
    "a site that does both, its injection late": (
        {
            "rights": MeterRights(RIGHT, INJECTION),
            "injected": Way(days=200, newest=TODAY - 60 * DAY),
        },
        HealthState.DATA_LATE,
        "nothing_new",
    ),
    "consumption revoked, injection late": (
        {
            "rights": MeterRights(
                replace(RIGHT, state=AccessRightState.REVOKED), INJECTION
            ),
            "injected": Way(days=200, newest=TODAY - 60 * DAY),
        },
        HealthState.RIGHT_ENDED,
        "right_revoked",
    ),
    "a second right that never opened": (
        {
            "rights": MeterRights(
                RIGHT, replace(INJECTION, state=AccessRightState.REFUSED)
            )
        },
        HealthState.UP_TO_DATE,
        None,
    ),
    "files that ended": (
        {
            "has_contract": False,
            "rights": None,
            "records": {},
            "progress": None,
            "filed": TODAY - 50 * DAY,
            "used": Way(days=300, newest=TODAY - 50 * DAY),
        },
        HealthState.FILES_ENDED,
        "old_files",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_state_is_the_first_that_holds(case: str) -> None:
    changes, state, reason = CASES[case]

    found = health(replace(WELL, **changes), NOW)

    assert (found.state, found.reason) == (state, reason)
    assert (reason is None) is (state is HealthState.UP_TO_DATE)
    is_well = found.what_to_do is WhatToDo.NOTHING
    assert is_well is (state is HealthState.UP_TO_DATE)


def test_every_state_but_that_of_a_refused_secret_is_among_the_cases() -> None:
    assert {state for _, state, _ in CASES.values()} == set(HealthState) - {
        HealthState.SECRET_REFUSED
    }


def test_consumption_revoked_and_injection_late_are_both_told() -> None:
    changes, *_ = CASES["consumption revoked, injection late"]

    found = health(replace(WELL, **changes), NOW)

    assert Issue.RIGHT_REVOKED in {each.issue for each in found.rights[0].findings}
    assert Issue.DATA_LATE in {each.issue for each in found.findings}
    assert [right.is_accessible for right in found.rights] == [False, True]


@pytest.mark.parametrize(("hours", "is_told"), [(23, False), (24, True)])
def test_a_failure_of_a_whole_day_has_a_repair(hours: int, *, is_told: bool) -> None:
    fault = ANSWERED.after_fault(NOW - hours * HOUR, HOUR, CallFailure("500"))
    known = replace(WELL, records=_records(fault, DataFamily.INFORMATIVE))

    issues = {each.issue for each in health(known, NOW).findings}

    assert (Issue.METER_FAILING in issues) is is_told


def test_a_clock_ahead_is_what_grdf_means_by_an_end_in_the_future() -> None:
    refusal = ANSWERED.after_refusal(NOW, HOUR, CallFailure("1000016"))
    known = replace(WELL, records=_records(refusal, DataFamily.INFORMATIVE))

    found = health(known, NOW)

    assert (found.state, found.what_to_do) == (
        HealthState.REFUSED,
        WhatToDo.CHECK_CLOCK,
    )


def test_since_when_is_shown() -> None:
    failing = replace(WELL, records=_records(FAULT, DataFamily.PUBLISHED))
    ended = replace(WELL, rights=_right(ends=TODAY - 5 * DAY))

    assert health(failing, NOW).since == TODAY - 2 * DAY
    assert health(ended, NOW).since == TODAY - 4 * DAY
