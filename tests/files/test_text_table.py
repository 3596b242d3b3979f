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


@pytest.mark.parametrize("end", ["", 'x"', '"'], ids=["none", "its own", "a cell's"])
def test_a_quote_that_takes_rows_below_it_is_damage(end: str) -> None:
    rows = [f"{day:02}/01/2021;1;10" for day in range(1, 20)]
    rows[5] = '"un mot'
    rows[15] += f";{end}"

    assert refusal(csv(*rows)).problem is Problem.DAMAGED


def test_a_line_break_and_quotes_within_a_cell_are_no_damage() -> None:
    header = f"{HEADER};Remarque"
    content = csv('10/01/2021;1;10;"le ""gaz"",\r\ndit-on; 12/01"', header=header)

    assert the_meter(content).energy == 10


@pytest.mark.parametrize(
    ("header", "rows", "cut"),
    [
        (
            "Date,Energie (kWh),Température,Commentaire",
            ["01/01/2021,10,,", "02/01/2021,11,5,,", "03/01/2021,12,,vu"],
            (3,),
        ),
        (
            "Date de relevé,Energie consommée (kWh),Remarque",
            ["01/01/2021,12,5,", "02/01/2021,9,75,"],
            (2, 3),
        ),
        (
            "Date,Volume (m3),Energie (kWh),Remarque",
            ["01/01/2021,1,5,12,", "02/01/2021,1,2,11,", "Total,2,23"],
            (2, 3),
        ),
    ],
    ids=["a blank at the end", "in each row", "in each row, by the volume"],
)
def test_a_decimal_comma_beside_a_blank_cell_is_noticed(
    header: str, rows: list[str], cut: tuple[int, ...]
) -> None:
    error = refusal(csv(*rows, header=header))

    assert error.problem is Problem.SHIFTED_CELLS
    assert error.findings[0].rows == cut


def test_rows_that_all_end_with_a_comma_are_read() -> None:
    rows = [f"{day:02}/01/2021,1,10,8,vu," for day in range(10, 20)]
    header = "Date,Volume (m3),Energie (kWh),Température,Remarque"

    assert the_meter(csv(*rows, "Total,10,100", header=header)).energy == 100


def test_bytes_of_no_encoding_change_no_number() -> None:
    content = csv("10/01/2021;1;10;Mesuré", header=f"{HEADER};Qualification")

    assert the_meter(content.replace("é".encode(), b"\x8d")).energy == 10


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_cell_may_hold_the_delimiter(delimiter: str) -> None:
    content = build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, delimiter=delimiter)

    assert the_meter(content).days == len(DAYS)
