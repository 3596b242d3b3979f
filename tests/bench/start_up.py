"""What the integration adds to Home Assistant's start."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from tests.sandbox import Sandbox

from .asked import Asked
from .figures import Figure
from .live import Live, Setting, live, run, settle

_SIZES: Final = (1, 10, 100)
_TIMES: Final = 5
_DAYS: Final = 120
# Of the CPU time of a start without us.
_SHARE: Final = {1: 10.0, 10: 20.0, 100: 100.0}

type _Starts = Mapping[int, list[tuple[float, float]]]
"""For each number of meters, the CPU seconds of its starts, and our set-up's own."""


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell the CPU seconds that 1, 10 and 100 meters add, and the calls: none."""
    sizes = _SIZES[:1] if asked.quick else _SIZES
    work = partial(_starts, sizes=sizes, times=1 if asked.quick else _TIMES)
    starts, calls = run(asked.seed, work)
    without = median(cpu for cpu, _ in starts[0])
    yield Figure("Home Assistant without a meter", without, "CPU s")
    for size in sizes:
        added = median(cpu for cpu, _ in starts[size]) - without
        own = median(seconds for _, seconds in starts[size])
        yield Figure(f"{size} meters add", added, "CPU s")
        yield Figure.at_most(
            f"{size} meters add, of that start",
            100 * added / without,
            _SHARE[size],
            "%",
        )
        yield Figure(f"{size} meters, set-up by Home Assistant's count", own, "s")
    yield Figure.at_most("calls to GRDF", calls, 0, "")


async def _starts(
    sandbox: Sandbox, address: str, *, sizes: tuple[int, ...], times: int
) -> tuple[_Starts, int]:
    pces = settle(sandbox, max(sizes), days=_DAYS)
    starts: dict[int, list[tuple[float, float]]] = {size: [] for size in (0, *sizes)}
    with TemporaryDirectory() as folder:
        # Without a meter too: a first start makes a database, and more.
        for size in starts:
            path = Path(folder, str(size))
            async with live(path, sandbox, address, Setting()) as at:
                if size:
                    await at.add(pces[:size])
                    await at.wait_until_done()
        sandbox.reset_calls()
        for _ in range(times):
            for size, seen in starts.items():
                path = Path(folder, str(size))
                async with live(path, sandbox, address, Setting()) as at:
                    seen.append(await _start(at))
                    # The comparison that a start begins makes no call either.
                    await at.ask("project")
    return starts, len(sandbox.calls)


async def _start(at: Live) -> tuple[float, float]:
    told = await at.ask("start")
    setups = await at.home.ask("integration/setup_info")
    ours = sum(each["seconds"] for each in setups if each["domain"] == "grdf_adict")
    return told["seconds"], ours
