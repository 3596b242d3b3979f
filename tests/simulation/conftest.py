"""The simulation's fixtures: one database file, one storage, the clock held still."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time as day_time, timedelta
from pathlib import Path
import random
from tempfile import TemporaryDirectory
import time

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.grdf_adict.adict import quota, transport
from tests.sandbox import Sandbox, serve

from .diary import Diary, Runs
from .fate import Fate
from .forecast import Forecast
from .home import Home, Passing, StartRecorder
from .report import Report
from .season import Season
from .weather import METERS, Schedule
from .year import PARIS, Year, meters

type Simulate = Callable[..., Awaitable[Report]]
type Endure = Callable[..., Awaitable[Runs]]

_EARLIEST = date(2026, 9, 1)
# Pace and waits are real here: much time passes while something waits for it.
_QUICKLY = Passing(interval=0.02, step=timedelta(seconds=1.25), growth=1.3)
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@pytest.fixture
def database() -> Iterator[Path]:
    """A database file that outlives each Home Assistant, in memory where it can be."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with TemporaryDirectory(dir=place) as folder:
        yield Path(folder) / "home.db"


@pytest.fixture
def recorder_db_url(database: Path) -> str:
    """Have the recorder use that file."""
    return f"sqlite:///{database}"


@pytest.fixture
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pace and waits between tries have tests of their own: here they take time."""
    monkeypatch.setattr(quota, "PACE_MARGIN", 0.0)
    monkeypatch.setattr(transport, "_FIRST_WAIT", 0.0)


@pytest.fixture
def _simulated_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the quota's seconds be those of the clock that stands still."""
    defaults = quota.Quota.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "monotonic", _simulated_seconds)


@pytest.fixture
def simulate(
    _no_pace: None,
    _simulated_quota: None,
    hass_storage: dict[str, object],  # noqa: ARG001 - one storage for all restarts
    async_test_recorder: StartRecorder,
    database: Path,
    socket_enabled: None,  # noqa: ARG001
    freezer: FrozenDateTimeFactory,
) -> Simulate:
    """Simulate some days from a seed."""

    async def simulate(seed: int, days: int, *, lone: bool = False) -> Report:
        # The test plugin has the loop trace all it does: ten times slower.
        asyncio.get_running_loop().set_debug(False)
        roll = random.Random(f"simulation/{seed}")  # noqa: S311 - plays fate, not secrets
        first = _EARLIEST + timedelta(days=roll.randrange(365))
        # The integration draws its minute of the day from this one.
        random.seed(seed)
        freezer.move_to(datetime.combine(first, day_time(0, 1), PARIS))
        sandbox = Sandbox(seed=seed)
        fate = Fate(sandbox, first, days, roll, is_calm=lone)
        fate.prepare()
        async with serve(sandbox) as served:
            home = Home(
                freezer, served, meters(lone=lone), async_test_recorder, database
            )
            report = Report(seed=seed)
            return await Year(home, sandbox, fate, roll, report).run()

    return simulate


@pytest.fixture
def endure(
    _simulated_quota: None,
    hass_storage: dict[str, object],
    async_test_recorder: StartRecorder,
    database: Path,
    socket_enabled: None,  # noqa: ARG001
    freezer: FrozenDateTimeFactory,
) -> Endure:
    """Live through a schedule's days, with its weather and without any."""

    async def endure(
        schedule: Schedule, seed: int, names: Sequence[str] = tuple(METERS)
    ) -> Runs:
        asyncio.get_running_loop().set_debug(False)
        return Runs(
            calm=await run(replace(schedule, weather=()), seed, names),
            troubled=await run(schedule, seed, names),
        )

    async def run(schedule: Schedule, seed: int, names: Sequence[str]) -> Diary:
        hass_storage.clear()
        await asyncio.to_thread(database.unlink, missing_ok=True)
        random.seed(seed)
        freezer.move_to(datetime.combine(schedule.first_day, day_time(0, 1), PARIS))
        sandbox = Sandbox(seed, quota=True, monotonic=_simulated_seconds)
        forecast = Forecast(schedule, sandbox)
        forecast.prepare(names)
        async with serve(sandbox) as served:
            home = Home(
                freezer,
                served,
                tuple(sandbox.meters),
                async_test_recorder,
                database,
                _QUICKLY,
            )
            return await Season(home, sandbox, forecast).run()

    return endure


def _simulated_seconds() -> float:
    """Tell the seconds of the clock that stands still, not those of the machine.

    A pause that GRDF asks for passes with the simulation.
    """
    return time.monotonic()
