"""A Home Assistant that can be stopped at any moment and started again."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
import shutil
from threading import Event, Thread
from typing import Any, Final, NamedTuple

from freezegun.api import FrozenDateTimeFactory
from homeassistant import loader
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import frame
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
)
from sqlalchemy import text

from tests.sandbox import Served
from tests.sandbox.clock import PARIS

from .idleness import Idleness

DOMAIN: Final = "grdf_adict"
_ENTRY_ID: Final = "simulation"
_QUERY: Final = text(
    "SELECT meta.statistic_id, row.start_ts, row.state, row.sum"
    " FROM statistics AS row JOIN statistics_meta AS meta ON row.metadata_id = meta.id"
    " WHERE meta.source = :source ORDER BY row.start_ts"
)
_MOMENT: Final = timedelta(milliseconds=5)
_MOST_PASSES: Final = timedelta(minutes=1)

# The statistics of years are compared here, and nobody's history.
_RECORDER: Final = {"exclude": {"entity_globs": ["*"]}}

type StartRecorder = Callable[
    [HomeAssistant, dict[str, Any]], AbstractAsyncContextManager[object]
]


class Passing(NamedTuple):
    """How time passes while something waits for it.

    So much in each interval of real seconds in which nothing was done, and each time
    `growth` times as much until something is.
    """

    interval: float = 0.5
    step: timedelta = timedelta(seconds=5)
    growth: float = 1.0


_SLOWLY: Final = Passing()


class StoredRow(NamedTuple):
    """One row of a series in the recorder's database."""

    start: datetime
    state: float | None
    sum: float | None

    @property
    def gas_day(self) -> date:
        """The gas day that it is of."""
        return self.start.astimezone(PARIS).date()

    @property
    def is_base(self) -> bool:
        """Whether it holds what came before its gas day, an hour ahead of its row."""
        return self.start.astimezone(PARIS).time() == time(5)

    @property
    def thousandths(self) -> int | None:
        """Its amount in thousandths: of a kWh, or of a m³."""
        return None if self.state is None else round(self.state * 1000)


@dataclass
class Home:
    """A Home Assistant whose storage and database outlive it.

    Attributes:
        clock: time stands still, save where this moves it.
        served: the sandbox that the contract calls.
        pces: its meters.
        start_recorder: starts a recorder on the one database.
        database: the file of that database.
        passing: how time passes where this does not move it.
    """

    clock: FrozenDateTimeFactory
    served: Served
    pces: Sequence[str]
    start_recorder: StartRecorder
    database: Path
    passing: Passing = _SLOWLY
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _hass: HomeAssistant | None = None

    @property
    def hass(self) -> HomeAssistant:
        """The one that runs."""
        assert self._hass is not None
        return self._hass

    @property
    def is_running(self) -> bool:
        """Whether one was started, and not stopped."""
        return self._hass is not None

    async def start(self) -> None:
        """Start Home Assistant with the contract and its meters."""
        self._stack = AsyncExitStack()
        hass = await self._stack.enter_async_context(async_test_home_assistant())
        # Told of what integrations do as a whole Home Assistant is.
        frame.async_setup(hass)
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        await hass.config.async_set_time_zone("Europe/Paris")
        await self._stack.enter_async_context(self.start_recorder(hass, _RECORDER))
        self._hass = hass
        entry = _contract(self.served, self.pces)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await self.settle()

    async def stop(self) -> None:
        """Stop Home Assistant, whatever it does just now."""
        with self._time_passes_if_waited_for():
            await self.hass.async_stop(force=True)
            # It is as good as dead; its timers live in the loop, which goes on.
            assert await self.hass.config_entries.async_unload(_ENTRY_ID)
            await self._stack.aclose()
        self._hass = None

    async def restore_database(self, backup: Path) -> None:
        """Replace the database by an older one; Home Assistant is stopped."""
        assert self._hass is None
        await asyncio.to_thread(_replace_database, backup, self.database)

    async def back_up_database(self, backup: Path) -> None:
        """Copy the database; Home Assistant is stopped."""
        assert self._hass is None
        await asyncio.to_thread(shutil.copyfile, self.database, backup)

    async def reload(self) -> None:
        """Unload the contract and set it up again."""
        with self._time_passes_if_waited_for():
            assert await self.hass.config_entries.async_unload(_ENTRY_ID)
            assert await self.hass.config_entries.async_setup(_ENTRY_ID)
        await self.settle()

    def wake(self, now: datetime) -> None:
        """Let the time be an aware moment, and begin what is due at it."""
        self.clock.move_to(now)
        async_fire_time_changed(self.hass, dt_util.utcnow())

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        with self._time_passes_if_waited_for():
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def rows(self) -> dict[str, list[StoredRow]]:
        """Return every row of ours in the database, by statistic id, oldest first."""
        return await get_instance(self.hass).async_add_executor_job(_read, self.hass)

    @contextmanager
    def _time_passes_if_waited_for(self) -> Iterator[None]:
        """Move the clock on where something sleeps: nothing else would."""
        loop = asyncio.get_running_loop()
        over = Event()

        def pass_time() -> None:
            interval, step, growth = self.passing
            idleness = Idleness(interval)
            while not over.wait(interval):
                if idleness.look():
                    loop.call_soon_threadsafe(self.clock.tick, step)
                    step = min(step * growth, _MOST_PASSES)
                else:
                    # The loop is busy with a wait of less than a moment, maybe.
                    loop.call_soon_threadsafe(self.clock.tick, _MOMENT)
                    step = self.passing.step

        thread = Thread(target=pass_time, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _replace_database(backup: Path, database: Path) -> None:
    # Another file under the same name: a connection that a stopped Home Assistant has
    # not let go of yet must not write its last pages into this one.
    for rest in ("", "-wal", "-shm"):
        database.with_name(database.name + rest).unlink(missing_ok=True)
    shutil.copyfile(backup, database)


def _read(hass: HomeAssistant) -> dict[str, list[StoredRow]]:
    found: dict[str, list[StoredRow]] = {}
    with session_scope(hass=hass, read_only=True) as database:
        for name, start, state, total in database.execute(_QUERY, {"source": DOMAIN}):
            row = StoredRow(datetime.fromtimestamp(start, UTC), state, total)
            found.setdefault(name, []).append(row)
    return found


def _contract(served: Served, pces: Sequence[str]) -> MockConfigEntry:
    data: dict[str, Any] = {
        "environment": "sandbox",
        "client_id": "demo",
        "client_secret": "demo-secret",
        "addresses": {"api_url": served.api_url, "token_url": served.token_url},
    }
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id=_ENTRY_ID,
        title="Example",
        unique_id="sandbox_demo",
        data=data,
        subentries_data=[
            ConfigSubentryDataWithId(
                subentry_id=f"meter-{pce}",
                subentry_type="meter",
                title=f"Meter {pce[-4:]}",
                unique_id=pce,
                data={"pce": pce},
            )
            for pce in pces
        ],
    )
