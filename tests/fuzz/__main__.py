"""As many cases as one likes: `python -m tests.fuzz answers --cases 200000`."""

from argparse import ArgumentParser
import sys
import time

from . import answers, files

_RUNS = {"answers": answers.run, "files": files.run}


def main() -> int:
    """Run the cases; a failure is shrunk, told and raised."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", choices=sorted(_RUNS))
    parser.add_argument("--cases", type=int, default=20_000)
    asked = parser.parse_args()
    started = time.monotonic()
    outcomes = _RUNS[asked.what](asked.cases)
    seconds = time.monotonic() - started
    for outcome, count in outcomes.most_common():
        sys.stdout.write(f"{count:>8,}  {outcome}\n")
    sys.stdout.write(
        f"{outcomes.total():>8,}  cases, 0 escapes, {seconds / 60:.1f} minutes\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
