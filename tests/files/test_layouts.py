"""Every layout of the customer space, with its traps, read back day by day."""

from datetime import date

import pytest

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.files import Problem
from custom_components.grdf_adict.metering.exported import (
    ExportedMeter,
    ExportKind,
    Owner,
)
from tests.exports import (
    build_business,
    build_daily,
    build_monthly,
    build_older_daily,
    build_text,
    build_weekly,
    invented_days,
    workbook_of,
)

from .common import (
    ABSENT,
    DAYS,
    EXPORTED_ON,
    FIRST,
    HEADER,
    LAST,
    OTHER_PCE,
    PCE,
    day_row,
    read,
    repacked,
    table,
    the_meter,
    warned,
)

KWH = {day.gas_day: day.kwh for day in DAYS}
TOTAL = sum(kwh or 0 for kwh in KWH.values())


def energies(meter: ExportedMeter) -> dict[date, float | None]:
    return {row.first: row.energy for row in meter.rows}


@pytest.mark.parametrize(
    "content",
    [
        build_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON),
        build_older_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON),
        build_business({PCE: DAYS}),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, encoding="cp1252"),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, encoding="utf-8"),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, encoding="utf-16"),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, delimiter=","),
        build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON, delimiter="\t"),
    ],
    ids=[
        *("daily", "older", "business", "csv", "csv cp1252", "csv without BOM"),
        *("csv utf-16", "csv with commas", "csv with tabs"),
    ],
)
def test_each_gas_day_is_read_as_it_was_exported(content: bytes) -> None:
    meter = the_meter(content)

    assert meter.kind is ExportKind.DAILY
    assert energies(meter) == KWH
    assert meter.pce is not None
    assert meter.pce.pce == PCE
    assert (meter.first, meter.last, meter.days) == (FIRST, LAST, 363)
    assert meter.energy == TOTAL


def test_a_row_has_all_values_of_its_cells() -> None:
    header = (
        *("Jour", "Index de début de période (m³)", "Index de fin de période (m³)"),
        *("Volume consommé (m³)", "ENERGIE\N{NO-BREAK SPACE}CONSOMMEE (kWh PCS)"),
        *("Coefficient de conversion (kWh/m³)", "Température locale (°C)"),
        "Qualification du relevé",
    )
    row = ("10/01/2021", 100, 112, 12, 133, 11.16, -4.5, "Estimé")

    (read_row,) = the_meter(table(row, header=header)).rows

    assert (read_row.number, read_row.first, read_row.days) == (2, date(2021, 1, 10), 1)
    assert (read_row.index_start, read_row.index_end) == (100, 112)
    assert (read_row.energy, read_row.volume) == (133, 12)
    assert (read_row.coefficient, read_row.temperature) == (11.16, -4.5)
    assert read_row.qualification is Qualification.ESTIMATED


def test_absent_data_are_no_zero() -> None:
    file = read(build_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    absent = [row for row in file.meters[0].rows if row.energy is None]
    assert [row.first for row in absent] == list(ABSENT)
    assert all(row.volume is None for row in absent)
    assert warned(file, Problem.ABSENT_DATA).count == len(ABSENT)


def test_weeks_cover_the_days_that_they_were_added_up_from() -> None:
    meter = the_meter(build_weekly(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    assert meter.kind is ExportKind.WEEKLY
    assert (meter.first, meter.last, meter.days) == (FIRST, LAST, 363)
    assert [row.energy for row in meter.rows] == [
        sum(KWH[day] or 0 for day in row.gas_days) for row in meter.rows
    ]


def test_a_week_cut_at_new_year_ends_with_the_year() -> None:
    meter = the_meter(build_weekly(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    spans = [(row.first, row.end) for row in meter.rows]

    assert (date(2020, 12, 28), date(2021, 1, 1)) in spans
    assert (date(2021, 1, 1), date(2021, 1, 4)) in spans


def test_months_at_the_edges_cover_the_exported_days_only() -> None:
    file = read(build_monthly(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    (meter,) = file.meters
    assert meter.kind is ExportKind.MONTHLY
    assert (meter.first, meter.last, meter.days) == (FIRST, LAST, 363)
    assert [row.energy for row in meter.rows] == [
        sum(KWH[day] or 0 for day in row.gas_days) for row in meter.rows
    ]
    assert warned(file, Problem.PRESUMED_DAYS).rows == (10, 22)


def test_a_table_of_several_meters_is_separated_by_its_column() -> None:
    half = len(DAYS) // 2
    content = build_business({PCE: DAYS[:half], OTHER_PCE: DAYS[half:]})

    first, second = read(content).meters

    assert (first.owner(PCE), second.owner(PCE)) == (Owner.ZERO_LOST, Owner.OTHER)
    assert energies(first) | energies(second) == KWH


def test_meters_one_below_the_other_are_separated_by_their_titles() -> None:
    rows = [
        *(("N° PCE :", PCE), HEADER, day_row("10/01/2021"), ()),
        *(("N° PCE :", OTHER_PCE), (), HEADER, day_row("10/01/2021", 20)),
    ]

    first, second = read(workbook_of(("Feuil1", rows))).meters

    assert (first.owner(PCE), first.energy) == (Owner.SAME, 10)
    assert (second.owner(OTHER_PCE), second.energy) == (Owner.SAME, 20)


def test_a_header_repeated_within_a_table_changes_nothing() -> None:
    rows = [
        *(("N° PCE :", PCE), HEADER, day_row("10/01/2021")),
        *(HEADER, day_row("11/01/2021")),
    ]

    assert the_meter(workbook_of(("Feuil1", rows))).days == 2


def test_a_meter_whose_years_are_in_several_sheets_is_one_meter() -> None:
    def sheet(day: str) -> list[tuple[object, ...]]:
        return [("N° PCE :", PCE), HEADER, tuple(day_row(day))]

    meter = the_meter(
        workbook_of(
            ("Lisez-moi", [("Bonjour",)]),
            ("2022", sheet("01/01/2022")),  # type: ignore[arg-type]
            ("2021", sheet("31/12/2021")),  # type: ignore[arg-type]
        )
    )

    assert [(row.first.year, row.sheet) for row in meter.rows] == [(2021, 3), (2022, 2)]


def test_tables_of_other_days_that_name_no_meter_are_not_taken_for_one() -> None:
    sheets = [
        (name, [HEADER, day_row(day)])
        for name, day in (("A", "10/01/2021"), ("B", "11/01/2021"))
    ]

    assert len(read(workbook_of(*sheets)).meters) == 2


def test_a_workbook_without_its_size_is_read_to_the_end() -> None:
    rows = [HEADER, day_row("10/01/2021", 133), day_row("11/01/2021", 140)]

    assert the_meter(workbook_of(("Feuil1", rows), streamed=True)).days == 2


def test_rows_are_read_alike_however_many_there_are() -> None:
    days = invented_days(date(2021, 1, 1), date(2024, 1, 1), seed=4)

    meter = the_meter(build_daily(days, pce=PCE, exported_on=EXPORTED_ON))

    assert [(row.number, row.first) for row in meter.rows] == [
        (number, day.gas_day) for number, day in enumerate(days, start=10)
    ]


def test_a_workbook_that_understates_its_size_is_read_to_the_end() -> None:
    content = repacked(
        build_daily(DAYS, pce=PCE, exported_on=EXPORTED_ON),
        lambda part: part.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'),
    )

    assert the_meter(content).days == 363
