"""What a contract's access rights allow, meter by meter."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from ..adict import AccessRight, AccessRightState, Journey, ProofState, reason
from ..metering import paris_date
from ..metering.schedule import DataFamily, Perimeter, Span
from .holder import former_right
from .rules import STATES, Standing

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
        calls: the families of data it covers.
        injects: whether it is on gas that a site injects.
        first: the first date of consumption, or of injection, it covers.
        last: the last date of consumption, or of injection, it covers.
        ends: the date after which it no longer opens anything: the earlier of the
            right's and the authorisation's ends.
        starts: the first date on which it opens anything.
        proof_state: of GRDF's control of the consent; None: there is none.
        proof_deadline: the last date for a proof that GRDF asked for.
        former: the id of the last right of the customer who held the PCE before this
            right's customer; None: GRDF lists no other customer.
        reason: GRDF's text, masked, on why it ended; None: it gave none, or one that
            leads elsewhere. It may hold personal data, and so is not kept on disk.
    """

    id: str
    state: AccessRightState
    calls: frozenset[DataFamily]
    injects: bool = False
    first: date | None = None
    last: date | None = None
    ends: date | None = None
    starts: date | None = None
    declared: date | None = None
    journey: Journey | None = None
    proof_state: ProofState | None = None
    proof_deadline: date | None = None
    former: str | None = None
    reason: str | None = field(default=None, compare=False)

    @property
    def end(self) -> date | None:
        """The date after which there are no more data: the earliest of all its ends."""
        return min((end for end in (self.ends, self.last) if end), default=None)

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
    """The rights that decide for one PCE: a site may use gas and inject it.

    None: GRDF lists none.
    """

    consumption: MeterRight | None = None
    injection: MeterRight | None = None

    @property
    def main(self) -> MeterRight | None:
        """The one that decides for the site: on the gas used, if there is one."""
        return self.consumption or self.injection

    @property
    def all(self) -> tuple[MeterRight, ...]:
        """Those that there are."""
        return tuple(right for right in (self.consumption, self.injection) if right)

    def calls_beside(self, call: DataFamily) -> frozenset[DataFamily]:
        """Return the calls of the right that opens a call, or none."""
        covering = (right.calls for right in self.all if call in right.calls)
        return next(covering, frozenset())

    def is_open(self, today: date) -> bool:
        """Whether data may be asked for on this date in France."""
        return any(right.is_open(today) for right in self.all)

    def perimeter(self, today: date) -> Perimeter:
        """Return what may be asked for on this date in France, by either right."""
        return Perimeter(
            {
                call: span
                for right in self.all
                for call, span in right.perimeter(today).spans.items()
            }
        )


NO_RIGHTS: Final = MeterRights()


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
        DataFamily.INFORMATIVE: right.informative and not injects,
        DataFamily.PUBLISHED: right.published and not injects,
        DataFamily.INJECTIONS: right.published and injects,
    }
    return MeterRight(
        id=right.id,
        state=right.state,
        calls=frozenset(call for call, open_ in covered.items() if open_),
        injects=injects,
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


def meter_rights(rights: Iterable[AccessRight], today: date) -> dict[str, MeterRights]:
    """Return what decides for each PCE of a contract's rights, on a date in France."""
    listed = list(rights)
    by_pce: defaultdict[str, list[AccessRight]] = defaultdict(list)
    for right in listed:
        by_pce[right.pce].append(right)

    def kept(right: AccessRight | None) -> MeterRight | None:
        if right is None:
            return None
        former = former_right(right, by_pce[right.pce])
        return meter_right(right, former.id if former else None)

    consumption = deciding_rights(listed, today)
    injection = deciding_rights(listed, today, injection=True)
    return {
        pce: MeterRights(kept(consumption.get(pce)), kept(injection.get(pce)))
        for pce in by_pce
    }


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


def _reason(right: AccessRight) -> str | None:
    text = {
        AccessRightState.REVOKED: right.revoked_by,
        AccessRightState.REFUSED: right.refused_by,
        AccessRightState.OBSOLETE: right.obsolete_by,
    }.get(right.state)
    return reason(text, right.holder_name, right.holder_company)
