"""The sandbox counts calls, and has addresses, a clock and a command of its own."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
import signal
import sys

from aiohttp import ClientSession
import pytest

from tests.sandbox import HOUSE, Sandbox
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def test_a_second_call_within_a_second_is_one_too_many() -> None:
    clock = [100.0]
    sandbox = Sandbox(now=NOW, quota=True, monotonic=lambda: clock[0])
    async with visiting(sandbox) as visitor:
        statuses = []
        for pause in (0, 0.999, 0.001):
            clock[0] += pause
            statuses.append((await visitor.get("/droits_acces")).status)
    assert statuses == [200, 429, 200]


async def test_the_days_allowance_returns_at_midnight_in_france() -> None:
    evening = datetime(2026, 11, 20, 23, 59, tzinfo=PARIS)
    sandbox = Sandbox(now=evening, quota=True, calls_per_day=2, calls_per_second=100)
    async with visiting(sandbox) as visitor:
        first = [(await visitor.get("/droits_acces")).status for _ in range(3)]
        sandbox.now = evening + timedelta(minutes=1)
        assert first == [200, 200, 429]
        assert (await visitor.get("/droits_acces")).status == 200


async def test_without_the_quota_switch_calls_are_free(visitor: Visitor) -> None:
    replies = await asyncio.gather(*(visitor.get("/droits_acces") for _ in range(5)))
    assert {reply.status for reply in replies} == {200}


async def test_calls_are_noted_with_query_and_status(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await visitor.informative(HOUSE, **WEEK)
    await visitor.get("/nowhere")
    await visitor.token()
    assert [(call.status, dict(call.query)) for call in sandbox.calls] == [
        (200, WEEK),
        (404, {}),
    ]
    assert len(sandbox.token_calls) == 1
    told = await visitor.own("calls")
    assert (len(told["calls"]), len(told["token_calls"])) == (2, 1)


async def test_the_truth_address_tells_what_the_daily_series_gives(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    told = await visitor.own("truth")
    assert [meter["pce"] for meter in told["meters"]] == list(sandbox.meters)
    house = await visitor.own(f"truth/{HOUSE}")
    assert house in told["meters"]
    assert house["days"] == {
        str(day): {"kwh": truth.kwh, "m3": truth.m3}
        for day, truth in sandbox.available_days(HOUSE).items()
    }
    assert sandbox.calls == []


async def test_the_clock_can_be_moved_over_http(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    url = f"{visitor.served.root_url}/_sandbox/clock"
    async with ClientSession() as http:
        moved = await http.put(url, json={"now": "2026-12-01T12:00:00+01:00"})
        refused = await http.put(url, json={"now": "2026-12-01T12:00:00"})
    assert (moved.status, refused.status) == (200, 400)
    assert sandbox.now == datetime(2026, 12, 1, 12, tzinfo=PARIS)


def test_without_a_time_the_machines_clock_holds() -> None:
    sandbox = Sandbox()
    assert abs(sandbox.now - datetime.now(PARIS)) < timedelta(seconds=5)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Sandbox(now=datetime(2026, 11, 20, 9))  # noqa: DTZ001 - the point


async def test_the_command_serves_and_stops_at_sigterm() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.sandbox", "--port", "0", "--now", "2026-11-20T09:00:00+01:00"),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    api = line.removeprefix("API:").strip()
    lines = [(await process.stdout.readline()).decode() for _ in range(4)]
    page = lines[-1].removeprefix("Page:").strip()
    async with ClientSession() as http, http.get(f"{api}/droits_acces") as reply:
        assert reply.status == 401
    async with ClientSession() as http, http.get(page) as reply:
        assert "Bac à sable ADICT" in await reply.text()
    process.send_signal(signal.SIGTERM)
    _, complaints = await process.communicate()
    assert (process.returncode, complaints) == (0, b"")


async def test_the_sandbox_knows_nothing_of_what_it_tests() -> None:
    question = (
        "import sys, tests.sandbox.__main__;"
        "print([name for name in sys.modules"
        " if name.split('.')[0] in ('custom_components', 'homeassistant')])"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", question),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    assert (await process.communicate())[0] == b"[]\n"
