"""What must hold on every evening of a run, whatever the weather.

Nothing here comes from the integration: rows, calls and log are judged by what the
sandbox gave and by the oracle.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise, zip_longest
import re
from typing import Final, NamedTuple

from .diary import Diary, Period
from .home import DOMAIN, StoredRow
from .weather import (
    ALL,
    BROKEN,
    CLOSING,
    FAILING,
    GAS_CALLS,
    METERS,
    REFUSING,
    RIGHTS_EMPTY,
    TOKEN,
    Schedule,
    Spell,
)

_CALLS_A_DAY: Final = 6_000
_LEAST_SECONDS: Final = 1.0
_NUMBERS: Final = re.compile(r"\d+")
_NAMES: Final = {pce: name for name, pce in METERS.items()}


class Breach(NamedTuple):
    """What was not as it must be; `meter` and `day` are None where there is none."""

    invariant: str
    meter: str | None
    day: int | None
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it has in common with the same breach on another day."""
        return self.invariant, self.meter or "", _NUMBERS.sub("", self.text)

    def __str__(self) -> str:
        """Tell it with the end of the PCE."""
        who = "" if self.meter is None else f"…{METERS[self.meter][-4:]} {self.meter}, "
        when = "" if self.day is None else f"day {self.day}: "
        return f"{self.invariant}: {who}{when}{self.text}"


def liveness(schedule: Schedule, diary: Diary) -> Iterator[Breach]:
    """Every day on offer on an evening is there a day later, unless its call failed."""
    for before, evening in pairwise(diary.evenings):
        for (pce, series), offered in before.offered.items():
            name = _NAMES[pce]
            if _is_kept_from(schedule, name, {before.number, evening.number}):
                continue
            missing = offered - _days_with_gas(evening.rows[pce, series])
            if missing:
                told = f"{len(missing)} days of {series} missing, from {min(missing)}"
                yield Breach("liveness", name, evening.number, told)


def rows_as_the_oracle_has_them(diary: Diary) -> Iterator[Breach]:
    """Every row is what the answers that were sent come to."""
    for evening in diary.evenings:
        for (pce, series), expected in evening.expected.items():
            wanted = [
                (row.gas_day, None if row.amounts is None else row.amounts.energy)
                for row in expected
            ]
            ours = [(row.gas_day, row.thousandths) for row in evening.rows[pce, series]]
            differing = [
                (our, want) for our, want in zip_longest(ours, wanted) if our != want
            ]
            if differing:
                our, want = differing[0]
                told = f"{len(differing)} rows of {series}: {our}, oracle {want}"
                yield Breach("rows", _NAMES[pce], evening.number, told)


def conservation(diary: Diary) -> Iterator[Breach]:
    """A block's rows add up to it, or its days keep what they have of their own."""
    for evening in diary.evenings:
        for (pce, series), periods in evening.periods.items():
            amounts = {
                row.gas_day: row.thousandths
                for row in evening.rows[pce, series]
                if row.thousandths is not None
            }
            own = evening.own[pce, series]
            for period in periods:
                if (wrong := _not_conserved(period, amounts, own)) is not None:
                    yield Breach("conservation", _NAMES[pce], evening.number, wrong)


def _not_conserved(
    period: Period, amounts: Mapping[date, int], own: Mapping[date, int]
) -> str | None:
    days = [
        period.start + timedelta(days=number)
        for number in range((period.end - period.start).days)
    ]
    known = {day: own[day] * 1000 for day in days if day in own}
    shared = period.kwh * 1000 - sum(known.values())
    empty = [day for day in days if day not in known]
    found = sum(amounts.get(day, 0) for day in days)
    if empty and shared >= 0 and found != period.kwh * 1000:
        return f"{period.start} to {period.end} is {period.kwh} kWh, rows {found} Wh"
    wrong = [day for day, energy in known.items() if amounts.get(day) != energy]
    if wrong:
        day = wrong[0]
        return f"{day} has {known[day]} Wh of its own, its row {amounts.get(day)}"
    return None


def isolation(schedule: Schedule, diary: Diary, calm: Diary) -> Iterator[Breach]:
    """A meter without weather has the calls and the rows that it has without any.

    Until there is weather of the whole contract.
    """
    of_all = [spell.first for spell in schedule.weather if spell.meter == ALL]
    days = min(of_all, default=schedule.days)
    calls, calm_calls = _calls(schedule, diary), _calls(schedule, calm)
    for evening, quiet in zip(diary.evenings[:days], calm.evenings, strict=False):
        for pce, series in evening.rows:
            name = _NAMES[pce]
            if any(spell.meter == name for spell in schedule.weather):
                continue
            ours, theirs = evening.rows[pce, series], quiet.rows[pce, series]
            if ours != theirs:
                told = f"{len(ours)} rows of {series}, {len(theirs)} without weather"
                yield Breach("isolation", name, evening.number, told)
            key = (evening.number, name)
            if calls[key] != calm_calls[key]:
                told = f"calls {calls[key]}, without weather {calm_calls[key]}"
                yield Breach("isolation", name, evening.number, told)


def pace_and_quota(schedule: Schedule, diary: Diary) -> Iterator[Breach]:
    """No two calls start within a second, and none is refused for its number."""
    for before, start in pairwise(diary.starts):
        if start.seconds - before.seconds < _LEAST_SECONDS:
            day = (start.at.date() - schedule.first_day).days
            told = f"two calls {start.seconds - before.seconds:.1f} s apart"
            yield Breach("pace", None, day, told)
    counted = Counter(start.at.date() for start in diary.starts)
    for date_, calls in counted.items():
        if calls > _CALLS_A_DAY:
            day = (date_ - schedule.first_day).days
            yield Breach("quota", None, day, f"{calls} calls")


def log_is_quiet(schedule: Schedule, diary: Diary) -> Iterator[Breach]:
    """No traceback, and no warning twice a day with one text."""
    told: Counter[tuple[int, str]] = Counter()
    for record in diary.log:
        day = (record.at.date() - schedule.first_day).days
        if record.has_traceback:
            yield Breach("log", None, day, f"traceback: {record.text[:300]}")
        if record.logger.startswith(f"custom_components.{DOMAIN}"):
            told[day, record.text] += 1
    for (day, text), times in told.items():
        if times > 1:
            yield Breach("log", None, day, f"{times} times: {text[:200]}")


def _is_kept_from(schedule: Schedule, name: str, days: set[int]) -> bool:
    """Whether gas days may be missing: a call of theirs, or a right, is in the way."""
    return any(
        _is_in_the_way(spell)
        for spell in schedule.weather
        if spell.is_of(name) and any(map(spell.holds_on, days))
    )


def _is_in_the_way(spell: Spell) -> bool:
    if spell.call is None:
        return spell.kind in CLOSING
    if spell.call == TOKEN or spell.kind == RIGHTS_EMPTY:
        return True
    bad = FAILING | BROKEN | REFUSING | {"absurd_energy"}
    gas = {*GAS_CALLS, "*", "donnees_techniques"}
    return spell.kind in bad and spell.call in gas


def _days_with_gas(rows: tuple[StoredRow, ...]) -> frozenset[date]:
    return frozenset(row.gas_day for row in rows if row.thousandths is not None)


def _calls(schedule: Schedule, diary: Diary) -> dict[tuple[int, str], Counter[str]]:
    found: dict[tuple[int, str], Counter[str]] = {}
    for evening in diary.evenings:
        for name in METERS:
            found[evening.number, name] = Counter()
    for met in diary.met:
        if met.meter is not None:
            day = (met.at.date() - schedule.first_day).days
            found[day, met.meter][met.call] += 1
    return found
