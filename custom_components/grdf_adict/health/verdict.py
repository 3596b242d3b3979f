"""A meter's health: one verdict on all that is known of it, as of a date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from ..adict import FlowDirection, Frequency
from ..const import Issue
from ..metering import ONE_DAY, RefusedValues, paris_date
from ..metering.schedule import (
    CONSUMPTION,
    HISTORY,
    CallFailure,
    CallRecord,
    DataFamily,
    calls_for,
)
from ..rights import (
    MeterRight,
    MeterRights,
    Scope,
    Standing,
    closes_the_meter,
    open_calls,
    row_of,
)
from .lateness import Arrivals, late_from
from .rights import HealthFinding, RightHealth, rights_health
from .state import ORDER, WHAT_TO_DO, HealthState, WhatToDo

# Users export files themselves: a month, and some days of grace.
_EXPORTED_ANEW_AFTER: Final = timedelta(days=40)
# After the tries within minutes, an answer that is always cut is a failure.
_CUTS_TO_FAIL: Final = 4
# A failure that ends within the day needs no repair.
_FAILS_FOR: Final = ONE_DAY
_WHOLE: Final = 100
# GRDF takes today for tomorrow.
_END_IN_FUTURE: Final = "1000016"

_OF_STANDING: Final = {
    Standing.NONE: HealthState.NO_RIGHT,
    Standing.REFUSED: HealthState.NO_RIGHT,
    Standing.WAITING: HealthState.WAITING_FOR_CONSENT,
    Standing.NOT_BEGUN: HealthState.NOT_BEGUN,
    Standing.PERIMETER_ENDED: HealthState.RIGHT_ENDED,
    Standing.ENDED: HealthState.RIGHT_ENDED,
    Standing.REVOKED: HealthState.RIGHT_ENDED,
    Standing.OBSOLETE: HealthState.RIGHT_ENDED,
}
# Where neither GRDF nor what was found gives a better one.
_REASONS: Final = {
    HealthState.SECRET_REFUSED: "secret",
    HealthState.NEW_HOLDER: "another_customer",
    HealthState.RIGHT_OPENS_NO_GAS: "no_gas_data",
    HealthState.REFUSED: "no_code",
    HealthState.POLLING_OFF: "polling",
    HealthState.QUOTA_REACHED: "quota",
    HealthState.GRDF_AWAY: "no_answer",
    HealthState.METER_FAILING: "no_answer",
    HealthState.RECORDER_AWAY: "recorder",
    HealthState.FIRST_IMPORT: "importing",
    HealthState.WAITING_FOR_DATA: "nothing_yet",
    HealthState.FILES_ENDED: "old_files",
    HealthState.DATA_LATE: "nothing_new",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a whole contract from being asked: a state, why, since when."""

    state: HealthState
    failure: CallFailure
    since: date


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of the gas that flows one way.

    Attributes:
        days: how many gas days have a value.
        newest: the newest gas day with a value, an absence, or a published period.
        gap: the earliest recent gas day before it that nothing is known of.
        has_informative: whether informative days have ever come.
        arrivals: how its gas days have come.
    """

    days: int = 0
    newest: date | None = None
    gap: date | None = None
    has_informative: bool = False
    arrivals: Arrivals = field(default_factory=Arrivals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known of a meter, and that its health follows from.

    Attributes:
        has_contract: whether GRDF is asked; else gas days come from files.
        rights: as GRDF last gave them; None: it never listed any.
        another_holder: whether a new customer's right waits for the user's decision.
        frequency: the meter's.
        records: of each call.
        refused: per call, what was refused of its last answer.
        used, injected: the gas that flows each way.
        filed: the last gas day that exported files cover.
        doubted: the date in France on which GRDF last gave a value that waits for its
            repetition.
        progress: how much of the first import is done, in percent.
        is_polled: whether Home Assistant refreshes the entry by itself.
        trouble: what concerns the whole contract.
        is_recorder_away: whether statistics could not be written.
        unforeseen: the class of an unforeseen exception; None: there was none.
    """

    has_contract: bool
    rights: MeterRights | None = None
    another_holder: bool = False
    frequency: Frequency = Frequency.UNKNOWN
    records: Mapping[DataFamily, CallRecord] = field(default_factory=dict)
    refused: Mapping[DataFamily, RefusedValues] = field(default_factory=dict)
    used: Way = field(default_factory=Way)
    injected: Way = field(default_factory=Way)
    filed: date | None = None
    doubted: date | None = None
    progress: int | None = None
    is_polled: bool = True
    trouble: Trouble | None = None
    is_recorder_away: bool = False
    unforeseen: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The verdict on a meter, as of a date in France.

    Attributes:
        state: of all that hold, the first.
        reason: GRDF's code, the HTTP status, or the key of a translated reason; None:
            the state is `UP_TO_DATE`.
        since: since when, a date in France; None: unknown.
        late: the newest gas day of data that are late; None: they are not.
        rights: of its main right, then of a second one.
        findings: what needs attention beside its rights.
    """

    state: HealthState = HealthState.FIRST_IMPORT
    reason: str | None = None
    since: date | None = None
    late: date | None = None
    rights: tuple[RightHealth, ...] = (RightHealth(),)
    findings: tuple[HealthFinding, ...] = ()

    @property
    def what_to_do(self) -> WhatToDo:
        """What the reader can do."""
        if self.state is HealthState.REFUSED and self.reason == _END_IN_FUTURE:
            return WhatToDo.CHECK_CLOCK
        return WHAT_TO_DO[self.state]


@dataclass(frozen=True, slots=True)
class _Cause:
    """A state that holds."""

    state: HealthState
    reason: str | None = None
    since: date | None = None


def health(known: Evidence, now: datetime) -> Health:
    """Return a meter's health: another one with what is known, or at midnight.

    Args:
        known: all that is known of it.
        now: aware; its date in France decides.
    """
    today = paris_date(now)
    calls = _made_calls(known, today)
    refusals = {
        call: CallFailure(record.code, record.message)
        for call in calls
        if (record := known.records.get(call)) and record.refused and record.code
    }
    rights = rights_health(
        known.rights,
        refusals,
        known.frequency,
        today,
        another_holder=known.another_holder,
        given=_given(known),
    )
    late = _late(known, today)
    causes = [
        *_of_the_rights(known, rights, today),
        *_of_the_calls(known, calls, refusals),
        *_of_the_data(known, calls, late, today),
    ]
    first = min(
        causes,
        key=lambda cause: ORDER.index(cause.state),
        default=_Cause(HealthState.UP_TO_DATE),
    )
    return Health(
        state=first.state,
        reason=first.reason or _REASONS.get(first.state),
        since=first.since,
        late=late,
        rights=rights,
        findings=(*_findings(known, calls, late, now),),
    )


def _given(known: Evidence) -> frozenset[FlowDirection]:
    """Return the ways of the gas that GRDF has answered calls about."""
    answered = {
        call for call, record in known.records.items() if record.answered is not None
    }
    ways = {
        FlowDirection.CONSUMPTION: known.used.days and answered & CONSUMPTION,
        FlowDirection.PRODUCTION: known.injected.days
        and DataFamily.INJECTIONS in answered,
    }
    return frozenset(way for way, is_given in ways.items() if is_given)


def _made_calls(known: Evidence, today: date) -> tuple[DataFamily, ...]:
    if known.rights is None or known.another_holder or not known.has_contract:
        return ()
    return calls_for(known.frequency, known.rights.perimeter(today))


def _of_the_rights(
    known: Evidence, rights: tuple[RightHealth, ...], today: date
) -> Iterator[_Cause]:
    if not known.has_contract:
        return
    if known.rights is None:
        yield _Cause(HealthState.FIRST_IMPORT)
    for number, right in enumerate(rights):
        # A second right that never brought anything leaves the first one's verdict.
        if number and not (known.injected.days or _is_open(right.right, today)):
            continue
        if right.another_holder:
            yield _Cause(HealthState.NEW_HOLDER)
        if right.standing in _OF_STANDING:
            state, since = _OF_STANDING[right.standing], _since(right, right.standing)
            yield _Cause(state, f"right_{right.standing}", since)
        if right.opens_no_gas:
            yield _Cause(HealthState.RIGHT_OPENS_NO_GAS)


def _is_open(right: MeterRight | None, today: date) -> bool:
    return right is not None and right.is_open(today)


def _since(rights: RightHealth, standing: Standing) -> date | None:
    if standing is Standing.WAITING and rights.right is not None:
        return rights.right.declared
    ended = standing in {Standing.ENDED, Standing.PERIMETER_ENDED}
    return rights.end + ONE_DAY if ended and rights.end else None


def _of_the_calls(
    known: Evidence,
    calls: tuple[DataFamily, ...],
    refusals: Mapping[DataFamily, CallFailure],
) -> Iterator[_Cause]:
    if known.unforeseen:
        yield _Cause(HealthState.METER_FAILING, known.unforeseen)
    if known.has_contract and not known.is_polled:
        yield _Cause(HealthState.POLLING_OFF)
    if known.is_recorder_away:
        yield _Cause(HealthState.RECORDER_AWAY)
    if (trouble := known.trouble) is not None:
        yield _Cause(trouble.state, trouble.failure.code, trouble.since)
    for call in calls:
        record = known.records.get(call, CallRecord())
        since = record.trouble_since and paris_date(record.trouble_since)
        is_answer = row_of(record.code).scope is Scope.NOTHING
        keeps_gas = call in HISTORY or closes_the_meter(call, record.code)
        if call in refusals and keeps_gas and not is_answer:
            yield _Cause(HealthState.REFUSED, record.code, since)
        if _fails(call, record):
            yield _Cause(HealthState.METER_FAILING, record.code, since)


def _fails(call: DataFamily, record: CallRecord) -> bool:
    """Whether a call fails that brings gas."""
    return call in HISTORY and (record.failures > 0 or record.cut >= _CUTS_TO_FAIL)


def _of_the_data(
    known: Evidence, calls: tuple[DataFamily, ...], late: date | None, today: date
) -> Iterator[_Cause]:
    if known.progress is not None and known.progress < _WHOLE:
        yield _Cause(HealthState.FIRST_IMPORT)
    if not known.used.days + known.injected.days and late is None:
        yield _Cause(HealthState.WAITING_FOR_DATA)
    if (ended := _files_end(known, today)) is not None:
        yield _Cause(HealthState.FILES_ENDED, since=ended)
    if late is not None:
        yield _Cause(HealthState.DATA_LATE, since=late + ONE_DAY)
    for rights, way in _ways(known, today):
        gap = way.gap
        if gap and _late_on(known, rights, way, gap - ONE_DAY, today) <= today:
            yield _Cause(HealthState.DATA_LATE, "missing_day", gap)
    if any(call in HISTORY and call in known.refused for call in calls):
        yield _Cause(HealthState.DOUBTED, "values_refused")
    if known.doubted is not None:
        yield _Cause(HealthState.DOUBTED, "implausible_value", known.doubted)


def _ways(known: Evidence, today: date) -> Iterator[tuple[tuple[MeterRight, ...], Way]]:
    """Yield the ways that gas days are to be expected of, with their active rights."""
    if known.rights is None or known.another_holder or not known.has_contract:
        return
    for right, way in (
        (known.rights.consumption, known.used),
        (known.rights.injection, known.injected),
    ):
        active = tuple(
            each
            for each in known.rights.on_gas_of(right)
            if each.standing(today) is Standing.ACTIVE
        )
        if active:
            yield active, way


def _late(known: Evidence, today: date) -> date | None:
    """Return the newest gas day of late data: of several ways, the earliest."""
    if known.progress is not None and known.progress < _WHOLE:
        return None
    found = []
    for rights, way in _ways(known, today):
        perimeter = MeterRights(others=rights).perimeter(today)
        brings = HISTORY.intersection(calls_for(known.frequency, perimeter))
        if not brings or any(
            known.records.get(call, CallRecord()).refused for call in brings
        ):
            # GRDF has given a reason: that is another state.
            continue
        newest = way.newest or way.arrivals.began
        if newest is None:
            continue
        # A right that begins after a pause has no data yet.
        first = min(right.first or newest for right in rights)
        newest = max(newest, first - ONE_DAY)
        if _late_on(known, rights, way, newest, today) <= today:
            found.append(newest)
    return min(found, default=None)


def _late_on(
    known: Evidence,
    rights: tuple[MeterRight, ...],
    way: Way,
    newest: date,
    today: date,
) -> date:
    """Return the date in France from which what follows a gas day is late."""
    # Informative days that have never come are no reason to expect them.
    opened = DataFamily.INFORMATIVE in open_calls(rights, today)
    informative = opened and way.has_informative
    return late_from(
        known.frequency, newest, informative=informative, gaps=way.arrivals.gaps
    )


def _files_end(known: Evidence, today: date) -> date | None:
    """Return the newest gas day of a meter fed by files alone, once it is old.

    That is a meter without a contract, or without an open access right.
    """
    right = known.rights.main if known.rights else None
    if known.filed is None or _is_open(right, today):
        return None
    newest = max(known.filed, known.used.newest or known.filed)
    return newest if newest + _EXPORTED_ANEW_AFTER <= today else None


def _findings(
    known: Evidence, calls: tuple[DataFamily, ...], late: date | None, now: datetime
) -> Iterator[HealthFinding]:
    if (ended := _files_end(known, paris_date(now))) is not None:
        yield HealthFinding(Issue.FILES_END, ended)
    if late is not None:
        yield HealthFinding(Issue.DATA_LATE, late)
    failing = [
        record
        for call in calls
        if (record := known.records.get(call)) is not None
        and _fails(call, record)
        and record.trouble_since is not None
        and now - record.trouble_since >= _FAILS_FOR
    ]
    if failing and known.trouble is None:
        first = min(failing, key=lambda record: record.trouble_since or now)
        since = first.trouble_since and paris_date(first.trouble_since)
        yield HealthFinding(Issue.METER_FAILING, since, first.code)
    values = [
        value
        for call in calls
        if call in HISTORY and call in known.refused
        for value in known.refused[call].newest
    ]
    if values:
        days = [value.gas_day for value in values if value.gas_day]
        yield HealthFinding(
            Issue.VALUES_REFUSED, max(days, default=None), values[-1].reason
        )
