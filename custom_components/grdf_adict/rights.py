"""What an account's access rights allow, meter by meter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from .adict import AccessRight, AccessRightState, Journey, ProofState, Role
from .metering.cadence import Call, Perimeter, Span

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

# A right to be checked again may still answer: asking is how one knows.
_ANSWERING: Final = {AccessRightState.ACTIVE, AccessRightState.TO_RECHECK}

OF_INJECTION: Final = {Role.INJECTION_AUTHORISED, Role.INJECTION_HOLDER}

# Of several rights on one PCE, the one that decides is chosen by state.
_PRECEDENCE: Final = (
    AccessRightState.ACTIVE,
    AccessRightState.TO_RECHECK,
    AccessRightState.TO_VALIDATE,
)


@dataclass(frozen=True, slots=True)
class MeterRight:
    """An access right, without the people in it.

    Attributes:
        id: GRDF's name for it.
        state: as GRDF tells it.
        calls: the families of data it covers.
        first: the first date of consumption, or of injection, it covers.
        last: the last date of consumption, or of injection, it covers.
        ends: the date after which it no longer opens anything: the earlier of the
            right's and the authorisation's ends.
        journey: who gathered the consent.
        proof_state: where GRDF's control of the consent stands; None: there is none.
        proof_deadline: the last date for a proof that GRDF asked for.
    """

    id: str
    state: AccessRightState
    calls: frozenset[Call]
    first: date | None = None
    last: date | None = None
    ends: date | None = None
    journey: Journey | None = None
    proof_state: ProofState | None = None
    proof_deadline: date | None = None

    @property
    def end(self) -> date | None:
        """The date after which there are no more data: the earliest of all its ends."""
        return min((end for end in (self.ends, self.last) if end), default=None)

    def is_open(self, today: date) -> bool:
        """Whether data may be asked for on this date in France."""
        return self.state in _ANSWERING and (self.ends is None or today <= self.ends)

    def perimeter(self, today: date) -> Perimeter:
        """Return what may be asked for on this date in France."""
        calls = self.calls if self.is_open(today) else frozenset()
        return Perimeter(dict.fromkeys(calls, Span(self.first, self.last)))


@dataclass(frozen=True, slots=True)
class MeterRights:
    """The rights that decide for one PCE: a site may use gas and inject it.

    Attributes:
        consumption: on the gas that it uses; None: GRDF tells none.
        injection: on the gas that it injects; None: GRDF tells none.
    """

    consumption: MeterRight | None = None
    injection: MeterRight | None = None

    @property
    def all(self) -> tuple[MeterRight, ...]:
        """Those that there are."""
        return tuple(right for right in (self.consumption, self.injection) if right)

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


def meter_right(right: AccessRight) -> MeterRight:
    """Keep of a right what decides on calls, and what somebody may have to do."""
    injects = right.role in OF_INJECTION
    ends = [end for end in (right.end, right.authorisation_end) if end is not None]
    covered = {
        Call.TECHNICAL: right.technical,
        Call.CONTRACT: right.contractual,
        Call.INFORMATIVE: right.informative and not injects,
        Call.PUBLISHED: right.published and not injects,
        Call.INJECTIONS: right.published and injects,
    }
    return MeterRight(
        id=right.id,
        state=right.state,
        calls=frozenset(call for call, open_ in covered.items() if open_),
        first=right.injection_from if injects else right.consumption_from,
        last=right.injection_to if injects else right.consumption_to,
        ends=min(ends, default=None),
        journey=right.journey,
        proof_state=right.proof_state,
        proof_deadline=right.proof_deadline,
    )


def meter_rights(rights: Iterable[AccessRight]) -> dict[str, MeterRights]:
    """Return what decides for each PCE that an account's rights name."""
    listed = list(rights)
    consumption = deciding_rights(listed)
    injection = deciding_rights(listed, injection=True)
    return {
        pce: MeterRights(
            consumption=_kept(consumption, pce), injection=_kept(injection, pce)
        )
        for pce in consumption.keys() | injection.keys()
    }


def deciding_rights(
    rights: Iterable[AccessRight], *, injection: bool = False
) -> dict[str, AccessRight]:
    """Return the right that decides for each PCE: by state, then the newest.

    Args:
        rights: all rights of a contract.
        injection: whether those on injected gas are meant, or those on gas used.
    """
    meant = (right for right in rights if (right.role in OF_INJECTION) is injection)
    return {right.pce: right for right in sorted(meant, key=_weight)}


def _kept(rights: Mapping[str, AccessRight], pce: str) -> MeterRight | None:
    return meter_right(rights[pce]) if pce in rights else None


def _weight(right: AccessRight) -> tuple[int, datetime]:
    precedence = (
        len(_PRECEDENCE) - _PRECEDENCE.index(right.state)
        if right.state in _PRECEDENCE
        else 0
    )
    return precedence, right.created or _NEVER
