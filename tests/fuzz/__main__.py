"""As many cases as one likes: `python -m tests.fuzz answers --cases 200000`."""

from argparse import ArgumentParser
from functools import partial
import sys
import time

from . import answers, files, spreadsheets

_RUNS = {"answers": answers.run, "files": files.run, "spreadsheets": spreadsheets.run}


def main() -> int:
    """Run the cases; a failure is shrunk, told and raised."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", choices=sorted(_RUNS))
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first spreadsheet")
    asked = parser.parse_args()
    run = _RUNS[asked.what]
    if asked.what == "spreadsheets":
        run = partial(spreadsheets.run, seed=asked.seed)
    started = time.monotonic()
    outcomes = run(asked.cases)
    seconds = time.monotonic() - started
    for outcome, count in outcomes.most_common():
        sys.stdout.write(f"{count:>8,}  {outcome}\n")
    sys.stdout.write(
        f"{outcomes.total():>8,}  cases, 0 escapes, {seconds / 60:.1f} minutes\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
