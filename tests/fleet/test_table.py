"""A fleet's table: columns found by their names, invalid rows reported by line."""

from datetime import date
from pathlib import Path

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import DeclarationProblem, Role
from custom_components.grdf_adict.fleet.columns import NAMES, Column, header_of
from custom_components.grdf_adict.fleet.errors import (
    FleetFileError,
    FleetProblem,
    RowProblem,
)
from custom_components.grdf_adict.fleet.found import ALL_SHEETS, MOST_ROWS
from custom_components.grdf_adict.fleet.table import read_fleet
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.layouts import Cell

from .common import HEADER, OTHER, PCE, ROW, book, read, refusal, the_bad, the_row


def _with(place: int, cell: Cell) -> tuple[Cell, ...]:
    return (*ROW[:place], cell, *ROW[place + 1 :])


def _and(header: str, cell: Cell) -> bytes:
    return book((*ROW, cell), header=(*HEADER, header))


def test_a_row_contains_what_is_declared() -> None:
    row = the_row(read(book(ROW)))

    assert (row.at, row.pce, row.action) == ((1, 2), PCE, Action.DECLARE)
    assert row.consent.holder_name == "MME EXEMPLE"
    assert (row.consent.postcode, row.consent.mail) == ("98999", "sacha@example.com")
    assert row.consent.start == date(2026, 11, 24)
    assert row.consent.end == date(2029, 11, 24)
    assert row.consent.data_from == date(2023, 11, 24)


@pytest.mark.parametrize("language", [0, 1])
def test_the_names_of_the_template_are_known(language: int) -> None:
    names = tuple(NAMES[column][language] for column in Column)

    assert header_of(names).positions == {
        column: place for place, column in enumerate(Column)
    }


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("courriel_titulaire", Column.MAIL),
        ("Code postal du titulaire", Column.POSTCODE),
        ("Nom du titulaire", Column.HOLDER_NAME),
        ("nom_titulaire", Column.HOLDER_NAME),
        ("Nom du compteur", Column.TITLE),
        ("Raison sociale du titulaire", Column.HOLDER_COMPANY),
        ("Date de début du droit d'accès", Column.START),
        ("date_fin_droit_acces", Column.END),
        ("perim_donnees_conso_debut", Column.DATA_FROM),
        ("perim_donnees_conso_fin", Column.DATA_TO),
        ("perim_donnees_publiees", Column.PUBLISHED),
        ("numero_telephone_mobile_titulaire", Column.MOBILE),
        ("role_tiers", Column.ROLE),
        ("À faire", Column.ACTION),
    ],
)
def test_a_column_is_found_by_its_name(name: str, column: Column) -> None:
    assert header_of(("Numéro de PCE", name)).positions == {Column.PCE: 0, column: 1}


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(len(ROW))))
def test_the_order_of_columns_does_not_matter(order: list[int]) -> None:
    header = [HEADER[place] for place in order]
    cells = [ROW[place] for place in order]

    assert the_row(read(book(cells, header=header))) == the_row(read(book(ROW)))


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), (",", "utf-8")])
def test_a_text_table_has_the_same_content(delimiter: str, encoding: str) -> None:
    lines = [HEADER, [str(cell) for cell in ROW]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)

    assert the_row(read(content)) == the_row(read(book(ROW)))


def test_a_misspelt_column_is_reported_with_the_nearest_name() -> None:
    error = refusal(book(ROW, header=(*HEADER[:3], "Couriel", *HEADER[4:])))

    assert (error.problem, error.name) == (FleetProblem.COLUMN_MISSPELT, "Couriel")
    assert error.near == "Courriel / E-mail"


def test_a_misspelt_pce_is_reported_too() -> None:
    error = refusal(book(ROW, header=("N° PEC", *HEADER[1:])))

    assert (error.problem, error.near) == (FleetProblem.COLUMN_MISSPELT, "N° PCE / PCE")


def test_a_kind_of_data_that_is_misspelt_is_never_taken_for_granted() -> None:
    error = refusal(_and("Données techniqes", "non"))

    assert error.problem is FleetProblem.COLUMN_MISSPELT


def test_a_column_of_another_kind_is_ignored_and_reported() -> None:
    table = read(_and("Observations", "parle fort"))

    assert the_row(table).pce == PCE
    assert table.unread.columns == ("Observations",)


def test_two_columns_that_mean_the_same_are_refused() -> None:
    error = refusal(_and("E-mail", "other@example.com"))

    assert (error.problem, error.name) == (FleetProblem.COLUMN_TWICE, "E-mail")


@pytest.mark.parametrize("place", range(len(HEADER)))
def test_a_column_that_a_declaration_needs_is_named(place: int) -> None:
    header = (*HEADER[:place], *HEADER[place + 1 :])

    error = refusal(book((*ROW[:place], *ROW[place + 1 :]), header=header))

    assert error.problem is FleetProblem.COLUMN_MISSING
    assert HEADER[place] in error.name


