"""Which column means what, and which means nothing here."""

import pytest

from custom_components.grdf_adict.adict import Role
from custom_components.grdf_adict.fleet.columns import Column, find_column, header_of
from custom_components.grdf_adict.fleet.errors import FleetProblem, RowProblem
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.layouts import Cell

from .common import HEADER, PCE, ROW, book, read, refusal, the_bad, the_row


def _and(header: str, cell: Cell) -> bytes:
    return book((*ROW, cell), header=(*HEADER, header))


@pytest.mark.parametrize(
    "name",
    [
        *("N° client", "Code client", "Réf. client", "Type de client", "id_client"),
        *("Nom du gardien", "Portable du gardien", "Mail du syndic", "Téléphone fixe"),
        *("Société de maintenance", "Courriel de l'agence", "Nom du bailleur"),
        *("Début du bail", "Date de fin du bail", "Code postal du gestionnaire"),
        *("Nom du propriétaire", "Mail du propriétaire", "Ville du client"),
        *(
            "Adresse du client",
            "Prénom",
            "Prénom du titulaire",
            "Contact",
            "Nom du bien",
        ),
        *("Raison sociale du tiers", "Adresse du PCE", "Marque du compteur"),
    ],
)
def test_what_is_said_of_others_names_no_column(name: str) -> None:
    assert find_column(name) is None


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Locataire", Column.HOLDER_NAME),
        ("Nom du locataire", Column.HOLDER_NAME),
        ("Nom et prénom de l'occupant", Column.HOLDER_NAME),
        ("Abonné", Column.HOLDER_NAME),
        ("Titulaire du contrat de gaz", Column.HOLDER_NAME),
        ("NOM", Column.HOLDER_NAME),
        ("Tenant's name", Column.HOLDER_NAME),
        ("Mail du locataire", Column.MAIL),
        ("Adresse e-mail", Column.MAIL),
        ("Tél. portable du client", Column.MOBILE),
        ("N° de mobile", Column.MOBILE),
        ("Société", Column.HOLDER_COMPANY),
        ("N° de PCE", Column.PCE),
        ("PCE (14 chiffres)", Column.PCE),
        ("Code PCE", Column.PCE),
        ("Nom de la résidence", Column.BUILDING),
        ("Immeuble", Column.BUILDING),
        ("Site", Column.BUILDING),
        ("Building", Column.BUILDING),
        ("Rôle du tiers", Column.ROLE),
    ],
)
def test_what_is_said_of_the_customer_or_the_meter_is_found(
    name: str, column: Column
) -> None:
    assert find_column(name) is column


def test_a_number_beside_the_tenant_is_not_read_as_the_customer() -> None:
    header = ("N° client", *HEADER[:1], "Locataire", *HEADER[2:])

    table = read(book(("10234", *ROW), header=header))

    assert the_row(table).consent.holder_name == "MME EXEMPLE"
    assert table.unread.columns == ("N° client",)


def test_the_caretakers_mobile_is_not_the_customers() -> None:
    table = read(_and("Portable du gardien", "06 00 00 00 00"))

    assert the_row(table).consent.mobile is None
    assert table.unread.columns == ("Portable du gardien",)


@pytest.mark.parametrize("cell", [10234, "10234", "Oui", "x"])
def test_a_number_or_a_yes_is_no_customers_name(cell: Cell) -> None:
    content = book((*ROW[:1], cell, *ROW[2:]))

    assert the_bad(read(content)).reasons == (RowProblem.NAME_IS_NONE,)
    assert the_row(read(content, Action.FOLLOW)).pce == PCE


@pytest.mark.parametrize("name", ["Locataire", "Client", "Occupant", "Nom"])
def test_two_columns_that_may_each_be_the_customer_are_refused(name: str) -> None:
    error = refusal(_and(name, "M. AUTRE"))

    assert (error.problem, error.name) == (FleetProblem.COLUMN_TWICE, name)


@pytest.mark.parametrize("text", ["Titulaire", "holder", "TITULAIRE (injection)"])
@pytest.mark.parametrize("action", [Action.DECLARE, Action.RENEW])
def test_holder_as_the_role_beside_a_persons_name_is_asked_back(
    text: str, action: Action
) -> None:
    bad = the_bad(read(_and("Rôle", text), action))

    assert bad.reasons == (RowProblem.ROLE_AMBIGUOUS,)


@pytest.mark.parametrize("action", [Action.FOLLOW, Action.REVOKE])
def test_where_nothing_is_declared_the_role_only_selects_a_right(
    action: Action,
) -> None:
    assert the_row(read(_and("Rôle", "Titulaire"), action)).consent.role is (
        Role.SUPPLY_HOLDER
    )


