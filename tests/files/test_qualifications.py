"""Qualifications, and what encodings have made of them."""

import pytest

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.files import Problem

from .common import HEADER, day_row, read, table, warned

ABSENT = "Absence de Données"


def mangled(text: str, written: str, read_as: str) -> str:
    return text.encode(written).decode(read_as, errors="replace")


@pytest.mark.parametrize(
    "text",
    [
        *(ABSENT, "ABSENCE DE DONNÉES", "absence de données ", "Absence de Donnees"),
        *("Absence de Donn?es", "Absence de Donn�es", "Absence de Donn_es"),
        mangled(ABSENT, "utf-8", "cp1252"),
        mangled(ABSENT, "utf-8", "latin-1"),
        mangled(ABSENT, "mac-roman", "cp1252"),
        mangled(ABSENT, "cp850", "cp1252"),
        mangled(ABSENT, "cp1252", "mac-roman"),
        mangled(ABSENT, "cp1252", "utf-8"),
    ],
)
def test_absent_data_are_absent_whatever_an_encoding_made_of_them(text: str) -> None:
    file = read(table(day_row("10/01/2021"), day_row("11/01/2021", 0, text)))

    absent = file.meters[0].rows[1]
    assert (absent.energy, absent.volume) == (None, None)
    assert absent.qualification is Qualification.ABSENT
    assert warned(file, Problem.ABSENT_DATA).rows == (3,)


def test_a_zero_is_left_out_by_its_qualification_under_any_header() -> None:
    header = ("Datum", "Energie (kWh)", "Qualität")
    rows = [(f"{day}/01/2021", 9, "Mesuré") for day in range(10, 13)]
    content = table(
        *rows,
        ("13/01/2021", 0, "Pas de données"),
        header=header,
        above=[("N° PCE :", "09999999900617")],
    )

    file = read(content)

    assert [row.energy for row in file.meters[0].rows] == [9, 9, 9]
    assert warned(file, Problem.UNKNOWN_QUALIFICATION).rows == (6,)


@pytest.mark.parametrize(
    ("text", "qualification"),
    [
        ("Mesur?", Qualification.MEASURED),
        (mangled("Mesurée", "utf-8", "cp1252"), Qualification.MEASURED),
        (mangled("Estimé", "mac-roman", "cp1252"), Qualification.ESTIMATED),
        ("Corrig�", Qualification.CORRECTED),
    ],
)
def test_any_qualification_is_read_without_its_accents(
    text: str, qualification: Qualification
) -> None:
    (row,) = read(table(day_row("10/01/2021", 10, text))).meters[0].rows

    assert row.qualification is qualification


@pytest.mark.parametrize("text", ["Donnée manquante", "Absence", "x", "0"])
def test_a_qualification_that_is_not_known_is_told_and_no_zero_is_made_of_it(
    text: str,
) -> None:
    file = read(
        table(
            day_row("10/01/2021", 134, text),
            day_row("11/01/2021", 0, text),
            day_row("12/01/2021", 0, "Mesuré"),
        )
    )

    energies = {row.first.day: row.energy for row in file.meters[0].rows}
    assert energies == {10: 134, 12: 0}
    assert warned(file, Problem.UNKNOWN_QUALIFICATION).rows == (2, 3)


@pytest.mark.parametrize("header", ["Quality", "Remarque", "?", None])
def test_absent_data_are_absent_under_any_header(header: str | None) -> None:
    rows = (day_row("10/01/2021"), day_row("11/01/2021", 0, ABSENT))

    file = read(table(*rows, header=(*HEADER[:3], header)))

    assert [row.energy for row in file.meters[0].rows] == [10, None]


@pytest.mark.parametrize("blank", ["", None, " "])
def test_a_blank_qualification_tells_nothing(blank: str | None) -> None:
    file = read(table(("10/01/2021", 0, 0, blank)))

    assert file.meters[0].rows[0].energy == 0
    assert Problem.UNKNOWN_QUALIFICATION not in {each.problem for each in file.warnings}
