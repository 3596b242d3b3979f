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
    """Return the CPU seconds of each, run in turns.

    In turns, so that whatever else the machine does falls on all alike; CPU seconds,
    so that waiting for a core does not count. What is told is the median of the shares
    that each had of its rounds, of a round's median time: a processor that changes its
    speed between two rounds then changes no ratio. As `timeit` does, the garbage
    collector waits: what it takes depends on all that is alive beside.
    """
    rounds = [{name: _taken(run) for name, run in work.items()} for _ in range(runs)]
    wholes = [sum(taken.values()) for taken in rounds]
    whole = median(wholes)
    return {
        name: whole
        * median(taken[name] / each for taken, each in zip(rounds, wholes, strict=True))
        for name in work
    }


def _taken(run: Work) -> float:
    with _without_collector():
        begin = thread_time()
        run()
        return thread_time() - begin


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
