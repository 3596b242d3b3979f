"""Only what is known is read: a word more in a cell may say the opposite."""

import pytest

from custom_components.grdf_adict.adict import DeclarationProblem, Role
from custom_components.grdf_adict.fleet.columns import Column, find_column
from custom_components.grdf_adict.fleet.errors import FleetProblem, RowProblem
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.layouts import Cell

from .common import HEADER, OTHER, PCE, ROW, book, read, refusal, the_bad, the_row

LIST: dict[str, Cell] = {
    "id_droit_acces": "x-1",
    "id_pce": PCE,
    "role_tiers": "AUTORISE_CONTRAT_FOURNITURE",
    "courriel_titulaire": "sacha@example.com",
}
COMPANY = (*HEADER[:1], "Raison sociale", *HEADER[2:], "Rôle")


def _and(*columns: tuple[str, Cell]) -> bytes:
    header = (*HEADER, *(name for name, _ in columns))
    return book((*ROW, *(cell for _, cell in columns)), header=header)


@pytest.mark.parametrize(
    "text",
    [
        *("Ne pas déclarer", "non déclaré", "Déjà déclaré le 3/02", "Déclaré"),
        *("Déclaration à révoquer", "Ne plus suivre", "Renouvelée", "Révoqués"),
        *("already declared", "do not renew", "Déclaration en cours", "Declared"),
        *("Déclaré".replace("é", "e\N{COMBINING ACUTE ACCENT}"), "Revoked by us"),
    ],
)
def test_an_action_that_is_denied_past_or_double_is_not_done(text: str) -> None:
    bad = the_bad(read(_and(("Action", text)), Action.REVOKE))

    assert bad.reasons == (RowProblem.ACTION_UNKNOWN,)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("À renouveler", Action.RENEW),
        ("Déclaration", Action.DECLARE),
        ("Suivre comme compteur", Action.FOLLOW),
        ("Follow as a meter", Action.FOLLOW),
        ("Révoquer ce droit", Action.REVOKE),
        ("Révocation du droit d'accès", Action.REVOKE),
    ],
)
def test_an_action_is_read_with_the_small_words_beside_it(
    text: str, action: Action
) -> None:
    assert the_row(read(_and(("Action", text)))).action is action


@pytest.mark.parametrize(
    "text",
    [
        *("Je ne suis pas le titulaire", "Pas titulaire, gestionnaire moi-même"),
        *("Non titulaire", "Représentant du titulaire", "Le locataire est titulaire"),
        *("Je suis le titulaire, locataire", "I am not the holder myself"),
        *("Mon client ne m'autorise pas", "Non autorisé", "pas encore autorisé"),
    ],
)
@pytest.mark.parametrize("header", [(*HEADER, "Rôle"), COMPANY])
def test_a_role_that_says_the_opposite_is_no_role(
    text: str, header: tuple[str, ...]
) -> None:
    bad = the_bad(read(book((*ROW, text), header=header)))

    assert bad.reasons == (DeclarationProblem.ROLE_UNKNOWN,)


def test_grdfs_word_for_the_holder_alone_is_asked_back_beside_a_person() -> None:
    bad = the_bad(read(_and(("Rôle", "Détenteur"))))

    assert bad.reasons == (RowProblem.ROLE_AMBIGUOUS,)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("DETENTEUR_CONTRAT_INJECTION", Role.INJECTION_HOLDER),
        ("Je suis moi-même le titulaire (injection)", Role.INJECTION_HOLDER),
        ("I am the holder myself", Role.SUPPLY_HOLDER),
    ],
)
def test_the_texts_that_name_the_holder_without_doubt_are_taken(
    text: str, role: Role
) -> None:
    assert the_row(read(_and(("Rôle", text)))).consent.role is role


@pytest.mark.parametrize(
    "name",
    [
        *("VACANT", "Logement vide", "Ancien locataire parti", "Parties communes"),
        *("à louer", "#N/A", "#REF!", "#NOM?", "Vacant depuis mars", "Locataire 3"),
        *("Appartement inoccupé", "M. DUPONT (ancien locataire)", "Inconnu"),
    ],
)
@pytest.mark.parametrize("header", [HEADER, COMPANY[:-1]])
def test_an_empty_flat_and_a_broken_formula_are_no_customer(
    name: str, header: tuple[str, ...]
) -> None:
    content = book((PCE, name, *ROW[2:]), header=header)

    assert the_bad(read(content)).reasons == (RowProblem.NAME_IS_NONE,)
    assert the_row(read(content, Action.FOLLOW)).pce == PCE


@pytest.mark.parametrize("name", ["M. LIBRE PAUL", "MME CLIENT ANNE", "SCI LES LOTS"])
def test_a_name_that_has_such_a_word_in_it_is_one(name: str) -> None:
    assert the_row(read(book((PCE, name, *ROW[2:])))).consent.holder_name == name


def test_an_action_added_to_grdfs_list_is_read() -> None:
    listed = {**LIST, "Action": "Révoquer"}
    content = workbook_of(("Feuil1", [list(listed), list(listed.values())]))

    row = the_row(read(content, Action.RENEW))

    assert (row.action, row.consent.mail) == (Action.REVOKE, None)


@pytest.mark.parametrize("name", ["Etat du droit d'accès", "id_droit_acces", "Id"])
def test_one_column_about_rights_does_not_make_a_table_grdfs_list(name: str) -> None:
    row = the_row(read(_and((name, "x"), ("Rôle", "Mon client m'autorise"))))

    assert (row.action, row.consent.mail) == (Action.DECLARE, "sacha@example.com")


