"""The columns of a fleet's table: found by their words, in French or English."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from ..adict import folded
from ..files import Cells, words
from .errors import FleetFileError, FleetProblem

# Beyond this a name is another one, not a slip of the pen.
_ALIKE: Final = 0.8
_LONGEST_NAME: Final = 40
_PLAIN: Final = frozenset(
    {"n", "no", "num", "numero", "id", "identifiant", "de", "pce"}
)


class Column(StrEnum):
    """What a column of the table holds."""

    PCE = "pce"
    ACTION = "action"
    ROLE = "role"
    HOLDER_NAME = "holder_name"
    HOLDER_COMPANY = "holder_company"
    POSTCODE = "postcode"
    MAIL = "mail"
    MOBILE = "mobile"
    START = "start"
    END = "end"
    DATA_FROM = "data_from"
    DATA_TO = "data_to"
    PUBLISHED = "published"
    INFORMATIVE = "informative"
    CONTRACTUAL = "contractual"
    TECHNICAL = "technical"
    TITLE = "title"


NAMES: Final[Mapping[Column, tuple[str, str]]] = {
    Column.PCE: ("N° PCE", "PCE"),
    Column.ACTION: ("Action", "Action"),
    Column.ROLE: ("Rôle", "Role"),
    Column.HOLDER_NAME: ("Titulaire", "Customer"),
    Column.HOLDER_COMPANY: ("Raison sociale", "Company"),
    Column.POSTCODE: ("Code postal", "Postcode"),
    Column.MAIL: ("Courriel", "E-mail"),
    Column.MOBILE: ("Mobile", "Mobile"),
    Column.START: ("Début du droit", "Right from"),
    Column.END: ("Fin du droit", "Right to"),
    Column.DATA_FROM: ("Données depuis", "Data from"),
    Column.DATA_TO: ("Données jusqu'au", "Data to"),
    Column.PUBLISHED: ("Données publiées", "Published data"),
    Column.INFORMATIVE: ("Données informatives", "Informative data"),
    Column.CONTRACTUAL: ("Données contractuelles", "Contractual data"),
    Column.TECHNICAL: ("Données techniques", "Technical data"),
    Column.TITLE: ("Nom du compteur", "Meter name"),
}
"""How the template calls each column, in French and in English."""

# The first rule whose words are all said tells the column: "Courriel du titulaire" is
# no name, "Nom du compteur" no customer's.
_RULES: Final = (
    ("pce", Column.PCE),
    ("contractuelles", Column.CONTRACTUAL),
    ("contractual", Column.CONTRACTUAL),
    ("techniques", Column.TECHNICAL),
    ("technical", Column.TECHNICAL),
    ("informatives", Column.INFORMATIVE),
    ("informative", Column.INFORMATIVE),
    ("publiees", Column.PUBLISHED),
    ("published", Column.PUBLISHED),
    ("donnees debut", Column.DATA_FROM),
    ("donnees depuis", Column.DATA_FROM),
    ("data from", Column.DATA_FROM),
    ("data start", Column.DATA_FROM),
    ("perimetre debut", Column.DATA_FROM),
    ("donnees fin", Column.DATA_TO),
    ("donnees jusqu", Column.DATA_TO),
    ("data to", Column.DATA_TO),
    ("data end", Column.DATA_TO),
    ("perimetre fin", Column.DATA_TO),
    ("code postal", Column.POSTCODE),
    ("cp", Column.POSTCODE),
    ("postcode", Column.POSTCODE),
    ("zip", Column.POSTCODE),
    ("courriel", Column.MAIL),
    ("mail", Column.MAIL),
    ("email", Column.MAIL),
    ("mobile", Column.MOBILE),
    ("telephone", Column.MOBILE),
    ("portable", Column.MOBILE),
    ("phone", Column.MOBILE),
    ("raison", Column.HOLDER_COMPANY),
    ("societe", Column.HOLDER_COMPANY),
    ("entreprise", Column.HOLDER_COMPANY),
    ("company", Column.HOLDER_COMPANY),
    ("compteur", Column.TITLE),
    ("logement", Column.TITLE),
    ("meter", Column.TITLE),
    ("role", Column.ROLE),
    ("action", Column.ACTION),
    ("operation", Column.ACTION),
    ("a faire", Column.ACTION),
    ("droit debut", Column.START),
    ("date debut", Column.START),
    ("right from", Column.START),
    ("start", Column.START),
    ("droit fin", Column.END),
    ("date fin", Column.END),
    ("right to", Column.END),
    ("end", Column.END),
    ("titulaire", Column.HOLDER_NAME),
    ("customer", Column.HOLDER_NAME),
    ("client", Column.HOLDER_NAME),
    ("holder", Column.HOLDER_NAME),
    ("nom", Column.HOLDER_NAME),
)
_COLUMNS: Final = tuple((frozenset(rule.split()), name) for rule, name in _RULES)
_KNOWN: Final = {
    folded(name): column for column, names in NAMES.items() for name in names
} | {rule: column for rule, column in _RULES if len(rule) > len("client")}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns that a row names.

    Attributes:
        places: where each stands in a row, from 0.
        unknown: names that are no column's, nor like one: they are not read.
    """

    places: Mapping[Column, int]
    unknown: tuple[str, ...] = ()


