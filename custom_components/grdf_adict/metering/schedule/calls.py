"""Which call is due, when, for which meter (API notes §8; deck, Préconisations)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from operator import attrgetter, itemgetter
from typing import Final

from ...adict import Frequency, Priority, Urgency
from ..gas_day import ONE_DAY, paris_date
from ..series import DayRow, RowKind
from .records import CallRecord
from .slots import (
    Coverage,
    Share,
    next_informative,
    next_monthly,
    next_publication,
    next_published_day,
    next_rights,
)


class DataFamily(StrEnum):
    """What a call to GRDF returns, as far as its schedule goes."""

    ACCESS_RIGHTS = "access_rights"
    TECHNICAL = "technical"
    CONTRACT = "contract"
    INFORMATIVE = "informative"
    PUBLISHED = "published"
    INJECTIONS = "injections"


# The calls that bring gas: each has dates that it may be asked for.
CONSUMPTION: Final = frozenset({DataFamily.INFORMATIVE, DataFamily.PUBLISHED})
HISTORY: Final = CONSUMPTION | {DataFamily.INJECTIONS}
# Injected gas is published like a meter's of its frequency (deck, Préconisations).
_ALL_PUBLISHED: Final = frozenset({DataFamily.PUBLISHED, DataFamily.INJECTIONS})

# The order in which a meter's first calls are made: what kind of meter it is decides
# on the others, and days matter before billing.
_ORDER: Final = (
    DataFamily.TECHNICAL,
    DataFamily.INFORMATIVE,
    DataFamily.PUBLISHED,
    DataFamily.INJECTIONS,
    DataFamily.CONTRACT,
)
# A meter's two monthly calls fall on different days.
_OFFSET: Final = {DataFamily.CONTRACT: 15}
# A patient call that was put off this long is as urgent as any.
_PATIENCE: Final = timedelta(days=60)

AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)
# An answer that was cut is asked for again at once, then ever later, then once a day.
_RETRIES: Final = (
    timedelta(seconds=30),
    timedelta(seconds=60),
    *(timedelta(hours=hours) for hours in (1, 4, 16, 24)),
)

_DEPTH_YEARS: Final = {
    DataFamily.INFORMATIVE: 3,
    DataFamily.PUBLISHED: 5,
    DataFamily.INJECTIONS: 5,
}
_LEAST_WINDOW: Final = timedelta(days=62)
# How long a perimeter that has ended is still asked for.
LATE_DAYS: Final = _LEAST_WINDOW
_DAYS_BETWEEN_DEEP_READS: Final = 7
# Published months are few: a year of them shows each correction that may still come.
_LEAST_PUBLISHED_WINDOW: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Span:
    """Dates that a right covers, both included; None: no bound."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Perimeter:
    """The families of data that a meter's access rights cover, each with its dates."""

    spans: Mapping[DataFamily, Span] = field(default_factory=dict)

    @property
    def calls(self) -> frozenset[DataFamily]:
        """The families of data that they cover."""
        return frozenset(self.spans)


@dataclass(frozen=True, slots=True)
class Due:
    """A call and the moment from which it is due, aware."""

    call: DataFamily
    at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The dates of one query of gas days: `start` is before `end`."""

    start: date
    end: date


def calls_for(frequency: Frequency, perimeter: Perimeter) -> tuple[DataFamily, ...]:
    """Return the calls that make sense for a meter, the first to make first.

    6M and JJ meters have no informative data; of an unknown meter all is asked.
    """
    without_informative = frequency in {Frequency.SIX_MONTHLY, Frequency.DAILY}
    return tuple(
        call
        for call in _ORDER
        if call in perimeter.calls
        and not (call is DataFamily.INFORMATIVE and without_informative)
    )


def has_daily_data(call: DataFamily, frequency: Frequency) -> bool:
    """Whether a call brings gas days day by day."""
    return call is DataFamily.INFORMATIVE or (
        call in _ALL_PUBLISHED and frequency is Frequency.DAILY
    )


def priority_of(
    call: DataFamily, frequency: Frequency, record: CallRecord, now: datetime
) -> Priority:
    """Return the priority of a meter's call among all that wait.

    Daily data go before monthly ones. The first answers, which decide on the others
    or bring a meter's history, and those that are overdue by a month do not wait.
    """
    if record.answered is None:
        patient = call is DataFamily.CONTRACT
    else:
        is_recent = now - record.answered < _PATIENCE
        patient = is_recent and not has_daily_data(call, frequency)
    return Priority(
        Urgency.PATIENT if patient else Urgency.DAILY, record.answered or AT_ONCE
    )


def rights_due(record: CallRecord, phase: float) -> datetime:
    """Return when the account's rights are due, once a day for all meters."""
    return _due(record, lambda answered: next_rights(answered, phase))


