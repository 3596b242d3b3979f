"""The header row, found by its words and never by its place (API notes §9)."""

from collections.abc import Iterator
from dataclasses import dataclass
import re
from typing import Final

from ..adict.models.wire import folded
from .limits import MAX_CELL
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
_COLUMNS: Final = tuple((frozenset(rule.split()), name) for rule, name in _RULES)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a table's rows, from 0; None: in no column.

    Attributes:
        date: the gas day, week or month.
        energy: kWh PCS.
        volume: m³.
        coefficient: kWh PCS per m³.
        index_start: m³ on the meter when the period begins.
        index_end: m³ on the meter when it ends.
        qualification: how GRDF came by it.
        temperature: °C.
        pce: whose row it is.
        end_date: of a layout that we do not know.
        width: how many cells a row has.
    """

    date: int
    energy: int
    volume: int | None
    coefficient: int | None
    index_start: int | None
    index_end: int | None
    qualification: int | None
    temperature: int | None
    pce: int | None
    end_date: int | None
    width: int


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
    return Columns(
        date=found["date"],
        energy=found["energy"],
        volume=found.get("volume"),
        coefficient=found.get("coefficient"),
        index_start=found.get("index_start"),
        index_end=found.get("index_end"),
        qualification=found.get("qualification"),
        temperature=found.get("temperature"),
        pce=found.get("pce"),
        end_date=found.get("end_date"),
        width=1 + max(place for place, cell in enumerate(cells) if cell is not None),
    )


def _texts(cells: Cells) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            yield place, cell


def _name(said: frozenset[str]) -> str | None:
    """Return the column that a header cell's words stand for."""
    return next((name for needed, name in _COLUMNS if needed <= said), None)
