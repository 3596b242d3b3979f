"""The columns of a fleet's table, found by their names in French or English."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from ..adict import folded
from ..files import Cells, header_words, labels_pce
from .errors import FleetFileError, FleetProblem
from .words import word_set

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
    BUILDING = "building"


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
    Column.BUILDING: ("Bâtiment", "Building"),
}
"""The name of each column in the template, in French and in English."""


_LINKS: Final = word_set("a aux d de des du et l la le les of s the")
_CUSTOMER: Final = word_set(
    "abonne abonnee actuel client cliente customer holder locataire occupant"
    " occupante tenant titulaire"
)
# What names one of these is not about the customer.
_SOMEBODY_ELSE: Final = word_set(
    "agence agency agent assurance bail bailleur bureau caretaker chaudiere"
    " chauffagiste concierge conseiller entretien exploitant fixe fournisseur"
    " gardien gardienne gestionnaire landlord lease maintenance manager mandataire"
    " owner prestataire proprietaire supplier syndic technicien tiers urgence"
)
# What describes a metering point, and is not its number.
_NO_NUMBER: Final = word_set(
    "actif active adresse ancien ancienne commune count date etat former libelle nb nom"
    " nombre old previous statut type ville"
)
_LABEL: Final = word_set("code designation libelle n name no nom numero ref reference")
_A_NAME: Final = word_set("complet full name nom noms prenom usage")
_OF_RIGHT: Final = _LINKS | word_set(
    "acces access autorisation consent consentement date droit right validite validity"
)
_MOBILE: Final = word_set("mobile portable")


class _Rule(NamedTuple):
    """Which cells name a column: all of its words, and no others where they are listed.

    "N° client" is no name, "Mail du syndic" not the customer's.
    """

    column: Column
    texts: tuple[str, ...]
    others: frozenset[str] | None = None


_RULES: Final = (
    _Rule(Column.ROLE, ("role",)),
    _Rule(Column.CONTRACTUAL, ("contractuelles", "contractual")),
    _Rule(Column.TECHNICAL, ("techniques", "technical")),
    _Rule(Column.INFORMATIVE, ("informatives", "informative")),
    _Rule(Column.PUBLISHED, ("publiees", "published")),
    _Rule(
        Column.DATA_FROM,
        (
            *("donnees debut", "donnees depuis", "data from", "data start"),
            "perimetre debut",
        ),
    ),
    _Rule(
        Column.DATA_TO,
        ("donnees fin", "donnees jusqu", "data to", "data end", "perimetre fin"),
    ),
    _Rule(
        Column.POSTCODE,
        ("code postal", "cp", "postcode", "zip"),
        _LINKS
        | _CUSTOMER
        | word_set(
            "address adresse code compteur et installation logement meter pce ville"
        ),
    ),
    _Rule(
        Column.MAIL,
        ("courriel", "mail", "email"),
        _LINKS
        | _CUSTOMER
        | {"address", "adresse", "e", "electronique", "email", "mail", "personnel"},
    ),
    _Rule(
        Column.MOBILE,
        ("mobile", "telephone", "tel", "portable", "phone"),
        _LINKS
        | _CUSTOMER
        | {"mobile", "n", "no", "number", "numero", "phone", "portable", "tel"}
        | {"telephone"},
    ),
    _Rule(
        Column.HOLDER_COMPANY,
        ("raison", "societe", "entreprise", "company"),
        _LINKS | _CUSTOMER | {"name", "nom", "sociale"},
    ),
    _Rule(
        Column.TITLE,
        ("compteur", "logement", "meter"),
        _LINKS | _LABEL | {"appartement", "compteur", "logement", "meter"},
    ),
    _Rule(Column.ACTION, ("action", "a faire")),
    _Rule(
        Column.START, ("droit debut", "date debut", "right from", "start"), _OF_RIGHT
    ),
    _Rule(Column.END, ("droit fin", "date fin", "right to", "end"), _OF_RIGHT),
    _Rule(
        Column.HOLDER_NAME,
        ("titulaire contrat",),
        _LINKS | _CUSTOMER | _A_NAME | {"fourniture", "gaz"},
    ),
    _Rule(
        Column.HOLDER_NAME,
        (
            *("titulaire", "locataire", "occupant", "occupante", "abonne", "abonnee"),
            *("client", "cliente", "customer", "holder", "tenant", "nom", "name"),
        ),
        _LINKS | _CUSTOMER | _A_NAME,
    ),
    _Rule(
        Column.BUILDING,
        ("batiment", "residence", "immeuble", "building", "site", "bat"),
        _LINKS | _LABEL | {"bat", "batiment", "building", "immeuble", "residence"},
    ),
)
# One for each text: most cells of a table have none of its words.
_TEXTS: Final = tuple(
    (rule.column, word_set(text), rule.others) for rule in _RULES for text in rule.texts
)
_ANY: Final = frozenset({"pce"}).union(*(wanted for _, wanted, _ in _TEXTS))
_KNOWN: Final = {
    folded(name): column for column, names in NAMES.items() for name in names
} | {
    text: rule.column
    for rule in _RULES
    for text in rule.texts
    if len(text) > len("client")
}
# GRDF's own list of access rights has one of the first, and the second.
_ID_OF_RIGHT: Final = (word_set("id droit acces"), word_set("unique droit acces"))
_ROLE_OF_PARTY: Final = word_set("role tiers")
# What is needed to follow, renew or revoke a right.
_READ_OF_THE_LIST: Final = frozenset({Column.PCE, Column.ROLE, Column.ACTION})
# Of two such columns, the second one is listed as not read.
_FIRST_IS_READ: Final = frozenset({Column.TITLE, Column.BUILDING})
# What is about the metering point or us, under whatever group of columns.
_IN_ANY_GROUP: Final = frozenset({Column.PCE, Column.ROLE, Column.ACTION})


@dataclass(frozen=True, slots=True)
class Header:
    """The columns that a row names.

    Attributes:
        positions: of each column in a row, from 0.
        names: of those columns in the file, likewise.
        unknown: names that match no column and resemble none: they are not read.
        hidden: names of columns that the user does not see: they are not read either.
        is_list_of_rights: whether it is that of the list that GRDF's portal exports.
    """

    positions: Mapping[Column, int]
    names: Mapping[Column, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    is_list_of_rights: bool = False

    @property
    def has_any_phone(self) -> bool:
        """Whether the column of mobiles is one of phones, landlines included."""
        name = self.names.get(Column.MOBILE)
        return name is not None and not _is_exact(Column.MOBILE, name)

    def require(self, *columns: Column) -> None:
        """Check that columns are there.

        Raises:
            FleetFileError: column_hidden or column_missing, for the first that is not.
        """
        for column in columns:
            if column not in self.positions:
                for name in self.hidden:
                    if find_column(name) is column:
                        raise FleetFileError(FleetProblem.COLUMN_HIDDEN, name=name)
                raise FleetFileError(FleetProblem.COLUMN_MISSING, name=_names(column))


def find_column(cell: object) -> Column | None:
    """Return the column that a header cell names; None where it names none."""
    words = header_words(cell)
    known = words & _ANY
    if not known:
        return None
    if labels_pce(cell):
        return Column.PCE
    for column, wanted, others in _with(known):
        if column is not Column.ROLE and words & _SOMEBODY_ELSE:
            break
        if _says(words, wanted, others):
            return column
    return Column.PCE if "pce" in words and not words & _NO_NUMBER else None


@lru_cache(maxsize=1_024)
def _with(
    known: frozenset[str],
) -> tuple[tuple[Column, frozenset[str], frozenset[str] | None], ...]:
    """Return the columns that have one of their texts among words."""
    return tuple(each for each in _TEXTS if each[1] <= known)


def _says(
    words: frozenset[str], wanted: frozenset[str], others: frozenset[str] | None
) -> bool:
    if others is not None and not words - wanted <= others:
        return False
    # A first name without the name is half of it.
    return "prenom" not in words or "nom" in words


def fit(cells: Cells) -> int:
    """Return how well a row fits as the header; 0: it is none.

    It names columns: three, the PCE and another, or just the PCE: "Liste des PCE" alone
    is a title. A row with the PCE fits better than any without.
    """
    found = {find_column(cell) for cell in cells} - {None}
    if Column.PCE not in found:
        return len(found) if len(found) >= 3 else 0  # noqa: PLR2004
    is_one = len(found) > 1 or any(map(labels_pce, cells))
    return len(Column) + len(found) if is_one else 0


def names_the_pce(cells: Cells) -> bool:
    """Return whether a row fits as the header of a table of PCE."""
    return fit(cells) > len(Column)


def is_text_header(cells: Cells) -> bool:
    """Return whether a line, split at a delimiter, names columns.

    One that contains another delimiter was split at the wrong one.
    """
    split_wrongly = len(cells) == 1 and any(each in str(cells[0]) for each in ",;\t")
    return not split_wrongly and fit(cells) > 0


def header_of(cells: Cells, hidden: Container[int] = (), groups: Cells = ()) -> Header:
    """Return the columns that a header names.

    `hidden` is the positions of the columns that the user does not see, from 0;
    `groups` is what stands above each: under "Gardien", "Portable" is no customer's.

    Raises:
        FleetFileError: column_misspelt, column_twice, column_missing (the PCE's),
            column_hidden (the PCE's, or one that decides what is done).
    """
    of_the_list = _is_list_of_rights(cells)
    positions: dict[Column, int] = {}
    names: dict[Column, str] = {}
    unknown: list[str] = []
    unseen: list[str] = []
    left: list[str] = []
    for position, cell in enumerate(cells):
        column = find_column(cell)
        if position in hidden:
            unseen += [_shown(cell)] if isinstance(cell, str) and cell.strip() else []
        elif column is None or (of_the_list and column not in _READ_OF_THE_LIST):
            unknown += [_shown(cell)] if isinstance(cell, str) and cell.strip() else []
        elif column not in _IN_ANY_GROUP and _is_of_somebody_else(groups, position):
            left.append(_shown(f"{groups[position]} {cell}"))
        elif column not in positions or _replaces(column, cell, names[column]):
            left += [names[column]] if column in names else []
            positions[column], names[column] = position, _shown(cell)
        else:
            left.append(_shown(cell))
    for name in () if of_the_list else unknown:
        alike = get_close_matches(folded(name), _KNOWN, n=1, cutoff=_ALIKE)
        if alike and (nearest := _KNOWN[alike[0]]) not in positions:
            raise FleetFileError(
                FleetProblem.COLUMN_MISSPELT, name=name, near=_names(nearest)
            )
    unread = (*unknown, *left)
    header = Header(positions, names, unread, tuple(unseen), of_the_list)
    header.require(Column.PCE)
    for name in unseen:
        if find_column(name) in {Column.ACTION, Column.ROLE}:
            raise FleetFileError(FleetProblem.COLUMN_HIDDEN, name=name)
    return header


def _is_list_of_rights(cells: Cells) -> bool:
    named = [header_words(cell) for cell in cells]
    return any(words >= _ROLE_OF_PARTY for words in named) and any(
        marks <= words for words in named for marks in _ID_OF_RIGHT
    )


def _is_of_somebody_else(groups: Cells, position: int) -> bool:
    group = groups[position] if position < len(groups) else None
    return not header_words(group).isdisjoint(_SOMEBODY_ELSE)


def _replaces(column: Column, cell: object, first: str) -> bool:
    """Return whether the second name of a column is meant rather than the first.

    Raises:
        FleetFileError: column_twice, where that is not known.
    """
    is_exact, was_exact = _is_exact(column, cell), _is_exact(column, first)
    if is_exact is was_exact and column not in _FIRST_IS_READ:
        raise FleetFileError(
            FleetProblem.COLUMN_TWICE, name=_shown(cell), near=_names(column)
        )
    return is_exact and not was_exact


def _is_exact(column: Column, cell: object) -> bool:
    """Return whether a name leaves no doubt: "Portable", unlike "Téléphone"."""
    if column is Column.PCE:
        return labels_pce(cell)
    return column is Column.MOBILE and not header_words(cell).isdisjoint(_MOBILE)


def _names(column: Column) -> str:
    return " / ".join(dict.fromkeys(NAMES[column]))


def _shown(cell: object) -> str:
    return " ".join(str(cell).split())[:_LONGEST_NAME]
