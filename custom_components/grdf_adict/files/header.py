"""The header row, found by its text and never by its position (API notes §9).

What a cell names is found by its words and its unit. GRDF's own headers win over any
other for the same column; money, other fuels, rates and running totals are no gas used.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache
import re
from typing import Final, NamedTuple

from ..adict import folded
from ..metering import ExportKind
from .header_text import ColumnNames, header_words
from .tables import MAX_CELL, Cells


class Rank(IntEnum):
    """How well a header names its column; the lowest wins."""

    GRDF = 0
    """As GRDF itself writes it."""
    GAS = 1
    PLAIN = 2
    WEEK = 3
    MONTH = 4
    OTHER_DATE = 5
    """The date of a bill, of an export."""


class Heading(NamedTuple):
    """What one cell of a header names.

    Attributes:
        column: a field of `RowCells`, "end_date", or "pci".
        rank: see `Rank`.
        position: from 0.
        unit: its unit in kWh or m³: 1,000 for MWh; None: it names no unit.
        words: of the cell.
        label: the cell's text.
    """

    column: str
    rank: Rank
    position: int
    unit: float | None = None
    words: frozenset[str] = frozenset()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A row that names at least a date and an energy.

    Attributes:
        headings: what its cells name, from the left.
        width: how many cells it has.
    """

    headings: tuple[Heading, ...] = field(repr=False)
    width: int

    def named(self, column: str) -> list[Heading]:
        """Return the headings of a column, the best first."""
        found = (each for each in self.headings if each.column == column)
        return sorted(found, key=lambda each: (each.rank, each.position))

    @property
    def is_grdf(self) -> bool:
        """Whether the energy and another column have the headers that GRDF writes."""
        return "energy" in self.own and len(self.own) > 1

    @property
    def own(self) -> set[str]:
        """The columns that have the headers that GRDF writes."""
        return {each.column for each in self.headings if each.rank is Rank.GRDF}


# The words that distinguish GRDF's own headers from others.
_FILLERS: Final = frozenset({"de", "du", "la", "le", "pcs"})
_GRDF: Final = {
    frozenset(text.split()): column
    for text, column in (
        ("date releve", "date"),
        ("index debut periode m3", "index_start"),
        ("index fin periode m3", "index_end"),
        ("volume consomme m3", "volume"),
        ("volume consomme", "volume"),
        ("energie consommee kwh", "energy"),
        ("energie consommee", "energy"),
        ("coefficient conversion", "coefficient"),
        ("temperature locale c", "temperature"),
        ("qualification releve", "qualification"),
    )
}
_WITH_UNIT: Final = frozenset({"energy", "volume"})
# "Index de début de période" is no date. What has a unit is found by it.
_COLUMNS: Final = ColumnNames(
    {
        "index_end": ("index fin", "index end"),
        "index_start": ("index",),
        "pce": ("pce",),
        "coefficient": ("coefficient", "conversion factor"),
        "temperature": ("temperature",),
        "qualification": ("qualification", "qualite", "quality"),
        "fluid": ("fluide", "fluid", "type energie", "sens", "direction"),
    }
)
_MEASURES: Final = ColumnNames(
    {
        "energy": ("energie", "energies", "energy"),
        "volume": ("volume", "volumen"),
    }
)
_DATES: Final = ColumnNames(
    {
        "end_date": ("date fin", "fin periode"),
        "date": ("date", "jour", "journee", "gas day", "day", "datum"),
        "week": ("periode", "semaine", "week"),
        "month": ("mois", "month", "monat"),
    }
)
_DATE_RANKS: Final = {"date": Rank.PLAIN, "week": Rank.WEEK, "month": Rank.MONTH}
_OTHER_DATES: Final = (
    *("factur", "echeance", "export", "edition", "paiement", "prelev", "contrat"),
    *("emission", "creation", "import", "mise", "invoice", "bill", "saisie"),
    *("publi", "envoi", "transm", "extract", "traite"),
)

_ENERGY_UNIT: Final = re.compile(r"(?<![a-z0-9])([kmg]?)w[ .·]?h(?:pcs)?(?![a-z0-9])")
_KWH: Final = {"": 0.001, "k": 1.0, "m": 1_000.0, "g": 1_000_000.0}
_M3: Final = {"m3": 1.0, "dm3": 0.001, "litre": 0.001, "litres": 0.001}
_CONVERTED_M3: Final = frozenset({"nm3", "m3n", "converti", "convertie", "convertis"})
# "12 kWh" is a value, and no header.
_VALUE: Final = re.compile(r"[0-9] ?(?:[kmg]?wh|d?m3)")
# A digit that is no part of "m3".
_NUMBER: Final = re.compile(r"(?<!m)[0-9]")
# "par" and "/" ahead of what a total of a row is never of.
_AVERAGE: Final = re.compile(
    r"(?:/|par |per ) ?(?:ans?|annee|year|logement|appartement|foyer|personne|habitant)"
    r"(?![a-z])"
)
# An energy of days in rows of months is no total of theirs.
_KIND_BEGINNINGS: Final = {
    ExportKind.DAILY: ("jour", "quotidien", "daily", "day"),
    ExportKind.WEEKLY: ("semaine", "hebdo", "week"),
    ExportKind.MONTHLY: ("mois", "mensuel", "month"),
}
_RATE: Final = re.compile(r"(?:wh|m3|litres?)\)?(?: ?pc[si]\)?)? ?(?:/|par |per )")