def agenda(
    frequency: Frequency,
    perimeter: Perimeter,
    records: Mapping[DataFamily, CallRecord],
    phase: float,
    *,
    known: Coverage | None = None,
    share: Share | None = None,
) -> tuple[Due, ...]:
    """Return a meter's calls, the next to make first; empty: none makes sense.

    Args:
        frequency: the meter's reading frequency.
        perimeter: what its right covers.
        records: of each call.
        phase: its place in each slot of the day, from 0 to below 1.
        known: how far its ledgers reach; None: they are empty.
        share: how the contract's calls are shared; None: the meter is alone. Today's
            calls change: compute again when a call's time has come.
    """
    reach, calls = known or Coverage(), share or Share()

    def again(call: DataFamily, answered: datetime) -> datetime:
        newest = reach.injected if call is DataFamily.INJECTIONS else reach.published
        if call is DataFamily.INFORMATIVE:
            return next_informative(
                frequency, answered, phase, newest=reach.informative, share=calls
            )
        if call not in _ALL_PUBLISHED:
            return next_monthly(answered, phase, offset=_OFFSET.get(call, 0))
        if frequency is Frequency.DAILY:
            return next_published_day(answered, phase, newest=newest, share=calls)
        return next_publication(
            frequency,
            answered,
            phase,
            newest=newest,
            share=calls,
            is_doubted=reach.doubted == paris_date(answered),
        )

    dues = [
        Due(call, _due(records.get(call, CallRecord()), partial(again, call)))
        for call in calls_for(frequency, perimeter)
    ]
    # The sort is stable: calls that are due at once keep their order.
    return tuple(sorted(dues, key=attrgetter("at")))


def probed(
    dues: tuple[Due, ...],
    records: Mapping[DataFamily, CallRecord],
    *,
    every: timedelta = ONE_DAY,
) -> tuple[Due, ...]:
    """Return a meter's calls with the next of them due a day after the last answer.

    Of a right that GRDF wants to check again, only an answer shows whether it is open:
    a meter whose data are not due for months is asked as well.
    """
    answers = [record.answered for record in records.values() if record.answered]
    if not dues or not answers:
        return dues
    first = next((due for due in dues if due.call in HISTORY), dues[0])
    not_before = records.get(first.call, CallRecord()).not_before or AT_ONCE
    probe = Due(first.call, max(min(first.at, max(answers) + every), not_before))
    others = (due for due in dues if due is not first)
    return tuple(sorted((probe, *others), key=attrgetter("at")))


def first_due(
    dues: Iterable[Due],
    frequency: Frequency,
    records: Mapping[DataFamily, CallRecord],
    now: datetime,
) -> tuple[DataFamily, Priority] | None:
    """Return the call to make now, and its priority; None: nothing is due.

    Of several that are due, the most urgent: one that can wait must not delay the
    meter's day.
    """
    waiting = [
        (
            due.call,
            priority_of(due.call, frequency, records.get(due.call, CallRecord()), now),
        )
        for due in dues
        if due.at <= now
    ]
    return min(waiting, key=itemgetter(1), default=None)


def consumption_window(
    call: DataFamily,
    perimeter: Perimeter,
    rows: tuple[DayRow, ...],
    *,
    first_time: bool,
    answered: date | None,
    today: date,
) -> Window | None:
    """Return the dates to ask gas days for; None when the right covers none.

    The first time all that GRDF keeps is asked for: three years of informative, five
    of published data and of injections. Later a generous window before the newest
    answer, which widens once a week, and after a cut answer, to the oldest day that is
    still missing or provisional: calls are scarce, bytes are less so.

    Args:
        call: one of `HISTORY`.
        perimeter: what the rights cover.
        rows: the meter's rows so far, of the gas that the call is about.
        first_time: whether this call never had a whole answer.
        answered: the date in France of its newest answer; None: that was cut.
        today: the date in France.
    """
    # A day inside the depth: a call that waits past midnight must not be refused, and
    # GRDF gives the gas day before the start as well.
    deepest = _years_before(today + ONE_DAY, _DEPTH_YEARS[call])
    span = perimeter.spans.get(call, Span())
    start = max(deepest, span.first or deepest)
    if not first_time:
        if is_past_late_days(span.last, today):
            return None
        start = max(start, _reread_from(call, rows, start, answered, today))
    end = min(today, span.last or today)
    return Window(start, end) if start < end else None


def is_past_late_days(last: date | None, today: date) -> bool:
    """Whether late days of a perimeter that ended are no longer to be expected.

    Days have come weeks late, and a month is published after its end: both lie within
    the window that is re-read anyway.
    """
    return last is not None and last + LATE_DAYS < today


def _due(record: CallRecord, again: Callable[[datetime], datetime]) -> datetime:
    if record.answered is None:
        due = AT_ONCE
    elif record.cut:
        due = record.answered + _RETRIES[min(record.cut, len(_RETRIES)) - 1]
    else:
        due = again(record.answered)
    return max(due, record.not_before or AT_ONCE)


def _reread_from(
    call: DataFamily,
    rows: tuple[DayRow, ...],
    earliest: date,
    answered: date | None,
    today: date,
) -> date:
    window = (
        _LEAST_WINDOW if call is DataFamily.INFORMATIVE else _LEAST_PUBLISHED_WINDOW
    )
    least = min(answered or today, today) - window
    if answered is None and rows:
        least = min(least, rows[-1].gas_day)
    unsettled = next(
        (
            row.gas_day
            for row in rows
            if row.gas_day >= earliest and (row.kind is RowKind.ABSENT or not row.final)
        ),
        today,
    )
    # Some days never come. One that has been missing for longer than the window is
    # asked for once a week: else years would be read again every day.
    if answered and (today - unsettled).days % _DAYS_BETWEEN_DEEP_READS:
        return least
    return min(least, unsettled)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, month=3, day=1)
