"""What a meter's rows should hold, worked out in a few plain lines.

Written apart from the integration, and kept simpler: the published blocks that the
sandbox gives never overlap.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

type Amounts = dict[date, float | None]


def expected_days(
    days: Mapping[date, float | None], blocks: Iterable[tuple[date, date, float]]
) -> Amounts:
    """Return the amount of every gas day, from the first known to the newest.

    A day keeps its own amount; what a block (start, exclusive end, amount) leaves goes
    in equal thousandths to its days that have none.
    """
    amounts = {day: amount for day, amount in days.items() if amount is not None}
    for start, end, whole in blocks:
        covered = [start + timedelta(days=n) for n in range((end - start).days)]
        empty = [day for day in covered if day not in amounts]
        left = round(whole * 1000) - sum(
            round(amounts[day] * 1000) for day in covered if day in amounts
        )
        for place, day in enumerate(empty):
            part, more = divmod(max(left, 0), len(empty))
            amounts[day] = (part + (place < more)) / 1000
    if not amounts:
        return {}
    first, newest = min(amounts), max([*amounts, *days])
    every = (first + timedelta(days=n) for n in range((newest - first).days + 1))
    return {day: amounts.get(day) for day in every}
