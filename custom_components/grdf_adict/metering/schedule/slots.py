"""When a call that was answered is due again (API notes §8; deck, Préconisations).

Each function takes the moment of the last answer and returns the next one, aware.
Moments of the day are those of France. A meter's `phase`, from 0 to below 1, is its
place in each slot of the day, so that installations and meters spread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from ...adict import PARIS, Frequency
from ..gas_day import ONE_DAY, paris_date
from ..ledger import Ledger, Source

type _Slot = tuple[time, timedelta]

# Two daily calls closer than this would return the same.
_LEAST_GAP: Final = timedelta(hours=4)

# Most of what GRDF makes available on a day is there by the evening.
_EVENING_ENDS: Final = time(20, 30)
_EVENING: Final = timedelta(hours=3)
# Meters too many for the evening ask once, in a longer slot.
_LONG_SLOT_ENDS: Final = time(21, 45)
# A meter without new data in the evening asks once more.
_SECOND_TRY: Final[_Slot] = time(20, 45), timedelta(minutes=35)
# A published JJ day comes at J+1 from 15:00.
_AFTERNOON: Final[_Slot] = time(15, 5), timedelta(minutes=55)
_TRIES: Final = tuple(timedelta(hours=hour) for hour in range(3))
_OFFICE_HOURS: Final[_Slot] = time(9), timedelta(hours=8)

# 1.2 s from start to start in the smallest tier, and a margin.
_SECONDS_A_CALL: Final = 1.4
# What is published on a day is not there in its first hours.
_PUBLISHING_DAY: Final = timedelta(hours=8)

_MOST_CALLS_A_METER: Final = 1.15
_SHARE_FOR_TRIES: Final = 10

_MONTH: Final = 30
_LEAST_MONTH: Final = 16
# Corrections of published months are read within this, whatever is expected.
_LONGEST_SILENCE: Final = timedelta(days=35)
_UNEXPECTED: Final = timedelta(days=15)

WITH_INFORMATIVE: Final = frozenset({Frequency.MONTHLY, Frequency.BUSINESS_MONTHLY})
_DAYS_UNTIL_INFORMATIVE: Final = {Frequency.BUSINESS_MONTHLY: 2}
_USUALLY_INFORMATIVE_AFTER: Final = 3
_MONTHS_BETWEEN_PUBLICATIONS: Final = {Frequency.SIX_MONTHLY: 6}


@dataclass(frozen=True, slots=True)
class Share:
    """How a contract's calls are shared by its meters.

    `calls_today` were made, or wait, on this Paris day.
    """

    meters: int = 1
    calls_per_day: int = 6_000
    calls_per_second: int = 1
    calls_today: int = 0

    @property
    def allows_tries(self) -> bool:
        """Whether three tries of every meter are within a tenth of the day's calls."""
        return len(_TRIES) * self.meters * _SHARE_FOR_TRIES <= self.calls_per_day

    @property
    def allows_second_try(self) -> bool:
        """Whether all fit in the evening, and the day in 1.15 calls a meter."""
        return (
            self.needs <= _EVENING
            and self.calls_today + 1 <= _MOST_CALLS_A_METER * self.meters
        )

    @property
    def needs(self) -> timedelta:
        """How long it takes to call once for each meter."""
        seconds = self.meters * _SECONDS_A_CALL / max(1, self.calls_per_second)
        return timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The newest gas day in each kind of a meter's data.

    `doubted` is the date in France on which GRDF last gave a value beyond the meter's
    limit, which is accepted once GRDF repeats it on a later day.
    """

    informative: date | None = None
    published: date | None = None
    injected: date | None = None
    doubted: date | None = None

    @property
    def used(self) -> date | None:
        """The newest gas day of gas used."""
        days = (day for day in (self.informative, self.published) if day)
        return max(days, default=None)


def coverage(consumption: Ledger, injection: Ledger) -> Coverage:
    """Return how far a meter's ledgers reach."""
    return Coverage(
        informative=max(consumption.daily.get(Source.INFORMATIVE, {}), default=None),
        published=_newest_published(consumption),
        injected=_newest_published(injection),
        doubted=max(
            (
                value.seen
                for ledger in (consumption, injection)
                for value in ledger.suspects.values()
                if not value.repeated
            ),
            default=None,
        ),
    )


def _newest_published(ledger: Ledger) -> date | None:
    published = [
        *ledger.daily.get(Source.PUBLISHED, {}),
        *(
            block.gas_days[-1]
            for block in ledger.blocks
            if block.value.energy is not None
        ),
    ]
    return max(published, default=None)


def next_rights(answered: datetime, phase: float) -> datetime:
    """Return when the rights are due: once a day for all meters."""
    return _next(answered + _LEAST_GAP, lambda day: _within(_OFFICE_HOURS, day, phase))


