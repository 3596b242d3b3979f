"""What is to be shown of a meter's rights, as of a date: what to do, until when."""

from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ..adict import FlowDirection, Frequency, ProofState
from ..const import Issue
from ..metering.schedule import (
    HISTORY,
    WITH_INFORMATIVE,
    CallFailure,
    DataFamily,
    calls_for,
)
from ..rights import (
    NEAR_ITS_END,
    OPTIONAL,
    STATES,
    UNANSWERED_AFTER,
    MeterRight,
    MeterRights,
    Standing,
    StateRow,
    When,
    closes_the_meter,
    last_end,
    row_of,
    shown_right,
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
    Issue.SUPPLY_OVER,
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
    """What entities and repairs show of the rights on the gas that flows one way.

    Attributes:
        right: the one that is shown, as GRDF last gave it; None: there is none.
        standing: its state on the day of the verdict; None: GRDF never listed any.
        end: the date after which no right gives gas; None: there is none.
        is_accessible: whether GRDF gives gas days; None: it never listed the rights.
        findings: what needs attention, each thing once.
        another_holder: whether the right is a new customer's, and it is not decided yet
            whether the series goes on.
        opens_no_gas: whether one is open, and none covers what brings gas.
    """

    right: MeterRight | None = None
    standing: Standing | None = None
    end: date | None = None
    is_accessible: bool | None = None
    findings: tuple[HealthFinding, ...] = ()
    another_holder: bool = False
    opens_no_gas: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the health of rights follows from.

    `rights` are on the gas that flows one way, the one that decides first; `calls`
    those that the open ones of them let us make of this meter.
    """

    rights: tuple[MeterRight, ...]
    calls: frozenset[DataFamily]
    refusals: Mapping[DataFamily, CallFailure]
    frequency: Frequency
    today: date
    another_holder: bool = False

    @property
    def shown(self) -> MeterRight | None:
        """The right that is shown."""
        return shown_right(self.rights, self.today) if self.rights else None

    @property
    def opens_no_gas(self) -> bool:
        """As in `RightHealth`."""
        is_open = any(right.is_open(self.today) for right in self.rights)
        return is_open and not self.another_holder and HISTORY.isdisjoint(self.calls)


def rights_health(
    rights: MeterRights | None,
    refusals: Mapping[DataFamily, CallFailure],
    frequency: Frequency,
    today: date,
    *,
    another_holder: bool,
    given: AbstractSet[FlowDirection] = frozenset(),
) -> tuple[RightHealth, ...]:
    """Return the health of a meter's main rights, then of those on injected gas.

    A site with two rights may lose one of them alone: that one is missed where GRDF
    gave gas of its way before.

    Args:
        rights: as GRDF last gave them; None: it never listed any.
        refusals: of the calls that are made and refused.
        frequency: the meter's.
        today: the date in France.
        another_holder: as in `RightHealth`, of the main right.
        given: the ways of the gas that GRDF has answered calls about.
    """
    if rights is None:
        return (RightHealth(),)

    def known(right: MeterRight | None, *, is_main: bool) -> _Known:
        mine = rights.on_gas_of(right)
        covered = frozenset().union(*(each.calls for each in mine))
        meant = covered if is_main else covered - OPTIONAL
        perimeter = MeterRights(others=mine).perimeter(today)
        return _Known(
            mine,
            frozenset(calls_for(frequency, perimeter)),
            {call: failure for call, failure in refusals.items() if call in meant},
            frequency,
            today,
            another_holder=another_holder and is_main,
        )

    used, injected = rights.consumption, rights.injection
    is_missed = {
        FlowDirection.CONSUMPTION: used is None and injected is not None,
        FlowDirection.PRODUCTION: injected is None and used is not None,
    }
    missed = {way for way, is_so in is_missed.items() if is_so} & given
    if FlowDirection.CONSUMPTION in missed:
        main, second = known(None, is_main=True), known(injected, is_main=False)
        return _health(main), _health(second)
    main = known(rights.main, is_main=True)
    if not missed and (injected is None or rights.main is injected):
        return (_health(main),)
    return _health(main), _health(known(injected, is_main=False))


def _health(known: _Known) -> RightHealth:
    # The list of rights takes precedence over a code on the same.
    found = {finding.issue: finding for finding in reversed([*_findings(known)])}
    right = known.shown
    return RightHealth(
        right=right,
        standing=Standing.NONE if right is None else right.standing(known.today),
        end=last_end(known.rights, known.today),
        is_accessible=_is_accessible(known),
        findings=tuple(sorted(found.values(), key=lambda finding: finding.issue)),
        another_holder=known.another_holder,
        opens_no_gas=known.opens_no_gas,
    )


def _is_accessible(known: _Known) -> bool:
    if known.another_holder:
        return False
    if any(
        closes_the_meter(call, failure.code) for call, failure in known.refusals.items()
    ):
        return False
    return bool(known.calls - OPTIONAL - known.refusals.keys())


def _findings(known: _Known) -> Iterator[HealthFinding]:
    right, today = known.shown, known.today
    yield from _of_the_right(right, last_end(known.rights, today), today)
    if right is None or not right.is_open(today):
        return
    if known.another_holder:
        yield _finding(Issue.NEW_HOLDER)
        return
    if known.opens_no_gas:
        yield _finding(Issue.RIGHT_OPENS_NO_GAS)
    elif (
        known.frequency in WITH_INFORMATIVE
        and DataFamily.INFORMATIVE not in known.calls
        and not right.injects
    ):
        yield _finding(Issue.NO_INFORMATIVE_DATA)
    for call, failure in known.refusals.items():
        repair = row_of(failure.code).repair
        concerns_gas = call not in OPTIONAL or closes_the_meter(call, failure.code)
        if repair is not None and concerns_gas:
            yield _finding(repair, reason=_reason(repair, failure))


def _reason(issue: Issue, failure: CallFailure) -> str | None:
    """Return GRDF's code; of a refusal that no text explains, GRDF's own text too."""
    if issue is not Issue.GAS_REFUSED or failure.message is None:
        return failure.code
    return f"{failure.message} ({failure.code})" if failure.code else failure.message


def _of_the_right(
    right: MeterRight | None, end: date | None, today: date
) -> Iterator[HealthFinding]:
    """Yield the findings of a right's state, proofs, dates: `end` is the last one."""
    standing = Standing.NONE if right is None else right.standing(today)
    row = STATES[standing]
    if row.repair is not None and _is_time(row, right, end, today):
        day = right.answer_until if right and row.when is When.UNANSWERED else end
        yield _finding(row.repair, day, right.reason if right else None)
    if right is None or not standing.may_open:
        return
    if right.proof_state is ProofState.AWAITED:
        deadline = right.proof_due
        is_urgent = deadline is not None and deadline - today <= _PROOF_IS_URGENT
        yield _finding(Issue.PROOF_AWAITED, deadline, is_grave=is_urgent)
    elif right.proof_state is ProofState.REFUSED:
        yield _finding(Issue.PROOF_REFUSED)


def _is_time(
    row: StateRow, right: MeterRight | None, end: date | None, today: date
) -> bool:
    if right is None or row.when is When.ALWAYS:
        return True
    if row.when is When.NEAR_ITS_END:
        return end is not None and end - today <= NEAR_ITS_END
    # A company's silence is a yes (deck, Parcours Tiers Direct).
    return (
        right.declared is not None
        and not right.of_company
        and right.declared + UNANSWERED_AFTER <= today
    )


def _finding(
    issue: Issue,
    day: date | None = None,
    reason: str | None = None,
    *,
    is_grave: bool = False,
) -> HealthFinding:
    return HealthFinding(issue, day, reason, is_grave=is_grave or issue in _GRAVE)