def is_header(cells: Cells) -> bool:
    """Return whether a row names columns: three, the PCE and another, or it plainly.

    "Liste des PCE" alone is a title.
    """
    found = {_column(cell) for cell in cells} - {None}
    if Column.PCE not in found:
        return len(found) >= 3  # noqa: PLR2004
    return len(found) > 1 or any(
        "pce" in words(cell) and words(cell) <= _PLAIN for cell in cells
    )


def is_text_header(cells: Cells) -> bool:
    """Return whether a line, cut by a delimiter, names columns.

    One that holds another delimiter was cut by the wrong one.
    """
    cut_wrongly = len(cells) == 1 and any(each in str(cells[0]) for each in ",;\t")
    return not cut_wrongly and is_header(cells)


def header_of(cells: Cells) -> Header:
    """Return the columns that a header names.

    Raises:
        FleetFileError: column_misspelt, column_twice, column_missing (the PCE's).
    """
    places: dict[Column, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        if (column := _column(cell)) is not None:
            if column in places:
                raise FleetFileError(
                    FleetProblem.COLUMN_TWICE, name=_shown(cell), near=_names(column)
                )
            places[column] = place
        elif isinstance(cell, str) and cell.strip():
            unknown.append(_shown(cell))
    for name in unknown:
        if (nearest := _nearest(name)) is not None and nearest not in places:
            raise FleetFileError(
                FleetProblem.COLUMN_MISSPELT, name=name, near=_names(nearest)
            )
    if Column.PCE not in places:
        raise FleetFileError(FleetProblem.COLUMN_MISSING, name=_names(Column.PCE))
    return Header(places, tuple(unknown))


def missing(header: Header, needed: Mapping[Column, bool]) -> FleetFileError | None:
    """Return the error for the first needed column that a header lacks."""
    for column, is_needed in needed.items():
        if is_needed and column not in header.places:
            return FleetFileError(FleetProblem.COLUMN_MISSING, name=_names(column))
    return None


def _column(cell: object) -> Column | None:
    said = words(cell)
    return next((name for needed, name in _COLUMNS if needed <= said), None)


def _nearest(name: str) -> Column | None:
    alike = get_close_matches(folded(name), _KNOWN, n=1, cutoff=_ALIKE)
    return _KNOWN[alike[0]] if alike else None


def _names(column: Column) -> str:
    return " / ".join(dict.fromkeys(NAMES[column]))


def _shown(cell: object) -> str:
    return " ".join(str(cell).split())[:_LONGEST_NAME]
