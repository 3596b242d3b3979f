"""The simulation's fixtures: one database file, one storage, the clock held still."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, time as day_time, timedelta
from pathlib import Path
import random
from tempfile import TemporaryDirectory
import time

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.grdf_adict.adict import quota, transport
from tests.sandbox import Sandbox, serve

from .fate import Fate
from .home import Home, StartRecorder
from .report import Report
from .year import PARIS, Year, meters

type Simulate = Callable[..., Awaitable[Report]]

_EARLIEST = date(2026, 9, 1)
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


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pace and waits between tries have tests of their own: here they take time."""
    monkeypatch.setattr(quota, "PACE_MARGIN", 0.0)
    monkeypatch.setattr(transport, "_FIRST_WAIT", 0.0)
    defaults = quota.Quota.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "monotonic", _simulated_seconds)


@pytest.fixture
def simulate(
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


def _simulated_seconds() -> float:
    """Tell the seconds of the clock that stands still, not those of the machine.

    A pause that GRDF asks for passes with the simulation.
    """
    return time.monotonic()
