"""As many kills as one likes: `python -m tests.kills --kills 50 --seed 1`."""

from argparse import ArgumentParser
import asyncio
from collections import Counter
import sys
import time

from .cycle import Kill, Killer, killer


def main() -> int:
    """Kill, compare, and tell; the exit code is 1 if anything was lost."""
    parser = ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    kills = asyncio.run(_run(asked.kills, asked.seed))
    sys.stdout.write(_report(kills, time.monotonic() - began))
    return 0 if all(kill.is_harmless for kill in kills) else 1


async def _run(count: int, seed: int) -> list[Kill]:
    async with killer(seed) as kills:
        _say_scenarios(kills)
        done = []
        for number in range(count):
            done.append(await kills.kill(number))
            sys.stdout.write(f"{number + 1:>4}  {done[-1]}\n")
            sys.stdout.flush()
        return done


def _say_scenarios(kills: Killer) -> None:
    for each in kills.scenarios:
        sys.stdout.write(
            f"{each.name}, undisturbed: {len(each.rows)} rows, {each.calls} calls,"
            f" {each.seconds:.1f} s\n"
        )


def _report(kills: list[Kill], seconds: float) -> str:
    of = Counter(kill.scenario for kill in kills)
    moments = Counter((kill.scenario, kill.calls_before) for kill in kills)
    return "\n".join(
        [
            "",
            *(
                f"{count:>4}  killed {name}, after {calls} calls"
                for (name, calls), count in sorted(moments.items())
            ),
            f"{len(kills):>4}  kills: "
            + ", ".join(f"{count} of a {name}" for name, count in sorted(of.items())),
            f"{sum(kill.lost for kill in kills):>4}  rows lost",
            f"{sum(kill.wrong for kill in kills):>4}  rows wrong",
            f"{sum(kill.forgotten for kill in kills):>4}  calls forgotten",
            f"{sum(not kill.is_harmless for kill in kills):>4}  kills that did harm",
            f"{seconds / 60:.1f} minutes",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
