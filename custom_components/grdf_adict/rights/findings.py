"""What is wrong with a meter's rights, as of a date: what to do, and until when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from ..adict import Frequency, ProofState
from ..const import Issue
from ..metering.schedule import WITH_INFORMATIVE, CallRecord, DataFamily
from .right import MeterRight, MeterRights
from .rules import (
    CODES,
    NEAR_ITS_END,
    OPTIONAL,
    OTHER_REFUSAL,
    STATES,
    UNANSWERED_AFTER,
    Standing,
    StateRow,
    When,
    closes_the_meter,
)

_GRAVE: Final = {
    Issue.CONTRACT_OVER,
    Issue.NO_ACCESS_RIGHT,
    Issue.PROOF_REFUSED,
    Issue.RIGHT_ENDED,
    Issue.RIGHT_OBSOLETE,
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
class RightStatus:
    """Everything that entities and repairs show of one of a meter's rights.

    Attributes:
        right: as GRDF last gave it; None: there is none.
        is_known: whether GRDF ever listed the meter's rights.
        codes: of the calls that GRDF refused and has not answered since.
        another_holder: whether the right is a new customer's, and it is not decided yet
            whether the series goes on.
    """

    right: MeterRight | None
    is_known: bool = True
    frequency: Frequency = Frequency.UNKNOWN
    codes: Mapping[DataFamily, str] = field(default_factory=dict)
    another_holder: bool = False

    def standing(self, today: date) -> Standing | None:
        """Return the right's standing; None: GRDF never listed any."""
        if not self.is_known:
            return None
        return Standing.NONE if self.right is None else self.right.standing(today)

    def is_accessible(self, today: date) -> bool | None:
        """Whether GRDF gives gas days; None: it never listed the rights."""
        if not self.is_known:
            return None
        right = self.right
        if right is None or self.another_holder or not right.is_open(today):
            return False
        if any(closes_the_meter(call, code) for call, code in self.codes.items()):
            return False
        return bool(right.calls - OPTIONAL - self.codes.keys())

    def findings(self, today: date) -> tuple[HealthFinding, ...]:
        """Return what needs attention, each thing once."""
        if not self.is_known:
            return ()
        # The list of rights takes precedence over a code on the same.
        found = {
            finding.issue: finding for finding in reversed([*self._findings(today)])
        }
        return tuple(sorted(found.values(), key=lambda finding: finding.issue))

    def _findings(self, today: date) -> Iterator[HealthFinding]:
        right = self.right
        yield from _of_the_right(right, today)
        if right is None or not right.is_open(today):
            return
        if self.another_holder:
            yield _finding(Issue.NEW_HOLDER)
            return
        if (
            self.frequency in WITH_INFORMATIVE
            and DataFamily.INFORMATIVE not in right.calls
            and not right.injects
        ):
            yield _finding(Issue.NO_INFORMATIVE_DATA)
        for call, code in self.codes.items():
            row = CODES.get(code, OTHER_REFUSAL)
            concerns_gas = call not in OPTIONAL or closes_the_meter(call, code)
            if row.repair is not None and concerns_gas:
                yield _finding(row.repair, reason=code)


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


def statuses_of(
    rights: MeterRights | None,
    frequency: Frequency,
    codes: Mapping[DataFamily, str],
    *,
    another_holder: bool,
) -> tuple[RightStatus, ...]:
    """Return the status of a meter's rights: of the main one, then of a second one.

    `codes` are of the calls that are refused; the rest is as in `RightStatus`, for the
    main right.
    """
    if rights is None:
        return (RightStatus(None, is_known=False),)
    main = rights.main
    of_main = {
        call: code for call, code in codes.items() if main and call in main.calls
    }
    status = RightStatus(
        main, frequency=frequency, codes=of_main, another_holder=another_holder
    )
    injection = rights.injection
    if injection is None or main is injection:
        return (status,)
    others = {
        call: code for call, code in codes.items() if call in injection.calls - OPTIONAL
    }
    return status, RightStatus(injection, frequency=frequency, codes=others)


def codes_of(
    calls: Iterable[DataFamily], marks: Mapping[DataFamily, CallRecord]
) -> dict[DataFamily, str]:
    """Return the codes of the calls that are refused, of those that are made."""
    return {
        call: code
        for call in calls
        if call in marks and (code := marks[call].code) is not None
    }


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
