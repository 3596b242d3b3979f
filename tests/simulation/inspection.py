"""All that is checked of a run of weather, and what is told of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final

from .checks import (
    Breach,
    conservation,
    isolation,
    liveness,
    log_is_quiet,
    pace_and_quota,
    rows_as_the_oracle_has_them,
)
from .diary import Runs
from .drawn import drawn
from .schedule_files import load_all
from .verdicts import truthfulness
from .weather import ALL, METERS, Schedule

_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class WeatherReport:
    """What came of one schedule.

    `drawn` lists (kind, days, meters) of each spell; `breaches` are lines of text;
    `seconds` of CPU.
    """

    seed: int
    name: str
    days: int
    drawn: Sequence[tuple[str, int, int]]
    calls: int
    calls_without: int
    seconds: float
    breaches: Sequence[str]

    def __str__(self) -> str:
        """Tell it in one line."""
        return (
            f"seed {self.seed}, {self.name}: {self.days} days, {self.calls} calls"
            f" ({self.calls_without} without weather), {self.seconds:.0f} s of CPU,"
            f" {len(self.breaches)} breaches"
        )


def schedule_of(seed: int, days: int | None) -> Schedule:
    """Return a seed's schedule: of odd seeds one that is written, in turn."""
    written = list(load_all())
    if seed % 2 == 0 or not written:
        return drawn(seed, days or _DAYS)
    return written[seed // 2 % len(written)]


def breaches_of(schedule: Schedule, runs: Runs) -> list[Breach]:
    """Return what was not as it must be."""
    diary = runs.troubled
    return [
        *liveness(schedule, diary),
        *rows_as_the_oracle_has_them(diary),
        *conservation(diary),
        *isolation(schedule, diary, runs.calm),
        *truthfulness(schedule, diary),
        *(
            breach
            for run in runs
            for check in (pace_and_quota, log_is_quiet)
            for breach in check(schedule, run)
        ),
    ]


def report(seed: int, schedule: Schedule, runs: Runs, seconds: float) -> WeatherReport:
    """Return what came of a schedule."""
    return WeatherReport(
        seed=seed,
        name=schedule.name,
        days=schedule.days,
        drawn=[
            (
                spell.kind,
                spell.last - spell.first + 1,
                len(METERS) if spell.meter == ALL else 1,
            )
            for spell in schedule.weather
        ],
        calls=len(runs.troubled.starts),
        calls_without=len(runs.calm.starts),
        seconds=seconds,
        breaches=list(_told(breaches_of(schedule, runs))),
    )


def table(reports: Iterable[WeatherReport]) -> str:
    """Return how many days of which weather how many meters had."""
    spells = sorted(chain.from_iterable(report.drawn for report in reports))
    lines = [f"{'kind':18}{'spells':>8}{'days':>8}{'meters':>8}"]
    for kind, same in groupby(spells, key=lambda spell: spell[0]):
        _, days, meters = zip(*same, strict=True)
        lines.append(f"{kind:18}{len(days):8}{sum(days):8}{sum(meters):8}")
    return "\n".join(lines)


def _told(breaches: Sequence[Breach]) -> Iterator[str]:
    """Yield a line for each run of days with one breach."""
    by_kind = sorted(breaches, key=lambda one: (one.key, one.day or 0))
    for _, same in groupby(by_kind, key=lambda one: one.key):
        first, *others = same
        last = others[-1] if others else first
        more = f" (until day {last.day}, {len(others) + 1} times)" if others else ""
        yield f"{first}{more}"
