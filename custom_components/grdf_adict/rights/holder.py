"""Who holds a PCE, one after the other: whether a series may go on.

Names are compared when GRDF's list is read, and never kept.
"""

from collections.abc import Iterable
import re
from typing import Final, NamedTuple

from ..adict import AccessRight, AccessRightState, unaccented

# GRDF's "source" of what became obsolete without a change of customer.
_SAME_HOLDER: Final = ("renouvel", "date de fin")
_FORMS_OF_ADDRESS: Final = frozenset(
    {"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"}
)


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
        and was_left(other)
        and _is_older(other, right)
        and is_another_customer(other, right)
    ]
    return max(formers, key=lambda former: former[0], default=(None, None))[1]


def was_left(right: AccessRight) -> bool:
    """Return whether a right became obsolete before its end, and was not renewed."""
    if right.state is not AccessRightState.OBSOLETE or right.obsolete is None:
        return False
    source = (right.obsolete_by or "").casefold()
    if any(part in source for part in _SAME_HOLDER):
        return False
    return right.end is None or right.obsolete.date() <= right.end


def _is_older(other: AccessRight, right: AccessRight) -> bool:
    if other.created is None or right.created is None:
        return True
    return other.created <= right.created


def is_another_customer(other: AccessRight, right: AccessRight) -> bool:
    """Return whether rights name different customers; a blank one is nobody's.

    A person and an organisation are two customers.
    """
    pairs = (
        (_Name.of(other.holder_name), _Name.of(right.holder_name)),
        (_Name.of(other.holder_company), _Name.of(right.holder_company)),
    )
    shared = [(one, two) for one, two in pairs if one and two]
    if shared:
        return any(not one.is_like(two) for one, two in shared)
    ours, theirs = zip(*pairs, strict=True)
    return any(ours) and any(theirs)


class _Name(NamedTuple):
    """A name without case, accents and forms of address."""

    words: frozenset[str]
    letters: str

    @classmethod
    def of(cls, name: str | None) -> _Name | None:
        bare = unaccented(name or "").casefold()
        words = [
            word
            for word in re.findall(r"[^\W_]+", bare)
            if word not in _FORMS_OF_ADDRESS
        ]
        return cls(frozenset(words), "".join(words)) if words else None

    def is_like(self, other: _Name) -> bool:
        """Whether both have the same words, or the same letters written apart."""
        return self.words == other.words or self.letters == other.letters
