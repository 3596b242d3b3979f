"""The right that a declaration made, and where it differs from the declaration."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .answer import Status, status_of
from .declaration import Declaration
from .errors import DONE, WAITING
from .models.access_right import (
    AccessRight,
    AccessRightState,
    Role,
    read_access_right,
)
from .models.wire import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRight:
    """The right that a declaration made, and GRDF's code and masked text.

    `waiting`: the customer has yet to agree (API notes §4).
    """

    right: AccessRight
    waiting: bool
    code: str
    message: str | None


class GrantField(StrEnum):
    """What a right may grant differently: the fields of a `Declaration`."""

    ROLE = "role"
    START = "start"
    END = "end"
    DATA_FROM = "data_from"
    DATA_TO = "data_to"
    CONTRACTUAL = "contractual"
    TECHNICAL = "technical"
    INFORMATIVE = "informative"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class GrantDifference:
    """A field that GRDF granted otherwise than declared."""

    field: GrantField
    asked: date | bool | Role
    granted: date | bool | Role


def read_declared_right(wire: JsonObject) -> DeclaredRight:
    """Return the right that a declaration made.

    Raises:
        ImpossibleValueError: it names no PCE.
    """
    right = read_access_right(wire)
    status = status_of(wire) or Status(DONE)
    return DeclaredRight(
        right=right,
        waiting=(status.code == WAITING or right.state is AccessRightState.TO_VALIDATE),
        code=status.code,
        message=status.message,
    )


def differences(
    declaration: Declaration, right: AccessRight
) -> tuple[GrantDifference, ...]:
    """Return what a right grants otherwise than declared (API notes §4).

    The end that counts is the earliest that GRDF names. What GRDF leaves blank is no
    difference.
    """
    injection = declaration.role.is_injection
    ends = [end for end in (right.end, right.authorisation_end) if end is not None]
    granted: dict[GrantField, date | bool | Role | None] = {
        GrantField.ROLE: None if right.role is Role.UNKNOWN else right.role,
        GrantField.START: right.start,
        GrantField.END: min(ends, default=None),
        GrantField.DATA_FROM: (
            right.injection_from if injection else right.consumption_from
        ),
        GrantField.DATA_TO: right.injection_to if injection else right.consumption_to,
        GrantField.CONTRACTUAL: right.contractual,
        GrantField.TECHNICAL: right.technical,
        GrantField.INFORMATIVE: right.informative,
        GrantField.PUBLISHED: right.published,
    }
    return tuple(
        GrantDifference(field, declared, value)
        for field, value in granted.items()
        if value is not None and value != (declared := getattr(declaration, field))
    )
