"""From the moments at which a price changed to the price of each gas day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from ..gas_day import ONE_DAY, gas_day_start


def daily_prices(
    changes: Sequence[tuple[datetime, Decimal]], gas_days: Iterable[date]
) -> dict[date, Decimal]:
    """Return the price of each gas day: its first, the one it begins with if it can.

    Args:
        changes: the aware instants at which a price began, and the price, oldest first;
            each holds until the next.
        gas_days: those to price; the ones that end before the first change are left
            out.
    """
    moments = [moment for moment, _ in changes]
    prices: dict[date, Decimal] = {}
    for day in gas_days:
        start, end = gas_day_start(day), gas_day_start(day + ONE_DAY)
        if held := bisect_right(moments, start):
            prices[day] = changes[held - 1][1]
        elif bisect_left(moments, end):
            prices[day] = changes[0][1]
    return prices
