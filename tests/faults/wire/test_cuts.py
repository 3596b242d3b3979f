"""A stream that is cut at every byte of a block, over HTTP."""

import asyncio
from datetime import date, datetime
import json

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.grdf_adict.adict import (
    AdictClient,
    Allowance,
    DateRange,
    Endpoints,
    Quota,
    quota as quota_module,
)
from tests.sandbox import HOUSE, Fault, Sandbox, serve
from tests.sandbox.clock import PARIS

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = DateRange(date(2026, 11, 2), date(2026, 11, 9))


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.timeout(240)
async def test_a_stream_cut_at_any_byte_of_a_block_keeps_what_came_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quota_module, "PACE_MARGIN", 0)
    sandbox = Sandbox(now=NOW)
    async with serve(sandbox) as served, ClientSession() as http:
        client = AdictClient(
            http,
            Endpoints(URL(served.api_url), URL(served.token_url), "/adict/bas/v6"),
            client_id="demo",
            client_secret="demo-secret",
            quota=Quota(Allowance(1, 10**6), clock=lambda: NOW),
            clock=lambda: NOW,
        )
        whole = await client.informative_consumption(HOUSE, WEEK)
        assert (whole.complete, len(whole.items) > 2) == (True, True)
        first, second = await _sizes(http, served.api_url, client)

        for cut in range(first, first + second):
            # A connection lost before the answer begins is tried again at once: so is
            # the fault, or that try would bring the whole.
            sandbox.fail_next("informatives", Fault.cut_at(cut), times=10)
            answer = await client.informative_consumption(HOUSE, WEEK)
            sandbox.faults.clear()
            assert not answer.complete, cut
            assert answer.items in (whole.items[:1], whole.items[:2]), cut
            await asyncio.sleep(0)


async def _sizes(
    http: ClientSession, api_url: str, client: AdictClient
) -> tuple[int, int]:
    """Return how many bytes the first two blocks take, their line ends included."""
    token = await client._tokens.get()  # noqa: SLF001 - one that is there
    async with http.get(
        f"{api_url}/pce/{HOUSE}/donnees_consos_informatives",
        params={"date_debut": str(WEEK.start), "date_fin": str(WEEK.end)},
        headers={"Authorization": f"Bearer {token}"},
    ) as reply:
        lines = (await reply.read()).splitlines(keepends=True)
    assert all(json.loads(line) for line in lines)
    return len(lines[0]), len(lines[1])
