"""What a published block leaves to the days that have no value of their own."""

from collections.abc import Iterable
from typing import Final

# Kilowatt-hours and cubic metres are kept to the thousandth.
_PARTS: Final = 1000


def shares(
    whole: float | None, known: Iterable[float | None], count: int
) -> list[float | None]:
    """Share out what remains of a whole: equal parts, exact to the thousandth.

    The parts add up to the remainder to the last digit; where it does not divide, the
    first parts are a thousandth larger. A remainder below zero gives zeros; an unknown
    whole gives unknown parts.

    Args:
        whole: the block's kWh or m³; None: unknown.
        known: what its other days have of it.
        count: how many parts.
    """
    if whole is None:
        return [None] * count
    remainder = _thousandths(whole) - sum(map(_thousandths, known))
    part, left_over = divmod(max(remainder, 0), count) if count else (0, 0)
    return [(part + (place < left_over)) / _PARTS for place in range(count)]


def _thousandths(value: float | None) -> int:
    return round((value or 0.0) * _PARTS)
