"""The header row, found by its words and never by its place (API notes §9)."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
import re
from typing import Final, NamedTuple

from ..adict import folded
from .limits import MAX_CELL, MAX_COLUMNS
from .tables import Cells

_WORD: Final = re.compile(r"[a-z0-9]+")

# The first rule whose words are all said tells the column: "Index de début de période"
# is no date, "Consommation (kWh)" is an energy, and what a converter makes of a volume
# is not the volume that the index counts.
_RULES: Final = (
    ("index fin", "index_end"),
    ("index", "index_start"),
    ("pce", "pce"),
    ("coefficient", "coefficient"),
    ("temperature", "temperature"),
    ("qualification", "qualification"),
    ("energie", "energy"),
    ("consommation kwh", "energy"),
    ("volume converti", "converted_volume"),
    ("volume", "volume"),
    ("consommation m3", "volume"),
    ("date fin", "end_date"),
    ("fin periode", "end_date"),
    ("date", "date"),
    ("jour", "date"),
    ("journee", "date"),
    ("periode", "date"),
    ("semaine", "date"),
    ("mois", "date"),
)
_BLANKS: Final = (None,) * (MAX_COLUMNS + 1)
_COLUMNS: Final = tuple((frozenset(rule.split()), name) for rule, name in _RULES)


class Said(NamedTuple):
    """What the cells of a row say; None where a cell is blank, or in no column.

    Attributes:
        date: the gas day, week or month.
        pce: whose row it is.
        qualification: how GRDF came by it.
        energy: kWh PCS.
        volume: m³.
        coefficient: kWh PCS per m³.
        index_start: m³ on the meter when the period begins.
        index_end: m³ on the meter when it ends.
        temperature: °C.
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
    """Where each thing stands in a table's rows.

    Attributes:
        width: how many cells a row has.
        has_end_date: whether the layout is one that we do not know.
    """

    def __init__(self, places: Mapping[str, int], width: int) -> None:
        """Keep the place of each column by its name in `Said`, from 0."""
        self.width = width
        self.has_end_date = "end_date" in places
        # One blank cell beyond the row's last stands for the columns it lacks.
        self._pick = itemgetter(*(places.get(name, width) for name in Said._fields))

    def read(self, cells: Cells) -> Said:
        """Return what a row's cells say; a row may be shorter than its header."""
        width = self.width
        row = (*cells[:width], *_BLANKS[: width + 1 - min(len(cells), width)])
        return Said._make(self._pick(row))


def words(cell: object) -> frozenset[str]:
    """Return the words of a text cell, without case, accent or punctuation."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return frozenset()
    return frozenset(_WORD.findall(folded(cell)))


def columns_of(cells: Cells) -> Columns | None:
    """Return the columns that a row names; None where it is no header.

    A header names at least a date and an energy.
    """
    found: dict[str, int] = {}
    for place, cell in _texts(cells):
        if (name := _name(words(cell))) is not None:
            found.setdefault(name, place)
    if "date" not in found or "energy" not in found:
        return None
    last = max(place for place, cell in enumerate(cells) if cell is not None)
    return Columns(found, width=last + 1)


def _texts(cells: Cells) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            yield place, cell


def _name(said: frozenset[str]) -> str | None:
    """Return the column that a header cell's words stand for."""
    return next((name for needed, name in _COLUMNS if needed <= said), None)
