"""How long pure work takes, beside other work in the same run."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from cProfile import Profile
import gc
from pathlib import Path
from pstats import Stats
from statistics import median
from time import thread_time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import StrPath

type Work = Callable[[], object]

_SHOWN: Final = 4


def interleaved(work: Mapping[str, Work], *, runs: int) -> dict[str, float]:
    """Return the median CPU seconds of each, run in turns.

    In turns, so that whatever else the machine does falls on all alike; CPU seconds,
    so that waiting for a core does not count. As `timeit` does, the garbage collector
    waits: what it takes depends on all that is alive beside.
    """
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs):
        for name, run in work.items():
            with _without_collector():
                begin = thread_time()
                run()
                taken[name].append(thread_time() - begin)
    return {name: median(times) for name, times in taken.items()}


def hot_spots(work: Work) -> str:
    """Return in words where a work's time goes."""
    profile = Profile()
    profile.runcall(work)
    stats = Stats(profile).get_stats_profile()
    hottest = sorted(
        stats.func_profiles.items(), key=lambda item: item[1].tottime, reverse=True
    )
    return "most of the time goes to " + ", ".join(
        f"{name} ({_place(each.file_name)}, {each.tottime / stats.total_tt:.0%})"
        for name, each in hottest[:_SHOWN]
    )


def _place(file_name: StrPath) -> str:
    return Path(file_name).name.strip("~") or "built in"


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
