"""Consumption that a meter's own history does not make likely.

This is no safety alarm, and no text about it may read like one: a gas day is known
about three days after it ended, only amounts of whole days are examined, and what is
usual for a meter may be wrong all the same. Anyone who smells gas calls Urgence
Sécurité Gaz, 0 800 47 33 33, at once. The purpose is to save money: a window that
stayed open, a badly adjusted boiler, hot water that never stops running.

Three things count as unusual, all of them too much and none of them too little:

- a day that stands out from its neighbours and from the days most similar to it;
- a rise that lasts: of a week, or a smaller one of four weeks;
- a base load that rose: where nothing is heated, even the lowest days are higher.

A year of data is needed, so that it holds every season. Days without a value of their
own (absent, a share of a published block, GRDF's estimates) are left out; days when the
home was empty are neither judged nor learnt from, and the day of coming home to a cold
house is not remarkable. Without an outdoor temperature a day is compared with those of
its season, and of heating only a large excess is remarkable, since a cold spell looks
the same.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import sqrt
from operator import attrgetter
from statistics import median
from typing import Final

from ..gas_day import ONE_DAY
from ..series import DayRow
from .anomaly import Anomaly, AnomalyKind, Confidence
from .baseline import (
    Baseline,
    Expectation,
    Similarity,
    UsedDay,
    quantile,
    upper_spread,
    used_days,
)

# A year, less the days that GRDF may never have given.
_YEAR: Final = timedelta(days=364)
_LEAST_SHARE_OF_YEAR: Final = 0.8
# What ended earlier is no news.
_STALE_AFTER: Final = timedelta(days=45)
# Usual consumption is learnt from two years, without the days that are judged; where
# days are compared by season, without those of the current season.
_HISTORY: Final = timedelta(days=730)
_JUDGED: Final = timedelta(days=42)
_JUDGED_BY_SEASON: Final = timedelta(days=120)
_LOOKED_BACK: Final = timedelta(days=120)

# The home is empty where two days in a row are far below what is likely.
_AWAY_BELOW: Final = 0.4
_LEAST_TO_MISS: Final = 3.0
_RETURN: Final = timedelta(days=2)

# What changes from one year to the next, relative: of what is not heating; of heating
# at a known temperature; of heating at an unknown one.
_DRIFT_OF_BASE: Final = 0.1
_DRIFT_OF_HEAT: Final = 0.04
_DRIFT_OF_UNKNOWN_WEATHER: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Window:
    """The least excess of a lasting rise; `absolute` is in kWh a day."""

    days: int
    surprise: float
    relative: float
    absolute: float


_WINDOWS: Final = (
    _Window(days=7, surprise=3.2, relative=0.2, absolute=6.0),
    _Window(days=28, surprise=2.0, relative=0.08, absolute=4.0),
)
_LEAST_SHARE_OF_WINDOW: Final = 0.6
_ABOUT: Final = 1.6
# One enormous day is a day, no lasting rise.
_MOST_SURPRISE_OF_A_DAY: Final = 4.0

_DAY_SURPRISE: Final = 6.0
_DAY_RELATIVE: Final = 0.6
_DAY_ABSOLUTE: Final = 15.0
_NEIGHBOURS: Final = timedelta(days=7)
_LEAST_NEIGHBOURS: Final = 4
_LEAST_AFTER: Final = 2
_APART_FROM_NEIGHBOURS: Final = 0.4

_BASE_WINDOW: Final = timedelta(days=28)
_BASE_DAYS: Final = 10
_LOW: Final = 0.25
_SELDOM: Final = 0.9
_BASE_RELATIVE: Final = 0.3
_BASE_ABSOLUTE: Final = 3.0
_LEAST_USED: Final = 0.1
# Days count as without heating up to this much above what the lowest days use.
_QUIET_RELATIVE: Final = 1.3
_QUIET_ABSOLUTE: Final = 2.0

_HIGH_SURPRISE: Final = 6.0
_MEDIUM_SURPRISE: Final = 4.0


@dataclass(frozen=True, slots=True)
class _Judged:
    """A day, what was likely on it, and whether the home was in use."""

    day: UsedDay
    likely: Expectation
    at_home: bool

    @property
    def gas_day(self) -> date:
        return self.day.gas_day

    @property
    def excess(self) -> float:
        return self.day.energy - self.likely.energy

    @property
    def surprise(self) -> float:
        return self.excess / self.likely.spread

    @property
    def limited_excess(self) -> float:
        """The excess, no larger than a day may count in a lasting rise."""
        most = _MOST_SURPRISE_OF_A_DAY * self.likely.spread
        return min(most, max(-most, self.excess))


@dataclass(frozen=True, slots=True)
class _View:
    """The days that findings are made from; `base`: kWh a day without heating."""

    days: Sequence[_Judged]
    last: date
    weather: bool
    base: float
    learnt: date

    @property
    def history(self) -> Sequence[_Judged]:
        """The days through `learnt`, from which usual consumption was learnt."""
        return self.days[: self._place(self.learnt + ONE_DAY)]

    def newest(self, length: timedelta) -> Sequence[_Judged]:
        """Return the days of the newest period of this length."""
        return self.days[self._place(self.last - length + ONE_DAY) :]

    def _place(self, day: date) -> int:
        return bisect_left(self.days, day, key=attrgetter("gas_day"))

    def drift(self, one: _Judged) -> float:
        """Return by how many kWh a day may be off though nothing is remarkable."""
        base = min(self.base, one.likely.energy)
        heat = one.likely.energy - base
        of_heat = _DRIFT_OF_HEAT if self.weather else _DRIFT_OF_UNKNOWN_WEATHER
        return _DRIFT_OF_BASE * base + of_heat * heat

    def is_no_cold_spell(self, one: _Judged) -> bool:
        """Whether a rise on this day cannot be the start of a cold spell."""
        return self.weather or self.is_quiet(one)

    def is_quiet(self, one: _Judged) -> bool:
        """Whether nothing is heated on a day."""
        return one.likely.most <= _QUIET_RELATIVE * self.base + _QUIET_ABSOLUTE


def findings(
    rows: Sequence[DayRow],
    today: date,
    temperatures: Mapping[date, float] | None = None,
) -> tuple[Anomaly, ...]:
    """Return what is unusual as of the newest gas day; nothing before a year of data.

    Findings are returned for as long as they apply: `anomaly.news` returns which are
    new. A week between two calls is covered by calling once for each of its days, with
    the rows until then.

    Args:
        rows: a meter's, oldest first.
        today: the date in France; what ended long before is not news.
        temperatures: the mean outdoor temperature in °C of each gas day, if known;
            used once it is known for most of a year.
    """
    days = used_days(rows)
    if not has_a_year(days) or today - days[-1].gas_day > _STALE_AFTER:
        return ()
    view = _view(days, temperatures or {})
    rises = (_rise(view, window) for window in _WINDOWS)
    rise = next((finding for finding in rises if finding is not None), None)
    found = (_base_load(view), rise, *_days(view))
    return tuple(finding for finding in found if finding is not None)


def has_a_year(days: Sequence[UsedDay]) -> bool:
    """Whether enough days are known of a meter to find what is unusual."""
    if not days:
        return False
    last = days[-1].gas_day
    of_year = sum(last - day.gas_day <= _YEAR for day in days)
    return (
        days[0].gas_day <= last - _YEAR and of_year >= _LEAST_SHARE_OF_YEAR * _YEAR.days
    )


def _view(days: Sequence[UsedDay], temperatures: Mapping[date, float]) -> _View:
    last = days[-1].gas_day
    kept = [day for day in days if last - day.gas_day < _HISTORY]
    newest = [day for day in kept if last - day.gas_day < _JUDGED]
    weather = _covers(temperatures, kept) and _covers(temperatures, newest)
    if weather:
        similarity = Similarity.warmth(temperatures, (day.gas_day for day in kept))
        learnt = last - _JUDGED
    else:
        similarity = Similarity.season(day.gas_day for day in kept)
        learnt = last - _JUDGED_BY_SEASON
    usual = Baseline((day for day in kept if day.gas_day <= learnt), similarity)
    judged = list(
        _with_absences(
            [(day, likely) for day in kept if (likely := usual.likely(day.gas_day))]
        )
    )
    ordered = sorted(one.likely.energy for one in judged)
    return _View(judged, last, weather, quantile(ordered, _LEAST_USED), learnt)


def _covers(temperatures: Mapping[date, float], days: Sequence[UsedDay]) -> bool:
    known = sum(day.gas_day in temperatures for day in days)
    return known >= _LEAST_SHARE_OF_YEAR * len(days)


def _with_absences(days: Sequence[tuple[UsedDay, Expectation]]) -> Iterator[_Judged]:
    """Yield each day with whether the home was in use, and not just reheated."""
    low = [
        likely.energy >= _LEAST_TO_MISS and day.energy < _AWAY_BELOW * likely.energy
        for day, likely in days
    ]
    returned = date.min
    for place, (day, likely) in enumerate(days):
        around = low[max(0, place - 1) : place] + low[place + 1 : place + 2]
        if low[place] and any(around):
            returned = day.gas_day
        yield _Judged(day, likely, at_home=day.gas_day - returned > _RETURN)


def _rise(view: _View, window: _Window) -> Anomaly | None:
    newest = [
        one
        for one in view.newest(timedelta(days=window.days))
        if one.at_home and view.is_no_cold_spell(one)
    ]
    if len(newest) < _LEAST_SHARE_OF_WINDOW * window.days:
        return None
    excess = sum(one.limited_excess for one in newest)
    expected = sum(one.likely.energy for one in newest)
    least = max(window.relative * expected, window.absolute * len(newest))
    if excess < least:
        return None
    chance = _persistence(view, newest, window.days) * sqrt(
        sum(one.likely.spread**2 for one in newest)
    )
    surprise = excess / sqrt(chance**2 + sum(map(view.drift, newest)) ** 2)
    if surprise < window.surprise:
        return None
    since = _since(
        [one for one in view.newest(_LOOKED_BACK) if view.is_no_cold_spell(one)],
        excess / len(newest),
    )
    return _finding(AnomalyKind.SUSTAINED, since, surprise, view)


def _persistence(view: _View, newest: Sequence[_Judged], length: int) -> float:
    """Return how much more the days of a window scatter together than one by one.

    Only days on which about as much was likely as on the newest count.
    """
    middle = sum(one.likely.energy for one in newest) / len(newest)
    surprises = [
        one.limited_excess / one.likely.spread
        for one in view.history
        if one.at_home
        and middle / _ABOUT <= one.likely.energy + _QUIET_ABSOLUTE
        and one.likely.energy <= _ABOUT * middle + _QUIET_ABSOLUTE
    ]
    sums = [0.0, *accumulate(surprises)]
    windows = sorted(
        (sums[end] - sums[end - length]) / sqrt(length)
        for end in range(length, len(sums))
    )
    return max(1.0, upper_spread(windows)) if windows else 1.0


def _base_load(view: _View) -> Anomaly | None:
    quiet = [one for one in view.newest(_BASE_WINDOW) if view.is_quiet(one)]
    usual = [one.day.energy for one in view.history if view.is_quiet(one)]
    if len(quiet) < _BASE_DAYS or len(usual) < 2 * _BASE_DAYS:
        return None
    low = _lowest([one.day.energy for one in quiet])
    lows = sorted(
        _lowest(usual[end - _BASE_DAYS : end])
        for end in range(_BASE_DAYS, len(usual) + 1)
    )
    excess = low - quantile(lows, _SELDOM)
    if excess < max(_BASE_ABSOLUTE, _BASE_RELATIVE * median(usual)):
        return None
    rise = low - quantile(lows, 0.5)
    since = _since(
        [one for one in view.newest(_LOOKED_BACK) if view.is_quiet(one)], rise
    )
    surprise = rise / max(1.0, upper_spread(lows))
    return _finding(AnomalyKind.BASE_LOAD, since, surprise, view)


def _lowest(energies: Iterable[float]) -> float:
    return quantile(sorted(energies), _LOW)


def _days(view: _View) -> Iterator[Anomaly]:
    nearby = view.newest(2 * _NEIGHBOURS)
    for one in view.newest(_NEIGHBOURS):
        least = max(_DAY_ABSOLUTE, _DAY_RELATIVE * one.likely.energy)
        if not one.at_home or one.excess < least or one.surprise < _DAY_SURPRISE:
            continue
        around = [
            other
            for other in nearby
            if other is not one and abs(other.gas_day - one.gas_day) <= _NEIGHBOURS
        ]
        after = sum(other.gas_day > one.gas_day for other in around)
        if len(around) < _LEAST_NEIGHBOURS or (
            # A cold spell looks the same in its first days.
            after < _LEAST_AFTER and not view.is_no_cold_spell(one)
        ):
            continue
        if one.day.energy - max(other.day.energy for other in around) >= (
            _APART_FROM_NEIGHBOURS * one.excess
        ):
            yield _finding(AnomalyKind.DAY, [one], one.surprise, view)


def _since(days: Sequence[_Judged], excess: float) -> list[_Judged]:
    """Return the days from the one on which a rise most likely began."""
    best, begin, so_far = 0.0, len(days) - 1, 0.0
    for place in reversed(range(len(days))):
        one = days[place]
        if one.at_home:
            so_far += one.excess - excess / 2
        if so_far > best:
            best, begin = so_far, place
    return [one for one in days[begin:] if one.at_home]


def _finding(
    kind: AnomalyKind, days: Sequence[_Judged], surprise: float, view: _View
) -> Anomaly:
    if surprise >= _HIGH_SURPRISE:
        confidence = Confidence.HIGH if view.weather else Confidence.MEDIUM
    else:
        is_medium = surprise >= _MEDIUM_SURPRISE
        confidence = Confidence.MEDIUM if is_medium else Confidence.LOW
    return Anomaly(
        kind=kind,
        first=days[0].gas_day,
        last=days[-1].gas_day,
        expected=round(sum(one.likely.energy for one in days), 1),
        actual=round(sum(one.day.energy for one in days), 1),
        days=len(days),
        provisional=sum(not one.day.final for one in days),
        confidence=confidence,
    )
