"""Many seeds, as many at a time as there are cores."""

from argparse import ArgumentParser, Namespace
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import json
import os
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import time
from typing import Any, Final

from .inspection import WeatherReport, table
from .report import WISH, Report

_MODULE: Final = Path(__file__).with_name("long.py")
_DAYS: Final = 400
_MOST_CALLS_OF_A_LONE_METER: Final = 2.3


@dataclass(frozen=True)
class Wish:
    """One simulation; `lone`: a single 1M meter, and GRDF never away.

    `weather`: ten meters in a schedule's weather; `days` None: as many as it has.
    """

    seed: int
    days: int | None
    lone: bool = False
    weather: bool = False

    @property
    def arguments(self) -> str:
        """How `scripts/soak` runs it again."""
        days = "" if self.days is None else f" --days {self.days}"
        more = "".join(
            f" --{name}" for name in ("lone", "weather") if getattr(self, name)
        )
        return f"--seed {self.seed}{days}{more}"


def main() -> int:
    """Run the simulations, tell each, and return 1 where one went wrong."""
    asked = _arguments()
    if asked.weather:
        return _weather(asked)
    started = time.monotonic()
    reports = asyncio.run(_run_all(_wishes(asked), _years))
    rows = sum(report.rows for _, report in reports)
    differing = sum(report.differing for _, report in reports)
    missed = sum(report.unheard + report.silent_evenings for _, report in reports)
    _say(
        f"{len(reports)} simulations, {rows:,} rows compared, {differing} differ,"
        f" {missed} missed; {(time.monotonic() - started) / 60:.0f} minutes"
    )
    return 0 if all(_is_good(wish, report) for wish, report in reports) else 1


def _weather(asked: Namespace) -> int:
    """Run the weather, print what was drawn, and return 1 where something broke."""
    seeds = range(1, asked.seeds + 1) if asked.seed is None else [asked.seed]
    wishes = [Wish(seed, asked.days, weather=True) for seed in seeds]
    reports = [report for _, report in asyncio.run(_run_all(wishes, _season))]
    breaches = sum(len(report.breaches) for report in reports)
    _say(f"{table(reports)}\n{len(reports)} schedules, {breaches} breaches")
    return 1 if breaches else 0


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="scripts/soak", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--seeds", type=int, default=2, help="how many, from 1 on")
    which.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--days", type=int, help="400 days, or a schedule's own")
    parser.add_argument("--lone", action="store_true", help="a lone 1M meter only")
    parser.add_argument("--weather", action="store_true", help="schedules of weather")
    return parser.parse_args()


def _wishes(asked: Namespace) -> list[Wish]:
    days = asked.days or _DAYS
    if asked.seed is not None:
        return [Wish(asked.seed, days, asked.lone)]
    if asked.lone:
        return [Wish(seed, days, lone=True) for seed in range(1, asked.seeds + 1)]
    return [
        Wish(1, days, lone=True),
        *(Wish(seed, days) for seed in range(1, asked.seeds + 1)),
    ]


async def _run_all[T](
    wishes: list[Wish], run: Callable[[Wish], Awaitable[T]]
) -> list[tuple[Wish, T]]:
    cores = asyncio.Semaphore(os.cpu_count() or 1)

    async def run_one(wish: Wish) -> tuple[Wish, T]:
        async with cores:
            return wish, await run(wish)

    return await asyncio.gather(*map(run_one, wishes))


async def _years(wish: Wish) -> Report:
    report = Report(**await _run(wish, "test_every_evening"))
    _tell(wish, report)
    return report


async def _season(wish: Wish) -> WeatherReport:
    report = WeatherReport(**await _run(wish, "test_weather"))
    _say("\n  ".join([str(report), *report.breaches]))
    if report.breaches:
        _say(f"  replay: scripts/soak {wish.arguments}")
    return report


async def _run(wish: Wish, test: str) -> dict[str, Any]:
    """Simulate in a process of its own: Home Assistant holds one interpreter."""
    with TemporaryDirectory() as folder:
        told = Path(folder) / "report.json"
        asked = {
            "seed": wish.seed,
            "days": wish.days,
            "lone": wish.lone,
            "report": str(told),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pytest", str(_MODULE), "--quiet", "--tb=short"),
            *("--show-capture=no", "-p", "no:cacheprovider", "-k", test),
            env={**os.environ, WISH: json.dumps(asked)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if not told.exists() or process.returncode:
            sys.exit(f"seed {wish.seed} broke off:\n{output.decode()[-8000:]}")
        found: dict[str, Any] = json.loads(told.read_text())
        return found


def _tell(wish: Wish, report: Report) -> None:
    _say(f"{'a lone 1M meter, ' if wish.lone else ''}{report}")
    for difference in report.differences:
        _say(difference)
    if not _is_good(wish, report):
        _say(f"  replay: scripts/soak {wish.arguments}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _is_good(wish: Wish, report: Report) -> bool:
    is_frugal = not wish.lone or report.calls_a_day() <= _MOST_CALLS_OF_A_LONE_METER
    return report.is_right and is_frugal


if __name__ == "__main__":
    sys.exit(main())
