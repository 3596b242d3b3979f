"""What is to be shown of a meter's rights, as of a date: what to do, until when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from ..adict import Frequency, ProofState
from ..const import Issue
from ..metering.schedule import HISTORY, WITH_INFORMATIVE, DataFamily, Why, calls_for
from ..rights import (
    CODES,
    NEAR_ITS_END,
    OPTIONAL,
    OTHER_REFUSAL,
    STATES,
    UNANSWERED_AFTER,
    MeterRight,
    MeterRights,
    Standing,
    StateRow,
    When,
    closes_the_meter,
)

_GRAVE: Final = {
    Issue.CONTRACT_OVER,
    Issue.GAS_REFUSED,
    Issue.NO_ACCESS_RIGHT,
    Issue.PROOF_REFUSED,
    Issue.RIGHT_ENDED,
    Issue.RIGHT_OBSOLETE,
    Issue.RIGHT_OPENS_NO_GAS,
    Issue.RIGHT_REFUSED,
    Issue.RIGHT_REVOKED,
}
_PROOF_IS_URGENT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One thing that needs attention.

    `day` is an end or a deadline, `reason` GRDF's text, masked, or its code; it is
    grave where data have stopped, or soon will.
    """

    issue: Issue
    day: date | None = None
    reason: str | None = None
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class RightHealth:
    """What entities and repairs show of one of a meter's rights.

    Attributes:
        right: as GRDF last gave it; None: there is none.
        standing: its state on the day of the verdict; None: GRDF never listed any.
        is_accessible: whether GRDF gives gas days; None: it never listed the rights.
        findings: what needs attention, each thing once.
        another_holder: whether the right is a new customer's, and it is not decided yet
            whether the series goes on.
        opens_no_gas: whether it is open, and covers nothing that brings gas.
    """

    right: MeterRight | None = None
    standing: Standing | None = None
    is_accessible: bool | None = None
    findings: tuple[HealthFinding, ...] = ()
    another_holder: bool = False
    opens_no_gas: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What a right's health follows from, as in `RightHealth`."""

    right: MeterRight | None
    refusals: Mapping[DataFamily, Why] = field(default_factory=dict)
    frequency: Frequency = Frequency.UNKNOWN
    another_holder: bool = False


def rights_health(
    rights: MeterRights | None,
    refusals: Mapping[DataFamily, Why],
    frequency: Frequency,
    today: date,
    *,
    another_holder: bool,
) -> tuple[RightHealth, ...]:
    """Return the health of a meter's main right, then of a second one.

    Args:
        rights: as GRDF last gave them; None: it never listed any.
        refusals: of the calls that are made and refused.
        frequency: the meter's.
        today: the date in France.
        another_holder: as in `RightHealth`, of the main right.
    """
    if rights is None:
        return (RightHealth(),)
    main = rights.main
    of_main = {
        call: why for call, why in refusals.items() if main and call in main.calls
    }
    known = _Known(main, of_main, frequency, another_holder=another_holder)
    injection = rights.injection
    if injection is None or main is injection:
        return (_health(known, today),)
    of_injection = {
        call: why
        for call, why in refusals.items()
        if call in injection.calls - OPTIONAL
    }
    second = _Known(injection, of_injection, frequency)
    return _health(known, today), _health(second, today)


def _health(known: _Known, today: date) -> RightHealth:
    # The list of rights takes precedence over a code on the same.
    found = {finding.issue: finding for finding in reversed([*_findings(known, today)])}
    right = known.right
    return RightHealth(
        right=right,
        standing=Standing.NONE if right is None else right.standing(today),
        is_accessible=_is_accessible(known, today),
        findings=tuple(sorted(found.values(), key=lambda finding: finding.issue)),
        another_holder=known.another_holder,
        opens_no_gas=_opens_no_gas(known, today),
    )


def _opens_no_gas(known: _Known, today: date) -> bool:
    right = known.right
    if right is None or known.another_holder or not right.is_open(today):
        return False
    return HISTORY.isdisjoint(calls_for(known.frequency, right.perimeter(today)))


def _is_accessible(known: _Known, today: date) -> bool:
    right, refusals = known.right, known.refusals
    if right is None or known.another_holder or not right.is_open(today):
        return False
    if any(closes_the_meter(call, why.code) for call, why in refusals.items()):
        return False
    calls = calls_for(known.frequency, right.perimeter(today))
    return bool(set(calls) - OPTIONAL - refusals.keys())


def _findings(known: _Known, today: date) -> Iterator[HealthFinding]:
    right = known.right
    yield from _of_the_right(right, today)
    if right is None or not right.is_open(today):
        return
    if known.another_holder:
        yield _finding(Issue.NEW_HOLDER)
        return
    if _opens_no_gas(known, today):
        yield _finding(Issue.RIGHT_OPENS_NO_GAS)
    elif (
        known.frequency in WITH_INFORMATIVE
        and DataFamily.INFORMATIVE not in right.calls
        and not right.injects
    ):
        yield _finding(Issue.NO_INFORMATIVE_DATA)
    for call, why in known.refusals.items():
        row = CODES.get(why.code or "", OTHER_REFUSAL)
        concerns_gas = call not in OPTIONAL or closes_the_meter(call, why.code)
        if row.repair is not None and concerns_gas:
            yield _finding(row.repair, reason=_reason(row.repair, why))


def _reason(issue: Issue, why: Why) -> str | None:
    """Return GRDF's code; of a refusal that no text explains, GRDF's own text too."""
    if issue is not Issue.GAS_REFUSED or why.words is None:
        return why.code
    return f"{why.words} ({why.code})" if why.code else why.words


def _of_the_right(right: MeterRight | None, today: date) -> Iterator[HealthFinding]:
    """Yield the findings of a right's state, dates and proofs."""
    standing = Standing.NONE if right is None else right.standing(today)
    row = STATES[standing]
    if row.repair is not None and _is_time(row, right, today):
        end, reason = (right.end, right.reason) if right else (None, None)
        yield _finding(row.repair, end, reason)
    if right is None or not standing.may_open:
        return
    if right.proof_state is ProofState.AWAITED:
        deadline = right.proof_deadline
        is_urgent = deadline is not None and deadline - today <= _PROOF_IS_URGENT
        yield _finding(Issue.PROOF_AWAITED, deadline, is_grave=is_urgent)
    elif right.proof_state is ProofState.REFUSED:
        yield _finding(Issue.PROOF_REFUSED)


def _is_time(row: StateRow, right: MeterRight | None, today: date) -> bool:
    if right is None or row.when is When.ALWAYS:
        return True
    if row.when is When.NEAR_ITS_END:
        return right.end is not None and right.end - today <= NEAR_ITS_END
    return right.declared is not None and right.declared + UNANSWERED_AFTER < today


def _finding(
    issue: Issue,
    day: date | None = None,
    reason: str | None = None,
    *,
    is_grave: bool = False,
) -> HealthFinding:
    return HealthFinding(issue, day, reason, is_grave=is_grave or issue in _GRAVE)
