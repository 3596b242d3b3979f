"""Several sheets of one workbook: taken together, or asked about."""

from datetime import date

import pytest

from custom_components.grdf_adict.files import (
    ExportFile,
    ExportQuestionError,
    Problem,
    Question,
    read_export,
)
from tests.exports import workbook_of
from tests.exports.layouts import Row

from .common import HEADER, OTHER_PCE, PCE, TODAY, day_row, read

ABOVE: Row = ("N° PCE :", PCE)
FIRST = [ABOVE, HEADER, day_row("10/01/2021", 1), day_row("11/01/2021", 2)]
COPY = [ABOVE, HEADER, day_row("10/01/2021", 1), day_row("11/01/2021", 9)]
YEARS_LATER = [ABOVE, HEADER, day_row("10/01/2024", 5)]
OF_ANOTHER = [("N° PCE :", OTHER_PCE), *COPY[1:]]
MONTHS = [ABOVE, HEADER[:3], ("Janvier 2021", 1, 100)]


def answered(content: bytes, sheet: str) -> ExportFile:
    return read_export(content, today=TODAY, answers={Question.SHEET: sheet})


def asked(content: bytes) -> ExportQuestionError:
    with pytest.raises(ExportQuestionError) as caught:
        read(content)
    return caught.value


def test_two_sheets_that_differ_about_a_meters_days_are_a_question() -> None:
    question = asked(workbook_of(("Feuil1", FIRST), ("Feuil1 (2)", COPY)))

    assert question.question is Question.SHEET
    assert [(each.value, each.label) for each in question.options] == [
        ("1", "Feuil1"),
        ("2", "Feuil1 (2)"),
    ]
    assert "10 kWh" in question.options[1].sample
    assert (question.facts.rows, question.facts.energy) == (4, 13)
    assert (question.facts.first, question.facts.last) == (
        date(2021, 1, 10),
        date(2021, 1, 11),
    )
    assert "Feuil1" not in str(question)


@pytest.mark.parametrize(("sheet", "kwh"), [("1", 3), ("2", 10)])
def test_the_answer_leaves_the_other_sheet_out(sheet: str, kwh: float) -> None:
    (meter,) = answered(workbook_of(("A", FIRST), ("B", COPY)), sheet).meters

    assert meter.energy == kwh


def test_an_answer_that_is_no_sheet_is_asked_again() -> None:
    with pytest.raises(ExportQuestionError):
        answered(workbook_of(("A", FIRST), ("B", COPY)), "7")


def test_a_sheet_that_is_no_rival_is_kept_with_the_answer() -> None:
    content = workbook_of(("A", FIRST), ("B", COPY), ("C", YEARS_LATER))

    (meter,) = answered(content, "1").meters

    assert [row.energy for row in meter.rows] == [1, 2, 5]


def test_bad_rows_of_the_sheet_left_out_do_not_refuse_the_file() -> None:
    content = workbook_of(("A", FIRST), ("B", [*COPY, day_row("12/01/2021", "x")]))

    assert answered(content, "1").meters[0].energy == 3


def test_the_same_months_beside_the_days_are_a_question() -> None:
    assert len(asked(workbook_of(("A", FIRST), ("B", MONTHS))).options) == 2
    (meter,) = answered(workbook_of(("A", FIRST), ("B", MONTHS)), "2").meters
    assert meter.energy == 100


def test_two_sheets_of_one_period_that_name_no_meter_are_a_question() -> None:
    content = workbook_of(("A", FIRST[1:]), ("B", FIRST[1:]))

    assert len(asked(content).options) == 2
    (meter,) = answered(content, "2").meters
    assert (meter.pce, meter.energy) == (None, 3)


@pytest.mark.parametrize(
    ("others", "energies"),
    [
        ([FIRST], [3]),
        ([YEARS_LATER], [8]),
        ([OF_ANOTHER], [3, 10]),
        ([[["Bonjour"]]], [3]),
    ],
    ids=["an equal copy", "other days", "another meter", "no table"],
)
def test_sheets_that_do_not_contradict_each_other_are_no_question(
    others: list[list[Row]], energies: list[float]
) -> None:
    sheets = [("A", FIRST), *((f"B{at}", rows) for at, rows in enumerate(others))]

    file = read(workbook_of(*sheets))

    assert [meter.energy for meter in file.meters] == energies
    assert Problem.HIDDEN_SHEETS not in {each.problem for each in file.warnings}
