"""`python -m tests.portfolio`: what the calls of whole portfolios come to."""

import argparse
from dataclasses import dataclass
import sys
from typing import Final

from .contract import Portfolio
from .tally import Tally


@dataclass(frozen=True)
class Plan:
    """A portfolio, and what must come of it.

    The pace alone keeps the larger tiers busy for most of the day: at 1.2 s a call,
    50,000 meters take 17 hours, and 200,000 at a third of it take 22. Most of their
    gas days come in after the evening then, and all of them within a day.
    """

    meters: int
    days: int
    by_the_evening: float
    by_the_next_evening: float


PLANS: Final = (
    Plan(5_000, 60, by_the_evening=0.999, by_the_next_evening=0.9999),
    Plan(50_000, 6, by_the_evening=0.6, by_the_next_evening=0.999),
    Plan(200_000, 3, by_the_evening=0.5, by_the_next_evening=0.99),
)
MOST_CALLS: Final = 1.15


def findings(plan: Plan, tally: Tally) -> list[str]:
    """Return what is not as it must be."""
    allowed = tally.allowance.calls_per_day
    checks = {
        f"more than {allowed} calls on a day": tally.most_calls_a_day <= allowed,
        "starts too close to one another": tally.too_fast == 0,
        f"more than {MOST_CALLS} calls a meter and day": (
            tally.calls_a_meter_and_day <= MOST_CALLS
        ),
        "days that came in too late": (
            tally.held_by_the_evening >= plan.by_the_evening
            and tally.held_by_the_next_evening >= plan.by_the_next_evening
        ),
    }
    return [finding for finding, is_well in checks.items() if not is_well]


def report(tally: Tally) -> str:
    """Return a few lines on what came of a portfolio."""
    waited = tally.publications_waited / max(1, tally.published)
    busiest = f"{tally.most_calls_a_day:,} of {tally.allowance.calls_per_day:,}"
    figures = {
        "calls a meter and day": f"{tally.calls_a_meter_and_day:.4f}",
        "calls on the busiest day": busiest,
        "starts too close": str(tally.too_fast),
        "held by the evening": f"{tally.held_by_the_evening:.4%}",
        "held by the next evening": f"{tally.held_by_the_next_evening:.4%}",
        "longest without being asked": str(tally.longest_silence),
        "published months": f"{tally.published:,}, held after {waited}",
        "calls put off": f"{tally.deferred:,}",
    }
    lines = (f"  {name:28} {figure}" for name, figure in figures.items())
    return "\n".join((f"{tally.meters:,} meters, {tally.days} days", *lines))


def main() -> int:
    """Run each plan, print what came of it, and tell whether all is well."""
    parser = argparse.ArgumentParser(prog="tests.portfolio", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--meters", type=int, help="only the plan of this many")
    parser.add_argument("--days", type=int, help="instead of the plan's")
    options = parser.parse_args()
    is_well = True
    for plan in PLANS:
        if options.meters not in {None, plan.meters}:
            continue
        tally = Portfolio(plan.meters, options.days or plan.days, options.seed).run()
        found = findings(plan, tally)
        is_well = is_well and not found
        told = [report(tally), *(f"  NOT WELL: {finding}" for finding in found), ""]
        sys.stdout.write("\n".join(told))
        sys.stdout.flush()
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