def test_to_follow_or_to_revoke_a_pce_is_enough() -> None:
    content = book([PCE], header=["PCE"])

    assert the_row(read(content, Action.FOLLOW)).action is Action.FOLLOW
    assert the_row(read(content, Action.REVOKE)).action is Action.REVOKE


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Déclarer", Action.DECLARE),
        ("renouvellement", Action.RENEW),
        ("REVOKE", Action.REVOKE),
        ("Suivre", Action.FOLLOW),
        (None, Action.RENEW),
    ],
)
def test_a_row_may_have_its_own_action(text: str | None, action: Action) -> None:
    content = book([PCE, text, "x"], header=["PCE", "Action", "Nom du compteur"])

    assert the_row(read(content, Action.RENEW)).action is action


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Autorisé", Role.SUPPLY_AUTHORISED),
        ("AUTORISE_CONTRAT_INJECTION", Role.INJECTION_AUTHORISED),
        ("DETENTEUR_CONTRAT_FOURNITURE", Role.SUPPLY_HOLDER),
        ("I am the holder myself (injection)", Role.INJECTION_HOLDER),
        ("Je suis moi-même le titulaire", Role.SUPPLY_HOLDER),
        ("Mon client m'autorise", Role.SUPPLY_AUTHORISED),
        ("Mon client m'autorise (injection)", Role.INJECTION_AUTHORISED),
        ("My customer authorises me", Role.SUPPLY_AUTHORISED),
        ("Autorisé par le titulaire", Role.SUPPLY_AUTHORISED),
        ("Le titulaire m'autorise", Role.SUPPLY_AUTHORISED),
    ],
)
def test_a_role_is_read_from_text(text: str, role: Role) -> None:
    assert the_row(read(_and("Rôle", text))).consent.role is role


@pytest.mark.parametrize(
    ("text", "granted"),
    [("Oui", True), ("x", True), (1, True), ("Faux", False), ("no", False), (0, False)],
)
def test_a_kind_of_data_is_yes_or_no(text: Cell, *, granted: bool) -> None:
    assert the_row(read(_and("Données techniques", text))).consent.technical is granted


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (0, "0999999990", DeclarationProblem.PCE_FORMAT),
        (0, 99999999900001.5, DeclarationProblem.PCE_FORMAT),
        (0, None, RowProblem.PCE_MISSING),
        (1, "x" * 300, RowProblem.TEXT_TOO_LONG),
        (4, "31/02/2026", RowProblem.DATE_FORMAT),
        (4, "01/01/0202", RowProblem.DATE_FORMAT),
        (5, "Novembre 2029", RowProblem.DATE_FORMAT),
        (5, "plus tard", RowProblem.DATE_FORMAT),
    ],
)
def test_a_bad_cell_is_reported_by_its_line(
    place: int, cell: Cell, reason: RowProblem | DeclarationProblem
) -> None:
    table = read(book((OTHER, *ROW[1:]), _with(place, cell)))

    assert (the_bad(table).line, the_bad(table).reasons) == ("3", (reason,))
    assert [row.pce for row in table.rows] == [OTHER]


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("Action", "danser", RowProblem.ACTION_UNKNOWN),
        ("Action", 7, RowProblem.ACTION_UNKNOWN),
        ("Rôle", "voisin", DeclarationProblem.ROLE_UNKNOWN),
        ("Rôle", "autorisé titulaire", DeclarationProblem.ROLE_UNKNOWN),
        ("Données publiées", "peut-être", RowProblem.FLAG_FORMAT),
    ],
)
def test_an_unknown_text_is_never_guessed(
    header: str, cell: Cell, reason: RowProblem | DeclarationProblem
) -> None:
    assert the_bad(read(_and(header, cell))).reasons == (reason,)


def test_all_that_is_wrong_with_a_row_is_reported_at_once() -> None:
    bad = the_bad(read(book(("1", "A", "98999", "a@example.com", "x", "y", "z"))))

    assert bad.reasons == (DeclarationProblem.PCE_FORMAT, RowProblem.DATE_FORMAT)
    assert bad.shown_pce == "-"


@pytest.mark.parametrize(
    ("place", "eaten", "whole"), [(0, 9999999900001, PCE), (2, 1234, "01234")]
)
def test_a_zero_that_a_spreadsheet_took_is_put_back_only_once_confirmed(
    place: int, eaten: int, whole: str
) -> None:
    content = book(_with(place, eaten))

    proposed = read(content)
    row = the_row(read(content, zeros=True))

    assert the_bad(proposed).reasons == (RowProblem.ZERO_LOST,)
    assert proposed.zeros_lost == 1
    assert whole in {row.pce, row.consent.postcode}


def test_a_mobile_number_gets_its_zero_back_too() -> None:
    content = _and("Mobile", 612345678)

    assert the_bad(read(content)).reasons == (RowProblem.ZERO_LOST,)
    assert the_row(read(content, zeros=True)).consent.mobile == "0612345678"


