"""The columns of a fleet's table, found by their names in French or English."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from ..adict import folded
from ..files import Cells, ColumnNames, labels_pce
from .errors import FleetFileError, FleetProblem

# Below this similarity a name is another one, not a typo.
_ALIKE: Final = 0.8
_LONGEST_NAME: Final = 40


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
"""The name of each column in the template, in French and in English."""

# "Courriel du titulaire" is no name, "Nom du compteur" no customer's.
_TEXTS: Final = {
    Column.PCE: ("pce",),
    Column.CONTRACTUAL: ("contractuelles", "contractual"),
    Column.TECHNICAL: ("techniques", "technical"),
    Column.INFORMATIVE: ("informatives", "informative"),
    Column.PUBLISHED: ("publiees", "published"),
    Column.DATA_FROM: (
        "donnees debut",
        "donnees depuis",
        "data from",
        "data start",
        "perimetre debut",
    ),
    Column.DATA_TO: (
        "donnees fin",
        "donnees jusqu",
        "data to",
        "data end",
        "perimetre fin",
    ),
    Column.POSTCODE: ("code postal", "cp", "postcode", "zip"),
    Column.MAIL: ("courriel", "mail", "email"),
    Column.MOBILE: ("mobile", "telephone", "portable", "phone"),
    Column.HOLDER_COMPANY: ("raison", "societe", "entreprise", "company"),
    Column.TITLE: ("compteur", "logement", "meter"),
    Column.ROLE: ("role",),
    Column.ACTION: ("action", "operation", "a faire"),
    Column.START: ("droit debut", "date debut", "right from", "start"),
    Column.END: ("droit fin", "date fin", "right to", "end"),
    Column.HOLDER_NAME: ("titulaire", "customer", "client", "holder", "nom"),
}
_COLUMNS: Final = ColumnNames(_TEXTS)
_KNOWN: Final = {
    folded(name): column for column, names in NAMES.items() for name in names
} | {
    text: column
    for column, texts in _TEXTS.items()
    for text in texts
    if len(text) > len("client")
}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns that a row names.

    Attributes:
        positions: of each column in a row, from 0.
        unknown: names that match no column and resemble none: they are not read.
    """

    positions: Mapping[Column, int]
    unknown: tuple[str, ...] = ()

    def require(self, *columns: Column) -> None:
        """Check that columns are there.

        Raises:
            FleetFileError: column_missing, for the first that is not.
        """
        for column in columns:
            if column not in self.positions:
                raise FleetFileError(FleetProblem.COLUMN_MISSING, name=_names(column))


def is_header(cells: Cells) -> bool:
    """Return whether a row names columns: three, the PCE and another, or just the PCE.

    "Liste des PCE" alone is a title.
    """
    found = {_COLUMNS.find(cell) for cell in cells} - {None}
    if Column.PCE not in found:
        return len(found) >= 3  # noqa: PLR2004
    return len(found) > 1 or any(map(labels_pce, cells))


def is_text_header(cells: Cells) -> bool:
    """Return whether a line, split at a delimiter, names columns.

    One that contains another delimiter was split at the wrong one.
    """
    split_wrongly = len(cells) == 1 and any(each in str(cells[0]) for each in ",;\t")
    return not split_wrongly and is_header(cells)


def header_of(cells: Cells) -> Header:
    """Return the columns that a header names.

    Raises:
        FleetFileError: column_misspelt, column_twice, column_missing (the PCE's).
    """
    positions: dict[Column, int] = {}
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        if (column := _COLUMNS.find(cell)) is not None:
            if column in positions:
                raise FleetFileError(
                    FleetProblem.COLUMN_TWICE, name=_shown(cell), near=_names(column)
                )
            positions[column] = position
        elif isinstance(cell, str) and cell.strip():
            unknown.append(_shown(cell))
    for name in unknown:
        alike = get_close_matches(folded(name), _KNOWN, n=1, cutoff=_ALIKE)
        if alike and (nearest := _KNOWN[alike[0]]) not in positions:
            raise FleetFileError(
                FleetProblem.COLUMN_MISSPELT, name=name, near=_names(nearest)
            )
    header = Header(positions, tuple(unknown))
    header.require(Column.PCE)
    return header


def _names(column: Column) -> str:
    return " / ".join(dict.fromkeys(NAMES[column]))


def _shown(cell: object) -> str:
    return " ".join(str(cell).split())[:_LONGEST_NAME]
