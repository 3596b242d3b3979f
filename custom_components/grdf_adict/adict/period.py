"""The periods of a consumption: two dates, or a calendar period."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
import re
from typing import Final

from .errors import AdictBadRequestError

PUBLISHED_YEARS: Final = 5
INFORMATIVE_YEARS: Final = 3

_FORMAT: Final = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{2})|-W(?P<week>[0-9]{2})|-(?P<day>[0-9]{3}))?"
)


class PeriodProblem(StrEnum):
    """What is wrong with a period (deck, Consulter Consommations Publiées)."""

    MALFORMED = "malformed"
    NONEXISTENT = "nonexistent"
    REVERSED = "reversed"
    IN_FUTURE = "in_future"
    """It ends after today; a calendar period begins after today."""
    TOO_OLD = "too_old"


_TEXTS: Final = {
    PeriodProblem.MALFORMED: "a period is YYYY, YYYY-NN, YYYY-WNN or YYYY-NNN",
    PeriodProblem.NONEXISTENT: "the calendar has no such period",
    PeriodProblem.REVERSED: "the period ends before it begins",
    PeriodProblem.IN_FUTURE: "the period reaches into the future",
    PeriodProblem.TOO_OLD: "the period reaches further back than GRDF keeps data",
}


class InvalidPeriodError(AdictBadRequestError):
    """A period that GRDF would refuse; `problem` says why."""

    def __init__(self, problem: PeriodProblem) -> None:
        """Explain the problem."""
        super().__init__(_TEXTS[problem])
        self.problem = problem


@dataclass(frozen=True, slots=True)
class DateRange:
    """From one date to a later one, which is today at the latest.

    GRDF may add the gas day before `start` (API notes §3).
    """

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A year, a month, an ISO week or a day, as GRDF writes it.

    Raises:
        InvalidPeriodError: the text is none, or the calendar does not have it.
    """

    text: str
    first: date = field(init=False)
    last: date = field(init=False)

    def __post_init__(self) -> None:
        """Find the bounds."""
        first, last = _bounds(self.text)
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "last", last)


type Period = DateRange | CalendarPeriod


def parse_period(text: str) -> CalendarPeriod:
    """Return a period: `YYYY`, `YYYY-NN` (month), `YYYY-WNN` (ISO week), `YYYY-NNN`.

    Raises:
        InvalidPeriodError: the text is none, or the calendar does not have it.
    """
    return CalendarPeriod(text.strip().upper())


def check_period(period: Period, today: date, *, years: int) -> PeriodProblem | None:
    """Return what GRDF would refuse of a period, None when nothing is wrong.

    Of a calendar period, GRDF gives the part that exists and that it still keeps.

    Args:
        period: the call's.
        today: the date in France.
        years: how far back GRDF keeps such data.
    """
    oldest = _years_before(today, years)
    if isinstance(period, CalendarPeriod):
        future, too_old = period.first > today, period.last < oldest
    elif period.start >= period.end:
        return PeriodProblem.REVERSED
    else:
        future, too_old = period.end > today, period.start < oldest
    if future:
        return PeriodProblem.IN_FUTURE
    return PeriodProblem.TOO_OLD if too_old else None


def period_query(period: Period) -> tuple[tuple[str, str], ...]:
    """Return a period as the parameters of a call."""
    if isinstance(period, CalendarPeriod):
        return (("periode", period.text),)
    return (
        ("date_debut", period.start.isoformat()),
        ("date_fin", period.end.isoformat()),
    )


def _bounds(text: str) -> tuple[date, date]:
    found = _FORMAT.fullmatch(text)
    if found is None:
        raise InvalidPeriodError(PeriodProblem.MALFORMED)
    year = int(found["year"])
    try:
        if found["month"]:
            month = int(found["month"])
            first = date(year, month, 1)
            return first, first.replace(day=monthrange(year, month)[1])
        if found["week"]:
            week = int(found["week"])
            first = date.fromisocalendar(year, week, 1)
            return first, first + timedelta(days=6)
        if found["day"]:
            day = _day_of_year(year, int(found["day"]))
            return day, day
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError, OverflowError:
        raise InvalidPeriodError(PeriodProblem.NONEXISTENT) from None


def _day_of_year(year: int, number: int) -> date:
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError
    return day


def _years_before(day: date, years: int) -> date:
    """Return the same date years ago; 29 February becomes the 28th, to be lenient."""
    year = day.year - years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
