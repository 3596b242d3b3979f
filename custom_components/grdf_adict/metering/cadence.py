"""Which call is due, when, for which meter (API notes §8; deck, Préconisations)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from ..adict import Frequency
from .gas_day import ONE_DAY, PARIS
from .series import DayRow, RowKind


class Call(StrEnum):
    """A call to GRDF, as far as its cadence goes."""

    ACCESS_RIGHTS = "access_rights"
    TECHNICAL = "technical"
    CONTRACT = "contract"
    INFORMATIVE = "informative"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What one meter's access right lets us ask for.

    Attributes:
        calls: the families of data that the right covers.
        first: the first date of consumption; None: no bound.
        last: the last date of consumption; None: no bound.
    """

    calls: frozenset[Call]
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """How a call fared so far.

    Attributes:
        answered: when an answer last came, whole or cut; None: never.
        whole: whether a whole answer ever came.
        since: the earliest date that a whole answer was asked from; None where dates
            are not asked for.
        cut: how many answers in a row were cut short or partial.
        not_before: after a failure, when it may be tried again.
        refused: whether GRDF refused the call since it last answered.
    """

    answered: datetime | None = None
    whole: bool = False
    since: date | None = None
    cut: int = 0
    not_before: datetime | None = None
    refused: bool = False

    def after_answer(
        self, at: datetime, *, complete: bool, start: date | None = None
    ) -> Mark:
        """Return the mark once an answer has come, asked from a start date on."""
        starts = [day for day in (self.since, start if complete else None) if day]
        return Mark(
            answered=at,
            whole=self.whole or complete,
            since=min(starts, default=None),
            cut=0 if complete else self.cut + 1,
        )

    def after_failure(self, until: datetime, *, refused: bool) -> Mark:
        """Return the mark once the call has failed, put off until then."""
        return replace(self, not_before=until, refused=refused or self.refused)

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer for the first history would be of no use."""
        return self.whole or self.refused or self.cut >= _CUTS_TO_BELIEVE


@dataclass(frozen=True, slots=True)
class Due:
    """A call and the moment from which it is due, aware."""

    call: Call
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The dates of one consumption query: `start` is before `end`."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """A call's slot of the day in France, and how many days lie between two."""

    opens: time
    lasts: timedelta
    every_days: int


# Informative days come at J+2 or J+3 at no stated hour: most of the day is behind us.
_DAILY: Final = _Rhythm(time(9), timedelta(hours=9), every_days=1)
# A published JJ day comes at J+1 from 15:00.
_AFTERNOON: Final = _Rhythm(time(15, 5), timedelta(hours=3), every_days=1)
_MONTHLY: Final = _Rhythm(time(9), timedelta(hours=9), every_days=30)

# Two calls of one kind closer than this would tell the same.
_LEAST_GAP: Final = timedelta(hours=4)

AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)
# An answer that was cut is asked for again soon, then ever later, then once a day.
_RETRIES: Final = tuple(timedelta(hours=hours) for hours in (1, 4, 16, 24))
_CUTS_TO_BELIEVE: Final = 3

# The order in which a meter's first calls are made: what kind of meter it is decides
# on the others, and days matter before billing.
_ORDER: Final = (Call.TECHNICAL, Call.INFORMATIVE, Call.PUBLISHED, Call.CONTRACT)

_DEPTH_YEARS: Final = {Call.INFORMATIVE: 3, Call.PUBLISHED: 5}
_LEAST_WINDOW: Final = timedelta(days=62)
_DAYS_BETWEEN_DEEP_READS: Final = 7
# Published months are few: a year of them shows each correction that may still come.
_LEAST_PUBLISHED_WINDOW: Final = timedelta(days=400)


def calls_for(frequency: Frequency, perimeter: Perimeter) -> tuple[Call, ...]:
    """Return the calls that make sense for a meter, the first to make first.

    6M and JJ meters have no informative data; of an unknown meter all is asked.
    """
    without_informative = frequency in {Frequency.SIX_MONTHLY, Frequency.DAILY}
    return tuple(
        call
        for call in _ORDER
        if call in perimeter.calls
        and not (call is Call.INFORMATIVE and without_informative)
    )


