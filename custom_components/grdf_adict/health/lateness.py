"""When gas days that have not come are late: the calendar, then the meter's habit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Final

from ..adict import Frequency
from ..metering import (
    ONE_DAY,
    UNBOUNDED,
    Json,
    Ledger,
    checked,
    date_from_json,
    gas_days_through,
    of_type,
    paris_date,
)
from ..metering.schedule import (
    WITH_INFORMATIVE,
    expected_publication,
    informative_delay,
)

# GRDF catches up by itself with what is a few days late. A published period comes with
# a reading, whose day is not known in advance.
_DAYS_TOLERATED: Final = timedelta(days=5)
_MONTH_TOLERATED: Final = timedelta(days=15)
_HALF_YEAR_TOLERATED: Final = timedelta(days=45)
# MM days come at J+2 by the deck, by others' documents until the 20th of the month
# after theirs (API notes §8): until a meter has shown which.
_BUSINESS_DAYS_UNTIL: Final = 25

_GAPS_KEPT: Final = 6
_GAPS_NEEDED: Final = 4
# A stop is noticed within twice the habit, and at most so many days beyond it.
_MOST_BEYOND: Final = 45
_LEAST_BEYOND: Final = 3
# What came while nothing was asked shows no habit of GRDF's. An overdue publication is
# asked for every eight days at least.
_ASKED_OFTEN: Final = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How gas days of one way have come so far.

    Attributes:
        began: the date in France of the first answer; None: there was none.
        gaps: of the last arrivals, the earliest first: how many days the newest gas
            day was old when a newer one came.
    """

    began: date | None = None
    gaps: tuple[int, ...] = ()

    @property
    def habit(self) -> int | None:
        """How old the newest gas day grows before a newer one comes, in days.

        None: too few have come. One long silence does not change it, nor do silences
        that grow: a meter that stops slowly must not teach that this is normal.
        """
        if len(self.gaps) < _GAPS_NEEDED:
            return None
        return min(sorted(self.gaps)[-2], int(2 * median(self.gaps)))


def arrivals_from_json(stored: Json) -> Arrivals:
    """Return the arrivals that were stored by their fields' names.

    Raises:
        KeyError, TypeError, ValueError: the values are no arrivals.
    """
    arrivals = Arrivals(
        date_from_json(stored["began"]), tuple(of_type(list, stored["gaps"]))
    )
    # A clock that was wrong may have counted days below zero.
    return checked(arrivals, least=UNBOUNDED)


def arrived(
    known: Arrivals,
    before: date | None,
    after: date | None,
    today: date,
    asked: date | None,
) -> Arrivals:
    """Return the arrivals once an answer has come.

    Args:
        known: the arrivals until then.
        before: the newest gas day before the answer.
        after: the newest one with it.
        today: the answer's date in France.
        asked: that of the answer before; None: this is the first.
    """
    known = replace(known, began=known.began or today)
    if before is None or after is None or after <= before:
        return known
    if asked is None or today - asked > _ASKED_OFTEN:
        return known
    return replace(known, gaps=(*known.gaps, (today - before).days)[-_GAPS_KEPT:])


def first_unknown(ledger: Ledger, first: date, last: date) -> date | None:
    """Return the earliest of some gas days that nothing is known of; None: none.

    Days before the earliest known one do not count. An express absence is known.
    """
    known = {day for days in ledger.daily.values() for day in days if first <= day}
    for block in ledger.blocks:
        if block.value.energy is not None and paris_date(block.end) >= first:
            known.update(block.gas_days)
    for (begins, ends), _ in (
        period for periods in ledger.files.values() for period in periods.items()
    ):
        known.update(gas_days_through(max(begins, first), min(ends, last) - ONE_DAY))
    begun = _is_known_before(ledger, first)
    days = gas_days_through(first if begun else min(known, default=last), last)
    return next((day for day in days if day not in known), None)


def _is_known_before(ledger: Ledger, first: date) -> bool:
    return any(paris_date(block.start) < first for block in ledger.blocks) or any(
        min(days, default=first) < first for days in ledger.daily.values()
    )


def late_from(
    frequency: Frequency,
    newest: date,
    *,
    informative: bool,
    gaps: Sequence[int] = (),
) -> date:
    """Return the first date in France on which data after a gas day are late.

    Args:
        frequency: the meter's; an unknown one is given half a year.
        newest: the newest gas day that is known, or was withdrawn.
        informative: whether informative days are to be expected.
        gaps: as in `Arrivals`; too few: the calendar alone decides.
    """
    by_calendar = _by_calendar(frequency, newest, informative=informative)
    habit = Arrivals(gaps=tuple(gaps)).habit
    if habit is None:
        return by_calendar
    least = habit + _LEAST_BEYOND
    most = min(2 * habit, habit + _MOST_BEYOND)
    allowed = min(max((by_calendar - newest).days, least), max(most, least))
    return newest + allowed * ONE_DAY


def _by_calendar(frequency: Frequency, newest: date, *, informative: bool) -> date:
    after = newest + ONE_DAY
    if frequency is Frequency.DAILY:
        return after + ONE_DAY + _DAYS_TOLERATED
    if informative and frequency is Frequency.BUSINESS_MONTHLY:
        month = expected_publication(frequency, after)
        return month.replace(day=_BUSINESS_DAYS_UNTIL)
    if informative and frequency in WITH_INFORMATIVE:
        return after + informative_delay(frequency) + _DAYS_TOLERATED
    if frequency in {Frequency.SIX_MONTHLY, Frequency.UNKNOWN}:
        return expected_publication(Frequency.SIX_MONTHLY, after) + _HALF_YEAR_TOLERATED
    return expected_publication(frequency, after) + _MONTH_TOLERATED
