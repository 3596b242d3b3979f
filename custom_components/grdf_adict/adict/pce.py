"""The ids of metering points (PCE) and of access rights."""

from functools import lru_cache
import re
from typing import Final

from .errors import AdictBadRequestError, InvalidPceError

_PCE: Final = re.compile(r"[0-9]{14}|GI[0-9]{6}")
# GRDF gives UUID. Nothing that could change the path of a call is accepted.
_RIGHT_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


# Each block of a stream repeats its PCE.
@lru_cache(maxsize=16)
def parse_pce(text: str) -> str:
    """Return a PCE as GRDF writes it: 14 digits, or GI and 6 digits.

    Spaces of any kind are dropped, GI is folded to upper case, leading zeros stay.

    Raises:
        InvalidPceError: the text is no PCE.
    """
    pce = "".join(text.split()).upper()
    if not _PCE.fullmatch(pce):
        raise InvalidPceError("a PCE is 14 digits, or GI and 6 digits")
    return pce


def is_pce(text: str) -> bool:
    """Return whether a text is a PCE, as `parse_pce` accepts it."""
    try:
        return bool(parse_pce(text))
    except InvalidPceError:
        return False


def mask_pce(pce: str) -> str:
    """Return what may be logged of a PCE: its last four characters."""
    return f"…{pce[-4:]}"


class InvalidRightIdError(AdictBadRequestError):
    """The text cannot be the id of an access right."""


def parse_right_id(text: str) -> str:
    """Return the id of an access right without surrounding blanks.

    Raises:
        InvalidRightIdError: the text is none.
    """
    right_id = text.strip()
    if not _RIGHT_ID.fullmatch(right_id):
        raise InvalidRightIdError("the id of an access right is letters and digits")
    return right_id
