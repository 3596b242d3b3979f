"""Who holds a PCE, one after the other: whether a series may go on.

Names are compared while GRDF's list is at hand, and never kept.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
import unicodedata

from ..adict import AccessRight, AccessRightState

if TYPE_CHECKING:
    from ..meters.data import MeterData
    from ..storage.meter_file import MeterFile
    from .right import MeterRight

# GRDF's "source" of what became obsolete without anybody moving.
_SAME_HOLDER: Final = ("renouvel", "date de fin")


def former_right(
    right: AccessRight, listed: Iterable[AccessRight]
) -> AccessRight | None:
    """Return the last right of whoever held the PCE before a right's customer.

    That is an older one that became obsolete although no end of it was reached and
    nobody renewed it, and that names another customer. None: there is none.
    """
    formers = [
        (other.obsolete, other)
        for other in listed
        if other.id != right.id
        and other.obsolete is not None
        and _was_left(other, other.obsolete)
        and _is_older(other, right)
        and _holder(other) != _holder(right)
    ]
    if not formers:
        return None
    return max(formers, key=lambda former: former[0])[1]


def is_of_another_holder(
    right: MeterRight | None, known: MeterFile | MeterData
) -> bool:
    """Whether a right is another customer's than the one whose gas days are known."""
    return (
        right is not None
        and right.former is not None
        and right.former != known.former
        and known.days > 0
    )


def of_the_holder(file: MeterFile, right: MeterRight | None) -> MeterFile:
    """Return a meter's file as that of the customer whose right this is."""
    if right is None or right.former == file.former:
        return file
    return replace(file, former=right.former)


def _was_left(right: AccessRight, obsolete: datetime) -> bool:
    if right.state is not AccessRightState.OBSOLETE:
        return False
    source = (right.obsolete_by or "").casefold()
    if any(word in source for word in _SAME_HOLDER):
        return False
    return right.end is None or obsolete.date() <= right.end


def _is_older(other: AccessRight, right: AccessRight) -> bool:
    if other.created is None or right.created is None:
        return True
    return other.created <= right.created


def _holder(right: AccessRight) -> tuple[str, str]:
    return _folded(right.holder_name), _folded(right.holder_company)


def _folded(name: str | None) -> str:
    bare = unicodedata.normalize("NFKD", name or "").casefold()
    return "".join(char for char in bare if char.isalnum())
