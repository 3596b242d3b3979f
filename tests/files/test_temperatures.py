"""The column of local temperatures: which of them count, and what the user is told.

No real value of it has been seen. Whatever is in it, no row is refused for it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.files import ExportFile, Problem
from tests.exports import build_daily, build_text, invented_days
from tests.exports.layouts import Cell, Row
from tests.exports.plain import Day

from .common import PCE, read, table, warned

FIRST: Final = date(2021, 1, 10)
HEADER: Final = (
    *("Date de relevé", "Energie consommée (kWh)", "Température locale (°C)"),
    "Qualification du relevé",
)


def days_with(*cells: Cell) -> list[Row]:
    return [
        (f"{FIRST + timedelta(days=place):%d/%m/%Y}", 50 + place, cell, "Mesuré")
        for place, cell in enumerate(cells)
    ]


def temperatures(file: ExportFile) -> list[float | None]:
    return [row.temperature for meter in file.meters for row in meter.rows]


def read_cells(*cells: Cell) -> ExportFile:
    return read(table(*days_with(*cells), header=HEADER))


def problems(file: ExportFile) -> set[Problem]:
    ours = {Problem.TEMPERATURES_KEPT, Problem.TEMPERATURES_LEFT_OUT}
    return ours & {each.problem for each in file.warnings}


@pytest.mark.parametrize("build", [build_daily, build_text])
def test_temperatures_are_kept_as_they_are_written_and_counted(build: object) -> None:
    values = [-4.5, -0.3, 0.8, 12.0, None, 31.4]
    days = [
        Day(gas_day=FIRST + timedelta(days=place), kwh=40, m3=4, temperature=celsius)
        for place, celsius in enumerate(values)
    ]

    file = read(build(days, pce=PCE, exported_on=date(2021, 2, 1)))  # type: ignore[operator]

    assert temperatures(file) == values
    found = warned(file, Problem.TEMPERATURES_KEPT)
    assert (found.count, found.rows) == (5, ())
    assert problems(file) == {Problem.TEMPERATURES_KEPT}


def test_an_empty_column_as_in_every_real_export_says_nothing() -> None:
    days = invented_days(FIRST, FIRST + timedelta(days=20))

    file = read(build_daily(days, pce=PCE, exported_on=date(2021, 2, 10)))

    assert temperatures(file) == [None] * 21
    assert problems(file) == set()


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        pytest.param([0] * 9, [], id="a column of zeros"),
        pytest.param([0], [], id="a zero alone"),
        pytest.param([2, 0, -1], [0, 1, 2], id="a day of 0 °C in winter"),
        pytest.param([2, 0, 0.0, "0,0", -1], [0, 1, 2, 3, 4], id="three of them"),
        pytest.param([2, 0, 0, 0, 0, -1], [0, 5], id="four zeros"),
        pytest.param([19, 0, 21], [0, 2], id="a zero in summer"),
        pytest.param([3, None, 0, None, 2], [0, 2, 4], id="a blank is no zero"),
        pytest.param([2, 0], [0, 1], id="a zero at the end"),
    ],
)
def test_zeros_that_stand_for_nothing_are_no_temperature(
    cells: Sequence[Cell], kept: list[int]
) -> None:
    file = read_cells(*cells)

    found = temperatures(file)
    assert [at for at, each in enumerate(found) if each is not None] == kept
    given = sum(cell is not None for cell in cells)
    left = given - len(kept)
    assert (Problem.TEMPERATURES_LEFT_OUT in problems(file)) is bool(left)
    if left:
        assert warned(file, Problem.TEMPERATURES_LEFT_OUT).count == left


def test_a_zero_of_absent_data_is_nothing_and_any_other_number_counts() -> None:
    rows = [
        ("10/01/2021", 40, 2, "Mesuré"),
        ("11/01/2021", 0, 0, "Absence de Données"),
        ("12/01/2021", 0, -3.5, "Absence de Données"),
    ]

    file = read(table(*rows, header=HEADER))

    assert temperatures(file) == [2, None, -3.5]


@pytest.mark.parametrize("cell", ["froid", -60.1, 60.1, 6000, 1e12, "1,2,3", True])
def test_what_is_no_temperature_costs_its_cell_alone_and_is_told(cell: Cell) -> None:
    file = read_cells(-60, cell, 60)

    assert temperatures(file) == [-60, None, 60]
    assert [row.energy for row in file.meters[0].rows] == [50, 51, 52]
    assert warned(file, Problem.TEMPERATURES_LEFT_OUT).rows == (3,)
    assert warned(file, Problem.TEMPERATURES_KEPT).count == 2


def test_a_week_or_a_month_has_no_days_temperature() -> None:
    rows = [
        ("Du 11/01/2021 au 17/01/2021", 300, 4.2, None),
        ("Du 18/01/2021 au 24/01/2021", 310, 3.1, None),
    ]

    file = read(table(*rows, header=HEADER))

    assert temperatures(file) == [None, None]
    assert problems(file) == {Problem.TEMPERATURES_LEFT_OUT}
    assert file.meters[0].energy == 610
