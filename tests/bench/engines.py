"""The same import on every database that Home Assistant's recorder runs on."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
import subprocess
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from homeassistant.const import __version__ as home_version

from tests.demo.rows import Rows
from tests.sandbox import FLAT, INDUSTRY, PRODUCER, Sandbox
from tests.sandbox.rights import Perimeter

from .asked import Asked
from .figures import Figure
from .live import Setting, live, run
from .servers import MARIADB, POSTGRESQL, SQLITE, Engine, install

_METERS: Final = (FLAT, INDUSTRY, PRODUCER)
_QUICK_DAYS: Final = 90
_AGAIN: Final = 0.1


class _Import(NamedTuple):
    """An import into one engine: its rows, and what writing them anew takes."""

    rows: Rows
    seconds: float
    cpu: float
    unchanged: float


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell how fast each engine takes the rows, and that all hold the same."""
    work = partial(_imported, quick=asked.quick)
    sqlite: Rows = {}
    for engine in (SQLITE, POSTGRESQL, MARIADB):
        try:
            _provide(engine, may_install=not asked.quick)
        except (OSError, subprocess.CalledProcessError) as err:
            yield _left_out(engine, err, judged=not asked.quick)
            continue
        done = run(asked.seed, partial(work, engine=engine))
        count = sum(map(len, done.rows.values()))
        yield Figure(f"{engine.name}: rows", count, "")
        yield Figure(
            f"{engine.name}: rows a second, Home Assistant {home_version}",
            count / done.seconds,
            "/s",
        )
        yield Figure(
            f"{engine.name}: Home Assistant's CPU for 1,000 rows",
            1e6 * done.cpu / count,
            "ms",
        )
        yield Figure.at_most(
            f"{engine.name}: finding nothing changed, of writing all",
            done.unchanged / done.cpu,
            _AGAIN,
            "x",
        )
        if engine is SQLITE:
            sqlite = done.rows
        else:
            unequal = len(_unequal(sqlite, done.rows))
            yield Figure.at_most(f"{engine.name}: rows unlike SQLite's", unequal, 0, "")


def _provide(engine: Engine, *, may_install: bool) -> None:
    if engine.is_there:
        return
    if not may_install:
        raise FileNotFoundError(f"{engine.packages[0]} is not installed")
    install(engine)


def _left_out(engine: Engine, err: Exception, *, judged: bool) -> Figure:
    """Say that an engine was not measured; it is missed where all were asked for."""
    name = f"{engine.name}: LEFT OUT, no server here"
    said = getattr(err, "stderr", None) or str(err)
    figure = Figure.at_least(name, 0, 1, "") if judged else Figure(name, 0, "")
    return figure.explained(lambda: said)


def _unequal(ours: Rows, theirs: Rows) -> set[tuple[str, object]]:
    """Return the rows that only one of two databases holds."""

    def known(rows: Rows) -> set[tuple[str, object]]:
        return {(name, row) for name, those in rows.items() for row in those}

    return known(ours) ^ known(theirs)


async def _imported(
    sandbox: Sandbox, address: str, *, engine: Engine, quick: bool
) -> _Import:
    if quick:
        sandbox.switches.depth = dict.fromkeys(Perimeter, _QUICK_DAYS)
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with engine.serve(folder) as recorder:
            setting = Setting(recorder=recorder)
            async with live(folder / "home", sandbox, address, setting) as at:
                await at.add(_METERS)
                await at.wait_until_done()
                rows = await at.rows(_METERS)
                written = await at.ask("project", clear=True)
                again = await at.ask("project")
    return _Import(rows, written["seconds"], written["cpu"], again["cpu"])