_CURRENCY: Final = re.compile("[€$£¥¤\x80]|â\u201a¬")
_MONEY: Final = frozenset(
    {
        *("eur", "euro", "euros", "cents", "centimes", "cts", "ttc", "ht", "tva"),
        *("cout", "couts", "cost", "costs", "prix", "price", "prices"),
        *("montant", "montants", "amount", "tarif", "tarifs", "tariff", "depense"),
        *("depenses",),
    }
)
# What is measured, but is not the gas that a meter counted in a period.
_OTHER_WORDS: Final = frozenset(
    {
        *("eau", "water", "bois", "gpl", "chaleur", "heat", "co2", "kgco2"),
        *("kva", "kw", "mw", "hp", "hc", "hph", "hch", "hpe", "hce"),
        *("pleines", "creuses", "puissance", "power", "debit", "dju", "m2"),
        *("min", "max", "mini", "maxi", "minimum", "maximum", "average", "mean"),
        *(
            "depuis",
            "since",
            "budget",
            "reference",
            "ecart",
            "difference",
            "variation",
            "sum",
        ),
        *("mj", "gj", "kj", "thermie", "thermies", "kcal", "tep", "btu"),
    }
)
_OTHER_BEGINNINGS: Final = (
    *("elec", "injec", "produ", "cumul", "prev", "objecti", "moy", "souscri"),
    *("precedent", "sola", "photovolt", "fioul", "fuel", "propane", "butane"),
    *("granul", "pellet", "compens", "percent", "pourcent"),
    *("annuel", "yearly", "millier"),
)
# What a row may be of, instead of the gas used: in its own cell.
_OTHER_FLUIDS: Final = frozenset({"eau", "water", "bois", "gpl", "chaleur"})
_FLUID_BEGINNINGS: Final = (
    *("elec", "injec", "produ", "sola", "photovolt", "fioul", "fuel"),
    *("propane", "butane", "granul", "pellet"),
)
_READINGS: Final = frozenset({"compteur", "releve", "releves", "meter", "reading"})
_OTHER_PAIRS: Final = (frozenset({"chauffage", "urbain"}), frozenset({"n", "1"}))


def header_of(cells: Cells) -> Header | None:
    """Return what a row names; None where it is no header.

    A header names at least a date and an energy.
    """
    header = headings_of(cells)
    named = {each.column for each in header.headings}
    return header if {"date", "energy"} <= named else None


def headings_of(cells: Cells) -> Header:
    """Return what a row names, whether it is a header or not."""
    headings = tuple(
        heading
        for position, cell in enumerate(cells)
        if (heading := _heading(cell, position)) is not None
    )
    filled = (position for position, cell in enumerate(cells) if cell is not None)
    return Header(headings, width=max(filled, default=-1) + 1)


def with_units_below(header: Header, cells: Cells) -> Header:
    """Return a header with the units that the row right below it names, if any.

    Where the header names another unit, neither is known.
    """

    def with_unit(heading: Heading) -> Heading:
        if heading.column not in _WITH_UNIT or heading.position >= len(cells):
            return heading
        below = _unit_in(heading.column, cells[heading.position])
        if below is None or below == heading.unit:
            return heading
        return heading._replace(unit=below if heading.unit is None else None)

    return replace(header, headings=tuple(map(with_unit, header.headings)))


def _unit_in(column: str, cell: object) -> float | None:
    words = header_words(cell)
    if not isinstance(cell, str) or _NUMBER.search(folded(cell)):
        return None
    energies = set(_ENERGY_UNIT.findall(folded(cell)))
    if column == "energy":
        return _KWH[energies.pop()] if len(energies) == 1 else None
    return next((_M3[word] for word in words if word in _M3), None)


def names_money(cell: object) -> bool:
    """Return whether a header is that of a price, a cost, an amount of money."""
    is_marked = isinstance(cell, str) and _CURRENCY.search(cell[:MAX_CELL])
    return bool(is_marked) or not _MONEY.isdisjoint(header_words(cell))


