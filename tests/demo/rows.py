"""Statistics rows as Home Assistant stores them: a gas day's, and its base before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .comparison import TOLERANCE, Period
from .home import Home

PARIS = ZoneInfo("Europe/Paris")
_GAS_DAY_START = time(6)
_BASE = time(5)
_BEFORE_ALL = "2000-01-01T00:00:00+00:00"
# The units of the comparison, whatever the home displays.
_UNITS = {"energy": "kWh", "volume": "m³"}

type Days = Mapping[date, float | None]
"""An amount a gas day, in kWh or m³; None is an absent day."""

type Truth = Mapping[str, Days]
"""The sandbox's gas days, for each statistic that shows them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row: its hour, that day's amount, and the running total.

    `base` is the running total of the row an hour before; None: there is none.
    """

    start: datetime
    state: float | None
    total: float
    base: float | None = None


type Rows = Mapping[str, list[Row]]
"""The rows of each statistic, oldest first."""


async def read_rows(home: Home, statistic_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return every row of each statistic, oldest first; a missing one has none."""
    wanted = list(statistic_ids)
    answer = await home.ask(
        "recorder/statistics_during_period",
        start_time=_BEFORE_ALL,
        statistic_ids=wanted,
        period="hour",
        units=_UNITS,
        types=["state", "sum"],
    )
    return {name: _rows(answer.get(name, ())) for name in wanted}


async def read_totals(
    home: Home, statistic_ids: Iterable[str], period: Period
) -> dict[str, dict[date, float]]:
    """Return what Home Assistant sums for each month or year, by its first day."""
    wanted = list(statistic_ids)
    answer = await home.ask(
        "recorder/statistics_during_period",
        start_time=_BEFORE_ALL,
        statistic_ids=wanted,
        period=period,
        units=_UNITS,
        types=["change"],
    )
    return {
        name: {
            _time(each["start"]).astimezone(PARIS).date(): each["change"] or 0.0
            for each in answer.get(name, ())
        }
        for name in wanted
    }


def measured_span(days: Days) -> tuple[date, date] | None:
    """Return the first and the newest gas day that has an amount."""
    measured = [day for day, amount in days.items() if amount is not None]
    return (min(measured), max(measured)) if measured else None


def reaches(rows: list[Row], days: Days) -> bool:
    """Return whether the rows go up to the newest measured day."""
    span = measured_span(days)
    return span is not None and bool(rows) and gas_day(rows[-1].start) >= span[1]


def gas_day(start: datetime) -> date:
    """Return the gas day that an hour belongs to: 06:00 to 06:00 in France."""
    local = start.astimezone(PARIS)
    day = local.date()
    if local.time() < _GAS_DAY_START:
        return date.fromordinal(day.toordinal() - 1)
    return day


def row_problems(rows: list[Row], days: Days) -> list[str]:
    """Return what is wrong with a meter's rows beside the amounts of its gas days.

    Each gas day from the first measured to the newest has one row, at 06:00 in
    France, with that day's amount (None when absent) and the running total, and an hour
    before it one with the running total before it and no amount.
    """
    if (span := measured_span(days)) is None:
        return ["the sandbox holds no amount"]
    stored = {gas_day(row.start): row for row in rows}
    wanted = {day for day in days if span[0] <= day <= span[1]}
    problems = [f"{day}: no row" for day in sorted(wanted - stored.keys())]
    total = 0.0
    for row in rows:
        before, total = total, total + (row.state or 0.0)
        problems += _problems_of(row, days, before, total)
    return problems


def _problems_of(row: Row, days: Days, before: float, total: float) -> list[str]:
    day = gas_day(row.start)
    problems = []
    if row.base is None or abs(row.base - before) > TOLERANCE:
        problems.append(f"{day}: base {row.base} instead of {before}")
    if row.start.astimezone(PARIS).time() != _GAS_DAY_START:
        problems.append(f"{day}: a row at {row.start.isoformat()}, not 06:00 in France")
    if day not in days:
        problems.append(f"{day}: a row for a day that the sandbox does not know")
    elif row.state != days[day]:
        problems.append(f"{day}: {row.state} instead of {days[day]}")
    if abs(row.total - total) > TOLERANCE:
        problems.append(f"{day}: running total {row.total} instead of {total}")
    return problems


def _rows(answer: Iterable[dict[str, Any]]) -> list[Row]:
    """Return the rows of gas days, each with the base row before it."""
    bases: dict[datetime, float] = {}
    rows = []
    for each in answer:
        start, state, total = _time(each["start"]), each["state"], each["sum"]
        if state is None and start.astimezone(PARIS).time() == _BASE:
            bases[start] = total
        else:
            base = bases.get(start - timedelta(hours=1))
            rows.append(Row(start, state, total, base))
    return rows


def _time(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
