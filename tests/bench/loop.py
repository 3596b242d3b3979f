"""How long the event loop of a real Home Assistant is held up, beside an idle one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from tests.sandbox import Sandbox

from .asked import Asked
from .figures import Figure
from .held import Held, idle, middle, watched
from .live import Setting, hold_back_newest, live, run, settle

# (meters, times in turn, ms above an idle Home Assistant)
_SIZES: Final = ((1, 3, 20.0), (10, 1, 50.0), (100, 1, 50.0))
_QUICK: Final = ((1, 1, 20.0),)
_QUICK_DAYS: Final = 60
_REFRESHES: Final = 5


@dataclass(frozen=True, slots=True)
class _Watch:
    """What one Home Assistant did, and then did not."""

    importing: Held
    refreshing: Held
    idle: Held


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell by how much a first import and a daily refresh hold the loop up."""
    for meters, times, bound in _QUICK if asked.quick else _SIZES:
        watch = partial(_watch, meters=meters, quick=asked.quick)
        seen = [run(asked.seed, watch) for _ in range(times)]
        still = middle([each.idle for each in seen])
        yield Figure(f"{meters} meters: idle, 99th percentile", still.p99, "ms")
        yield Figure(f"{meters} meters: idle, worst", still.worst, "ms")
        for name, held in (
            ("first import", middle([each.importing for each in seen])),
            ("daily refresh", middle([each.refreshing for each in seen])),
        ):
            yield from judged(f"{meters} meters: {name}", held, still, bound)


def judged(name: str, held: Held, still: Held, bound: float) -> Iterator[Figure]:
    """Tell what a watch saw beyond an idle Home Assistant, at most `bound` ms."""
    garbage = "worst beside collections of garbage"
    for what, above, why in (
        ("99th percentile", held.p99 - still.p99, held.why),
        ("worst", held.worst - still.worst, held.why),
        (garbage, held.beside - still.beside, held.why_beside),
    ):
        figure = Figure.at_most(f"{name}, {what} above idle", above, bound, "ms")
        yield figure.explained(partial(str, why))
    yield Figure(f"{name}, longest work of the loop", held.busy, "ms")


async def _watch(sandbox: Sandbox, address: str, *, meters: int, quick: bool) -> _Watch:
    pces = settle(sandbox, meters, days=_QUICK_DAYS if quick else None)
    give = hold_back_newest(sandbox, pces)
    with TemporaryDirectory() as folder:
        async with live(Path(folder, "home"), sandbox, address, Setting()) as at:
            begin = monotonic()
            async with watched(at) as importing:
                await at.add(pces)
                await at.wait_until_done()
            took = monotonic() - begin
            give()
            async with watched(at) as refreshing:
                for _ in range(1 if quick else _REFRESHES):
                    await at.ask("refresh")
            # As long as what it is compared with: the longer, the worse the worst.
            return _Watch(importing, refreshing, await idle(at, took))
