"""`scripts/bench`: measure, tell it as a table, and keep it as JSON."""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
import json
from pathlib import Path
import sys

from homeassistant.const import __version__ as home_version

from .asked import Asked, Part
from .figures import Figure
from .parts import PARTS


def main(
    arguments: Sequence[str] | None = None, parts: Mapping[str, Part] = PARTS
) -> int:
    """Run the parts that were asked for; return 1 where a figure breaks its bound."""
    parser = ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(parts))
    parser.add_argument("--seed", type=int, default=2026, help="of what is simulated")
    parser.add_argument(
        "--quick", action="store_true", help="a short cut of each: does it work at all?"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.parts if name not in parts]:
        parser.error(f"no such part: {', '.join(unknown)}; there is {', '.join(parts)}")
    _say(f"Home Assistant {home_version}")
    found: list[tuple[str, Figure]] = []
    for name in asked.parts or parts:
        _say(name)
        for figure in parts[name](Asked(asked.seed, asked.quick)):
            _say(str(figure))
            found.append((name, figure))
    if asked.json is not None:
        told = [figure.as_json(name) for name, figure in found]
        asked.json.write_text(f"{json.dumps(told, indent=2)}\n", "utf-8")
    missed = [(name, figure) for name, figure in found if not figure.ok]
    _say_missed(missed)
    return 1 if missed else 0


def _say_missed(missed: Sequence[tuple[str, Figure]]) -> None:
    if not missed:
        _say("Every bound is kept.")
        return
    _say(f"{len(missed)} of these miss their bound:")
    for name, figure in missed:
        _say(
            f"  {name}: {figure.name}: {figure.value:,.2f} {figure.unit}, to be"
            f" {figure.bound}"
        )
        if figure.why:
            _say(f"    {figure.why}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
