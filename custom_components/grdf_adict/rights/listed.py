"""A contract's list of rights beside what was known of them."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ..adict import AccessRight, Answer
from .right import MeterRights, meter_rights


class ListedRights(NamedTuple):
    """The rights on each PCE of a contract, and the PCE with one that is open."""

    by_pce: Mapping[str, MeterRights]
    open_pces: frozenset[str]


def listed_rights(
    answer: Answer[AccessRight], today: date, known: Mapping[str, MeterRights]
) -> ListedRights:
    """Return what holds once a list of rights has come, on a date in France.

    Rights that are missing in a cut answer may be in its lost part: those of `known`
    stay. Seconds of work for tens of thousands of rights.
    """
    rights = meter_rights(answer.items, today, known)
    if not answer.complete:
        listed = {right.id for right in answer.items}
        missing = {
            pce: before
            for pce, before in known.items()
            if any(right.id not in listed for right in before.all)
        }
        rights = {**known, **rights, **missing}
    is_open = frozenset(pce for pce, right in rights.items() if right.is_open(today))
    return ListedRights(rights, is_open)