def _grouped(*groups: Cell, above: list[list[Cell]] | None = None) -> bytes:
    header = (*HEADER, "Portable")
    row = (*ROW, "06 12 34 56 78")
    return workbook_of(("PCE", [*(above or []), groups, header, row]))


def test_a_column_under_somebody_elses_group_is_not_the_customers() -> None:
    table = read(_grouped("Compteur", "Locataire", *[None] * 5, "Gardien"))

    assert the_row(table).consent.mobile is None
    assert table.unread.columns == ("Gardien Portable",)


@pytest.mark.parametrize(
    "groups",
    [
        ["Parc du syndic 2026"],
        ["Compteur", "Locataire", None, None, "Droit d'accès"],
        [None, "Titulaire du contrat"],
    ],
)
def test_a_title_or_a_group_of_the_customer_does_no_harm(groups: list[Cell]) -> None:
    table = read(_grouped(*groups))

    assert the_row(table).consent.mobile == "06 12 34 56 78"


def test_two_columns_of_one_name_are_told_apart_by_their_groups() -> None:
    groups = (None, "Locataire", *[None] * 5, "Propriétaire")
    content = workbook_of(
        ("PCE", [groups, (*HEADER, "Nom"), (*ROW, "M. PROPRIETAIRE")])
    )

    assert the_row(read(content)).consent.holder_name == "MME EXEMPLE"


@pytest.mark.parametrize("first", [True, False])
def test_a_mobile_is_read_before_a_mere_telephone(*, first: bool) -> None:
    both: list[tuple[str, Cell]] = [
        ("Portable", "06 12 34 56 78"),
        ("Téléphone", "05 00 00 00 00"),
    ]

    table = read(_and(*(both if first else both[::-1])))

    assert the_row(table).consent.mobile == "06 12 34 56 78"
    assert table.unread.columns == ("Téléphone",)


@pytest.mark.parametrize(
    "number", ["01 40 00 00 00", "+33 (0)5 00 00 00 00", "09.70.00.00.00", 140000000]
)
def test_a_landline_among_telephones_is_left_out_and_counted(number: Cell) -> None:
    table = read(_and(("Téléphone", number)))

    assert the_row(table).consent.mobile is None
    assert table.unread.landlines == 1


def test_a_landline_in_a_column_of_mobiles_stays_a_mistake() -> None:
    table = read(_and(("Mobile", "01 40 00 00 00")))

    assert the_row(table).consent.mobile == "01 40 00 00 00", "refused by the plan"
    assert table.unread.landlines == 0


def test_the_first_of_two_names_of_a_meter_is_read() -> None:
    table = read(_and(("N° logement", "12"), ("N° compteur", "998")))

    assert the_row(table).title == "12"
    assert table.unread.columns == ("N° compteur",)


@pytest.mark.parametrize(
    "name",
    [
        *("Date de début d'occupation", "Date de fin des travaux"),
        *("Code postal du siège", "Nombre PCE", "Ancien PCE", "PCE actif (oui/non)"),
        *("Code opération", "Opération immobilière", "PCE de la chaufferie"),
    ],
)
def test_a_usual_column_beside_those_of_the_template_is_told_and_not_read(
    name: str,
) -> None:
    table = read(_and((name, "x")))

    assert the_row(table) == the_row(read(book(ROW)))
    assert table.unread.columns == (name,)


@pytest.mark.parametrize("name", ["Nombre PCE", "Ancien PCE", "PCE actif (oui/non)"])
def test_what_is_no_number_of_a_meter_is_none_alone_either(name: str) -> None:
    assert find_column(name) is None


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Date de début", Column.START),
        ("Fin de l'autorisation - date de fin", Column.END),
        ("Code postal et ville", Column.POSTCODE),
        ("CP", Column.POSTCODE),
        ("Action à mener", Column.ACTION),
    ],
)
def test_a_name_is_still_found_with_its_usual_words(name: str, column: Column) -> None:
    assert find_column(name) is column


def test_the_occupation_is_not_the_start_of_the_right_alone_either() -> None:
    header = (*HEADER[:4], "Date de début d'occupation", *HEADER[5:])

    error = refusal(book(ROW, header=header))

    assert error.problem is FleetProblem.COLUMN_MISSING
    assert "Début du droit" in error.name


ROLES = ("AUTORISE_CONTRAT_FOURNITURE", "DETENTEUR_CONTRAT_FOURNITURE")


@pytest.mark.parametrize("action", [Action.FOLLOW, Action.REVOKE])
def test_two_rights_on_one_pce_are_one_row_where_the_role_changes_nothing(
    action: Action,
) -> None:
    rows = [[PCE, role] for role in ROLES]

    table = read(book(*rows, header=["PCE", "Rôle"]), action)

    assert [row.pce for row in table.rows] == [PCE]
    assert the_bad(table).reasons == (RowProblem.ROW_TWICE,)


def test_two_rights_on_one_pce_are_asked_back_to_renew() -> None:
    rows = [[PCE, role] for role in ROLES]

    table = read(book(*rows, header=["PCE", "Rôle"]), Action.RENEW)

    assert {row.reasons for row in table.bad} == {(RowProblem.PCE_TWICE,)}


def test_to_revoke_one_gas_and_both_is_not_the_same() -> None:
    rows: list[list[Cell]] = [[PCE, ROLES[0]], [PCE, None], [OTHER, None]]

    table = read(book(*rows, header=["PCE", "Rôle"]), Action.REVOKE)

    assert [row.pce for row in table.rows] == [OTHER]
