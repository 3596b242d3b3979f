"""What befalls the sandbox in long simulations: outages, depth, published anew."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from aiohttp import ClientError
import pytest

from tests.sandbox import (
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Amendment,
    Block,
    Fault,
    Outage,
    Perimeter,
    Sandbox,
)
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
DAY = timedelta(days=1)
MONTH = {"date_debut": "2026-09-20", "date_fin": "2026-11-20"}
YEARS = {"date_debut": "2023-11-20", "date_fin": "2026-11-20"}

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as visitor:
        yield visitor


def newest_published(sandbox: Sandbox, pce: str) -> Block:
    return sandbox.available_published(pce)[-1]


async def test_in_an_outage_every_call_fails_the_token_s_too(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.faults.outages.append(Outage(NOW, NOW + DAY, Fault.status(503, "{}")))

    assert (await visitor.token()).status == 503
    assert (await visitor.informative(HOUSE, **MONTH)).status == 503
    assert (await visitor.published(HOUSE, **MONTH)).status == 503


async def test_an_outage_ends(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.faults.outages.append(Outage(NOW - DAY, NOW, Fault.status(503, "{}")))

    assert (await visitor.informative(HOUSE, **MONTH)).status == 200


async def test_a_shorter_depth_hides_older_days_and_refuses_no_query(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.depth[Perimeter.INFORMATIVE] = 30

    reply = await visitor.informative(HOUSE, **YEARS)

    days = {found["journee_gaziere"] for found in reply.consumptions}
    assert min(days) == "2026-10-21"
    assert days == {day.isoformat() for day in sandbox.available_days(HOUSE)}


async def test_a_day_leaves_a_shorter_depth_as_time_passes(sandbox: Sandbox) -> None:
    sandbox.switches.depth[Perimeter.PUBLISHED] = 30
    assert date(2026, 10, 21) in sandbox.available_days(INDUSTRY)

    sandbox.now = NOW + DAY

    assert date(2026, 10, 21) not in sandbox.available_days(INDUSTRY)


async def test_a_published_half_year_can_be_corrected(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    start = newest_published(sandbox, HALF_YEARLY).start
    sandbox.amend_published(HALF_YEARLY, start, Amendment(kwh=1234, m3=110))

    reply = await visitor.published(HALF_YEARLY, **MONTH)

    found = reply.consumptions[-1]
    assert (found["energie"], found["volume_brut"]) == (1234, 110)
    assert found["type_qualif_conso"] == "Corrigé"


async def test_a_publication_can_come_late(sandbox: Sandbox) -> None:
    newest = newest_published(sandbox, HOUSE)
    until = sandbox.today + DAY
    sandbox.amend_published(HOUSE, newest.start, Amendment(until=until))
    assert newest_published(sandbox, HOUSE).end == newest.start

    sandbox.now = NOW + DAY

    assert newest_published(sandbox, HOUSE) == newest


async def test_a_block_can_be_published_beside_the_others(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    newest = newest_published(sandbox, HOUSE)
    sandbox.publish(HOUSE, replace(newest, end=newest.start + DAY, kwh=5))

    reply = await visitor.published(HOUSE, **MONTH)

    assert [found["energie"] for found in reply.consumptions[-2:]] == [newest.kwh, 5]


@pytest.mark.parametrize(
    ("fault", "is_whole", "lost"),
    [
        (Fault(), True, []),
        (Fault.malformed(at_object=2), False, [2]),
        (Fault.malformed(at_object=200), True, []),
        (Fault.partial_error(), False, []),
        (Fault.partial_error(after_objects=3), False, [3, 4, 5]),
        (Fault.cut(after_objects=4), False, [4, 5]),
        (Fault.cut(after_objects=200), False, []),
    ],
)
async def test_the_journal_tells_what_of_an_answer_came_through(
    sandbox: Sandbox,
    visitor: Visitor,
    fault: Fault,
    is_whole: bool,  # noqa: FBT001 - a case of the table
    lost: list[int],
) -> None:
    sandbox.switches.depth[Perimeter.INFORMATIVE] = 8
    blocks = sandbox.informative(HOUSE, date(2026, 11, 12))
    sandbox.fail_next("informatives", fault)

    with suppress(ClientError, ValueError):
        await visitor.informative(HOUSE, **MONTH)

    (answer,) = sandbox.journal.answers
    assert answer.is_whole is is_whole
    expected = [block for place, block in enumerate(blocks) if place not in lost]
    assert list(answer.blocks) == expected
