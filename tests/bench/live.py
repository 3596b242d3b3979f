"""A real Home Assistant with the integration, a sandbox beside it, and the probe."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.demo.folder import CHECKOUT, Folder, prepare
from tests.demo.home import Home, signed_in
from tests.demo.login import wait_for_answer
from tests.demo.processes import while_up
from tests.demo.programs import home_of
from tests.demo.provision import add_entry
from tests.demo.rows import Rows, read_rows
from tests.demo.saying import DemoError
from tests.demo.waiting import look_until
from tests.demo.witness import Meter
from tests.sandbox import HOUSE, Sandbox, serve
from tests.sandbox.meters import Frequency
from tests.sandbox.rights import identity

_PROBE: Final = Path(__file__).parent / "probe"
_FIRST: Final = 10_000
_IMPORT_SECONDS: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How one of the benchmark's Home Assistants is to run.

    Attributes:
        pace: whether calls keep their distance.
        recorder: the address of its database; empty: its own SQLite file.
    """

    pace: bool = False
    recorder: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """A Home Assistant that runs.

    Attributes:
        home: speaks to it.
        sandbox: the GRDF that it calls.
        address: of the sandbox.
    """

    home: Home
    sandbox: Sandbox
    address: str

    async def ask(self, command: str, **fields: object) -> Any:
        """Ask the probe."""
        return await self.home.ask(f"grdf_bench/{command}", **fields)

    async def add(self, pces: Sequence[str]) -> None:
        """Add the contract with these meters, as a person would."""
        await add_entry(self.home, self.address, [_meter(pce) for pce in pces])

    async def wait_until_done(self, every: float = 0.5) -> None:
        """Wait until every meter is imported, compared, and at rest.

        Raises:
            DemoError: they are not within an hour.
        """
        await look_until(
            self._done,
            seconds=_IMPORT_SECONDS,
            every=every,
            complaint=lambda: "The import does not end.",
        )

    async def rows(self, pces: Sequence[str]) -> Rows:
        """Return the rows of every series of some meters."""
        names = [
            f"grdf_adict:sandbox_{pce.lower()}_{what}"
            for pce in pces
            for what in ("energy", "volume", "injection")
        ]
        found = await read_rows(self.home, names)
        return {name: rows for name, rows in found.items() if rows}

    async def _done(self) -> bool | None:
        told = await self.ask("progress")
        return (0 < told["meters"] == told["done"]) or None


@asynccontextmanager
async def live(
    path: Path, sandbox: Sandbox, address: str, setting: Setting
) -> AsyncGenerator[Live]:
    """Keep a Home Assistant up, on what an earlier one left in the folder.

    Raises:
        DemoError: it does not start.
    """
    folder = prepare(path, "en")
    _furnish(folder, setting)
    child = home_of(folder)
    await child.start()
    try:
        async with aiohttp.ClientSession() as http:
            await while_up(wait_for_answer(http, folder.home_address), child)
            async with signed_in(http, folder.home_address, "en") as (home, _):
                await home.wait_until_started()
                yield Live(home, sandbox, address)
    except DemoError as error:
        raise DemoError(f"{error}\n{child.last_lines()}") from None
    finally:
        await child.stop()


def run[T](seed: int, work: Callable[[Sandbox, str], Coroutine[None, None, T]]) -> T:
    """Do some work beside a sandbox that follows the machine's clock."""

    async def served() -> T:
        sandbox = Sandbox(seed, calls_per_day=10**6)
        async with serve(sandbox) as at:
            return await work(sandbox, at.root_url)

    return asyncio.run(served())


def settle(sandbox: Sandbox, count: int, *, days: int | None = None) -> list[str]:
    """Give the contract some more 1M meters; return their PCE.

    Args:
        sandbox: to settle them in.
        count: how many.
        days: how many gas days each has; None: as many as GRDF keeps.
    """
    house, right = sandbox.meters[HOUSE], sandbox.right(HOUSE)
    pces = [f"099999999{_FIRST + number:05}" for number in range(count)]
    phases = house.phases
    if days is not None:
        phases = ((sandbox.today - timedelta(days=days), Frequency.MONTHLY),)
    for number, pce in enumerate(pces):
        sandbox.meters[pce] = replace(
            house, pce=pce, phases=phases, reading_day=1 + number % 28
        )
        sandbox.rights.append(replace(right, pce=pce, id=identity(pce, "benchmark")))
    return pces


def hold_back_newest(sandbox: Sandbox, pces: Sequence[str]) -> Callable[[], None]:
    """Hold back the newest gas day of each meter; the answer gives them out."""
    tomorrow = sandbox.today + timedelta(days=1)
    held = [(pce, sandbox.informative(pce)[-1].start) for pce in pces]
    for pce, day in held:
        sandbox.delay(pce, day, tomorrow)

    def give() -> None:
        for pce, day in held:
            sandbox.restore(pce, day)

    return give


def _meter(pce: str) -> Meter:
    return Meter("meter", pce, "1M", {}, {})


def _furnish(folder: Folder, setting: Setting) -> None:
    """Put the probe beside the integration, and set what the benchmark varies."""
    components = folder.config / "custom_components"
    if components.is_symlink():
        components.unlink()
        components.mkdir()
        name = "grdf_adict"
        (components / name).symlink_to(CHECKOUT / "custom_components" / name)
        (components / "grdf_bench").symlink_to(_PROBE)
    file = folder.config / "configuration.yaml"
    text = file.read_text("utf-8")
    if setting.recorder:
        text = text.replace("recorder:\n", f"recorder:\n  db_url: {setting.recorder}\n")
    pace = "true" if setting.pace else "false"
    file.write_text(f"{text}grdf_bench:\n  pace: {pace}\n", "utf-8")
