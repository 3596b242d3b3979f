"""Who holds a PCE, one after the other: whether a series may go on.

Names are compared when GRDF's list is read, and never kept.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
import unicodedata

from ..adict import AccessRight, AccessRightState

# GRDF's "source" of what became obsolete without a change of customer.
_SAME_HOLDER: Final = ("renouvel", "date de fin")


def former_right(
    right: AccessRight, listed: Iterable[AccessRight]
) -> AccessRight | None:
    """Return the last right of the customer who held the PCE before a right's customer.

    That is an older one that became obsolete although none of its ends was reached and
    it was not renewed, and that names another customer. None: there is none.
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
    return max(formers, key=lambda former: former[0], default=(None, None))[1]


def _was_left(right: AccessRight, obsolete: datetime) -> bool:
    if right.state is not AccessRightState.OBSOLETE:
        return False
    source = (right.obsolete_by or "").casefold()
    if any(part in source for part in _SAME_HOLDER):
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
