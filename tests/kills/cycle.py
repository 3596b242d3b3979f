"""One kill after another, each compared with a run that nobody disturbed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
import time
from typing import Any, Final

from tests.sandbox import HOUSE, INDUSTRY, Sandbox, serve
from tests.sandbox.clock import PARIS

from .house import House, Row

PCES: Final = (HOUSE, INDUSTRY)
# An evening on which everything due on that day has been published.
EVENING: Final = datetime(2026, 11, 20, 21, 30, tzinfo=PARIS)
_HISTORY: Final = timedelta(days=100)
_LOOK: Final = 0.002
# Calls are counted ahead in blocks of this many; each run may leave one unused.
MOST_UNUSED: Final = 20


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a run does: where it starts from, and how it ends undisturbed.

    Attributes:
        name: for people.
        now: the moment that it is.
        start: the folder that it starts from.
        rows: what the database holds at its end.
        calls: how many it makes.
        seconds: from its first call to its end.
    """

    name: str
    now: datetime
    start: House
    rows: list[Row]
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: how far the run had come, and what was wrong after the next start."""

    scenario: str
    calls_before: int
    rows_before: int
    lost: int
    wrong: int
    forgotten: int
    counted_twice: int
    told: dict[str, Any] = field(repr=False)

    @property
    def is_harmless(self) -> bool:
        """Whether nothing differs from an undisturbed run, and no call is forgotten."""
        harm = (self.lost, self.wrong, self.forgotten, self.counted_twice)
        return not any(harm) and self.told["failures"] == self.told["repairs"] == []


@dataclass(frozen=True, slots=True)
class Killer:
    """Runs scenarios on one sandbox, in folders of its own."""

    sandbox: Sandbox
    folder: Path
    roll: Random
    scenarios: tuple[Scenario, ...]

    async def kill(self, number: int) -> Kill:
        """Kill a run at a random moment, start it again, and compare."""
        scenario = self.scenarios[number % len(self.scenarios)]
        self.sandbox.now = scenario.now
        self.sandbox.reset_calls()
        house = scenario.start.copied(self.folder / f"kill-{number}")
        async with house.running(scenario.now) as process:
            await _first_call(self.sandbox, process.is_alive)
            await asyncio.sleep(self.roll.uniform(0, scenario.seconds))
        calls_before, rows_before = len(self.sandbox.calls), len(house.rows())
        told = await house.run(scenario.now)
        rows, wanted = Counter(house.rows()), Counter(scenario.rows)
        made = len(self.sandbox.calls)
        return Kill(
            scenario=scenario.name,
            calls_before=calls_before,
            rows_before=rows_before,
            lost=(wanted - rows).total(),
            wrong=(rows - wanted).total(),
            forgotten=max(0, made - told["calls"]),
            counted_twice=max(0, told["calls"] - made - MOST_UNUSED),
            told=told,
        )


@asynccontextmanager
async def killer(seed: int) -> AsyncIterator[Killer]:
    """Make both scenarios, each run once undisturbed."""
    sandbox = Sandbox(seed, EVENING)
    for right in sandbox.rights:
        if right.consumption_from is not None:
            right.consumption_from = sandbox.today - _HISTORY
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with serve(sandbox) as served:
            new = House.furnished(folder / "new", served, PCES)
            imported, first = await _undisturbed(
                "first import", sandbox, EVENING, new, folder / "imported"
            )
            _, daily = await _undisturbed(
                "daily refresh",
                sandbox,
                EVENING + timedelta(days=1),
                imported,
                folder / "refreshed",
            )
            roll = Random(f"kills/{seed}")  # noqa: S311 - plays fate, not secrets
            yield Killer(sandbox, folder, roll, (first, daily))


async def _undisturbed(
    name: str, sandbox: Sandbox, now: datetime, start: House, path: Path
) -> tuple[House, Scenario]:
    """Run once; return the folder at the end, and the scenario."""
    sandbox.now = now
    sandbox.reset_calls()
    house = start.copied(path)
    run = asyncio.create_task(house.run(now))
    await _first_call(sandbox, lambda: not run.done())
    began = time.monotonic()
    told = await run
    seconds = time.monotonic() - began
    calls = len(sandbox.calls)
    assert told["calls"] >= calls > 0, told
    return house, Scenario(name, now, start, house.rows(), calls, seconds)


async def _first_call(sandbox: Sandbox, goes_on: Callable[[], bool]) -> None:
    while goes_on() and not sandbox.token_calls:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(_LOOK)
