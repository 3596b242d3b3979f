"""Whom a plan may write to, by the rights of the contract."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.grdf_adict.adict import (
    AccessRight,
    AccessRightState,
    Role,
)
from custom_components.grdf_adict.const import GrdfEnvironment
from custom_components.grdf_adict.contract.candidates import MeterCandidates
from custom_components.grdf_adict.fleet import Action, RowProblem
from custom_components.grdf_adict.jobs.plan import Plan, plan_of

from .common import PCE, TODAY, book, read

RIGHT = AccessRight(
    id="x-1",
    pce=PCE,
    role=Role.SUPPLY_AUTHORISED,
    state=AccessRightState.ACTIVE,
    start=TODAY - timedelta(days=365),
    end=TODAY - timedelta(days=1),
    holder_name="M. ANCIEN",
    mail="ancien@example.com",
    postcode="98999",
    consumption_from=date(2023, 1, 1),
    published=True,
)


def _renewed(right: AccessRight) -> Plan:
    choice = MeterCandidates(
        rights={},
        owners={},
        environment=GrdfEnvironment.SANDBOX,
        today=TODAY,
        language="fr",
    )
    table = read(book([PCE], header=["PCE"]), Action.RENEW)
    return plan_of(table, [right], choice, TODAY)


LEFT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "days", "obsolete"),
    [
        (AccessRightState.REVOKED, -1, None),
        (AccessRightState.REVOKED, 300, None),
        (AccessRightState.REFUSED, -1, None),
        (AccessRightState.OBSOLETE, 300, LEFT),
        (AccessRightState.OBSOLETE, -1, LEFT),
    ],
)
def test_a_right_that_somebody_ended_is_not_renewed(
    state: AccessRightState, days: int, obsolete: datetime | None
) -> None:
    end = TODAY + timedelta(days=days)

    plan = _renewed(replace(RIGHT, state=state, end=end, obsolete=obsolete))

    assert not plan.tasks
    assert [row.reasons for row in plan.bad] == [(RowProblem.RIGHT_CLOSED,)]


@pytest.mark.parametrize(
    "right",
    [
        RIGHT,
        replace(RIGHT, end=TODAY + timedelta(days=300)),
        replace(
            RIGHT,
            state=AccessRightState.OBSOLETE,
            obsolete=LEFT + timedelta(days=400),
            obsolete_by="Date de fin",
        ),
    ],
    ids=["ended", "open", "obsolete by its end"],
)
def test_a_right_that_ends_by_its_date_is_renewed(right: AccessRight) -> None:
    (task,) = _renewed(right).tasks

    assert task.declaration is not None
    assert task.declaration.mail == "ancien@example.com"
