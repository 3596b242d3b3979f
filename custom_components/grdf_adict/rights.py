"""What an account's access rights allow, meter by meter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from .adict import AccessRight, AccessRightState, Role
from .metering.cadence import Call, Perimeter

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

# A right to be checked again may still answer: asking is how one knows.
_ANSWERING: Final = {AccessRightState.ACTIVE, AccessRightState.TO_RECHECK}

_OF_INJECTION: Final = {Role.INJECTION_AUTHORISED, Role.INJECTION_HOLDER}

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
        state: as GRDF tells it.
        calls: the families of data it covers.
        first: the first date of consumption it covers.
        last: the last date of consumption it covers.
        ends: the date after which it no longer opens anything: the earlier of the
            right's and the authorisation's ends.
    """

    state: AccessRightState
    calls: frozenset[Call]
    first: date | None
    last: date | None
    ends: date | None

    def is_open(self, today: date) -> bool:
        """Whether data may be asked for on this date in France."""
        return self.state in _ANSWERING and (self.ends is None or today <= self.ends)

    def perimeter(self, today: date) -> Perimeter:
        """Return what may be asked for on this date in France."""
        return Perimeter(
            calls=self.calls if self.is_open(today) else frozenset(),
            first=self.first,
            last=self.last,
        )


def meter_right(right: AccessRight) -> MeterRight:
    """Keep of a right what decides on calls."""
    ends = [end for end in (right.end, right.authorisation_end) if end is not None]
    covered = {
        Call.TECHNICAL: right.technical,
        Call.CONTRACT: right.contractual,
        Call.INFORMATIVE: right.informative,
        Call.PUBLISHED: right.published,
    }
    return MeterRight(
        state=right.state,
        calls=frozenset(call for call, open_ in covered.items() if open_),
        first=right.consumption_from,
        last=right.consumption_to,
        ends=min(ends, default=None),
    )


def deciding_rights(rights: Iterable[AccessRight]) -> dict[str, AccessRight]:
    """Return the consumption right that decides for each PCE: by state, then newest."""
    of_consumption = (right for right in rights if right.role not in _OF_INJECTION)
    by_weight = sorted(of_consumption, key=_weight)
    return {right.pce: right for right in by_weight}


def _weight(right: AccessRight) -> tuple[int, datetime]:
    precedence = (
        len(_PRECEDENCE) - _PRECEDENCE.index(right.state)
        if right.state in _PRECEDENCE
        else 0
    )
    return precedence, right.created or _NEVER
