"""The place and the energy of a row, from columns that are not read."""

from collections.abc import Iterable
import re
from typing import Final

from ..adict import folded
from .cells import is_blank
from .header import headings_of, names_money, names_other_fluid
from .header_text import header_words
from .tables import MAX_CELL, Cells

_REMARKS: Final = ("remarq", "comment", "note", "observ", "info")
_PLACES: Final = (
    *("logement", "appart", "site", "point", "adresse", "batiment"),
    *("compteur", "meter", "dwelling", "address"),
)
# Such a column may have the numbers of dwellings; any other's are amounts.
_NUMBERED: Final = frozenset({"logement", "appartement", "batiment", "dwelling"})
_LABEL: Final = frozenset({"n", "no", "num", "numero", "de", "du"})
_AMOUNT: Final = re.compile(r"[-+]?[0-9][0-9 .,]{0,11}(?: ?[a-z°€%/]{1,4}[23]?)?")
# "Eau chaude" is a use of gas.
_FEW_WORDS: Final = 2
_USE: Final = frozenset({"chaude", "ecs"})


class UnreadColumns:
    """The columns of a table that are not read, and may name the places of its rows."""

    def __init__(self, header: Cells = (), positions: Iterable[int] = ()) -> None:
        """Begin above the table's first row."""
        others = {heading.position for heading in headings_of(header).headings}
        others |= {at for at, cell in enumerate(header) if names_money(cell)}
        self._types: list[int] = []
        self._places: dict[int, bool] = {}
        for position in positions:
            words = header_words(header[position])
            if not _has(words, _REMARKS):
                self._types.append(position)
            if _has(words, _PLACES) and position not in others:
                self._places[position] = words <= _NUMBERED | _LABEL
        self._first: dict[int, str] = {}
        self._last: dict[int, str] = {}

    def names_other_fluid(self, cells: Cells) -> bool:
        """Return whether a cell names another energy than gas: "Electricité"."""
        for at in self._types:
            cell = cells[at] if at < len(cells) else None
            if isinstance(cell, str):
                words = header_words(cell)
                is_short = len(words) <= _FEW_WORDS and words.isdisjoint(_USE)
                if is_short and names_other_fluid(cell):
                    return True
        return False

    def place(self, cells: Cells) -> str:
        """Return the place of a row; empty: it is that of the table's first one.

        A cell that is blank has what the one above it has.
        """
        for position, is_numbered in self._places.items():
            cell = cells[position] if position < len(cells) else None
            text = "" if is_blank(cell) else folded(str(cell)[:MAX_CELL])
            if text and (is_numbered or not _AMOUNT.fullmatch(text)):
                self._first.setdefault(position, text)
                self._last[position] = text
        return "" if self._last == self._first else "\n".join(self._last.values())


def _has(words: Iterable[str], beginnings: tuple[str, ...]) -> bool:
    return any(word.startswith(beginnings) for word in words)
