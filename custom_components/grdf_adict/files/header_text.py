"""The words of a header cell, and rules that find a column by them."""

from collections.abc import Mapping
from functools import lru_cache
import re
from typing import Final

from ..adict import folded
from .tables import MAX_CELL

_WORD: Final = re.compile(r"[a-z0-9]+")
_PCE_LABEL: Final = frozenset(
    {"n", "no", "num", "numero", "id", "identifiant", "de", "du", "pce"}
)


class ColumnNames[T]:
    """Finds the column that a header cell names."""

    def __init__(self, columns: Mapping[T, tuple[str, ...]]) -> None:
        """Prepare the rules: each text of a column is a set of words.

        The first rule whose words are all in a cell decides; the order matters.
        """
        self._rules = [
            (frozenset(text.split()), column)
            for column, texts in columns.items()
            for text in texts
        ]

    def find(self, cell: object) -> T | None:
        """Return the column; None where the cell names none."""
        words = header_words(cell)
        return next((column for rule, column in self._rules if rule <= words), None)


def header_words(cell: object) -> frozenset[str]:
    """Return the words of a text cell, without case, accents or punctuation."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return frozenset()
    return _words(cell)


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(text)))


def labels_pce(cell: object) -> bool:
    """Return whether a cell is the label of a PCE and nothing more: "N° de PCE"."""
    words = header_words(cell)
    return "pce" in words and words <= _PCE_LABEL
