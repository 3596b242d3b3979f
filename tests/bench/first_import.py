"""The calls and the time of the first import of a 1M meter, at GRDF's pace."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final, NamedTuple

from custom_components.grdf_adict.adict.quota import PACE_MARGIN
from tests.sandbox import Sandbox

from .asked import Asked
from .figures import Figure
from .live import Setting, live, run, settle

_CALLS: Final = 6
_MORE: Final = 2.0
_QUICK_DAYS: Final = 60


class _Import(NamedTuple):
    """A first import: its calls, its seconds, the recorder's for the same rows."""

    calls: int
    seconds: float
    writing: float
    rows: int


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell what it takes from the first call to the last row."""
    work = partial(_import, days=_QUICK_DAYS if asked.quick else None)
    seen = [run(asked.seed, work) for _ in range(1 if asked.quick else 3)]
    calls = max(each.calls for each in seen)
    pace = (calls - 1) * PACE_MARGIN
    seconds = median(each.seconds for each in seen)
    writing = median(each.writing for each in seen)
    yield Figure.at_most("calls", calls, _CALLS, "")
    yield Figure("the pace imposes", pace, "s")
    yield Figure("first call to last row", seconds, "s")
    yield Figure(f"of which the recorder writes {seen[0].rows} rows", writing, "s")
    yield Figure.at_most(
        "beyond the pace and the recorder", seconds - pace - writing, _MORE, "s"
    )


async def _import(sandbox: Sandbox, address: str, *, days: int | None) -> _Import:
    pces = settle(sandbox, 1, days=days)
    with TemporaryDirectory() as folder:
        setting = Setting(pace=True)
        async with live(Path(folder, "home"), sandbox, address, setting) as at:
            await at.add(pces)
            await at.wait_until_done(every=0.05)
            seconds = monotonic() - sandbox.calls[0].monotonic
            calls = len(sandbox.calls)
            rows = sum(map(len, (await at.rows(pces)).values()))
            writing = await at.ask("project", clear=True)
            return _Import(calls, seconds, writing["seconds"], rows)
