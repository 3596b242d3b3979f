"""Rows that are no data, rows that cannot be, and meters that a file does not name."""

from datetime import date, timedelta

import pytest

from custom_components.grdf_adict.files import ExportFileError, Problem
from custom_components.grdf_adict.metering.exported import Owner
from tests.exports import build_daily, build_weekly, workbook_of
from tests.exports.layouts import Row

from .common import (
    DAYS,
    EXPORTED_ON,
    HEADER,
    OTHER_PCE,
    PCE,
    TODAY,
    day_row,
    read,
    refusal,
    table,
    the_meter,
    warned,
)

TOMORROW = f"{TODAY + timedelta(days=1):%d/%m/%Y}"


def problems(*rows: Row) -> list[tuple[Problem, tuple[int, ...]]]:
    return [(found.problem, found.rows) for found in refusal(table(*rows)).findings]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (day_row("10/01/0202"), Problem.BAD_YEAR),
        (day_row(TOMORROW), Problem.DATE_IN_FUTURE),
        (day_row("10/01/2021", -3), Problem.NEGATIVE),
        (day_row("10/01/2021", "beaucoup"), Problem.UNREADABLE_NUMBER),
        (day_row("le dix", 10), Problem.UNREADABLE_DATE),
        ((44206, 1, 10), Problem.UNREADABLE_DATE),
    ],
)
def test_a_row_that_cannot_be_refuses_the_file(bad: Row, problem: Problem) -> None:
    error = refusal(table(day_row("09/01/2021"), bad))

    assert error.problem is problem
    assert [found.rows for found in error.findings] == [(3,)]
    assert str(error) == f"{problem}: rows 3"
    assert error.rows_can_be_left_out


def test_every_bad_row_is_reported_at_once() -> None:
    found = problems(
        day_row("10/01/2021", -3),
        day_row("11/01/2021"),
        day_row("12/01/2021", -4),
        day_row(TOMORROW),
        day_row("10/01/0202"),
    )

    assert found == [
        (Problem.BAD_YEAR, (6,)),
        (Problem.DATE_IN_FUTURE, (5,)),
        (Problem.NEGATIVE, (2, 4)),
    ]


def test_bad_rows_are_left_out_on_request() -> None:
    content = table(day_row("10/01/2021"), day_row("11/01/2021", -3))

    file = read(content, leave_out=True)

    assert file.meters[0].days == 1
    assert warned(file, Problem.NEGATIVE).rows == (3,)


def test_a_file_with_nothing_but_bad_rows_is_refused_all_the_same() -> None:
    content = table(day_row("11/01/2021", -3))

    assert refusal(content).problem is Problem.NEGATIVE
    with pytest.raises(Exception, match="no_rows"):
        read(content, leave_out=True)


def test_what_remains_beside_more_dates_that_cannot_be_read_is_not_taken() -> None:
    rows = [day_row(f"{day}/01") for day in range(10, 13)]
    content = table(*rows, day_row("10/01/2021"), day_row("11/01/2021"))

    assert not refusal(content).rows_can_be_left_out
    with pytest.raises(ExportFileError, match="unreadable_date"):
        read(content, leave_out=True)


def test_what_remains_beside_more_amounts_that_cannot_be_read_is_not_taken() -> None:
    rows = [day_row(f"{day}/01/2021", "0,4 MWh") for day in range(10, 13)]
    content = table(*rows, day_row("13/01/2021", 400), day_row("14/01/2021", 400))

    assert not refusal(content).rows_can_be_left_out
    with pytest.raises(ExportFileError, match="unreadable_number"):
        read(content, leave_out=True)


def test_many_bad_rows_are_counted_and_the_first_listed() -> None:
    rows = [
        day_row(f"{day:%d/%m/%Y}", -1)
        for day in (date(2021, 1, 1 + n) for n in range(30))
    ]

    (found,) = refusal(table(*rows)).findings

    assert found.count == 30
    assert found.rows == tuple(range(2, 22))


