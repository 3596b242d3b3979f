"""The page for a person: it shows the sandbox, and its buttons move it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
import re
from unittest.mock import Mock

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
import pytest

from tests.sandbox import FORMER, HOUSE, PRODUCER, WAITING, Fault, Sandbox
from tests.sandbox.actions import guard
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def page(visitor: Visitor) -> str:
    async with visitor.http.get(f"{visitor.served.root_url}/") as found:
        assert found.status == 200
        return await found.text()


async def press(visitor: Visitor, action: str, **form: str) -> int:
    """Send one of the page's forms and return the status."""
    url = f"{visitor.served.root_url}/_sandbox/{action}"
    async with visitor.http.post(url, data=form, allow_redirects=False) as found:
        return found.status


async def test_the_page_shows_meters_rights_calls_and_mails(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await visitor.declare(FORMER)
    await visitor.get("/droits_acces", periode="2026")
    shown = unescape(await page(visitor))
    assert all(pce in shown for pce in sandbox.meters)
    assert all(right.state in shown for right in sandbox.rights)
    assert "/adict/bas/v6/droits_acces?periode=2026" in shown
    assert sandbox.mails[0].subject in shown
    assert "20/11/2026 09:00" in shown
    assert len(sandbox.calls) == 2


async def test_every_button_of_the_page_leads_somewhere(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.start_campaign([HOUSE])
    await visitor.send_proofs(sandbox.right(HOUSE).id, ("a.pdf", b"x"))
    sandbox.fail_next(None, Fault.status(500), 2)
    actions = set(re.findall(r'action="/_sandbox/([^"]+)"', await page(visitor)))
    assert actions == {
        "answer",
        "campaign",
        "clock",
        "fault",
        "judge",
        "move-in",
        "move-out",
        "no-faults",
        "revoke",
        "switches",
    }
    assert {await press(visitor, action) for action in actions} <= {303, 404, 409}


async def test_a_person_answers_as_the_customer(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(WAITING)
    assert await press(visitor, "answer", right=right.id, accepts="yes") == 303
    assert right.state == "Active"
    assert await press(visitor, "answer", right=right.id, accepts="yes") == 409
    assert await press(visitor, "answer", right="nobody", accepts="yes") == 404


async def test_a_person_refuses_with_a_reason_and_a_comment(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(WAITING)
    await press(
        visitor, "answer", right=right.id, accepts="no", reason="R", comment="C"
    )
    assert right.state == "Refusée"
    assert str(right.refusal_source).endswith("R, C")


async def test_a_person_revokes_controls_and_judges(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(HOUSE)
    await press(visitor, "campaign", right=right.id)
    assert right.proof_state == "Preuve en attente"
    assert sandbox.right(FORMER).proof_state is None
    await visitor.send_proofs(right.id, ("a.pdf", b"x"))
    assert "a.pdf" in await page(visitor)
    await press(visitor, "judge", right=right.id, accepted="yes")
    assert right.proof_state == "Preuve Vérifiée OK"
    await press(visitor, "revoke", right=right.id)
    assert (right.state, right.revocation_source) == ("Révoquée", "TITULAIRE")


async def test_a_customer_moves_out_and_another_in(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await press(visitor, "move-out", pce=HOUSE)
    assert sandbox.right(HOUSE).state == "Obsolète"
    form = {"pce": HOUSE, "mail": "new@example.com"}
    assert await press(visitor, "move-in", **form, name="N", company="C") == 409
    assert await press(visitor, "move-in", **form) == 409
    assert await press(visitor, "move-in", **form, name="N") == 303
    assert sandbox.meters[HOUSE].site.holder_name == "N"


@pytest.mark.parametrize(
    ("move", "later"),
    [
        ("hour", timedelta(hours=1)),
        ("day", timedelta(days=1)),
        ("week", timedelta(weeks=1)),
    ],
)
async def test_the_clock_moves_on(
    sandbox: Sandbox, visitor: Visitor, move: str, later: timedelta
) -> None:
    await press(visitor, "clock", move=move)
    assert sandbox.now == NOW + later


async def test_the_clock_is_set_in_french_time(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await press(visitor, "clock", move="set", now="2027-07-01T12:30")
    assert sandbox.now.isoformat() == "2027-07-01T12:30:00+02:00"
    assert await press(visitor, "clock", move="set", now="tomorrow") == 409
    assert await press(visitor, "clock", move="never") == 404


async def test_a_clock_that_runs_goes_on_ahead(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await press(visitor, "clock", move="machine")
    await press(visitor, "clock", move="day")
    ahead = sandbox.now - datetime.now(PARIS)
    assert timedelta(hours=23, minutes=59) < ahead <= timedelta(days=1)
    await press(visitor, "clock", move="machine")
    assert abs(sandbox.now - datetime.now(PARIS)) < timedelta(minutes=1)


async def test_a_person_plans_faults_and_forgets_them(visitor: Visitor) -> None:
    form = {"path": "techniques", "kind": "503", "times": "2"}
    assert await press(visitor, "fault", **form) == 303
    assert "encore 2 fois" in await page(visitor)
    path = f"/pce/{HOUSE}/donnees_techniques"
    assert (await visitor.get("/droits_acces")).status == 200
    assert (await visitor.get(path)).status == 503
    await press(visitor, "no-faults")
    assert (await visitor.get(path)).status == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"path": "nowhere"}, 404),
        ({"kind": "flood"}, 404),
        ({"times": "0"}, 409),
        ({"times": "many"}, 409),
    ],
)
async def test_a_fault_that_cannot_be_is_refused(
    sandbox: Sandbox, visitor: Visitor, changes: dict[str, str], status: int
) -> None:
    form = {"path": "token", "kind": "500", "times": "1"} | changes
    assert await press(visitor, "fault", **form) == status
    assert not sandbox.faults.planned


async def test_a_fault_of_any_call_spares_the_page(visitor: Visitor) -> None:
    await press(visitor, "fault", path="", kind="500", times="1")
    assert "encore 1 fois" in await page(visitor)
    assert (await visitor.get("/droits_acces")).status == 500


async def test_switches_follow_their_boxes(sandbox: Sandbox, visitor: Visitor) -> None:
    await press(visitor, "switches", grants_less="on")
    assert sandbox.switches.grants_less
    await press(visitor, "switches", pretty="on")
    assert (sandbox.switches.grants_less, sandbox.switches.pretty) == (False, True)


async def test_whatever_is_declared_is_shown_as_text(visitor: Visitor) -> None:
    await visitor.declare(FORMER, nom_titulaire="<script>alert(1)</script>")
    await visitor.get("/pce/<img>/donnees_techniques")
    shown = await page(visitor)
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Host": "evil.example.com"},
    ],
)
async def test_a_foreign_page_cannot_press_the_buttons(
    sandbox: Sandbox, visitor: Visitor, headers: dict[str, str]
) -> None:
    url = f"{visitor.served.root_url}/_sandbox/revoke"
    form = {"right": sandbox.right(HOUSE).id}
    async with visitor.http.post(url, data=form, headers=headers) as found:
        assert found.status == 403
    assert sandbox.right(HOUSE).state == "Active"


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.1.20", 403)]
)
async def test_only_this_machine_presses_the_buttons(address: str, status: int) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response()

    transport = Mock()
    transport.get_extra_info.return_value = (address, 50_000)
    request = make_mocked_request(
        "POST",
        "/_sandbox/revoke",
        headers={"Host": "localhost:8127"},
        transport=transport,
    )
    assert (await guard(request, handler)).status == status


async def test_the_own_page_can(sandbox: Sandbox, visitor: Visitor) -> None:
    url = f"{visitor.served.root_url}/_sandbox/revoke"
    form = {"right": sandbox.right(HOUSE).id}
    headers = {"Origin": visitor.served.root_url}
    async with visitor.http.post(url, data=form, headers=headers) as found:
        assert found.status == 200
        assert PRODUCER in await found.text()
