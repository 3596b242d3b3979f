"""Figures that a few odd days do not move: quantiles and spreads."""

from collections.abc import Sequence
from math import floor
from statistics import median
from typing import Final

# Of a normal distribution: deviations and upper quantiles in standard deviations.
MEDIAN_DEVIATION: Final = 1.4826
_UPPER: Final = 0.9
_UPPER_DEVIATION: Final = 1.2816


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of ordered values lies, interpolated.

    Raises:
        IndexError: there is none.
    """
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def upper_spread(ordered: Sequence[float]) -> float:
    """Return how far ordered values scatter upward, as a standard deviation.

    Where many lie far above the median, as in a home that is empty most of the week,
    they are usual and count.

    Raises:
        StatisticsError: there is none.
    """
    middle = median(ordered)
    upper = quantile(ordered, _UPPER) - middle
    deviation = median([abs(value - middle) for value in ordered])
    return max(MEDIAN_DEVIATION * deviation, upper / _UPPER_DEVIATION)
