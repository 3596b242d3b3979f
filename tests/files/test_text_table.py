"""Text tables: what their lines and delimiters may do."""

import pytest

from custom_components.grdf_adict.files import Problem
from tests.exports import build_text

from .common import DAYS, EXPORTED_ON, PCE, refusal, the_meter

HEADER = "Date de relevé;Volume consommé (m3);Energie consommée (kWh)"


def csv(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *lines, ""]).encode()


def test_a_decimal_comma_is_no_delimiter() -> None:
    content = csv("20/01/2021;11,5;1 234,75", "21/01/2021;11,5;1 234,75")

    row, _ = the_meter(content).rows

    assert (row.volume, row.energy) == (11.5, 1234.75)


def test_a_decimal_comma_that_cuts_a_row_is_noticed() -> None:
    content = csv("10/01/2021,11,5,133", header=HEADER.replace(";", ","))

    error = refusal(content)

    assert error.problem is Problem.SHIFTED_CELLS
    assert error.findings[0].rows == (2,)


def test_empty_cells_at_the_end_of_a_row_shift_nothing() -> None:
    assert the_meter(csv("10/01/2021;1;10;;;")).energy == 10


def test_blank_lines_and_the_text_of_excel_before_the_header_are_ignored() -> None:
    content = csv("10/01/2021;1;10", header=f"sep=;\r\n\r\n{HEADER}")

    (row,) = the_meter(content).rows

    assert row.number == 4


def test_a_quote_that_never_ends_is_damage_not_a_crash() -> None:
    content = csv(f'10/01/2021;"1;{"x" * 200_000}')

    assert refusal(content).problem is Problem.DAMAGED


def test_bytes_of_no_encoding_change_no_number() -> None:
    content = csv("10/01/2021;1;10;Mesuré", header=f"{HEADER};Qualification")

    assert the_meter(content.replace("é".encode(), b"\x8d")).energy == 10


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_cell_may_hold_the_delimiter(delimiter: str) -> None:
    content = build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, delimiter=delimiter)

    assert the_meter(content).days == len(DAYS)
