"""Amounts added up without the noise of binary fractions."""

from collections.abc import Iterable
from decimal import Decimal


def exact(amount: float | None) -> Decimal:
    """Return an amount as it is written in decimals; an unknown one is zero."""
    return Decimal(repr(amount or 0.0))


def exact_sum(amounts: Iterable[float | None]) -> Decimal:
    """Return the sum of amounts to the last digit; unknown ones count as zero."""
    return sum(map(exact, amounts), Decimal(0))
