"""Many seeds, as many at a time as there are cores."""

from argparse import ArgumentParser, Namespace
import asyncio
from dataclasses import dataclass
import json
import os
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import time
from typing import Final

from .report import WISH, Report

_MODULE: Final = Path(__file__).with_name("long.py")
_MOST_CALLS_OF_A_LONE_METER: Final = 2.3


@dataclass(frozen=True)
class Wish:
    """One simulation; `lone`: a single 1M meter, and GRDF never away."""

    seed: int
    days: int
    lone: bool = False


def main() -> int:
    """Run the simulations, tell each, and return 1 where one went wrong."""
    asked = _arguments()
    started = time.monotonic()
    reports = asyncio.run(_run_all(_wishes(asked)))
    rows = sum(report.rows for _, report in reports)
    differing = sum(report.differing for _, report in reports)
    missed = sum(report.unheard + report.silent_evenings for _, report in reports)
    _say(
        f"{len(reports)} simulations, {rows:,} rows compared, {differing} differ,"
        f" {missed} missed; {(time.monotonic() - started) / 60:.0f} minutes"
    )
    return 0 if all(_is_good(wish, report) for wish, report in reports) else 1


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="scripts/soak", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--seeds", type=int, default=2, help="how many, from 1 on")
    which.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--lone", action="store_true", help="a lone 1M meter only")
    return parser.parse_args()


def _wishes(asked: Namespace) -> list[Wish]:
    if asked.seed is not None:
        return [Wish(asked.seed, asked.days, asked.lone)]
    if asked.lone:
        return [Wish(seed, asked.days, lone=True) for seed in range(1, asked.seeds + 1)]
    return [
        Wish(1, asked.days, lone=True),
        *(Wish(seed, asked.days) for seed in range(1, asked.seeds + 1)),
    ]


async def _run_all(wishes: list[Wish]) -> list[tuple[Wish, Report]]:
    cores = asyncio.Semaphore(os.cpu_count() or 1)

    async def run(wish: Wish) -> tuple[Wish, Report]:
        async with cores:
            report = await _run(wish)
        _tell(wish, report)
        return wish, report

    return await asyncio.gather(*map(run, wishes))


async def _run(wish: Wish) -> Report:
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
            *("--show-capture=no", "-p", "no:cacheprovider"),
            env={**os.environ, WISH: json.dumps(asked)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        if not told.exists() or process.returncode:
            sys.exit(f"seed {wish.seed} broke off:\n{output.decode()[-8000:]}")
        return Report(**json.loads(told.read_text()))


def _tell(wish: Wish, report: Report) -> None:
    _say(f"{'a lone 1M meter, ' if wish.lone else ''}{report}")
    for difference in report.differences:
        _say(difference)
    if not _is_good(wish, report):
        again = f"scripts/soak --seed {wish.seed} --days {wish.days}"
        _say(f"  replay: {again}{' --lone' if wish.lone else ''}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _is_good(wish: Wish, report: Report) -> bool:
    is_frugal = not wish.lone or report.calls_a_day() <= _MOST_CALLS_OF_A_LONE_METER
    return report.is_right and is_frugal


if __name__ == "__main__":
    sys.exit(main())
