"""The parts of the benchmark: a name, and what measures."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from . import unusual
from .figures import Figure

type Part = Callable[[int], Iterable[Figure]]
"""Measures with a seed, and tells each figure as soon as it is known."""

PARTS: Final[Mapping[str, Part]] = {
    "unusual": unusual.figures,
}