def test_a_complete_mobile_number_is_unchanged() -> None:
    assert the_row(read(_and("Mobile", "06 12 34 56 78"))).consent.mobile


def test_the_same_row_twice_counts_once() -> None:
    table = read(book(ROW, ROW))

    assert [row.at for row in table.rows] == [(1, 2)]
    assert (the_bad(table).line, the_bad(table).reasons) == (
        "3",
        (RowProblem.ROW_TWICE,),
    )


def test_one_pce_with_two_stories_is_refused_on_both_lines() -> None:
    table = read(book(ROW, _with(3, "other@example.com")))

    assert not table.rows
    assert [(bad.line, bad.reasons) for bad in table.bad] == [
        ("2", (RowProblem.PCE_TWICE,)),
        ("3", (RowProblem.PCE_TWICE,)),
    ]


def test_a_site_may_use_gas_and_inject_it() -> None:
    header = (*HEADER, "Rôle")

    table = read(
        book((*ROW, "Autorisé"), (*ROW, "Autorisé (injection)"), header=header)
    )

    assert len(table.rows) == 2
    assert not table.bad


def test_titles_blank_rows_and_other_sheets_do_no_harm() -> None:
    content = workbook_of(
        ("Lisez-moi", [["Mes compteurs"], ["bonjour"]]),
        ("PCE", [["Mes PCE", "2026"], [], HEADER, [], [None] * 7, ROW]),
        ("Suite", [HEADER, _with(0, OTHER), _with(0, "x")]),
    )

    table = read(content, sheet=ALL_SHEETS)

    assert [row.pce for row in table.rows] == [PCE, OTHER]
    assert the_bad(table).line == "3:3"


def test_a_line_of_a_later_sheet_is_reported_with_the_sheet() -> None:
    content = workbook_of(("A", [HEADER, ROW]), ("B", [HEADER, _with(0, "x")]))

    table = read(content, sheet=ALL_SHEETS)

    assert the_bad(table).line == "2:2"


def test_a_row_that_only_a_drop_down_filled_is_blank() -> None:
    header = (*HEADER, "Action")

    assert read(book((*ROW, None), (*[None] * 7, "Déclarer"), header=header)).bad == ()


def test_the_example_of_the_template_is_never_sent() -> None:
    example = _with(0, "EXEMPLE 09999999900001")

    assert refusal(book(example)).problem is FleetProblem.NO_ROWS
    assert the_row(read(book(example, _with(0, OTHER)))).pce == OTHER


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FleetProblem.EMPTY),
        (b"%PDF-1.7", FleetProblem.NOT_A_WORKBOOK),
        (b"PK\x03\x04 broken", FleetProblem.DAMAGED),
        (b"x" * 20_000_001, FleetProblem.TOO_LARGE),
        (b"bonjour;monde\r\n1;2", FleetProblem.HEADER_MISSING),
        (book(["a"], header=["b"]), FleetProblem.HEADER_MISSING),
        (book(), FleetProblem.NO_ROWS),
    ],
    ids=["empty", "pdf", "broken", "large", "text", "headless", "rowless"],
)
def test_a_file_that_is_no_table_is_refused(
    content: bytes, problem: FleetProblem
) -> None:
    assert refusal(content).problem is problem


def test_six_thousand_rows_are_taken_and_too_many_refused() -> None:
    def rows(count: int) -> bytes:
        lines = (f"0999999{number:07d}" for number in range(count))
        return "\r\n".join(["PCE;Nom du compteur", *lines]).encode()

    assert len(read(rows(6_000), Action.FOLLOW).rows) == 6_000
    assert (
        refusal(rows(MOST_ROWS + 1), Action.FOLLOW).problem
        is FleetProblem.TOO_MANY_ROWS
    )


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FleetFileError) as caught:
        read_fleet(tmp_path / "gone.xlsx", Action.DECLARE)

    assert caught.value.problem is FleetProblem.UNREADABLE


def test_a_file_on_the_disk_is_read(tmp_path: Path) -> None:
    file = tmp_path / "pce.xlsx"
    file.write_bytes(book(ROW))

    assert the_row(read_fleet(file, Action.DECLARE)).pce == PCE


_CELL = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from([*ROW, "Oui", "Non", "Autorisé", "Suivre"]),
)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=1, max_size=9), max_size=6))
def test_each_row_of_any_cells_is_valid_reported_or_blank(
    rows: list[list[Cell]],
) -> None:
    every: list[list[Cell]] = [[*HEADER, "Rôle", "Action"], *rows]
    lines = [
        ";".join("" if cell is None else str(cell).replace(";", " ") for cell in row)
        for row in every
    ]
    try:
        table = read_fleet("\n".join(lines).encode("utf-8", "ignore"), Action.DECLARE)
    except FleetFileError:
        return

    assert all(bad.reasons for bad in table.bad)
    assert len({row.pce for row in table.rows}) <= len(table.rows)
