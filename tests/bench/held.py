"""How long Home Assistant's event loop was held up, beside an idle one."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from operator import sub
from statistics import median
from time import monotonic
from typing import Any, Final

from .live import Live

_P99: Final = 0.99
_HEARTBEAT: Final = 20.0


@dataclass(slots=True)
class Held:
    """What a watch of the event loop saw, in milliseconds.

    Attributes:
        p99: of how late the loop was.
        worst: the latest.
        beside: the latest without the time in which Python collected garbage.
        busy: the longest that its thread worked without a pause.
        where: what ran at the worst, as far as it was caught.
    """

    p99: float = 0.0
    worst: float = 0.0
    beside: float = 0.0
    busy: float = 0.0
    where: str = ""

    @property
    def why(self) -> str:
        """What the worst came from, in words."""
        if self.worst > 2 * self.beside:
            return f"Python collected garbage; beside that, {self.beside:.0f} ms"
        return self.why_beside

    @property
    def why_beside(self) -> str:
        """What the worst beside collections of garbage came from, in words."""
        worked = f"the loop's thread worked {self.busy:.0f} ms at most without a pause"
        if not self.where:
            return f"{worked}; beyond that, the machine had no time for it"
        return f"{worked}; longest seen in {self.where}"


@asynccontextmanager
async def watched(at: Live) -> AsyncGenerator[Held]:
    """Watch the loop during the block; what was seen is told at its end."""
    held = Held()
    await at.ask("watch")
    yield held
    seen = await at.ask("held")
    lags, busy = sorted(seen["lags"]), seen["busy"]
    held.beside = 1e3 * max(map(sub, seen["lags"], seen["collecting"], strict=True))
    held.p99 = 1e3 * lags[int(_P99 * (len(lags) - 1))]
    held.worst, held.busy = 1e3 * lags[-1], 1e3 * max(busy)
    held.where = " > ".join(seen["stack"])


async def idle(at: Live, seconds: float) -> Held:
    """Watch the loop while there is nothing to do."""
    end = monotonic() + seconds
    async with watched(at) as held:
        while (left := end - monotonic()) > 0:
            await asyncio.sleep(min(left, _HEARTBEAT))
            # Home Assistant hangs up on who is silent for a minute.
            await at.ask("progress")
    return held


def middle(runs: Sequence[Held]) -> Held:
    """Return the medians of several watches; the place is the slowest one's."""

    def of(name: str) -> Any:
        return median(getattr(run, name) for run in runs)

    slowest = max(runs, key=lambda run: run.busy)
    return Held(of("p99"), of("worst"), of("beside"), of("busy"), slowest.where)