def names_other_fluid(cell: object) -> bool:
    """Return whether a row's cell names another energy than gas, or gas injected."""
    if cell is None:
        return False
    words = header_words(cell)
    if not words.isdisjoint({"gaz", "gas"}):
        return any(word.startswith(("injec", "produ")) for word in words)
    return not words.isdisjoint(_OTHER_FLUIDS) or any(
        word.startswith(_FLUID_BEGINNINGS) for word in words
    )


def kind_of_energy(cell: object) -> ExportKind | None:
    """Return what the header of an energy says that it is of: "par jour"."""
    kinds = [
        kind
        for kind, beginnings in _KIND_BEGINNINGS.items()
        if any(word.startswith(beginnings) for word in header_words(cell))
    ]
    return kinds[0] if len(kinds) == 1 else None


def _heading(cell: object, position: int) -> Heading | None:
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return None
    heading = _heading_of(cell)
    return heading and heading._replace(position=position)


# A row that may be a header is looked at for several reasons.
@lru_cache(maxsize=256)
def _heading_of(cell: str) -> Heading | None:
    words = header_words(cell)
    if not words:
        return None
    if column := _GRDF.get(words - _FILLERS):
        is_bare = words.isdisjoint({"kwh", "m3"}) and column in _WITH_UNIT
        return Heading(column, Rank.GRDF, 0, None if is_bare else 1.0, words, cell)
    if names_money(cell):
        return None
    named = _named(cell, words) or _measured(cell, words) or _dated(cell, words)
    if named is None:
        return None
    column, rank, unit = named
    return Heading(column, rank, 0, unit, words, cell)


def _named(cell: str, words: frozenset[str]) -> tuple[str, Rank, float | None] | None:
    """Return the column of what is named by its words alone, and of an index."""
    column = _COLUMNS.find(cell)
    if column is None or "index" not in words:
        return (column, Rank.PLAIN, 1.0) if column else None
    if _ENERGY_UNIT.search(folded(cell)) or not words.isdisjoint({"eau", "water"}):
        return None
    unit = next((_M3[word] for word in words if word in _M3), 1.0)
    return column, Rank.PLAIN, unit


def _measured(
    cell: str, words: frozenset[str]
) -> tuple[str, Rank, float | None] | None:
    """Return the column of an energy or a volume of gas used."""
    text = folded(cell)
    measure = None if "index" in words else _measure(text, words, cell)
    if measure is None or _is_of_something_else(text, words):
        return None
    column, unit = measure
    is_gas = not words.isdisjoint({"gaz", "gas", "gazpar", "grdf"})
    return column, Rank.GAS if is_gas else Rank.PLAIN, unit


def _measure(
    text: str, words: frozenset[str], cell: str
) -> tuple[str, float | None] | None:
    """Return energy or volume, and its unit; None where a header names neither."""
    energies = set(_ENERGY_UNIT.findall(text))
    volumes = {_M3[word] for word in words if word in _M3}
    is_converted = not words.isdisjoint(_CONVERTED_M3)
    named = _MEASURES.find(cell)
    if named is None and _VALUE.search(text):
        return None
    if (energies or named == "energy") and (volumes or is_converted):
        return None
    if energies or named == "energy":
        name = "pci" if "pci" in words and "pcs" not in words else "energy"
        return name, _KWH[energies.pop()] if len(energies) == 1 else None
    if volumes or is_converted or named == "volume":
        unit = volumes.pop() if len(volumes) == 1 else None
        return "converted_volume" if is_converted else "volume", unit
    return None


def _is_of_something_else(text: str, words: frozenset[str]) -> bool:
    """Return whether a header with a unit is not of the gas used in a period."""
    if _ENERGY_UNIT.search(text):
        # "kW.h" is no power.
        words -= {"kw", "mw"}
    # "Compteur (kWh)" is what a meter shows.
    is_used = any(word.startswith(("consomm", "conso")) for word in words)
    return (
        "%" in text
        or (not is_used and not words.isdisjoint(_READINGS))
        or not words.isdisjoint(_OTHER_WORDS)
        or any(word.startswith(_OTHER_BEGINNINGS) for word in words)
        or any(pair <= words for pair in _OTHER_PAIRS)
        or _RATE.search(text) is not None
        or _AVERAGE.search(text) is not None
    )


def _dated(cell: str, words: frozenset[str]) -> tuple[str, Rank, float | None] | None:
    """Return the column of a date, or of the end of a period."""
    column = _DATES.find(cell)
    # "Electricité du jour (kWh)" is no date.
    if column is None or _measure(folded(cell), words, cell):
        return None
    if column == "end_date":
        return column, Rank.PLAIN, None
    is_other = any(word.startswith(_OTHER_DATES) for word in words)
    return "date", Rank.OTHER_DATE if is_other else _DATE_RANKS[column], None