def next_monthly(answered: datetime, phase: float, *, offset: int) -> datetime:
    """Return when contractual or technical data are due: every thirty days.

    Each meter has its own day in the thirty, so that meters that were added together
    do not always call together; the first time, a month is shorter or longer.
    `offset` is in days from the meter's day.
    """
    earliest = paris_date(answered) + _LEAST_MONTH * ONE_DAY
    own_day = int(_MONTH * _rehashed(phase)) + offset
    wait = (own_day - earliest.toordinal()) % _MONTH
    return _within(_OFFICE_HOURS, earliest + wait * ONE_DAY, phase)


def next_informative(
    frequency: Frequency,
    answered: datetime,
    phase: float,
    *,
    newest: date | None,
    share: Share,
) -> datetime:
    """Return when informative days are due: every evening, once.

    A second try follows on an evening that did not bring the day that 1M has at J+3
    and MM at J+2, as long as the contract's calls of the day allow it.
    """
    day = paris_date(answered)
    delay = informative_delay(frequency)
    if share.allows_second_try and (newest is None or newest < day - delay):
        second = _within(_SECOND_TRY, day, phase)
        if _evening(day, phase, share) <= answered < second:
            return second
    return _next(answered + _LEAST_GAP, lambda day: _evening(day, phase, share))


def informative_delay(frequency: Frequency) -> timedelta:
    """Return how long after a gas day GRDF makes its informative data available."""
    return _DAYS_UNTIL_INFORMATIVE.get(frequency, _USUALLY_INFORMATIVE_AFTER) * ONE_DAY


def next_published_day(
    answered: datetime, phase: float, *, newest: date | None, share: Share
) -> datetime:
    """Return when a JJ meter's published days are due: daily, after 15:00.

    While the contract's calls allow it, a day that has not come is asked for hourly,
    three times in all.
    """
    day = paris_date(answered)
    if not share.allows_tries:
        return _next(
            answered + _LEAST_GAP,
            lambda day: max(
                _evening(day, phase, share), _within(_AFTERNOON, day, phase)
            ),
        )
    tries = [_within(_AFTERNOON, day, phase) + hours for hours in _TRIES]
    has_come = newest is not None and newest >= day - ONE_DAY
    if not has_come or answered < _within(_AFTERNOON, day, 0):
        later = [at for at in tries if at > answered]
        if later:
            return later[0]
    return _within(_AFTERNOON, day + ONE_DAY, phase)


def next_publication(
    frequency: Frequency,
    answered: datetime,
    phase: float,
    *,
    newest: date | None,
    share: Share,
    is_doubted: bool = False,
) -> datetime:
    """Return when published months or half-years are due.

    That is on the evening of the day on which the next one is expected; where it has
    not come, after one day, then two, four, eight: late ones are few days late as a
    rule, and asking daily for one that never comes would cost thirty calls. An
    implausible value is asked for again on the next evening, not in half a year.
    """
    day = paris_date(answered)
    if is_doubted:
        due = day + ONE_DAY
    elif newest is None:
        due = day + _UNEXPECTED
    else:
        expected = expected_publication(frequency, newest + ONE_DAY)
        overdue = (day - expected).days
        again = day + min((overdue + 1) * ONE_DAY, _LONGEST_SILENCE)
        due = expected if overdue < 0 else again
    due = min(due, day + _LONGEST_SILENCE)
    slot = _evening(due, phase, share, longest=_PUBLISHING_DAY)
    return max(slot, answered + _LEAST_GAP)


def expected_publication(frequency: Frequency, end: date) -> date:
    """Return when GRDF is expected to publish what follows a block with this end.

    GRDF does not announce when it will read a meter: about one month after it last did,
    or six for 6M, and it publishes on the day after; MM on the 1st of the month.
    """
    if frequency is Frequency.BUSINESS_MONTHLY:
        return _months_later(end.replace(day=1), 1)
    return _months_later(end, _MONTHS_BETWEEN_PUBLICATIONS.get(frequency, 1)) + ONE_DAY


def _next(earliest: datetime, moment_on: Callable[[date], datetime]) -> datetime:
    """Return the first moment that is not before the earliest.

    A day's moment lies on that day or on the one before.
    """
    day = paris_date(earliest)
    while (moment := moment_on(day)) < earliest:
        day += ONE_DAY
    return moment


def _evening(
    day: date, phase: float, share: Share, *, longest: timedelta = ONE_DAY
) -> datetime:
    """Return a meter's moment in the slot that ends in the evening.

    The slot is as long as the contract's meters need, and at least three hours.
    """
    lasts = min(max(_EVENING, share.needs), longest)
    ends = _EVENING_ENDS if lasts == _EVENING else _LONG_SLOT_ENDS
    return datetime.combine(day, ends, PARIS) - (1 - phase) * lasts


def _within(slot: _Slot, day: date, phase: float) -> datetime:
    """Return a meter's moment in a slot of a day."""
    begins, lasts = slot
    return datetime.combine(day, begins, PARIS) + phase * lasts


def _rehashed(phase: float) -> float:
    """Return another phase, so that meters of one day do not share a minute too."""
    return phase * 997 % 1


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:  # the month is shorter: its last day
        return _months_later(day.replace(day=1), months + 1) - ONE_DAY
