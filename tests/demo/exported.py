"""The demo's exported files: a household that has no contract, and what they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from tests.exports import (
    Day,
    build_daily,
    build_monthly,
    build_text,
    build_weekly,
    invented_days,
)
from tests.oracle import expected_days
from tests.sandbox import FLAT, HOUSE

from .witness import Meter

_ONE_DAY = timedelta(days=1)
_YEAR = timedelta(weeks=52)
# GRDF is that far behind when somebody exports.
_BEHIND = timedelta(days=3)
_LAST_DAY = "last-day"


@dataclass(frozen=True, slots=True)
class Export:
    """A file as the customer space would give it."""

    name: str
    content: bytes


def demo_exports(folder: Path, today: date) -> tuple[list[Export], list[Meter]]:
    """Return the files of the demo, and what a perfect reader makes of them.

    They lie in the folder too; those of an earlier run stay as they were.
    """
    folder.mkdir(exist_ok=True)
    kept = folder / _LAST_DAY
    if not kept.exists():
        kept.write_text((today - _BEHIND).isoformat())
    last = date.fromisoformat(kept.read_text())
    house_files, house = _house(last)
    flat_file, flat = _flat(last)
    exports = [*house_files, flat_file]
    for export in exports:
        (folder / export.name).write_bytes(export.content)
    return exports, [house, flat]


def _house(last: date) -> tuple[list[Export], Meter]:
    """Five years: by month, then by week, then by day; months and weeks overlap."""
    by_day = _monday(last - 3 * _YEAR)
    by_week = by_day - _YEAR
    by_month = (by_week - _YEAR).replace(day=1)
    # The month in which the weeks begin is exported to its end.
    month_end = (by_week.replace(day=1) + timedelta(days=32)).replace(day=1)
    absent = [by_day + timedelta(days=each) for each in (40, 41, 400)]
    days = invented_days(by_month, last, absent=absent, seed=7)
    months = _between(days, by_month, month_end)
    weeks = _between(days, by_week, by_day)
    daily = _between(days, by_day, last + _ONE_DAY)
    exported_on = last + _BEHIND
    files = [
        Export(_name(HOUSE, of), build(of, pce=HOUSE, exported_on=exported_on))
        for of, build in (
            (months, build_monthly),
            (weeks, build_weekly),
            (daily, build_daily),
        )
    ]
    return files, _meter("house", HOUSE, daily, [*_weeks(weeks), *_months(months)])


def _flat(last: date) -> tuple[Export, Meter]:
    """A year and a half of days, saved as a text table."""
    days = invented_days(last - timedelta(days=547), last, seed=8)
    content = build_text(days, pce=FLAT, exported_on=last + _BEHIND)
    return Export("flat.csv", content), _meter("flat", FLAT, days, [])


def _meter(
    role: str, pce: str, days: Sequence[Day], blocks: Sequence[list[Day]]
) -> Meter:
    def expected(what: str) -> dict[date, float | None]:
        return expected_days(
            {day.gas_day: getattr(day, what) for day in days},
            [
                (
                    block[0].gas_day,
                    block[-1].gas_day + _ONE_DAY,
                    sum(getattr(day, what) or 0 for day in block),
                )
                for block in blocks
            ],
        )

    return Meter(role, pce, "files", expected("kwh"), expected("m3"), prefix="")


def _weeks(days: Iterable[Day]) -> list[list[Day]]:
    """Cut at Mondays and at New Year, as the customer space does."""
    return [
        list(block)
        for _, block in groupby(
            days,
            key=lambda day: (
                day.gas_day.year,
                day.gas_day - timedelta(days=day.gas_day.weekday()),
            ),
        )
    ]


def _months(days: Iterable[Day]) -> list[list[Day]]:
    return [
        list(block)
        for _, block in groupby(days, key=lambda day: day.gas_day.replace(day=1))
    ]


def _between(days: Iterable[Day], first: date, end: date) -> list[Day]:
    return [day for day in days if first <= day.gas_day < end]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _name(pce: str, days: Sequence[Day]) -> str:
    first, last = days[0].gas_day, days[-1].gas_day
    return f"Donnees_informatives_{pce}_{first}_{last}.xlsx"