def test_an_error_quotes_no_cell() -> None:
    error = refusal(table(day_row("10/01/2021", "12 rue de la Paix")))

    assert "Paix" not in f"{error!r}{error}"
    assert error.__cause__ is None


@pytest.mark.parametrize(
    "row",
    [
        ("Total", 3, 30),
        (None, 3, 30),
        ("Les consommations sont fournies à titre indicatif.",),
    ],
)
def test_totals_and_notes_are_no_data(row: Row) -> None:
    file = read(table(day_row("10/01/2021"), row))

    assert file.meters[0].energy == 10
    assert warned(file, Problem.OTHER_ROWS).rows == (3,)


def test_a_day_without_any_value_is_left_out_and_reported() -> None:
    file = read(table(day_row("10/01/2021"), day_row("11/01/2021", None)))

    assert file.meters[0].days == 1
    assert warned(file, Problem.ROWS_WITHOUT_VALUE).rows == (3,)


def test_a_repeated_day_counts_once() -> None:
    file = read(table(day_row("10/01/2021"), day_row("10/01/2021")))

    assert file.meters[0].energy == 10
    assert warned(file, Problem.DUPLICATE_ROWS).rows == (3,)


def test_a_day_with_two_values_is_refused() -> None:
    found = problems(day_row("10/01/2021", 10), day_row("10/01/2021", 11))

    assert found == [(Problem.CONFLICTING_ROWS, (2, 3))]


def test_a_week_with_two_values_is_refused() -> None:
    week = "Du 01/03/2021 au 07/03/2021"

    assert problems((week, 1, 10), (week, 1, 11)) == [
        (Problem.CONFLICTING_ROWS, (2, 3))
    ]


@pytest.mark.parametrize("absent_first", [True, False])
def test_data_replace_the_absence_of_the_same_day(
    absent_first: bool,  # noqa: FBT001
) -> None:
    rows = [day_row("10/01/2021", 0, "Absence de Données"), day_row("10/01/2021", 10)]

    meter = the_meter(table(*(rows if absent_first else rows[::-1])))

    assert [row.energy for row in meter.rows] == [10]


def test_weeks_that_overlap_are_refused() -> None:
    found = problems(
        ("Du 01/03/2021 au 07/03/2021", 1, 10),
        ("Du 05/03/2021 au 11/03/2021", 1, 10),
        ("Du 15/03/2021 au 21/03/2021", 1, 10),
    )

    assert found == [(Problem.OVERLAPPING_ROWS, (2, 3))]


def test_days_and_weeks_in_one_file_are_refused() -> None:
    error = refusal(
        table(
            day_row("10/01/2021"),
            ("Du 11/01/2021 au 17/01/2021", 1, 10),
            ("Du 18/01/2021 au 24/01/2021", 1, 10),
        )
    )

    assert error.problem is Problem.MIXED_KINDS
    assert not error.rows_can_be_left_out
    assert error.findings[0].rows == (2,)


def test_an_index_that_falls_is_a_meter_change_and_costs_nothing() -> None:
    header = ("Date", "Index de début", "Index de fin", "Energie (kWh)")
    content = table(
        ("10/01/2021", 9990, 9995, 50),
        ("11/01/2021", 3, 8, 55),
        ("12/01/2021", 8, 9, 11),
        header=header,
    )

    file = read(content)

    assert file.meters[0].energy == 116
    assert warned(file, Problem.INDEX_BACKWARDS).rows == (3,)


def test_an_unreadable_hint_spoils_no_row() -> None:
    header = ("Date", "Energie (kWh)", "Température", "Coefficient")

    content = table(
        ("10/01/2021", 50, "froid", "?"), header=header, above=[("N° PCE :", PCE)]
    )

    (row,) = the_meter(content).rows

    assert (row.energy, row.temperature, row.coefficient) == (50, None, None)


