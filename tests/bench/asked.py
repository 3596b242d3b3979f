"""What is asked of a part of the benchmark."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .figures import Figure


@dataclass(frozen=True, slots=True)
class Asked:
    """How a part is to measure.

    Attributes:
        seed: of what is simulated.
        quick: whether a short cut will do, that shows that it works at all.
    """

    seed: int = 2026
    quick: bool = False


type Part = Callable[[Asked], Iterable[Figure]]
"""Measures as it is asked, and tells each figure as soon as it is known."""
