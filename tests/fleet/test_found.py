"""No row is taken from elsewhere, and none vanishes: sheets, second tables, bounds."""

import pytest

from custom_components.grdf_adict.fleet import found
from custom_components.grdf_adict.fleet.errors import (
    FleetFileError,
    FleetProblem,
    FleetSheetsError,
)
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.hidden import with_filter, with_hidden
from tests.exports.layouts import Cell

from .common import HEADER, OTHER, PCE, ROW, book, read, refusal, the_row

OTHER_ROW = (OTHER, *ROW[1:])
FORMER = ("Anciens locataires", [HEADER, OTHER_ROW])
BOTH = workbook_of(("Parc 2026", [HEADER, ROW]), FORMER)


def test_a_sheet_that_is_not_there_is_never_replaced_by_another() -> None:
    with pytest.raises(FleetSheetsError) as asked:
        read(workbook_of(FORMER), sheet="Parc 2026")

    assert [each.name for each in asked.value.sheets] == ["Anciens locataires"]


@pytest.mark.parametrize(
    "content",
    [
        with_hidden(BOTH, sheets=["Parc 2026"]),
        with_hidden(BOTH, rows=[1, 2]),
        with_hidden(BOTH, rows=[2]),
        with_filter(BOTH, 2),
    ],
    ids=["the sheet", "its rows", "its row", "a filter"],
)
def test_a_chosen_sheet_that_is_hidden_is_refused_as_that(content: bytes) -> None:
    with pytest.raises(FleetFileError, match="all_hidden"):
        read(content, sheet="Parc 2026")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["bonjour"]], FleetProblem.HEADER_MISSING),
        ([HEADER], FleetProblem.NO_ROWS),
        ([HEADER[1:], ROW[1:]], FleetProblem.COLUMN_MISSING),
    ],
)
def test_a_chosen_sheet_without_a_table_is_refused_for_what_it_lacks(
    rows: list[list[Cell]], problem: FleetProblem
) -> None:
    content = workbook_of(("Parc 2026", rows), FORMER)

    with pytest.raises(FleetFileError, match=problem.value):
        read(content, sheet="Parc 2026")


def test_a_text_table_has_no_sheet_to_choose() -> None:
    assert the_row(read(f"PCE\n{PCE}".encode(), Action.FOLLOW, sheet="x")).pce == PCE


SECOND = ("PCE", "Nom", "Code postal", "E-mail")


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, ROW, [], SECOND, (OTHER, "M. AUTRE", "98999", "b@example.com")],
        [HEADER, ROW, [None] * 9 + ["N° PCE", "Nom"], [None] * 9 + [OTHER, "M. AUTRE"]],
        [SECOND, (OTHER, "M. AUTRE", "98999", "b@example.com"), [], HEADER, ROW],
    ],
    ids=["below", "below and beside", "above"],
)
def test_a_second_table_in_a_sheet_is_refused(rows: list[list[Cell]]) -> None:
    assert refusal(workbook_of(("PCE", rows))).problem is FleetProblem.TWO_TABLES


def test_a_header_that_is_repeated_is_no_row() -> None:
    again = (f" {HEADER[0].upper()}", *HEADER[1:])

    table = read(book(ROW, again, OTHER_ROW))

    assert [row.pce for row in table.rows] == [PCE, OTHER]
    assert not table.bad


def test_rows_beyond_the_most_are_never_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("found", "table"):
        monkeypatch.setattr(f"{found.__package__}.{module}.MOST_ROWS", 3)
    example: list[Cell] = ["EXEMPLE", "x"]
    rows: list[list[Cell]] = [[f"0999999990000{at}", "x"] for at in range(1, 5)]

    for many in ([*rows], [example, example, *rows]):
        error = refusal(book(*many, header=["PCE", "Nom du compteur"]), Action.FOLLOW)
        assert error.problem is FleetProblem.TOO_MANY_ROWS


def test_rows_without_anything_that_is_read_are_no_limit_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("found", "table"):
        monkeypatch.setattr(f"{found.__package__}.{module}.MOST_ROWS", 3)
    blank: list[Cell] = [None, "Suivre", "note"]
    rows: list[list[Cell]] = [[PCE, "Suivre", None]]
    rows += [*[blank] * 20, ["EXEMPLE"], [OTHER, None, None]]

    table = read(book(*rows, header=["PCE", "Action", "Observations"]), Action.FOLLOW)

    assert [row.pce for row in table.rows] == [PCE, OTHER]
    assert table.unread.skipped_rows == 21
