"""What a contract's access rights allow, meter by meter."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

from ..adict import AccessRight, AccessRightState, Journey, ProofState, reason
from ..metering import paris_date
from ..metering.schedule import HISTORY, DataFamily, Perimeter, Span
from .holder import former_right
from .rules import ANSWER_WITHIN, PROOF_WORKING_DAYS, STATES, Standing
from .working_days import working_days_after

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

_STANDINGS: Final = {
    AccessRightState.ACTIVE: Standing.ACTIVE,
    AccessRightState.TO_RECHECK: Standing.TO_RECHECK,
    AccessRightState.UNKNOWN: Standing.UNKNOWN,
    AccessRightState.TO_VALIDATE: Standing.WAITING,
    AccessRightState.REVOKED: Standing.REVOKED,
    AccessRightState.OBSOLETE: Standing.OBSOLETE,
    AccessRightState.REFUSED: Standing.REFUSED,
}
# In these, no date changes anything.
_WITHOUT_DATES: Final = {Standing.WAITING, Standing.REVOKED, Standing.REFUSED}

# Of several rights on one PCE, the one that decides has the highest standing; of those
# that are not here, the newest.
_WEIGHTS: Final = {
    Standing.WAITING: 1,
    Standing.NOT_BEGUN: 2,
    Standing.UNKNOWN: 3,
    Standing.PERIMETER_ENDED: 4,
    Standing.TO_RECHECK: 5,
    Standing.ACTIVE: 6,
}

# What makes calls that were refused worth another try, as soon as it changes.
type Deciding = tuple[str, AccessRightState, frozenset[DataFamily], date | None]


@dataclass(frozen=True, slots=True)
class MeterRight:
    """An access right, without its personal data.

    Attributes:
        calls: the families of data it covers, as far as GRDF lists no "Faux".
        injects: whether it is on gas that a site injects.
        as_holder: whether the holder of the ADICT contract is the customer too.
        of_company: whether the customer is a company or another legal entity.
        first: the first date of consumption, or of injection, it covers.
        last: the last date of consumption, or of injection, it covers.
        ends: the date after which it no longer opens anything: the earlier of the
            right's and the authorisation's ends.
        starts: the first date on which it opens anything.
        proof_state: of GRDF's control of the consent; None: there is none.
        proof_deadline: the last date for a proof that GRDF asked for, if it gave any.
        proof_since: the first date on which GRDF's list showed that it awaits a proof.
        former: the id of the last right of the customer who held the PCE before this
            right's customer; None: GRDF lists no other customer.
        reason: GRDF's text, masked, on why it ended; None: it gave none, or one that
            leads elsewhere. It may hold personal data, and so is not kept on disk.
    """

    id: str
    state: AccessRightState
    calls: frozenset[DataFamily]
    injects: bool = False
    as_holder: bool = False
    of_company: bool = False
    first: date | None = None
    last: date | None = None
    ends: date | None = None
    starts: date | None = None
    declared: date | None = None
    journey: Journey | None = None
    proof_state: ProofState | None = None
    proof_deadline: date | None = None
    proof_since: date | None = None
    former: str | None = None
    reason: str | None = field(default=None, compare=False)

    @property
    def end(self) -> date | None:
        """The date after which there are no more data: the earliest of all its ends."""
        return min((end for end in (self.ends, self.last) if end), default=None)

    @property
    def opens_gas(self) -> bool:
        """Whether it covers gas days; not where GRDF lists "Faux" for all of them."""
        return not self.calls.isdisjoint(HISTORY)

    @property
    def answer_until(self) -> date | None:
        """The last date for a person's answer; None: no answer is needed, or known."""
        if self.of_company or self.declared is None:
            return None
        return self.declared + ANSWER_WITHIN

    @property
    def is_deadline_estimated(self) -> bool:
        """Whether GRDF awaits a proof and gave no deadline."""
        return self.proof_deadline is None and self.proof_since is not None

    @property
    def proof_due(self) -> date | None:
        """The last date for a proof: GRDF's, else twenty working days.

        They are counted from the day on which the list first showed the request.
        """
        if self.proof_deadline is not None or self.proof_since is None:
            return self.proof_deadline
        return working_days_after(self.proof_since, PROOF_WORKING_DAYS)

    def standing(self, today: date) -> Standing:
        """Return its standing on this date in France."""
        standing = _STANDINGS[self.state]
        if standing in _WITHOUT_DATES:
            return standing
        if self.ends is not None and self.ends < today:
            return Standing.ENDED
        if standing is Standing.OBSOLETE:
            return standing
        if self.last is not None and self.last < today:
            return Standing.PERIMETER_ENDED
        if self.starts is not None and today < self.starts:
            return Standing.NOT_BEGUN
        return standing

    def is_open(self, today: date) -> bool:
        """Whether data may be asked for on this date in France."""
        return STATES[self.standing(today)].asking.asks

    def perimeter(self, today: date) -> Perimeter:
        """Return what may be asked for on this date in France."""
        calls = self.calls if self.is_open(today) else frozenset()
        return Perimeter(dict.fromkeys(calls, Span(self.first, self.last)))


