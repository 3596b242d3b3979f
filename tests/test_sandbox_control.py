"""GRDF controls consents: campaigns, deadlines, proofs."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from tests.sandbox import FLAT, HOUSE, Sandbox
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting
from tests.sandbox.working_days import (
    easter,
    is_working_day,
    public_holidays,
    working_days_after,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}
LETTER = ("consentement.pdf", b"%PDF-1.7")
DAY = timedelta(days=1)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1999, 4, 4),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
        (2049, 4, 18),
    ],
)
def test_easter_falls_on_its_known_dates(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_the_holidays_of_2026_are_those_of_the_french_calendar() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize(
    ("year", "days"), [(2023, 251), (2024, 252), (2025, 251), (2026, 252)]
)
def test_a_year_has_its_known_number_of_working_days(year: int, days: int) -> None:
    first = date(year, 1, 1)
    dates = (first + timedelta(days=number) for number in range(366))
    assert sum(is_working_day(day) for day in dates if day.year == year) == days


@pytest.mark.parametrize(
    ("start", "deadline"),
    [
        ("2026-11-20", "2026-12-18"),
        ("2026-12-01", "2026-12-30"),
        # Labour Day, Victory Day, Ascension Day and Whit Monday.
        ("2026-04-24", "2026-05-28"),
        # A Saturday: counting starts on Monday.
        ("2026-11-21", "2026-12-18"),
    ],
)
def test_a_deadline_is_twenty_working_days_ahead(start: str, deadline: str) -> None:
    assert str(working_days_after(date.fromisoformat(start), 20)) == deadline


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 60))
def test_counting_on_ends_on_a_working_day_and_skips_none(
    start: date, number: int
) -> None:
    end = working_days_after(start, number)
    between = [start + DAY * passed for passed in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == number


@pytest.mark.parametrize("by_pce", [True, False])
async def test_a_campaign_asks_for_a_proof_with_a_deadline(
    sandbox: Sandbox,
    visitor: Visitor,
    by_pce: bool,  # noqa: FBT001 - a case of the table
) -> None:
    right = sandbox.right(HOUSE)
    (asked,) = sandbox.start_campaign([HOUSE if by_pce else right.id])
    assert asked is right
    (found,) = await visitor.find_rights(statut_controle_preuve=["Preuve en attente"])
    assert found["id_droit_acces"] == right.id
    assert found["date_limite_transmission_preuve"] == "2026-12-18"
    assert (await visitor.informative(HOUSE, **WEEK)).code is None
    assert [mail.rights for mail in sandbox.mails] == [[right.id]]


async def test_only_rights_in_force_are_controlled(sandbox: Sandbox) -> None:
    right = sandbox.right(HOUSE)
    sandbox.revoke(right.id)
    assert sandbox.start_campaign([right.id]) == []


@pytest.mark.parametrize(
    ("accepted", "proof", "state", "code"),
    [
        (True, "Preuve Vérifiée OK", "Active", None),
        (False, "Preuve Vérifiée KO", "A revérifier", "1000011"),
    ],
)
async def test_a_proof_is_sent_and_judged(
    sandbox: Sandbox,
    visitor: Visitor,
    accepted: bool,  # noqa: FBT001 - a case of the table
    proof: str,
    state: str,
    code: str | None,
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    reply = await visitor.send_proofs(right.id, LETTER)
    assert (reply.status, reply.code) == (200, "0000000000")
    assert right.proof_state == "Preuve en cours de vérification"
    assert [(sent.name, sent.content) for sent in right.proofs] == [LETTER]
    sandbox.judge_proof(right.id, accepted)
    found = (await visitor.find_rights(id_pce=[HOUSE]))[-1]
    assert found["statut_controle_preuve"] == proof
    assert found["etat_droit_acces"] == state
    assert (await visitor.informative(HOUSE, **WEEK)).code == code


async def test_a_new_campaign_reopens_what_an_earlier_one_closed(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    await visitor.send_proofs(right.id, LETTER, LETTER, LETTER)
    sandbox.judge_proof(right.id, accepted=False)
    assert sandbox.start_campaign([HOUSE]) == [right]
    assert (await visitor.send_proofs(right.id, LETTER)).status == 200
    sandbox.judge_proof(right.id, accepted=True)
    assert (await visitor.informative(HOUSE, **WEEK)).code is None


async def test_a_missed_deadline_closes_the_right(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    sandbox.now = datetime(2026, 12, 18, 23, 59, tzinfo=PARIS)
    await visitor.log_in()
    assert (await visitor.informative(HOUSE, **WEEK)).code is None
    sandbox.now = datetime(2026, 12, 19, tzinfo=PARIS)
    assert (await visitor.informative(HOUSE, **WEEK)).code == "1000011"
    assert (right.state, right.proof_state) == ("A revérifier", "Preuve Vérifiée KO")
    assert (await visitor.send_proofs(right.id, LETTER)).status == 409


async def test_a_proof_that_came_in_time_may_be_judged_late(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    await visitor.send_proofs(right.id, LETTER)
    sandbox.now = datetime(2027, 2, 1, tzinfo=PARIS)
    assert sandbox.right(HOUSE).proof_state == "Preuve en cours de vérification"


@pytest.mark.parametrize(
    "name",
    [
        *("a.txt", "a.csv", "a.pdf", "a.pptx", "a.docx", "a.wordx"),
        *("a.mp3", "a.mp4", "a.zip", "A.PDF"),
    ],
)
async def test_a_proof_has_one_of_nine_formats(
    sandbox: Sandbox, visitor: Visitor, name: str
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    assert (await visitor.send_proofs(right.id, (name, b"x"))).status == 200


@pytest.mark.parametrize("name", ["virus.exe", "pdf", "letter.pdf.js", ""])
async def test_another_format_is_refused_with_all_that_came_along(
    sandbox: Sandbox, visitor: Visitor, name: str
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    reply = await visitor.send_proofs(right.id, LETTER, (name, b"x"))
    assert (reply.status, reply.code) == (400, "2000000002")
    assert (right.proofs, right.proof_state) == ([], "Preuve en attente")


@pytest.mark.parametrize(("size", "status"), [(4_000_000, 200), (4_000_001, 400)])
async def test_a_proof_is_at_most_four_megabytes(
    sandbox: Sandbox, visitor: Visitor, size: int, status: int
) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    reply = await visitor.send_proofs(right.id, ("call.mp3", bytes(size)))
    assert reply.status == status
    assert reply.code == ("0000000000" if status == 200 else "2000000005")


async def test_three_proofs_a_call_and_a_right_are_the_most(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    first, second = sandbox.start_campaign([HOUSE, FLAT])
    four = await visitor.send_proofs(first.id, LETTER, LETTER, LETTER, LETTER)
    assert (four.status, first.proofs) == (400, [])
    statuses = [
        (await visitor.send_proofs(second.id, *files)).status
        for files in ([LETTER], [LETTER, LETTER], [LETTER])
    ]
    assert statuses == [200, 200, 400]
    assert len(second.proofs) == 3


async def test_a_proof_is_only_taken_when_asked_for(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    reply = await visitor.send_proofs(sandbox.right(HOUSE).id, LETTER)
    assert reply.status == 409
    unknown = await visitor.send_proofs("nobody", LETTER)
    assert (unknown.status, unknown.code) == (404, "1000000001")
    with pytest.raises(ValueError, match="None"):
        sandbox.judge_proof(sandbox.right(HOUSE).id, accepted=True)


async def test_every_part_is_named_preuves(sandbox: Sandbox, visitor: Visitor) -> None:
    (right,) = sandbox.start_campaign([HOUSE])
    assert (await visitor.send_proofs(right.id, LETTER, part="file")).status == 400
    assert (await visitor.call("PUT", f"/droit_acces/{right.id}/preuves")).status == 400
