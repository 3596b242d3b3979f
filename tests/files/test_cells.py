"""What single cells mean."""

from contextlib import suppress
from datetime import date, datetime, time

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.files.cells import (
    amount,
    exported_on,
    number,
    pce_in_name,
    read_pce,
    read_period,
)
from custom_components.grdf_adict.files.errors import CellError, Problem
from custom_components.grdf_adict.metering.exported import ExportKind, PceGuess

from .common import PCE


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, 12),
        (12.5, 12.5),
        ("12", 12),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" 1\N{NO-BREAK SPACE}234,5 ", 1234.5),
        ("1\N{NARROW NO-BREAK SPACE}234", 1234),
        ("1\N{THIN SPACE}234\N{THIN SPACE}567", 1234567),
        ("\N{MINUS SIGN}4,5", -4.5),
        (None, None),
        ("", None),
        (" \N{NO-BREAK SPACE}", None),
        ("-", None),
    ],
)
def test_a_number_is_read_however_it_is_written(
    cell: object, value: float | None
) -> None:
    assert number(cell) == value


@pytest.mark.parametrize(
    "cell",
    [
        *("douze", "1,2,3", "12 kWh", "#VALUE!", "1e400", "NaN", "9" * 500, "٣x"),
        *(float("nan"), float("inf"), 1e10, 10**400, True, datetime(2021, 1, 1)),  # noqa: DTZ001
    ],
)
def test_what_is_no_number_is_called_unreadable(cell: object) -> None:
    with pytest.raises(CellError) as caught:
        number(cell)

    assert caught.value.problem is Problem.UNREADABLE_NUMBER


@pytest.mark.parametrize("cell", [-1, "-0,5", "\N{MINUS SIGN}3"])
def test_an_amount_is_never_negative(cell: object) -> None:
    with pytest.raises(CellError) as caught:
        amount(cell)

    assert caught.value.problem is Problem.NEGATIVE


@pytest.mark.parametrize(
    "cell",
    [
        *("24/11/2020", "24-11-2020", "24.11.2020", "2020-11-24", " 24/11/2020 "),
        *(
            "24/11/2020 06:00",
            "24/11/2020 06:00:00",
            "2020-11-24T06:00:00",
            "24/11/2020 6h00",
        ),
        *("mardi 24 novembre 2020", "24 nov. 2020", "24-nov-2020", "24 Nov 2020"),
        *("2020/11/24", "20201124", 20201124, 20201124.0),
        *("2020-11-24T06:00:00+01:00", "2020-11-23T23:00:00Z", "2020-11-24 06:00:00.0"),
        *(date(2020, 11, 24), datetime(2020, 11, 24, 6)),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    read = read_period(cell)

    assert (read.first, read.end, read.kind) == (
        date(2020, 11, 24),
        date(2020, 11, 25),
        ExportKind.DAILY,
    )


@pytest.mark.parametrize(
    ("cell", "first", "end"),
    [
        ("Du 24/11/2020 au 29/11/2020", date(2020, 11, 24), date(2020, 11, 30)),
        (
            "du 28/12/2020\N{NO-BREAK SPACE}AU 03/01/2021",
            date(2020, 12, 28),
            date(2021, 1, 4),
        ),
        ("Du 01/01/2021 au 01/01/2021", date(2021, 1, 1), date(2021, 1, 2)),
    ],
)
def test_both_ends_of_a_week_are_in_it(cell: str, first: date, end: date) -> None:
    read = read_period(cell)

    assert (read.first, read.end, read.kind) == (first, end, ExportKind.WEEKLY)


@pytest.mark.parametrize(
    ("cell", "first", "end"),
    [
        ("Novembre 2020 ", date(2020, 11, 1), date(2020, 12, 1)),
        ("DÉCEMBRE 2020", date(2020, 12, 1), date(2021, 1, 1)),
        ("févr. 2024", date(2024, 2, 1), date(2024, 3, 1)),
        ("juil 2021", date(2021, 7, 1), date(2021, 8, 1)),
        ("11/2020", date(2020, 11, 1), date(2020, 12, 1)),
        ("2020-11", date(2020, 11, 1), date(2020, 12, 1)),
        ("November 2020", date(2020, 11, 1), date(2020, 12, 1)),
        ("Du 01/11/2020 au 30/11/2020", date(2020, 11, 1), date(2020, 12, 1)),
    ],
)
def test_a_month_is_read_however_it_is_written(
    cell: str, first: date, end: date
) -> None:
    read = read_period(cell)

    assert (read.first, read.end, read.kind) == (first, end, ExportKind.MONTHLY)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("24/11/0202", Problem.BAD_YEAR),
        ("24/11/20", Problem.TWO_DIGIT_YEAR),
        *((text, Problem.TWO_DIGIT_YEAR) for text in ("20-11-24", "nov-20")),
        ("24 nov. 20", Problem.TWO_DIGIT_YEAR),
        ("Du 24/11/20 au 29/11/20", Problem.TWO_DIGIT_YEAR),
        ("02/13/2021", Problem.MONTH_FIRST),
        ("24/11/2020 25:00", Problem.UNREADABLE_DATE),
        ("24/11/202", Problem.BAD_YEAR),
        ("0202-11-24", Problem.BAD_YEAR),
        ("Novembre 0202", Problem.BAD_YEAR),
        ("Du 24/11/0202 au 29/11/2020", Problem.BAD_YEAR),
        (date(1900, 1, 1), Problem.BAD_YEAR),
        ("31/02/2021", Problem.UNREADABLE_DATE),
        ("13/2021", Problem.UNREADABLE_DATE),
        ("Du 29/11/2020 au 24/11/2020", Problem.UNREADABLE_DATE),
        ("Du 24/11/2020 au 24/11/2021", Problem.UNREADABLE_DATE),
        ("Brumaire 2020", Problem.UNREADABLE_DATE),
        ("jui 2020", Problem.UNREADABLE_DATE),
        ("hier", Problem.UNREADABLE_DATE),
        ("2" * 5000, Problem.UNREADABLE_DATE),
        (44159, Problem.UNREADABLE_DATE),
        (time(6), Problem.UNREADABLE_DATE),
        (None, Problem.UNREADABLE_DATE),
    ],
)
def test_what_is_no_date_is_reported(cell: object, problem: Problem) -> None:
    with pytest.raises(CellError) as caught:
        read_period(cell)

    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("Export du 24/11/2021", date(2021, 11, 24)),
        ("EXPORT DU 24/11/2021 à 10h", date(2021, 11, 24)),
        ("Export du 31/02/2021", None),
        ("Export", None),
        (None, None),
    ],
)
def test_the_day_of_the_export_is_found(cell: object, day: date | None) -> None:
    assert exported_on(cell) == day


