"""Numbers as people and spreadsheets write them, never a thousand times too large."""

import pytest

from custom_components.grdf_adict.files import Problem
from custom_components.grdf_adict.files.cells import amount, number
from custom_components.grdf_adict.files.errors import CellError
from custom_components.grdf_adict.files.writer import DecimalSign
from tests.exports.layouts import Row

from .common import read, refusal, table, the_meter

HEADER = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")


def energies(*rows: Row) -> list[float | None]:
    return [row.energy for row in the_meter(table(*rows, header=HEADER)).rows]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1.100,5", 1100.5), ("1 100,5", 1100.5), ("1'100.5", 1100.5)),
        *(("1,100.5", 1100.5), ("1,234,567", 1234567), ("1.234.567", 1234567)),
        *(("1 100,500", 1100.5), ("1100,500", 1100.5), ("0,500", 0.5), (",5", 0.5)),
        *(("1\N{RIGHT SINGLE QUOTATION MARK}100", 1100), ("-1.100,5", -1100.5)),
        *(("12,1234", 12.1234), ("012,345", 12.345)),
    ],
)
def test_a_number_with_one_reading_is_read(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["1,100", "1.100", "12,345", "999.999"])
def test_three_digits_behind_one_sign_have_two_readings(text: str) -> None:
    with pytest.raises(CellError) as caught:
        number(text)

    assert caught.value.problem is Problem.AMBIGUOUS_NUMBER


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1,100", DecimalSign.COMMA, 1.1),
        ("1,100", DecimalSign.POINT, 1100),
        ("1.100", DecimalSign.COMMA, 1100),
        ("1.100", DecimalSign.POINT, 1.1),
    ],
)
def test_the_files_decimal_sign_decides(
    text: str, sign: DecimalSign, value: float
) -> None:
    assert number(text, sign) == value


@pytest.mark.parametrize("text", ["12,5 kWh", "12,5kWh", "12,5 kWh PCS"])
def test_a_unit_behind_a_number_is_read_where_it_is_the_columns(text: str) -> None:
    assert amount(text, units={"kwh", "kwhpcs"}) == 12.5
    with pytest.raises(CellError):
        amount(text, units={"m3"})


@pytest.mark.parametrize("text", ["12,5 MWh", "12,5 Wh", "12,5 €", "12 kWh 5"])
def test_another_unit_is_no_number(text: str) -> None:
    with pytest.raises(CellError) as caught:
        amount(text, units={"kwh"})

    assert caught.value.problem is Problem.UNREADABLE_NUMBER


@pytest.mark.parametrize(
    "text", ["12 5", "1 1", "-12 5", "1 10", "1 1000", "1 100 5", "1234 567", "1,5 100"]
)
def test_digits_behind_a_blank_are_three_or_no_number(text: str) -> None:
    with pytest.raises(CellError) as caught:
        number(text)

    assert caught.value.problem is Problem.UNREADABLE_NUMBER


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("-1 100", -1100), ("- 1 100,500", -1100.5), ("12 345 678", 12_345_678)),
        *(("1 100 kWh", 1100), ("1\N{NARROW NO-BREAK SPACE}100,25kWh", 1100.25)),
    ],
)
def test_thousands_behind_blanks_are_read(text: str, value: float) -> None:
    assert number(text, units={"kwh"}) == value


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("20/01/2021", "9,5", "1,100"), ("21/01/2021", "9,5", "900,25")],
            [1.1, 900.25],
        ),
        (
            [("20/01/2021", "98.5", "1,100"), ("21/01/2021", "9", "900.25")],
            [1100, 900.25],
        ),
        ([("20/01/2021", 98, "1,100"), ("21/01/2021", 9, "100")], [1100, 100]),
        ([("20/01/2021", 98, "1.100"), ("21/01/2021", 9, "100")], [1100, 100]),
        ([("20/01/2021", 1, "11,160"), ("21/01/2021", 9, "100")], [11.16, 100]),
        ([("20/01/2021", "0,098", "1,100"), ("21/01/2021", 9, 100)], [1.1, 100]),
    ],
    ids=[
        *("a decimal comma", "a decimal point", "by the volume"),
        *("by the volume, with a point", "a decimal by the volume", "a zero"),
    ],
)
def test_what_else_a_file_holds_shows_how_to_read_a_number(
    rows: list[Row], expected: list[float]
) -> None:
    assert energies(*rows) == expected


@pytest.mark.parametrize(
    "rows",
    [
        [("20/01/2021", None, "1,100"), ("21/01/2021", None, 900)],
        [("20/01/2021", "1,100", "12,276"), ("21/01/2021", 9, 100)],
        [("20/01/2021", 98, "1,100"), ("21/01/2021", 1, "11,160")],
        [("20/01/2021", "9,5", "1,100"), ("21/01/2021", "9.5", "9.25")],
        [("20/01/2021", 98, "1,100"), ("21/01/2021", "9,5", "95,5")],
    ],
    ids=[
        *("nothing", "both ambiguous", "ratios of both kinds", "both signs"),
        "a ratio against the sign",
    ],
)
def test_a_number_that_nothing_settles_refuses_the_file(rows: list[Row]) -> None:
    error = refusal(table(*rows, header=HEADER))

    assert error.problem is Problem.AMBIGUOUS_NUMBER
    assert not error.rows_can_be_left_out


@pytest.mark.parametrize(
    ("header", "hint"),
    [("Température", "8.5"), ("Coefficient de conversion", "11.27")],
)
def test_the_sign_of_a_hint_says_nothing_of_an_amount(header: str, hint: str) -> None:
    rows: list[Row] = [("04/01/2021", "12,345", hint), ("05/01/2021", "13", hint)]

    error = refusal(table(*rows, header=("Date", "Energie (kWh)", header)))

    assert error.problem is Problem.AMBIGUOUS_NUMBER


def test_a_coefficient_and_a_temperature_have_no_thousands() -> None:
    header = (*HEADER, "Coefficient de conversion", "Température locale")
    cells: Row = ("20/01/2021", 10, 113, "11,268", "-1.125")

    (row,) = the_meter(table(cells, header=header)).rows

    assert (row.coefficient, row.temperature) == (11.268, -1.125)


def test_an_ambiguous_index_is_no_reason_to_refuse_a_file() -> None:
    header = ("Date de relevé", "Index de début", "Energie consommée (kWh)")

    (row,) = the_meter(table(("20/01/2021", "12,163", 50), header=header)).rows

    assert (row.energy, row.index_start) == (50, None)


def test_a_row_without_a_readable_date_is_data_with_an_ambiguous_number_too() -> None:
    days: list[Row] = [("20/01/2021", 98, 1100), ("21/01/2021", 98, 1100)]
    rows: list[Row] = [*days, ("hier", 98, "1,100")]

    error = refusal(table(*rows, header=HEADER))

    assert (error.problem, error.findings[0].rows) == (Problem.UNREADABLE_DATE, (4,))
    assert error.rows_can_be_left_out
    assert read(table(*days, header=HEADER)).meters[0].energy == 2200


@pytest.mark.parametrize("wrong", [11160, 0.01116])
def test_a_row_a_thousand_times_off_the_others_refuses_the_file(wrong: float) -> None:
    rows: list[Row] = [(f"{day}/01/2021", 9, 100.5) for day in range(20, 25)]

    error = refusal(table(*rows, ("25/01/2021", 1, wrong), header=HEADER))

    assert error.problem is Problem.AMBIGUOUS_NUMBER
    assert error.findings[0].rows == (7,)
