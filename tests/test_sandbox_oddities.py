"""The sandbox answers strangely on demand, in the ways that GRDF may."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from aiohttp import ClientTimeout
import pytest

from tests.sandbox import HOUSE, INDUSTRY, Fault, Perimeter, Sandbox
from tests.sandbox.clock import PARIS
from tests.sandbox.oddities import (
    absurd_energy,
    at_midnight,
    at_six_utc,
    bounds,
    future_block,
    future_day,
    no_rights,
)
from tests.sandbox.opening import right_for
from tests.sandbox.visitor import Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

TODAY = date(2026, 11, 20)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}
MONTHS = {"date_debut": "2026-08-20", "date_fin": "2026-11-20"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=datetime(2026, 11, 20, 9, tzinfo=PARIS))


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def test_an_informative_day_comes_from_forty_days_ahead(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    usual = await visitor.informative(HOUSE, **WEEK)
    sandbox.fail_next("informatives", future_day(TODAY))
    odd = await visitor.informative(HOUSE, **WEEK)

    assert odd.objects[:-1] == usual.objects
    assert odd.consumptions[-1]["journee_gaziere"] == "2026-12-30"
    assert odd.consumptions[-1]["date_fin_consommation"][:10] == "2026-12-31"
    # What it comes to is what came of the rest.
    before, after = sandbox.journal.answers
    assert (after.blocks, after.is_whole) == (before.blocks, True)


async def test_a_published_block_reaches_forty_days_ahead(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("publiees", future_block(TODAY))
    odd = (await visitor.published(HOUSE, **MONTHS)).consumptions[-1]

    assert odd["date_debut_consommation"][:10] == "2026-11-15"
    assert odd["date_fin_consommation"][:10] == "2026-12-30"
    assert odd["energie"] == 25 * 45


async def test_the_newest_block_has_an_energy_that_nobody_can_use(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("publiees", absurd_energy())
    reply = await visitor.published(INDUSTRY, **WEEK)

    assert reply.consumptions[-1]["energie"] == "1e307"
    assert len(sandbox.journal.answers[0].blocks) == len(reply.objects) - 1


@pytest.mark.parametrize(
    ("spelling", "begins", "ends"),
    [
        (at_midnight, "2026-10-12T00:00:00+02:00", "2026-11-12T00:00:00+01:00"),
        (at_six_utc, "2026-10-12T06:00:00+00:00", "2026-11-12T06:00:00+00:00"),
        (date.isoformat, "2026-10-12", "2026-11-12"),
    ],
)
async def test_bounds_are_spelt_otherwise(
    sandbox: Sandbox, visitor: Visitor, spelling: object, begins: str, ends: str
) -> None:
    usual = (await visitor.published(HOUSE, **MONTHS)).consumptions[-1]
    sandbox.fail_next("publiees", bounds(spelling))  # type: ignore[arg-type]
    odd = (await visitor.published(HOUSE, **MONTHS)).consumptions[-1]

    assert odd["date_debut_consommation"] == begins
    assert odd["date_fin_consommation"] == ends
    assert odd["energie"] == usual["energie"]


async def test_a_list_of_rights_can_be_empty_once(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("droits_acces", no_rights())
    replies = [await visitor.get("/droits_acces") for _ in range(2)]

    assert [len(reply.objects) for reply in replies] == [1, len(sandbox.rights) + 1]
    assert replies[0].code == "0000000000"


async def test_a_refusal_can_have_a_code_that_nobody_has_published(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("publiees", Fault.refusal("1000077", "Vos droits sont suspendus"))
    reply = await visitor.published(HOUSE, **WEEK)

    assert (reply.status, reply.code) == (200, "1000077")
    assert sandbox.journal.answers == []


async def test_a_header_can_dribble_until_the_caller_has_had_enough(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("publiees", Fault.dribble(0.01))
    url = f"{visitor.served.api_url}/pce/{HOUSE}/donnees_consos_publiees"
    headers = {"Authorization": visitor.header or ""}

    # Each byte comes in time; the status never does.
    with pytest.raises(TimeoutError):
        await visitor.http.get(
            url, headers=headers, timeout=ClientTimeout(total=0.2, sock_read=0.1)
        )


async def test_two_rights_give_together_what_each_of_them_gives(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    older = sandbox.right(HOUSE)
    older.consumption_to = date(2026, 11, 4)
    newer = replace(
        right_for(sandbox.meters[HOUSE], TODAY),
        id="newer",
        created=sandbox.now - timedelta(days=1),
        consumption_from=date(2026, 11, 7),
        contractual=False,
    )
    sandbox.rights.append(newer)

    reply = await visitor.informative(HOUSE, **WEEK)
    contract = await visitor.get(f"/pce/{HOUSE}/donnees_contractuelles")

    days = [wire["journee_gaziere"][-2:] for wire in reply.consumptions]
    assert days == ["01", "02", "03", "04", "07", "08", "09"]
    assert contract.code is None
    assert sandbox.right(HOUSE, Perimeter.CONTRACTUAL) is older
