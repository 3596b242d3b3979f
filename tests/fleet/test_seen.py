"""Nobody is written to by accident: what is not seen, other sheets, the header."""

from datetime import date
from typing import Literal

import pytest

from custom_components.grdf_adict.fleet.columns import Column
from custom_components.grdf_adict.fleet.errors import (
    FleetFileError,
    FleetProblem,
    FleetSheetsError,
)
from custom_components.grdf_adict.fleet.found import (
    ALL_SHEETS,
    MOST_ROWS,
    shown_cell,
)
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.hidden import with_filter, with_hidden
from tests.exports.layouts import Cell

from .common import HEADER, OTHER, PCE, ROW, book, read, refusal, the_row

OTHER_ROW = (OTHER, *ROW[1:])
TWO = book(ROW, OTHER_ROW)


def _pces(content: bytes, sheet: str | None = None) -> list[str]:
    return [row.pce for row in read(content, sheet=sheet).rows]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_declared(
    state: Literal["hidden", "veryHidden"],
) -> None:
    content = workbook_of(
        ("PCE", [HEADER, ROW]), ("Anciens locataires", [HEADER, OTHER_ROW])
    )

    table = read(with_hidden(content, sheets=["Anciens locataires"], state=state))

    assert the_row(table).pce == PCE
    assert table.unread.hidden_sheets == ("Anciens locataires",)


def test_hidden_and_filtered_rows_are_never_declared() -> None:
    for content in (with_hidden(TWO, rows=[3]), with_filter(TWO, 3)):
        table = read(content)

        assert the_row(table).pce == PCE
        assert table.unread.hidden_rows == 1


def test_a_hidden_column_is_left_out_and_named() -> None:
    content = book((*ROW, "06 12 34 56 78", "x"), header=(*HEADER, "Mobile", "Note"))

    table = read(with_hidden(content, columns="HI"))

    assert the_row(table).consent.mobile is None
    assert table.unread.hidden_columns == ("Mobile", "Note")
    assert Column.MOBILE not in {each.column for each in table.columns}


@pytest.mark.parametrize(
    ("name", "cell", "column"),
    [("Action", "Révoquer", "H"), ("Rôle", "Autorisé", "H"), ("x", "x", "D")],
)
def test_a_hidden_column_that_decides_is_a_refusal(
    name: str, cell: Cell, column: str
) -> None:
    content = book((*ROW, cell), header=(*HEADER, name))

    error = refusal(with_hidden(content, columns=column))

    assert error.problem is FleetProblem.COLUMN_HIDDEN
    assert error.name == ("Courriel" if column == "D" else name)


@pytest.mark.parametrize(
    "content",
    [
        with_hidden(TWO, rows=[1, 2, 3]),
        with_filter(TWO, 2, 3),
        with_hidden(workbook_of(("A", []), ("B", [HEADER, ROW])), sheets=["B"]),
    ],
    ids=["all", "all rows", "the sheet"],
)
def test_a_table_of_which_all_is_hidden_is_refused_as_that(content: bytes) -> None:
    assert refusal(content).problem is FleetProblem.ALL_HIDDEN


def test_several_sheets_with_a_table_are_a_question() -> None:
    content = workbook_of(
        ("2026", [HEADER, ROW]),
        ("2025", [HEADER, OTHER_ROW, ROW]),
        ("Modèle", [HEADER]),
    )

    with pytest.raises(FleetSheetsError) as asked:
        read(content)

    assert [(each.name, each.rows) for each in asked.value.sheets] == [
        ("2026", 1),
        ("2025", 2),
    ]
    assert "2026" not in f"{asked.value!r} {asked.value.sheets!r}"
    assert _pces(content, "2026") == [PCE]
    assert read(content, sheet="2026").unread.other_sheets == ("2025", "Modèle")
    assert set(_pces(content, ALL_SHEETS)) == {PCE, OTHER}
    with pytest.raises(FleetSheetsError):
        read(content, sheet="2024")


def test_a_broken_sheet_that_is_not_chosen_refuses_nothing() -> None:
    content = workbook_of(
        ("2026", [HEADER, ROW]), ("2025", [(*HEADER, "E-mail"), (*ROW, "x")])
    )

    assert _pces(content, "2026") == [PCE]
    with pytest.raises(FleetFileError, match="column_twice"):
        read(content, sheet="2025")


@pytest.mark.parametrize("first", [True, False])
def test_a_sheet_without_pce_is_not_read_and_named(*, first: bool) -> None:
    contacts = ("Contacts", [["Client", "Courriel", "Téléphone"], ["A", "b", "c"]])
    pce = ("PCE", [HEADER, ROW])

    table = read(workbook_of(*((contacts, pce) if first else (pce, contacts))))

    assert the_row(table).pce == PCE
    assert table.unread.other_sheets == ("Contacts",)


@pytest.mark.parametrize(
    "above",
    [
        [["Parc 2026"], ["Compteur", "Client", None, "Courriel", "Rôle"]],
        [["Identité", None, "Contact", None, "Droits"]],
        [["Liste des PCE de nos clients"], []],
    ],
    ids=["a group header of columns", "a group header", "a title"],
)
def test_the_best_fitting_row_is_the_header(above: list[list[Cell]]) -> None:
    content = workbook_of(("PCE", [*above, HEADER, ROW]))

    assert the_row(read(content)).consent.holder_name == "MME EXEMPLE"


def test_what_each_column_was_read_as_is_told_with_a_row_that_is_taken() -> None:
    bad = ("x", *ROW[1:])

    table = read(book(bad, OTHER_ROW, header=(*HEADER[:3], "Mail", *HEADER[4:])))

    told = {each.name: (each.column, each.sample) for each in table.columns}
    assert told["N° PCE"] == (Column.PCE, OTHER)
    assert told["Mail"] == (Column.MAIL, "sacha@example.com")
    assert OTHER not in repr(table.columns)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (date(2026, 11, 4), "04/11/2026"),
        (9999999900001.0, "9999999900001"),
        (" a\nb ", "a b"),
        (None, ""),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_sample_is_shown_as_it_looks_in_the_table(cell: object, shown: str) -> None:
    assert shown_cell((cell,), 0) == shown
    assert shown_cell((), 0) == ""


def test_more_rows_than_can_be_taken_refuse_only_the_sheet_that_is_chosen() -> None:
    many: list[list[Cell]] = [[f"0999999{at:07d}"] for at in range(MOST_ROWS + 1)]
    content = workbook_of(("A", [["PCE"], [PCE]]), ("B", [["PCE"], *many]))

    assert len(read(content, Action.FOLLOW, sheet="A").rows) == 1
    with pytest.raises(FleetFileError, match="too_many_rows"):
        read(content, Action.FOLLOW, sheet="B")


def test_a_column_far_to_the_right_is_read_too() -> None:
    notes = [f"Note {at}" for at in range(80)]
    content = book((*ROW, *notes, "Révoquer"), header=(*HEADER, *notes, "Action"))

    assert the_row(read(content)).action is Action.REVOKE
