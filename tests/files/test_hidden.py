"""What the user does not see in a workbook is not read, and that is said."""

from typing import Literal

import pytest

from custom_components.grdf_adict.files import Problem
from tests.exports import workbook_of
from tests.exports.hidden import with_filter, with_hidden

from .common import (
    HEADER,
    OTHER_PCE,
    PCE,
    day_row,
    read,
    refusal,
    repacked,
    table,
    the_meter,
    warned,
)

THREE = table(
    day_row("10/01/2021", 1), day_row("11/01/2021", 2), day_row("12/01/2021", 4)
)
ABOVE = [("N° PCE :", PCE)]


def test_a_hidden_row_is_left_out_and_reported_by_its_number() -> None:
    file = read(with_hidden(THREE, rows=[3]))

    assert file.meters[0].energy == 5
    assert warned(file, Problem.HIDDEN_ROWS).rows == (3,)
    assert warned(file, Problem.HIDDEN_ROWS).count == 1


def test_rows_that_a_filter_does_not_show_are_left_out() -> None:
    file = read(with_filter(THREE, 2, 4))

    assert file.meters[0].energy == 2
    assert warned(file, Problem.HIDDEN_ROWS).rows == (2, 4)


def test_a_row_of_no_height_is_left_out() -> None:
    content = repacked(
        THREE, lambda part: part.replace(b'<row r="4"', b'<row r="4" ht="0"')
    )

    assert the_meter(content).energy == 3


def test_rows_that_say_they_are_shown_are_read() -> None:
    content = repacked(
        THREE, lambda part: part.replace(b"<row ", b'<row hidden="false" ')
    )

    file = read(content)

    assert file.meters[0].energy == 7
    assert Problem.HIDDEN_ROWS not in {each.problem for each in file.warnings}


def test_a_hidden_column_of_a_row_that_is_seen_is_read() -> None:
    absent = table(
        day_row("10/01/2021", 0, "Absence de Données"), day_row("11/01/2021")
    )

    (row, _) = the_meter(with_hidden(absent, columns="D")).rows

    assert row.energy is None


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_left_out_and_counted(
    state: Literal["hidden", "veryHidden"],
) -> None:
    content = workbook_of(
        ("Feuil1", [*ABOVE, HEADER, day_row("10/01/2021", 1)]),
        ("Ancien", [*ABOVE, HEADER, day_row("10/01/2021", 9)]),
        ("Notes", [["rien"]]),
    )

    file = read(with_hidden(content, sheets=["Ancien"], state=state))

    assert file.meters[0].energy == 1
    assert warned(file, Problem.HIDDEN_SHEETS).count == 1


def test_a_sheet_in_which_no_table_is_recognised_is_counted() -> None:
    content = workbook_of(
        ("Feuil1", [*ABOVE, HEADER, day_row("10/01/2021", 1)]),
        ("Feuil2", [["Tag", "Verbrauch"], ["10.01.2021", 9]]),
        ("Feuil3", []),
    )

    assert warned(read(content), Problem.SHEETS_WITHOUT_TABLE).count == 1


def test_sheets_are_numbered_as_they_are_seen() -> None:
    content = workbook_of(
        ("Ancien", [["rien"]]), ("Feuil1", [HEADER, day_row("10/01/2021", "x")])
    )

    (found,) = refusal(with_hidden(content, sheets=["Ancien"])).findings

    assert (found.sheet, found.rows) == (1, (2,))


@pytest.mark.parametrize(
    "content",
    [
        with_hidden(THREE, rows=[1, 2, 3, 4]),
        with_hidden(THREE, rows=[2, 3, 4]),
        with_hidden(
            workbook_of(("Vide", []), ("Feuil1", [HEADER, day_row("10/01/2021")])),
            sheets=["Feuil1"],
        ),
    ],
    ids=["all rows", "all data", "the sheet"],
)
def test_a_file_of_which_all_is_hidden_is_refused_as_that(content: bytes) -> None:
    assert refusal(content).problem is Problem.ALL_HIDDEN


def test_a_bad_row_that_is_hidden_does_not_refuse_the_file() -> None:
    content = table(day_row("10/01/2021", 1), day_row("the day after"))

    assert the_meter(with_hidden(content, rows=[3])).energy == 1


def test_hidden_sheets_of_another_meter_give_no_meter() -> None:
    content = workbook_of(
        ("A", [*ABOVE, HEADER, day_row("10/01/2021")]),
        ("B", [("N° PCE :", OTHER_PCE), HEADER, day_row("10/01/2021")]),
    )

    assert len(read(content).meters) == 2
    assert len(read(with_hidden(content, sheets=["B"])).meters) == 1


def test_a_pce_is_not_carried_down_past_a_hidden_row() -> None:
    header = ("N° PCE", *HEADER)
    rows = [
        (PCE, *day_row("10/01/2021", 1)),
        (None, *day_row("11/01/2021", 2)),
        (OTHER_PCE, *day_row("10/01/2021", 4)),
        (None, *day_row("11/01/2021", 8)),
    ]
    content = table(*rows, header=header)

    assert [meter.energy for meter in read(content).meters] == [3, 12]
    error = refusal(with_hidden(content, rows=[4]))

    assert error.problem is Problem.PCE_HIDDEN
    assert error.findings[0].rows == (5,)
