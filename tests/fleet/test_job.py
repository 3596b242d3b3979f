"""A fleet's job: its order, its state on the disk, what GRDF's list shows of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import (
    AccessRight,
    AccessRightState,
    Declaration,
    ProofState,
    Role,
)
from custom_components.grdf_adict.fleet.consent import (
    Consent,
    declaration_of,
    missing_dates,
    renewed,
)
from custom_components.grdf_adict.fleet.errors import RowProblem
from custom_components.grdf_adict.fleet.job import (
    BLOCK,
    Job,
    State,
    Task,
    Work,
    by_customer,
    customers,
    forecast,
    mails,
)
from custom_components.grdf_adict.fleet.job_json import job_from_json, job_to_json
from custom_components.grdf_adict.metering import PartReader

from .common import PCE, TODAY

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
DECLARATION = Declaration(
    role=Role.SUPPLY_AUTHORISED,
    holder_name="MME EXEMPLE",
    postcode="98999",
    mail="sacha@example.com",
    start=TODAY,
    end=TODAY + timedelta(days=900),
    data_from=TODAY - timedelta(days=900),
    data_to=TODAY + timedelta(days=900),
    published=True,
)
RIGHT = AccessRight(
    id="new",
    pce=PCE,
    role=Role.SUPPLY_AUTHORISED,
    state=AccessRightState.TO_VALIDATE,
    start=TODAY,
)


def _declare(mail: str = "sacha@example.com") -> Task:
    declared = replace(DECLARATION, mail=mail)
    return Task(line="2", pce=PCE, work=Work.DECLARE, declaration=declared)


def test_each_customers_rows_go_together_in_the_order_of_their_first() -> None:
    names = ["b@example.com", "a@example.com", "B@example.com ", "a@example.com"]
    tasks = [replace(_declare(name), line=str(line)) for line, name in enumerate(names)]
    revoked = Task(line="9", pce=PCE, work=Work.REVOKE, right_id="1")

    ordered = by_customer([*tasks[:2], revoked, *tasks[2:]])

    assert [task.line for task in ordered] == ["0", "2", "1", "3", "9"]


def test_one_mail_serves_all_meters_of_a_customer() -> None:
    company = replace(DECLARATION, holder_name=None, holder_company="EXEMPLE")
    own = replace(DECLARATION, role=Role.SUPPLY_HOLDER, mail="me@example.com")
    tasks = [
        _declare(),
        _declare("SACHA@example.com"),
        replace(_declare(), declaration=company),
        replace(_declare(), declaration=own),
        Task(line="9", pce=PCE, work=Work.REVOKE, right_id="1"),
    ]

    assert (mails(tasks), customers(tasks)) == (2, 3)


@pytest.mark.parametrize(
    ("calls", "left", "today", "days"),
    [(10, 100, 10, 1), (300, 100, 100, 2), (300, 0, 0, 2), (0, 0, 0, 1), (5, -3, 0, 1)],
)
def test_a_job_is_forecast_within_the_days_quota(
    calls: int, left: int, today: int, days: int
) -> None:
    tasks = [_declare()] * calls + [Task(line="1", pce=PCE, work=Work.FOLLOW)]

    expected = forecast(tasks, left=left, per_day=200, gap=1.2)

    assert (expected.calls, expected.today, expected.days) == (calls, today, days)
    assert expected.minutes * 60 >= calls


def test_what_ends_is_counted_and_has_no_personal_data_any_more() -> None:
    job = Job(NOW, (_declare(), _declare(), _declare()))

    job = job.mark(job.next_block(), State.STARTED)
    job = job.end(0, job.tasks[0].ended(State.DONE, "0000000002"))
    assert (job.started, job.next_block(), job.left, job.progress) == (
        (1, 2),
        (),
        2,
        33,
    )
    job = job.cancelled()

    assert job.counts == {State.DONE: 1, State.CANCELLED: 2}
    assert (job.left, job.progress) == (0, 100)
    assert "example.com" not in json.dumps(job_to_json(job))
    assert Job(NOW).progress == 100


def test_calls_are_marked_in_blocks() -> None:
    job = Job(NOW, (_declare(),) * 50)

    assert job.next_block() == tuple(range(BLOCK))


def test_a_declaration_is_found_in_the_list_by_what_is_new_there() -> None:
    task = replace(_declare(), known=("old",))

    assert task.found_among([RIGHT])
    assert not task.found_among([])
    assert not task.found_among([replace(RIGHT, id="old")])
    assert not task.found_among([replace(RIGHT, pce="09999999900002")])
    assert not task.found_among([replace(RIGHT, start=TODAY - timedelta(days=1))])
    assert not task.found_among([replace(RIGHT, role=Role.INJECTION_HOLDER)])


@pytest.mark.parametrize(
    ("task", "before", "after"),
    [
        (
            Task(line="2", pce=PCE, work=Work.REVOKE, right_id="new"),
            RIGHT,
            replace(RIGHT, state=AccessRightState.REVOKED),
        ),
        (
            Task(line="2", pce=PCE, work=Work.PROVE, right_id="new"),
            replace(RIGHT, proof_state=ProofState.AWAITED),
            replace(RIGHT, proof_state=ProofState.UNDER_REVIEW),
        ),
    ],
)
def test_other_calls_that_arrived_are_found_in_the_list_too(
    task: Task, before: AccessRight, after: AccessRight
) -> None:
    assert not task.found_among([before])
    assert task.found_among([after])


def test_following_is_nothing_that_grdf_lists() -> None:
    task = Task(line="2", pce=PCE, work=Work.FOLLOW)

    assert not task.found_among([RIGHT])


_TEXT = st.text(max_size=8)
_DAY = st.dates(date(2000, 1, 1), date(2199, 1, 1))
_DECLARATIONS = st.builds(
    Declaration,
    role=st.sampled_from(Role),
    holder_name=st.none() | _TEXT,
    holder_company=st.none() | _TEXT,
    postcode=_TEXT,
    mail=_TEXT,
    mobile=st.none() | _TEXT,
    start=_DAY,
    end=_DAY,
    data_from=_DAY,
    data_to=_DAY,
    contractual=st.booleans(),
    technical=st.booleans(),
    informative=st.booleans(),
    published=st.booleans(),
)
_TASKS = st.builds(
    Task,
    line=_TEXT,
    pce=st.just(PCE),
    work=st.sampled_from(Work),
    declaration=st.none() | _DECLARATIONS,
    right_id=st.none() | _TEXT,
    known=st.lists(_TEXT, max_size=2).map(tuple),
    files=st.lists(_TEXT, max_size=3).map(tuple),
    title=st.none() | _TEXT,
    building=st.none() | _TEXT,
    state=st.sampled_from(State),
    code=st.none() | _TEXT,
    message=st.none() | _TEXT,
    less=st.lists(_TEXT, max_size=2).map(tuple),
).filter(lambda task: task.has_ended or _can_be_done(task))


def _can_be_done(task: Task) -> bool:
    match task.work:
        case Work.DECLARE | Work.RENEW:
            return task.declaration is not None
        case Work.REVOKE:
            return bool(task.right_id)
        case Work.PROVE:
            return bool(task.right_id and task.files)
        case Work.FOLLOW:
            return True


@settings(max_examples=100, deadline=None)
@given(tasks=st.lists(_TASKS, max_size=4))
def test_a_job_comes_back_from_the_disk_as_it_was(tasks: list[Task]) -> None:
    job = Job(NOW, tuple(tasks), left_out=3)

    reader = PartReader()
    stored = json.loads(json.dumps(job_to_json(job)))

    assert job_from_json(stored, reader, NOW) == job
    assert not reader.unreadable


def test_a_job_of_an_earlier_version_comes_back_too() -> None:
    task = Task(line="2", pce=PCE, work=Work.FOLLOW, building="Les Tilleuls")
    stored = job_to_json(Job(NOW, (task,)))
    del stored["left_out"], stored["tasks"][0]["building"]

    reader = PartReader()
    job = job_from_json(stored, reader, NOW)

    assert (job.left_out, job.tasks[0].building) == (0, None)
    assert not reader.unreadable


def test_a_building_is_not_kept_once_its_task_has_ended() -> None:
    task = Task(line="2", pce=PCE, work=Work.FOLLOW, building="Les Tilleuls")

    assert task.ended(State.DONE).building is None
    assert "Tilleuls" not in repr(task)


def test_what_a_row_leaves_open_is_as_the_forms_suggest() -> None:
    given = Consent(start=TODAY, end=TODAY, data_from=TODAY, technical=False)

    declared = declaration_of(given)

    assert missing_dates(given) == ()
    assert declared.role is Role.SUPPLY_AUTHORISED
    assert declared.data_to == TODAY
    assert (declared.technical, declared.published, declared.informative) == (
        False,
        True,
        True,
    )


def test_missing_dates_are_reported() -> None:
    assert missing_dates(Consent()) == (
        RowProblem.START_MISSING,
        RowProblem.END_MISSING,
        RowProblem.DATA_FROM_MISSING,
    )


def test_a_renewal_is_the_right_again_except_for_the_row() -> None:
    right = replace(
        RIGHT,
        holder_company="EXEMPLE",
        mail="old@example.com",
        mobile="06 12 34 56 78",
        start=TODAY - timedelta(days=365),
        end=TODAY,
        consumption_from=date(2022, 1, 1),
        published=True,
        technical=False,
    )

    again = renewed(Consent(published=False), right, TODAY)

    assert (again.holder_company, again.holder_name) == ("EXEMPLE", None)
    assert (again.mail, again.mobile) == ("old@example.com", "06 12 34 56 78")
    assert (again.published, again.technical) == (False, False)
    # What the right leaves blank is declared as by default.
    assert declaration_of(again).contractual
    assert (again.start, again.end) == (TODAY, TODAY + timedelta(days=365))
    assert again.data_from == date(2022, 1, 1)


FORMER = replace(
    RIGHT,
    holder_name="M. ANCIEN",
    postcode="98999",
    mail="ancien@example.com",
    mobile="06 12 34 56 78",
)


@pytest.mark.parametrize(
    "given",
    [
        Consent(holder_name="MME NOUVELLE"),
        Consent(holder_company="ANCIEN"),
        Consent(mail="nouvelle@example.com"),
        Consent(holder_name="M. ANCIEN", mail="nouvelle@example.com"),
    ],
    ids=["a name", "a company", "an address", "a name and an address"],
)
def test_a_renewal_never_writes_to_the_former_customer(given: Consent) -> None:
    again = renewed(given, FORMER, TODAY)

    assert (again.mail, again.mobile) == (given.mail, None)
    assert again.holder_name == given.holder_name
    assert again.postcode == "98999", "the meter has not moved"


@pytest.mark.parametrize(
    "given",
    [Consent(holder_name="Ancien"), Consent(mail="ANCIEN@example.com"), Consent()],
    ids=["the name", "the address", "nothing"],
)
def test_a_renewal_for_the_same_customer_writes_to_him(given: Consent) -> None:
    again = renewed(given, FORMER, TODAY)

    assert (again.mail or "").casefold() == "ancien@example.com"
    assert again.mobile == "06 12 34 56 78"


def test_a_right_that_names_nobody_has_no_address_for_whoever_is_named() -> None:
    nameless = replace(FORMER, holder_name=None)

    again = renewed(Consent(holder_name="MME NOUVELLE"), nameless, TODAY)

    assert (again.mail, again.mobile) == (None, None)


def test_a_renewal_for_another_customer_does_not_mix_their_names() -> None:
    right = replace(RIGHT, holder_company="EXEMPLE", end=None)

    again = renewed(Consent(holder_name="MME AUTRE"), right, TODAY)

    assert (again.holder_name, again.holder_company) == ("MME AUTRE", None)
    assert again.end is None
