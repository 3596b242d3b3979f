"""The header row, found by its text and never by its position (API notes §9)."""

from collections.abc import Mapping
from operator import itemgetter
import re
from typing import Final, NamedTuple

from ..adict import folded
from .tables import MAX_CELL, MAX_COLUMNS, Cells

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


# "Index de début de période" is no date, "Consommation (kWh)" is an energy, and a
# converted volume is not the volume that the index counts.
_COLUMNS: Final = ColumnNames(
    {
        "index_end": ("index fin",),
        "index_start": ("index",),
        "pce": ("pce",),
        "coefficient": ("coefficient",),
        "temperature": ("temperature",),
        "qualification": ("qualification",),
        "energy": ("energie", "consommation kwh"),
        "converted_volume": ("volume converti",),
        "volume": ("volume", "consommation m3"),
        "end_date": ("date fin", "fin periode"),
        "date": ("date", "jour", "journee", "periode", "semaine", "mois"),
    }
)
_BLANKS: Final = (None,) * (MAX_COLUMNS + 1)


class RowCells(NamedTuple):
    """The cells of a row by column; None where a cell is blank, or in no column.

    The date is a gas day, a week or a month; the energy is in kWh PCS, the volume and
    both indexes in m³, the coefficient in kWh PCS per m³, the temperature in °C.
    """

    date: object
    pce: object
    qualification: object
    energy: object
    volume: object
    coefficient: object
    index_start: object
    index_end: object
    temperature: object


class Columns:
    """The positions of a table's columns.

    Attributes:
        width: how many cells a row has.
        has_end_date: whether the layout is not one of GRDF's.
    """

    def __init__(self, positions: Mapping[str, int], width: int) -> None:
        """Keep the position of each column by its name in `RowCells`, from 0."""
        self.width = width
        self.has_end_date = "end_date" in positions
        # One blank cell beyond the row's last stands for the columns it lacks.
        self._pick = itemgetter(
            *(positions.get(name, width) for name in RowCells._fields)
        )

    def read(self, cells: Cells) -> RowCells:
        """Return a row's cells; a row may be shorter than its header."""
        width = self.width
        row = (*cells[:width], *_BLANKS[: width + 1 - min(len(cells), width)])
        return RowCells._make(self._pick(row))


def header_words(cell: object) -> frozenset[str]:
    """Return the words of a text cell, without case, accents or punctuation."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return frozenset()
    return frozenset(_WORD.findall(folded(cell)))


def labels_pce(cell: object) -> bool:
    """Return whether a cell is the label of a PCE and nothing more: "N° de PCE"."""
    words = header_words(cell)
    return "pce" in words and words <= _PCE_LABEL


def columns_of(cells: Cells) -> Columns | None:
    """Return the columns that a row names; None where it is no header.

    A header names at least a date and an energy.
    """
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        if (name := _COLUMNS.find(cell)) is not None:
            found.setdefault(name, position)
    if "date" not in found or "energy" not in found:
        return None
    last = max(position for position, cell in enumerate(cells) if cell is not None)
    return Columns(found, width=last + 1)