@pytest.mark.parametrize("text", ["Titulaire", "Holder"])
def test_an_old_template_still_declares_a_companys_own_meters(text: str) -> None:
    header = (*HEADER[:1], "Raison sociale", *HEADER[2:], "Rôle")

    row = the_row(read(book((*ROW, text), header=header)))

    assert row.consent.role is Role.SUPPLY_HOLDER


@pytest.mark.parametrize(
    "text", ["-", "néant", "NEANT", "n/a", "Aucun", "sans", "/", "NC"]
)
@pytest.mark.parametrize(
    "name", ["Mobile", "Raison sociale", "Données jusqu'au", "Nom du compteur"]
)
def test_a_word_for_nothing_is_blank_where_the_cell_is_optional(
    name: str, text: str
) -> None:
    row = the_row(read(_and(name, text)))

    assert row.consent.mobile is None
    assert row.consent.holder_company is None
    assert row.consent.data_to is None
    assert row.title is None


def test_a_word_for_nothing_is_no_yes() -> None:
    bad = the_bad(read(_and("Données techniques", "-")))

    assert bad.reasons == (RowProblem.FLAG_FORMAT,)


def test_a_word_for_nothing_is_no_mail() -> None:
    row = the_row(read(book((*ROW[:3], "néant", *ROW[4:]))))

    assert row.consent.mail is None, "the plan then says that it is missing"


def test_a_building_is_read_and_kept() -> None:
    header = (*HEADER, "Résidence", "Bâtiment")
    table = read(book((*ROW, "Les Tilleuls", "A"), header=header))

    row = the_row(table)
    assert row.building == "Les Tilleuls"
    assert table.unread.columns == ("Bâtiment",), "told, since one is read"
    assert "Tilleuls" not in repr(row)


# As the API names its fields, and as a real list of 2026 does, as far as is known.
LISTS: list[dict[str, Cell]] = [
    {
        "id_droit_acces": "x-1",
        "id_pce": PCE,
        "role_tiers": "AUTORISE_CONTRAT_FOURNITURE",
        "raison_sociale_du_tiers": "BAILLEUR",
        "nom_titulaire": "MME EXEMPLE",
        "raison_sociale_du_titulaire": None,
        "courriel_titulaire": "sacha@example.com",
        "code_postal": "98999",
        "perim_donnees_conso_debut": "2023-01-01",
        "perim_donnees_inj_debut": None,
        "date_creation": "2023-01-01 10:00:00",
        "date_debut_droit_acces": "2023-01-01",
        "date_fin_droit_acces": "2026-01-01",
        "etat_droit_acces": "Active",
        "date_fin_autorisation": None,
        "statut_controle_preuve": None,
    },
    {
        "Libellé du site": "MAIRIE",
        "Etat du droit d'accès": "Active",
        "Raison sociale": "COMMUNE",
        "PCE": PCE,
        "Adresse email": "sacha@example.com",
        "Code postal": "98999",
        "Rôle du tiers": "AUTORISE_CONTRAT_FOURNITURE",
        "Date de début de consentement": "01/05/2026",
        "Date de début d'accès aux données": "01/01/2024",
        "Date de fin d'accès aux données": "01/05/2029",
        "Données de consommation publiées": "Vrai",
        "Données de consommation informatives": "Vrai",
        "Données contractuelles": None,
        "Données techniques": None,
        "Numéro unique du droit d'accès": "x-1",
    },
]


@pytest.mark.parametrize("listed", LISTS, ids=["API", "portal"])
@pytest.mark.parametrize("action", [Action.FOLLOW, Action.RENEW, Action.REVOKE])
def test_grdfs_list_of_rights_follows_renews_and_revokes(
    listed: dict[str, Cell], action: Action
) -> None:
    content = workbook_of(("Feuil1", [list(listed), list(listed.values())]))

    table = read(content, action)

    row = the_row(table)
    assert (row.pce, row.consent.role) == (PCE, Role.SUPPLY_AUTHORISED)
    assert row.consent.start is None, "a renewal does not begin when the old right did"
    assert row.consent.mail is None
    assert len(table.unread.columns) == len(listed) - 2


@pytest.mark.parametrize("listed", LISTS, ids=["API", "portal"])
def test_grdfs_list_of_rights_is_not_declared(listed: dict[str, Cell]) -> None:
    content = workbook_of(("Feuil1", [list(listed), list(listed.values())]))

    assert refusal(content).problem is FleetProblem.LIST_OF_RIGHTS


def test_a_header_has_each_column_of_grdfs_declaration() -> None:
    names = ("id_pce", "nom_titulaire", "courriel_titulaire", "code_postal")

    assert set(header_of(names).positions) == {
        *(Column.PCE, Column.HOLDER_NAME, Column.MAIL, Column.POSTCODE)
    }
