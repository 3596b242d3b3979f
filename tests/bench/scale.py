"""From one meter to a thousand in one real Home Assistant, and to a full contract."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, process_time
from typing import Final, NamedTuple

from tests.portfolio.__main__ import PLANS, Plan, findings
from tests.portfolio.contract import Portfolio
from tests.sandbox import Sandbox

from .asked import Asked
from .figures import Figure
from .live import Setting, hold_back_newest, live, run, settle

_SIZES: Final = (1, 10, 100, 1_000)
_QUICK_SIZES: Final = (1, 2)
_DAYS: Final = 366
_QUICK_DAYS: Final = 60
_FLAT: Final = 1.2
_REFRESHES: Final = 3
_MIB: Final = 2**20
_QUICK_PLAN: Final = Plan(200, 2, by_the_evening=0.9, by_the_next_evening=0.9)


class _Size(NamedTuple):
    """What so many meters take: bytes of Python's, seconds and CPU of a refresh."""

    meters: int
    memory: int
    seconds: float
    cpu: float
    importing: float


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell what each meter takes as they become many."""
    sizes: list[_Size] = []
    for meters in _QUICK_SIZES if asked.quick else _SIZES:
        work = partial(_measured, meters=meters, quick=asked.quick)
        size = run(asked.seed, work)
        sizes.append(size)
        yield Figure(f"{meters} meters: first import", size.importing, "s")
        yield Figure(
            f"{meters} meters: daily refresh, a meter",
            1e3 * size.seconds / meters,
            "ms",
        )
        yield Figure(
            f"{meters} meters: its CPU time, a meter", 1e3 * size.cpu / meters, "ms"
        )
    yield from _flat(sizes)
    for plan in (_QUICK_PLAN,) if asked.quick else PLANS:
        yield from _portfolio(plan, asked.seed)


def _flat(sizes: Sequence[_Size]) -> Iterator[Figure]:
    first, *others = sizes
    for size in others:
        yield Figure.at_most(
            f"{size.meters} meters: a refresh's CPU a meter, of a lone one's",
            size.cpu / size.meters / (first.cpu / first.meters),
            _FLAT,
            "x",
        )
    # What meters share falls on none of them: each is what one more takes.
    each = [
        (more.meters, (more.memory - less.memory) / (more.meters - less.meters))
        for less, more in pairwise(sizes)
    ]
    for meters, taken in each:
        yield Figure(f"{meters} meters: memory of one more", taken / 1024, "kiB")
    for meters, taken in each[1:]:
        yield Figure.at_most(
            f"{meters} meters: memory of one more, of the first ones'",
            taken / each[0][1],
            _FLAT,
            "x",
        )


async def _measured(
    sandbox: Sandbox, address: str, *, meters: int, quick: bool
) -> _Size:
    pces = settle(sandbox, meters, days=_QUICK_DAYS if quick else _DAYS)
    give = hold_back_newest(sandbox, pces)
    with TemporaryDirectory() as folder:
        path = Path(folder, "home")
        async with live(path, sandbox, address, Setting()) as at:
            begin = monotonic()
            await at.add(pces)
            await at.wait_until_done()
            importing = monotonic() - begin
            give()
            taken = [await at.ask("refresh") for _ in range(_REFRESHES)]
            memory = await at.ask("memory")
    return _Size(
        meters,
        memory["bytes"],
        median(each["seconds"] for each in taken),
        median(each["cpu"] for each in taken),
        importing,
    )


def _portfolio(plan: Plan, seed: int) -> Iterator[Figure]:
    # A process of its own, so that the memory is the portfolio's.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        done = pool.submit(_simulated, plan, seed).result()
    name = f"{plan.meters:,} meters on one contract, {plan.days} days"
    figure = Figure.at_most(f"{name}: not as it must be", len(done.wrong), 0, "")
    yield figure.explained(lambda: "; ".join(done.wrong))
    yield Figure(f"{name}: calls a meter and day", done.calls, "")
    yield Figure(f"{name}: simulated in", done.seconds, "CPU s")
    yield Figure(f"{name}: peak memory", done.memory, "MiB")


class _Simulated(NamedTuple):
    wrong: list[str]
    calls: float
    seconds: float
    memory: float


def _simulated(plan: Plan, seed: int) -> _Simulated:
    tally = Portfolio(plan.meters, plan.days, seed).run()
    return _Simulated(
        findings(plan, tally),
        tally.calls_a_meter_and_day,
        process_time(),
        _peak_of_process() / _MIB,
    )


def _peak_of_process() -> int:
    """Return the most bytes that this process held, not its parent's too."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    (peak,) = [line for line in status if line.startswith("VmHWM:")]
    return 1024 * int(peak.split()[1])