def test_the_volume_that_the_index_counts_is_the_one_read() -> None:
    header = ("Date", "Volume converti (m3)", "Volume brut (m3)", "Consommation (kWh)")

    (row,) = the_meter(table(("10/01/2021", 9, 4, 50), header=header)).rows

    assert (row.volume, row.energy) == (4, 50)


def test_a_file_without_a_pce_has_a_warning() -> None:
    file = read(build_daily(DAYS, pce=None, exported_on=EXPORTED_ON))

    assert file.meters[0].pce is None
    assert file.meters[0].owner(PCE) is Owner.UNKNOWN
    assert warned(file, Problem.PCE_MISSING)


def test_an_empty_pce_cell_is_made_good_by_the_files_name() -> None:
    content = build_daily(DAYS, pce=None, exported_on=EXPORTED_ON)

    meter = the_meter(content, f"Donnees_informatives_{PCE}.xlsx")

    assert meter.owner(PCE) is Owner.SAME


def test_a_zero_that_the_spreadsheet_ate_is_proposed() -> None:
    file = read(build_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    assert file.meters[0].owner(PCE) is Owner.ZERO_LOST
    assert file.meters[0].owner(OTHER_PCE) is Owner.OTHER
    assert warned(file, Problem.PCE_ZERO_LOST)


@pytest.mark.parametrize("cell", ["9,99999E+12", 99999999])
def test_a_pce_that_lost_more_than_a_zero_must_be_entered(cell: str | int) -> None:
    file = read(table(day_row("10/01/2021"), above=[("N° PCE :", cell)]))

    assert file.meters[0].pce is None
    assert warned(file, Problem.PCE_UNREADABLE).rows == (1,)


def test_a_pce_in_the_cell_of_its_label_is_found() -> None:
    meter = the_meter(table(day_row("10/01/2021"), above=[(f"Numéro de PCE : {PCE}",)]))

    assert meter.owner(PCE) is Owner.SAME


def test_a_row_of_a_business_table_without_a_pce_has_no_meter_yet() -> None:
    rows = [
        ("N° PCE", *HEADER),
        (PCE, *day_row("10/01/2021")),
        (None, *day_row("10/01/2021")),
        ("?", *day_row("11/01/2021")),
    ]

    file = read(workbook_of(("Feuil1", rows)))

    assert [meter.owner(PCE) for meter in file.meters] == [Owner.SAME, Owner.UNKNOWN]
    assert warned(file, Problem.PCE_UNREADABLE).rows == (4,)


def test_without_a_day_of_export_a_file_yields_to_any_later_one() -> None:
    file = read(table(day_row("10/01/2021"), day_row("11/01/2021")))

    assert file.exported_on is None
    assert file.meters[0].exported_on == date(2021, 1, 12)
    assert warned(file, Problem.EXPORT_DATE_MISSING)


def test_an_export_from_the_future_is_not_accepted() -> None:
    file = read(table(day_row("10/01/2021"), above=[(f"Export du {TOMORROW}",)]))

    assert file.exported_on is None
    assert warned(file, Problem.EXPORTED_IN_FUTURE).rows == (1,)


def test_rows_in_any_order_come_out_by_date() -> None:
    content = build_weekly(DAYS, pce=PCE, exported_on=EXPORTED_ON)
    forward = the_meter(content).rows

    backward = the_meter(
        table(
            *reversed(
                [
                    (f"Du {row.first:%d/%m/%Y} au 03/01/2021", row.volume, row.energy)
                    if row.end == date(2021, 1, 1)
                    else (
                        f"Du {row.first:%d/%m/%Y} au {row.end - timedelta(1):%d/%m/%Y}",
                        row.volume,
                        row.energy,
                    )
                    for row in forward
                ]
            )
        )
    ).rows

    assert [(r.first, r.end, r.energy) for r in backward] == [
        (r.first, r.end, r.energy) for r in forward
    ]