@pytest.mark.parametrize(
    ("cell", "guess"),
    [
        (PCE, PceGuess(PCE)),
        (" 09 999 999 900 617 ", PceGuess(PCE)),
        (9999999900617, PceGuess(PCE, zero_lost=True)),
        (9999999900617.0, PceGuess(PCE, zero_lost=True)),
        ("9999999900617", PceGuess(PCE, zero_lost=True)),
        (21999999900617, PceGuess("21999999900617")),
        ("gi999055", PceGuess("GI999055")),
        (999999990061, None),
        ("9,99999E+12", None),
        (9.5, None),
        (-9999999900617, None),
        (10**4000, None),
        (True, None),
        (None, None),
        ("0" * 5000, None),
    ],
)
def test_a_pce_is_proposed_with_its_zero_and_never_invented(
    cell: object, guess: PceGuess | None
) -> None:
    assert read_pce(cell) == guess


@pytest.mark.parametrize(
    "name", ["export_20261130223140.csv", "conso_gaz_1700000000000.csv"]
)
def test_a_moment_in_a_files_name_is_no_pce(name: str) -> None:
    assert pce_in_name(name) is None


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        (f"Donnees_informatives_{PCE}_2020-11-24.xlsx", PceGuess(PCE)),
        ("Donnees_informatives_GI999055.xlsx", PceGuess("GI999055")),
        ("9999999900617.csv", PceGuess(PCE, zero_lost=True)),
        (f"{PCE}_09999999930215.xlsx", None),
        ("releves.xlsx", None),
    ],
)
def test_a_files_name_may_have_the_pce(name: str, guess: PceGuess | None) -> None:
    assert pce_in_name(name) == guess


def test_a_pce_shows_its_last_four_characters_only() -> None:
    guess = PceGuess(PCE)

    assert guess.masked == "…0617"
    assert PCE not in repr(guess)


@given(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes()
)
def test_any_cell_is_read_or_refused(cell: object) -> None:
    for read in (number, amount, read_period):
        with suppress(CellError):
            read(cell)
    read_pce(cell)
    exported_on(cell)
