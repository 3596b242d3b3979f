"""Which of an answer's blocks are accepted: none of the future, none not asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ..adict import Consumption, Reading, Refused
from .blocks import gas_days_of, is_published
from .gas_day import ONE_DAY, paris_date
from .json_values import Json, date_from_json
from .stored import checked, of_type

_MOST_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class RefusedValues:
    """The refused values of one answer: how many, and the newest of them."""

    number: int
    newest: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The accepted blocks of an answer, and why others, or parts, are refused."""

    blocks: tuple[Consumption, ...]
    refused: tuple[Refused, ...]


def accepted(
    blocks: Iterable[Consumption], *, first: date, last: date, today: date
) -> Accepted:
    """Return the blocks of an answer that its date and its query allow.

    A block is accepted if it ended by the day after the answer's date and overlaps the
    dates asked for, widened by a day; an informative one, if it is of one gas day. A
    reading of a later time is removed from its block. A `converted_volume` alone is
    refused: the volumes of a series are those that the index counts.

    Args:
        blocks: one answer's.
        first: the first date that was asked for.
        last: the last one.
        today: the answer's date in France.
    """
    kept: list[Consumption] = []
    refused: list[Refused] = []
    for block in blocks:
        gas_day = block.gas_day or paris_date(block.start)
        if reason := _problem(block, first, last, today):
            refused.append(Refused(reason, gas_day))
            continue
        start, end = block.start_reading, block.end_reading
        if _is_later(start, today) or _is_later(end, today):
            refused.append(Refused("horodate_Index: in the future", gas_day))
        if block.raw_volume is None and block.converted_volume:
            refused.append(Refused("volume_brut: only volume_converti", gas_day))
        kept.append(
            replace(
                block,
                start_reading=None if _is_later(start, today) else start,
                end_reading=None if _is_later(end, today) else end,
            )
        )
    return Accepted(tuple(kept), tuple(refused))


def _problem(block: Consumption, first: date, last: date, today: date) -> str | None:
    starts, ends = paris_date(block.start), paris_date(block.end)
    if max(ends, (block.gas_day or starts) + ONE_DAY) > today + ONE_DAY:
        return "date_fin: in the future"
    if ends < first - ONE_DAY or starts > last + ONE_DAY:
        return "date_debut: not asked for"
    if not is_published(block) and len(gas_days_of(block)) > 1:
        return "date_fin: more than a gas day"
    return None


def _is_later(reading: Reading | None, today: date) -> bool:
    at = None if reading is None else reading.at
    return at is not None and paris_date(at) > today + ONE_DAY


def refused_values(refused: Iterable[Refused]) -> RefusedValues | None:
    """Return the newest of the refused values, and their number; None: there is none.

    Those without a date go first.
    """
    by_day = sorted(refused, key=lambda value: value.gas_day or date.min)
    if not by_day:
        return None
    return RefusedValues(len(by_day), tuple(by_day[-_MOST_KEPT:]))


def refused_to_json(values: RefusedValues) -> Json:
    """Return refused values as JSON values."""
    return {
        "number": values.number,
        "newest": [
            [value.gas_day and value.gas_day.isoformat(), value.reason]
            for value in values.newest
        ],
    }


def refused_from_json(stored: Json) -> RefusedValues:
    """Return the values that `refused_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: the values are no refused ones.
    """
    return checked(
        RefusedValues(
            stored["number"],
            tuple(
                Refused(reason, date_from_json(gas_day))
                for gas_day, reason in of_type(list, stored["newest"])
            ),
        )
    )
