"""Tables for a spreadsheet: what a program that opens them reads."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
import pytest

from custom_components.grdf_adict.files import writer as module
from custom_components.grdf_adict.files.writer import (
    Cell,
    DecimalSign,
    TableFormat,
    TooManyRowsError,
    table_writer,
)

HEADER = ["PCE", "Day", "kWh", "Cost"]
ROW: list[Cell] = ["09999999900617", date(2026, 3, 29), 1234.5, Decimal("12.3400")]


def written(
    folder: Path,
    kind: TableFormat,
    rows: list[list[Cell]],
    sign: DecimalSign = DecimalSign.POINT,
) -> Path:
    path = folder / f"table.{kind}"
    table = table_writer(path, kind, HEADER, sign)
    table.add(rows)
    table.close()
    return path


def read_csv(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def opened(path: Path) -> Any:
    return load_workbook(path).active


def read_workbook(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in opened(path).iter_rows()]


def test_a_french_csv_has_decimal_commas_semicolons_and_the_mark_of_utf_8(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, TableFormat.CSV, [ROW], DecimalSign.COMMA)

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_csv(path, ";") == [
        HEADER,
        ["09999999900617", "2026-03-29", "1234,5", "12,3400"],
    ]


def test_an_english_csv_has_decimal_points_and_commas(tmp_path: Path) -> None:
    path = written(tmp_path, TableFormat.CSV, [ROW])

    assert read_csv(path, ",")[1] == [
        "09999999900617",
        "2026-03-29",
        "1234.5",
        "12.3400",
    ]


def test_what_is_unknown_is_an_empty_cell(tmp_path: Path) -> None:
    text = written(tmp_path, TableFormat.CSV, [["GI999999", None, None, None]])
    book = written(tmp_path, TableFormat.XLSX, [["GI999999", None, None, None]])

    assert read_csv(text, ",")[1] == ["GI999999", "", "", ""]
    assert [cell.value for cell in read_workbook(book)[1]] == [
        "GI999999",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(tmp_path: Path, sign: str) -> None:
    name = f'{sign}HYPERLINK("https://example.com")'

    text = written(tmp_path, TableFormat.CSV, [[name]])
    book = written(tmp_path, TableFormat.XLSX, [[name]])

    assert read_csv(text, ",")[1] == [f"'{name}"]
    cell = read_workbook(book)[1][0]
    assert (cell.value, cell.data_type) == (name, "s")


def test_a_tab_does_not_hide_a_formula(tmp_path: Path) -> None:
    text = written(tmp_path, TableFormat.CSV, [["\t=1+1\x00"]])

    assert read_csv(text, ",")[1] == ["'=1+1"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\r\n=1+1", "'=1+1"),
        ("\u200b\ufeff=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff20SUM(1)", "'\uff20SUM(1)"),
        ("\u22121+1", "'\u22121+1"),
        # With the other separator, a spreadsheet begins a cell here.
        ("a;=1+1", "a;'=1+1"),
        ("a, @SUM(1)", "a, '@SUM(1)"),
        ("Bât. A - rez-de-chaussée", "Bât. A - rez-de-chaussée"),
        ("mesuré + estimé = 2", "mesuré + estimé = 2"),
    ],
)
@pytest.mark.parametrize("sign", DecimalSign)
def test_a_formula_is_text_wherever_a_spreadsheet_would_find_it(
    tmp_path: Path, text: str, shown: str, sign: DecimalSign
) -> None:
    path = written(tmp_path, TableFormat.CSV, [[text]], sign)

    delimiter = ";" if sign is DecimalSign.COMMA else ","
    assert read_csv(path, delimiter)[1] == [shown]


def test_a_workbook_holds_text_dates_and_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, TableFormat.XLSX, [ROW])

    pce, day, energy, cost = read_workbook(path)[1]
    assert (pce.value, pce.data_type, pce.number_format) == (ROW[0], "s", "@")
    assert (day.value, day.is_date) == (datetime(2026, 3, 29), True)  # noqa: DTZ001
    assert (energy.value, cost.value) == (1234.5, 12.34)
    assert energy.data_type == cost.data_type == "n"


def test_the_header_of_a_workbook_stays_in_view(tmp_path: Path) -> None:
    path = written(tmp_path, TableFormat.XLSX, [ROW])

    sheet = opened(path)
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == HEADER
    assert all(cell.font.bold for cell in sheet[1])


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WORKBOOK_ROWS", 3)
    table = table_writer(
        tmp_path / "table.xlsx", TableFormat.XLSX, HEADER, DecimalSign.POINT
    )

    table.add([ROW, ROW])
    with pytest.raises(TooManyRowsError):
        table.add([ROW])

    table.close()


@settings(max_examples=50, deadline=None)
@given(
    numbers=st.lists(
        st.one_of(
            st.floats(0, 1e9),
            st.decimals(0, 10**9, places=4),
            st.integers(0, 10**9),
        ),
        min_size=1,
    ),
    sign=st.sampled_from(DecimalSign),
)
def test_numbers_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory,
    numbers: list[float | Decimal],
    sign: DecimalSign,
) -> None:
    path = written(
        tmp_path_factory.mktemp("csv"), TableFormat.CSV, [list(numbers)], sign
    )

    row = read_csv(path, ";" if sign is DecimalSign.COMMA else ",")[1]

    assert [float(cell.replace(",", ".")) for cell in row] == list(map(float, numbers))
