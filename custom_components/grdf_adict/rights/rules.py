"""What each state of a right and each code of GRDF means for a meter: one table.

The README shows it; a test compares both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum, auto
from typing import Final

from ..adict import NO_RIGHT, SUPPLY_OVER
from ..const import Issue
from ..metering.schedule import DataFamily

NEAR_ITS_END: Final = timedelta(days=30)
# A person has three days to answer (deck, Parcours Tiers Direct); a reminder comes on
# the second one, while it helps.
ANSWER_WITHIN: Final = timedelta(days=3)
UNANSWERED_AFTER: Final = timedelta(days=2)
# Of a control of the consent (deck, contrôle des preuves).
PROOF_WORKING_DAYS: Final = 20


class Standing(StrEnum):
    """The state of a right on a date: GRDF's state, changed by the right's dates."""

    NONE = "none"
    WAITING = "waiting"
    NOT_BEGUN = "not_begun"
    ACTIVE = "active"
    TO_RECHECK = "to_recheck"
    PERIMETER_ENDED = "perimeter_ended"
    ENDED = "ended"
    REVOKED = "revoked"
    OBSOLETE = "obsolete"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def may_open(self) -> bool:
        """Whether it opens data, or may do so later."""
        return self not in _CLOSED

    @property
    def shown(self) -> Standing:
        """What is shown: a right past any of its ends has ended."""
        return Standing.ENDED if self is Standing.PERIMETER_ENDED else self


_CLOSED: Final = {
    Standing.NONE,
    Standing.ENDED,
    Standing.REVOKED,
    Standing.OBSOLETE,
    Standing.REFUSED,
}


class Asking(Enum):
    """Whether data are asked for, and how often."""

    AS_DUE = auto()
    """As they come in."""
    PROBE = auto()
    """Once a day at least; while GRDF answers, as they come in."""
    LATE_DAYS = auto()
    """As they come in, until late days of the perimeter are not to be expected."""
    NOTHING = auto()
    """Not at all; the list of rights, read once a day, shows a change."""

    @property
    def asks(self) -> bool:
        """Whether any data are asked for."""
        return self is not Asking.NOTHING


class When(Enum):
    """When a state has its repair."""

    ALWAYS = auto()
    NEAR_ITS_END = auto()
    UNANSWERED = auto()


@dataclass(frozen=True, slots=True)
class StateRow:
    """What a standing means; without a repair, no one has to act."""

    asking: Asking
    repair: Issue | None = None
    when: When = When.ALWAYS


class Scope(Enum):
    """What a code that came instead of data puts off."""

    METER = auto()
    """Every call of the meter, for a day."""
    GAS = auto()
    """The same where gas was asked for; else that call alone."""
    CALL = auto()
    """That call, for a day."""
    HOUR = auto()
    """That call, for an hour."""
    SOON = auto()
    """Nothing: it is made again within a minute, twice, then after 1, 4, 16 hours."""
    NOTHING = auto()
    """Nothing: it is an answer like others."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """What a code means, once GRDF gave it instead of data."""

    scope: Scope
    repair: Issue | None = None


STATES: Final[Mapping[Standing, StateRow]] = {
    Standing.NONE: StateRow(Asking.NOTHING, Issue.NO_ACCESS_RIGHT),
    Standing.WAITING: StateRow(Asking.NOTHING, Issue.RIGHT_UNANSWERED, When.UNANSWERED),
    Standing.NOT_BEGUN: StateRow(Asking.NOTHING),
    Standing.ACTIVE: StateRow(Asking.AS_DUE, Issue.RIGHT_ENDS_SOON, When.NEAR_ITS_END),
    # Only an answer shows whether it is open.
    Standing.TO_RECHECK: StateRow(
        Asking.PROBE, Issue.RIGHT_ENDS_SOON, When.NEAR_ITS_END
    ),
    Standing.UNKNOWN: StateRow(Asking.PROBE, Issue.RIGHT_ENDS_SOON, When.NEAR_ITS_END),
    Standing.PERIMETER_ENDED: StateRow(Asking.LATE_DAYS, Issue.RIGHT_ENDED),
    Standing.ENDED: StateRow(Asking.NOTHING, Issue.RIGHT_ENDED),
    Standing.REVOKED: StateRow(Asking.NOTHING, Issue.RIGHT_REVOKED),
    Standing.OBSOLETE: StateRow(Asking.NOTHING, Issue.RIGHT_OBSOLETE),
    Standing.REFUSED: StateRow(Asking.NOTHING, Issue.RIGHT_REFUSED),
}

# API notes, section 7.
CODES: Final[Mapping[str, CodeRow]] = {
    "1000000": CodeRow(Scope.METER, Issue.RIGHT_OBSOLETE),
    "1000001": CodeRow(Scope.METER, Issue.RIGHT_ENDED),
    # Also given for contract or technical data that the perimeter lacks.
    "1000002": CodeRow(Scope.GAS, Issue.NO_ACCESS_RIGHT),
    "1000008": CodeRow(Scope.NOTHING),
    "1000009": CodeRow(Scope.CALL, Issue.NO_PUBLISHED_DATA),
    "1000010": CodeRow(Scope.CALL, Issue.NO_INFORMATIVE_DATA),
    "1000011": CodeRow(Scope.METER, Issue.PROOF_REFUSED),
    "1000014": CodeRow(Scope.METER, Issue.RIGHT_REVOKED),
    # The end of the period lies in the future: a clock that is set right soon.
    "1000016": CodeRow(Scope.HOUR),
    "2000100": CodeRow(Scope.SOON),
    SUPPLY_OVER: CodeRow(Scope.METER, Issue.SUPPLY_OVER),
    NO_RIGHT: CodeRow(Scope.GAS, Issue.NO_ACCESS_RIGHT),
    # No code: the HTTP status alone.
    "403": CodeRow(Scope.GAS, Issue.NO_ACCESS_RIGHT),
}
# What GRDF's words say, whatever their code: the ADICT contract is over.
CONTRACT_OVER: Final = Issue.CONTRACT_OVER.value
_OF_THE_CONTRACT: Final = CodeRow(Scope.METER, Issue.CONTRACT_OVER)
# A refusal that is not in the notes: GRDF's own text says what it is about.
_OTHER_REFUSAL: Final = CodeRow(Scope.CALL, Issue.GAS_REFUSED)

# Without these a meter's gas days are still whole.
OPTIONAL: Final = frozenset({DataFamily.TECHNICAL, DataFamily.CONTRACT})


def row_of(code: str | None) -> CodeRow:
    """Return what a code means; `CONTRACT_OVER` stands for GRDF's words."""
    if code == CONTRACT_OVER:
        return _OF_THE_CONTRACT
    return CODES.get(code or "", _OTHER_REFUSAL)


def closes_the_meter(call: DataFamily, code: str | None) -> bool:
    """Whether a refusal of one call means that the others would be refused too."""
    scope = row_of(code).scope
    return scope is Scope.METER or (scope is Scope.GAS and call not in OPTIONAL)