@dataclass(frozen=True, slots=True)
class MeterRights:
    """The rights on one PCE: a site may use gas and inject it.

    Attributes:
        consumption: the one that decides on gas used; None: GRDF lists none.
        injection: the one that decides on injected gas; None: GRDF lists none.
        others: those beside them that are active too, or will be; the newest first.
    """

    consumption: MeterRight | None = None
    injection: MeterRight | None = None
    others: tuple[MeterRight, ...] = ()

    @property
    def main(self) -> MeterRight | None:
        """The one that decides for the site: on the gas used, if there is one."""
        return self.consumption or self.injection

    @property
    def all(self) -> tuple[MeterRight, ...]:
        """Those that there are; the ones that decide come first."""
        rights = (self.consumption, self.injection, *self.others)
        return tuple(right for right in rights if right)

    def on_gas_of(self, right: MeterRight | None) -> tuple[MeterRight, ...]:
        """Return a right that decides, then the others on the same way of the gas."""
        return tuple(
            other for other in self.all if right and other.injects is right.injects
        )

    def calls_beside(self, call: DataFamily) -> frozenset[DataFamily]:
        """Return the calls that are refused once no right opens a call any more."""
        deciding = next((right for right in self.all if call in right.calls), None)
        rights = self.on_gas_of(deciding)
        refused = (right.calls for right in rights if call in right.calls)
        others = (right.calls for right in rights if call not in right.calls)
        return frozenset().union(*refused) - frozenset().union(*others)

    def is_open(self, today: date) -> bool:
        """Whether data may be asked for on this date in France."""
        return any(right.is_open(today) for right in self.all)

    def perimeter(self, today: date) -> Perimeter:
        """Return what may be asked for on this date in France: by all open rights."""
        spans: defaultdict[DataFamily, list[Span]] = defaultdict(list)
        for right in self.all:
            for call, span in right.perimeter(today).spans.items():
                spans[call].append(span)
        return Perimeter({call: _joined(found) for call, found in spans.items()})


NO_RIGHTS: Final = MeterRights()


def shown_right(rights: Sequence[MeterRight], today: date) -> MeterRight:
    """Return the one of some rights that decides on a date in France.

    Of those with one standing, the first: dates pass between two readings of the list.
    """
    return max(rights, key=lambda right: _WEIGHTS.get(right.standing(today), 0))


def open_calls(rights: Iterable[MeterRight], today: date) -> frozenset[DataFamily]:
    """Return the families of data that the open ones of some rights cover together."""
    return frozenset().union(*(right.perimeter(today).calls for right in rights))


def last_end(rights: Sequence[MeterRight], today: date) -> date | None:
    """Return the date after which none of some rights gives gas; None: there is none.

    Where none of them gives any, it is the end of the first.
    """
    giving = [right for right in rights if right.is_open(today) and right.opens_gas]
    return _bound(max, [right.end for right in giving or rights[:1]])


def is_of_holder(rights: Mapping[str, MeterRights], right_id: str) -> bool:
    """Whether the customer of a right, by its id, is the third party itself."""
    return any(
        right.as_holder
        for each in rights.values()
        for right in each.all
        if right.id == right_id
    )


def deciding(rights: MeterRights) -> tuple[Deciding, ...]:
    """Return what of a meter's rights decides on calls."""
    return tuple(
        (right.id, right.state, right.calls, right.end) for right in rights.all
    )


