"""What streaming an answer takes, beside the models that it yields."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
import gc
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import tracemalloc
from typing import Final

import aiohttp
from yarl import URL

from custom_components.grdf_adict.adict import (
    AdictClient,
    Answer,
    Consumption,
    DateRange,
    Endpoints,
    Quota,
    allowance_for,
)
from custom_components.grdf_adict.metering.gas_day import paris_date
from tests.demo.folder import CHECKOUT, free_ports
from tests.demo.processes import Child, running
from tests.demo.witness import CREDENTIALS, read_meters
from tests.sandbox import INDUSTRY, Served
from tests.sandbox.clock import years_before

from .asked import Asked
from .figures import Figure

_PEAK: Final = 2.0
_MIB: Final = 2**20


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell the peak of one call that brings five years of days."""
    yield from asyncio.run(_measured(asked))


async def _measured(asked: Asked) -> list[Figure]:
    today = paris_date(datetime.now(UTC))
    async with _client(asked.seed) as client:
        # What is loaded with a first answer is no part of a second one.
        await _days(client, today - timedelta(days=2), today)
        gc.collect()
        tracemalloc.start()
        answer = await _days(client, years_before(today, 5), today)
        gc.collect()
        held, peak = tracemalloc.get_traced_memory()
        hungry = tracemalloc.take_snapshot().statistics("filename")[:3]
        tracemalloc.stop()
    figure = Figure.at_most(
        "peak while they stream in, of the models", peak / held, _PEAK, "x"
    )
    return [
        Figure("days", len(answer.items), ""),
        Figure("their models", held / _MIB, "MiB"),
        figure.explained(
            lambda: (
                "most is held by "
                + ", ".join(Path(each.traceback[0].filename).name for each in hungry)
            )
        ),
    ]


async def _days(client: AdictClient, first: date, last: date) -> Answer[Consumption]:
    return await client.published_consumption(INDUSTRY, DateRange(first, last))


@asynccontextmanager
async def _client(seed: int) -> AsyncGenerator[AdictClient]:
    """Give a client of a sandbox that runs elsewhere: its memory is its own."""
    (port,) = free_ports(1)
    command = ("-m", "tests.sandbox", "--port", str(port), "--seed", str(seed))
    served = Served(f"http://127.0.0.1:{port}")
    client_id, client_secret = CREDENTIALS
    with TemporaryDirectory() as folder:
        child = Child(
            "the sandbox",
            (sys.executable, *command),
            CHECKOUT,
            Path(folder, "sandbox.log"),
        )
        async with running(child), aiohttp.ClientSession() as http:
            await read_meters(http, served.root_url)
            yield AdictClient(
                http,
                Endpoints(
                    api=URL(served.api_url),
                    token=URL(served.token_url),
                    scope="/adict/bas/v6",
                ),
                client_id=client_id,
                client_secret=client_secret,
                quota=Quota(allowance_for(1), clock=_now),
                clock=_now,
            )


def _now() -> datetime:
    return datetime.now(UTC)
