"""The sandbox fails on demand, in the ways that the network and GRDF do."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import (
    ClientConnectionError,
    ClientPayloadError,
    ClientSession,
    ClientTimeout,
    ContentTypeError,
)
import pytest

from tests.sandbox import HOUSE, INDUSTRY, Fault, Sandbox, serve
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=datetime(2026, 11, 20, 9, tzinfo=PARIS))


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def raw(visitor: Visitor, patience: float = 5) -> tuple[bytes, bool]:
    """Return the bytes of a week of the industry's days, and whether they end well."""
    url = f"{visitor.served.api_url}/pce/{INDUSTRY}/donnees_consos_publiees"
    headers = {"Authorization": visitor.header or ""}
    body = b""
    async with visitor.http.get(
        url, params=WEEK, headers=headers, timeout=ClientTimeout(sock_read=patience)
    ) as reply:
        try:
            async for chunk in reply.content.iter_any():
                body += chunk
        except ClientPayloadError, TimeoutError:
            return body, False
    return body, True


async def test_a_fault_meets_as_many_calls_as_planned(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next("publiees", Fault.status(503), times=2)
    statuses = [(await visitor.published(HOUSE, **WEEK)).status for _ in range(3)]
    assert statuses == [503, 503, 200]


async def test_a_fault_meets_its_path_only(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.fail_next("informatives", Fault.status(500))
    assert (await visitor.published(HOUSE, **WEEK)).status == 200
    assert (await visitor.informative(HOUSE, **WEEK)).status == 500


async def test_a_fault_without_a_path_leaves_the_token_address_alone(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.status(500))
    assert (await visitor.token()).status == 200
    assert (await visitor.get("/droits_acces")).status == 500


async def test_planned_faults_can_be_forgotten(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.status(500))
    sandbox.faults.clear()
    assert (await visitor.get("/droits_acces")).status == 200


async def test_the_token_address_fails_too(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.fail_next("token", Fault.status(503, '{"error": "temporarily"}'))
    assert (await visitor.token()).status == 503
    sandbox.fail_next("token", Fault.reset())
    with pytest.raises(ClientConnectionError):
        await visitor.token()
    sandbox.fail_next("token", Fault.html())
    with pytest.raises(ContentTypeError):
        await visitor.token()


async def test_a_429_can_say_when_to_come_back(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.retry_after(429, 5))
    url = f"{visitor.served.api_url}/droits_acces"
    headers = {"Authorization": visitor.header or ""}
    async with visitor.http.get(url, headers=headers) as reply:
        assert (reply.status, reply.headers["Retry-After"]) == (429, "5")


async def test_a_cut_stream_stops_inside_the_next_object(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    whole, complete = await raw(visitor)
    sandbox.fail_next(None, Fault.cut(after_objects=3))
    body, ended = await raw(visitor)
    assert (complete, ended) == (True, False)
    assert body.count(b"\n") == 3
    assert not body.endswith(b"\n")
    assert whole.startswith(body)


async def test_a_stream_can_be_cut_before_its_first_object(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.cut())
    body, ended = await raw(visitor)
    assert (body.count(b"\n"), ended) == (0, False)


async def test_a_malformed_object_does_not_end_the_stream(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    whole, _ = await raw(visitor)
    sandbox.fail_next(None, Fault.malformed(at_object=2))
    body, ended = await raw(visitor)
    ours, theirs = body.splitlines(), whole.splitlines()
    assert ended
    assert ours[:2] + ours[3:] == theirs[:2] + theirs[3:]
    assert theirs[2].startswith(ours[2])
    assert len(ours[2]) < len(theirs[2])


async def test_a_partial_error_ends_the_stream_with_its_code(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    whole = await visitor.published(INDUSTRY, **WEEK)
    sandbox.fail_next(None, Fault.partial_error())
    late = await visitor.published(INDUSTRY, **WEEK)
    sandbox.fail_next(None, Fault.partial_error(after_objects=1))
    early = await visitor.published(INDUSTRY, **WEEK)
    assert late.objects[:-1] == whole.objects
    assert early.objects[:-1] == whole.objects[:1]
    assert (late.code, early.code) == ("2000100", "2000100")


async def test_a_connection_can_be_reset(sandbox: Sandbox, visitor: Visitor) -> None:
    # aiohttp tries a GET once more by itself where a kept connection is reset.
    sandbox.fail_next(None, Fault.reset(), times=2)
    with pytest.raises(ClientConnectionError):
        await raw(visitor)


async def test_a_web_page_can_come_instead_of_data(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.html())
    body, _ = await raw(visitor)
    assert body.startswith(b"<!DOCTYPE html>")


async def test_a_call_can_hang_before_it_answers(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.fail_next(None, Fault.hang(30))
    with pytest.raises(TimeoutError):
        await raw(visitor, patience=0.05)
    assert (await visitor.get("/droits_acces")).status == 200


async def test_a_stream_can_stall_half_way(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.fail_next(None, Fault.hang(30, after_objects=2))
    body, ended = await raw(visitor, patience=0.05)
    assert (body.count(b"\n"), ended) == (2, False)


async def test_a_hanging_call_does_not_hold_the_end() -> None:
    sandbox = Sandbox()
    sandbox.fail_next("token", Fault.hang(30))
    async with asyncio.timeout(5), ClientSession() as http:
        async with serve(sandbox) as served:
            hanging = asyncio.create_task(Visitor(http, served).token())
            for _ in range(300):
                await asyncio.sleep(0.01)
                if sandbox.token_calls:
                    break
        with pytest.raises(ClientConnectionError):
            await hanging
    assert [call.status for call in sandbox.token_calls] == [0]