def due_at(
    call: Call, frequency: Frequency, answered: datetime, draw: float
) -> datetime:
    """Return when a call that was answered in whole is due again.

    Args:
        call: the call.
        frequency: the meter's reading frequency.
        answered: when it last was, aware.
        draw: the meter's place in each slot of the day, from 0 to below 1.
    """
    rhythm = _rhythm(call, frequency)
    last = answered.astimezone(PARIS)
    if rhythm.every_days == 1:
        today = _slot(last.date(), rhythm, draw)
        if today >= last + _LEAST_GAP:
            return today
    return _slot(last.date() + rhythm.every_days * ONE_DAY, rhythm, draw)


def rights_due(mark: Mark, draw: float) -> datetime:
    """Return when the account's rights are due, once a day for all meters."""
    return _moment(Call.ACCESS_RIGHTS, Frequency.UNKNOWN, mark, draw)


def agenda(
    frequency: Frequency,
    perimeter: Perimeter,
    marks: Mapping[Call, Mark],
    draw: float,
) -> tuple[Due, ...]:
    """Return a meter's calls, the next to make first; empty: none makes sense."""
    dues = [
        Due(call, _moment(call, frequency, marks.get(call, Mark()), draw))
        for call in calls_for(frequency, perimeter)
    ]
    # The sort is stable: calls that are due at once keep their order.
    return tuple(sorted(dues, key=lambda due: due.at))


def consumption_window(
    call: Call,
    perimeter: Perimeter,
    rows: tuple[DayRow, ...],
    *,
    first_time: bool,
    today: date,
) -> Window | None:
    """Return the dates to ask consumptions for; None when the right covers none.

    The first time all that GRDF keeps is asked for: three years of informative, five
    of published data. Later a generous window, which widens once a week to the oldest
    day that is still missing or provisional: calls are scarce, bytes are less so.

    Args:
        call: INFORMATIVE or PUBLISHED.
        perimeter: what the right covers.
        rows: the meter's rows so far.
        first_time: whether this call never had a whole answer.
        today: the date in France.
    """
    # A day inside the depth: a call that waits past midnight must not be refused, and
    # GRDF gives the gas day before the start as well.
    deepest = _years_before(today + ONE_DAY, _DEPTH_YEARS[call])
    earliest = max(deepest, perimeter.first or deepest)
    start = earliest
    if not first_time:
        start = max(earliest, _reread_from(call, rows, earliest, today))
    end = min(today, perimeter.last or today)
    return Window(start, end) if start < end else None


def _rhythm(call: Call, frequency: Frequency) -> _Rhythm:
    match call:
        case Call.ACCESS_RIGHTS | Call.INFORMATIVE:
            return _DAILY
        case Call.PUBLISHED if frequency is Frequency.DAILY:
            return _AFTERNOON
        case _:
            return _MONTHLY


def _moment(call: Call, frequency: Frequency, mark: Mark, draw: float) -> datetime:
    if mark.answered is None:
        due = AT_ONCE
    elif mark.cut:
        due = mark.answered + _RETRIES[min(mark.cut, len(_RETRIES)) - 1]
    else:
        due = due_at(call, frequency, mark.answered, draw)
    return max(due, mark.not_before or AT_ONCE)


def _slot(day: date, rhythm: _Rhythm, draw: float) -> datetime:
    return datetime.combine(day, rhythm.opens, PARIS) + draw * rhythm.lasts


def _reread_from(
    call: Call, rows: tuple[DayRow, ...], earliest: date, today: date
) -> date:
    window = _LEAST_WINDOW if call is Call.INFORMATIVE else _LEAST_PUBLISHED_WINDOW
    unsettled = next(
        (
            row.gas_day
            for row in rows
            if row.gas_day >= earliest and (row.kind is RowKind.ABSENT or not row.final)
        ),
        today,
    )
    # Some days never come. One that has been missing for longer than the window is
    # looked for once a week: it would have years read anew every day.
    if (today - unsettled).days % _DAYS_BETWEEN_DEEP_READS:
        return today - window
    return min(today - window, unsettled)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, month=3, day=1)