def meter_right(right: AccessRight, former: str | None = None) -> MeterRight:
    """Return the part of a right that decides on calls and on what the user must do."""
    injects = right.role.is_injection
    ends = [end for end in (right.end, right.authorisation_end) if end is not None]
    covered = {
        DataFamily.TECHNICAL: right.technical,
        DataFamily.CONTRACT: right.contractual,
        **(
            {DataFamily.INJECTIONS: right.published}
            if injects
            else {
                DataFamily.INFORMATIVE: right.informative,
                DataFamily.PUBLISHED: right.published,
            }
        ),
    }
    return MeterRight(
        id=right.id,
        state=right.state,
        # Blank is not "Faux": GRDF's answer decides (API notes §4).
        calls=frozenset(
            call for call, is_open in covered.items() if is_open is not False
        ),
        injects=injects,
        as_holder=right.role.is_holder,
        of_company=any(map(str.isalnum, right.holder_company or "")),
        first=right.injection_from if injects else right.consumption_from,
        last=right.injection_to if injects else right.consumption_to,
        ends=min(ends, default=None),
        starts=right.start,
        declared=right.created and paris_date(right.created),
        journey=right.journey,
        proof_state=right.proof_state,
        proof_deadline=right.proof_deadline,
        former=former,
        reason=_reason(right),
    )


def meter_rights(
    rights: Iterable[AccessRight],
    today: date,
    known: Mapping[str, MeterRights] = MappingProxyType({}),
) -> dict[str, MeterRights]:
    """Return the rights on each PCE of a contract's rights, on a date in France.

    `known` are those of the reading before: since when a proof is awaited.
    """
    listed = list(rights)
    since = {
        right.id: right.proof_since
        for each in known.values()
        for right in each.all
        if right.proof_since is not None
    }
    by_pce: defaultdict[str, list[AccessRight]] = defaultdict(list)
    for right in listed:
        by_pce[right.pce].append(right)

    def kept(right: AccessRight) -> MeterRight:
        former = former_right(right, by_pce[right.pce])
        found = meter_right(right, former.id if former else None)
        if found.proof_state is not ProofState.AWAITED:
            return found
        return replace(found, proof_since=since.get(found.id, today))

    consumption = deciding_rights(listed, today)
    injection = deciding_rights(listed, today, injection=True)

    def of_pce(pce: str) -> MeterRights:
        used, injected = consumption.get(pce), injection.get(pce)
        others = [
            kept(right)
            for right in sorted(by_pce[pce], key=_newest_first)
            if right is not used
            and right is not injected
            and right.state is AccessRightState.ACTIVE
        ]
        return MeterRights(
            kept(used) if used else None,
            kept(injected) if injected else None,
            tuple(other for other in others if other.standing(today).may_open),
        )

    return {pce: of_pce(pce) for pce in by_pce}


def deciding_rights(
    rights: Iterable[AccessRight], today: date, *, injection: bool = False
) -> dict[str, AccessRight]:
    """Return the right that decides for each PCE: by its standing, then the newest.

    Of all rights of a contract: those on injected gas, or those on gas used.
    """

    def weight(right: AccessRight) -> tuple[int, datetime]:
        standing = meter_right(right).standing(today)
        return _WEIGHTS.get(standing, 0), right.created or _NEVER

    chosen = (right for right in rights if right.role.is_injection is injection)
    return {right.pce: right for right in sorted(chosen, key=weight)}


def _newest_first(right: AccessRight) -> tuple[float, str]:
    return -(right.created or _NEVER).timestamp(), right.id


def _joined(spans: Sequence[Span]) -> Span:
    """Return the dates that some spans reach over together."""
    return Span(
        _bound(min, [span.first for span in spans]),
        _bound(max, [span.last for span in spans]),
    )


def _bound(
    outermost: Callable[[Iterable[date]], date], dates: Sequence[date | None]
) -> date | None:
    """Return the outermost of some dates; None where one of them is no bound."""
    known = [day for day in dates if day is not None]
    return outermost(known) if known and len(known) == len(dates) else None


def _reason(right: AccessRight) -> str | None:
    text = {
        AccessRightState.REVOKED: right.revoked_by,
        AccessRightState.REFUSED: right.refused_by,
        AccessRightState.OBSOLETE: right.obsolete_by,
    }.get(right.state)
    return reason(text, right.holder_name, right.holder_company)
