"""What GRDF made of a declaration: the right, and where it differs from the request."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .answer import status_of
from .declaration import Declaration
from .errors import DONE, WAITING, masked
from .models.access_right import (
    AccessRight,
    AccessRightState,
    Role,
    read_access_right,
)
from .models.wire import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRight:
    """The right that a declaration made.

    Attributes:
        right: as GRDF granted it, which may be less than was asked: see `differences`.
        waiting: whether the customer has yet to agree (API notes §4).
        code: GRDF's code.
        message: GRDF's words, masked.
    """

    right: AccessRight
    waiting: bool
    code: str
    message: str | None


class GrantField(StrEnum):
    """What a right may grant differently."""

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
    """One thing that GRDF granted otherwise than it was asked for."""

    field: GrantField
    asked: date | bool | Role
    granted: date | bool | Role


def read_declared_right(wire: JsonObject) -> DeclaredRight:
    """Return the right that a declaration made.

    Raises:
        ImpossibleValueError: it names no PCE.
    """
    right = read_access_right(wire)
    status = status_of(wire)
    code = status.code if status else DONE
    message = status.message if status else None
    return DeclaredRight(
        right=right,
        waiting=code == WAITING or right.state is AccessRightState.TO_VALIDATE,
        code=code,
        message=masked(message) if message else None,
    )


def differences(
    declaration: Declaration, right: AccessRight
) -> tuple[GrantDifference, ...]:
    """Return what a right grants otherwise than declared (API notes §4).

    The end that counts is the earliest that GRDF names. A date that GRDF does not
    name, or a role, is no difference; a perimeter that it does not name is not granted.
    """
    injection = declaration.role.is_injection
    ends = [end for end in (right.end, right.authorisation_end) if end is not None]
    pairs: tuple[tuple[GrantField, date | bool | Role, date | bool | Role | None], ...]
    pairs = (
        (
            GrantField.ROLE,
            declaration.role,
            None if right.role is Role.UNKNOWN else right.role,
        ),
        (GrantField.START, declaration.start, right.start),
        (GrantField.END, declaration.end, min(ends, default=None)),
        (
            GrantField.DATA_FROM,
            declaration.data_from,
            right.injection_from if injection else right.consumption_from,
        ),
        (
            GrantField.DATA_TO,
            declaration.data_to,
            right.injection_to if injection else right.consumption_to,
        ),
        (GrantField.CONTRACTUAL, declaration.contractual, right.contractual),
        (GrantField.TECHNICAL, declaration.technical, right.technical),
        (GrantField.INFORMATIVE, declaration.informative, right.informative),
        (GrantField.PUBLISHED, declaration.published, right.published),
    )
    return tuple(
        GrantDifference(field, asked, granted)
        for field, asked, granted in pairs
        if granted is not None and granted != asked
    )
