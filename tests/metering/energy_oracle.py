"""What published blocks leave to their gas days, worked out from the requirement.

"Bounds go to the nearest 06:00 French time, a tie to the earlier; a block that is
nearer to no day goes to the day it lies most in. A day keeps its own value; a published
block gives the days that have none an equal share of what it leaves." Amounts are whole
thousandths. Nothing of the integration is used here, and no block overlaps another.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

_PARIS: Final = ZoneInfo("Europe/Paris")


class Given(NamedTuple):
    """A published amount between two aware instants."""

    start: datetime
    end: datetime
    amount: int


def expected(blocks: Iterable[Given], own: Mapping[date, int]) -> dict[date, int]:
    """Return the amount of each gas day that has one.

    Args:
        blocks: what is published.
        own: what days have of their own, from 06:00 to 06:00.
    """
    amounts = dict(own)
    whole = {block: _nearest_days(block) for block in blocks}
    beside: dict[date, int] = {}
    for block, days in whole.items():
        if not days:
            day = _most_of(block)
            beside[day] = beside.get(day, 0) + block.amount
    for block, days in whole.items():
        empty = [day for day in days if day not in own]
        # A day's own value is of all gas of the day: of what is beside the block too.
        left = block.amount + sum(
            beside.get(day, 0) - own[day] for day in days if day in own
        )
        for place, day in enumerate(empty):
            part, more = divmod(max(left, 0), len(empty))
            amounts[day] = part + (place < more)
    for day, amount in beside.items():
        if day not in own:
            amounts[day] = amounts.get(day, 0) + amount
    return amounts


def _six(day: date) -> datetime:
    return datetime.combine(day, time(6), _PARIS).astimezone(UTC)


def _around(block: Given) -> list[date]:
    first = block.start.astimezone(_PARIS).date() - timedelta(days=2)
    last = block.end.astimezone(_PARIS).date() + timedelta(days=2)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _nearest_days(block: Given) -> list[date]:
    near = _around(block)
    first, after = (
        min(near, key=lambda day: (abs(_six(day) - bound.astimezone(UTC)), day))
        for bound in (block.start, block.end)
    )
    return [day for day in near if first <= day < after]


def _most_of(block: Given) -> date:
    start, end = block.start.astimezone(UTC), block.end.astimezone(UTC)

    def shared(day: date) -> timedelta:
        return min(end, _six(day + timedelta(days=1))) - max(start, _six(day))

    return max(_around(block), key=lambda day: (shared(day), -day.toordinal()))
