"""Which gas days weeks and months really cover."""

from datetime import date
from typing import Final

import pytest

from custom_components.grdf_adict.files import Problem
from custom_components.grdf_adict.metering.exported import ExportedMeter
from tests.exports import build_monthly, invented_days
from tests.exports.layouts import Row

from .common import (
    EXPORTED_ON,
    PCE,
    TODAY,
    day_row,
    read,
    table,
    the_meter,
    warned,
)

OCTOBER: Final = (date(2021, 10, 1), date(2021, 11, 1))


def spans(meter: ExportedMeter) -> list[tuple[date, date]]:
    return [(row.first, row.end) for row in meter.rows]


def weeks(*labels: str) -> bytes:
    return table(*((label, 1, 10) for label in labels))


def months(*labels: str, exported_on: str | None = None) -> bytes:
    above: list[Row] = [(f"Export du {exported_on}",)] if exported_on else []
    return table(*((label, 1, 10) for label in labels), above=above)


@pytest.mark.parametrize(
    ("labels", "end_of_first"),
    [
        (
            ("Du 28/12/2020 au 03/01/2021", "Du 01/01/2021 au 03/01/2021"),
            date(2021, 1, 1),
        ),
        (("Du 28/12/2020 au 03/01/2021",), date(2021, 1, 1)),
        (
            ("Du 28/12/2020 au 03/01/2021", "Du 11/01/2021 au 17/01/2021"),
            date(2021, 1, 1),
        ),
        (
            ("Du 28/12/2020 au 03/01/2021", "Du 04/01/2021 au 10/01/2021"),
            date(2021, 1, 4),
        ),
        (("Du 25/12/2020 au 31/12/2020",), date(2021, 1, 1)),
    ],
    ids=["both parts", "the last row", "a gap after it", "whole", "ends with the year"],
)
def test_a_week_over_new_year_ends_with_the_year_unless_the_next_row_differs(
    labels: tuple[str, ...], end_of_first: date
) -> None:
    assert spans(the_meter(weeks(*labels)))[0][1] == end_of_first


def test_a_week_is_cut_at_new_year_where_its_other_part_is_left_out() -> None:
    content = table(
        ("Du 28/12/2020 au 03/01/2021", 1, 10),
        ("Du 01/01/2021 au 03/01/2021", 1, "x"),
        ("Du 04/01/2021 au 10/01/2021", 1, 10),
    )

    (meter,) = read(content, leave_out=True).meters

    assert spans(meter)[0] == (date(2020, 12, 28), date(2021, 1, 1))


def test_a_week_still_running_ends_with_the_newest_day_that_can_be_known() -> None:
    content = table(
        ("Du 22/11/2021 au 28/11/2021", 1, 10), above=[("Export du 27/11/2021",)]
    )

    (row,) = the_meter(content).rows

    assert (row.first, row.end) == (date(2021, 11, 22), date(2021, 11, 25))
    assert row.written == (date(2021, 11, 22), date(2021, 11, 29))


def test_a_period_too_new_to_be_known_still_has_its_first_day() -> None:
    (row,) = the_meter(months("Novembre 2021", exported_on="02/11/2021")).rows

    assert (row.first, row.end) == (date(2021, 11, 1), date(2021, 11, 2))


def test_a_month_that_ended_just_before_the_export_may_lack_its_last_days() -> None:
    (row,) = the_meter(months("Novembre 2021", exported_on="02/12/2021")).rows

    assert (row.first, row.end) == (date(2021, 11, 1), date(2021, 11, 30))


def test_months_well_before_the_export_are_whole() -> None:
    file = read(months("Septembre 2021", "Octobre 2021", exported_on="24/11/2021"))

    assert spans(file.meters[0])[-1] == OCTOBER
    assert not [w for w in file.warnings if w.problem is Problem.PRESUMED_DAYS]


def test_without_a_day_of_export_months_are_whole() -> None:
    assert spans(the_meter(months("Octobre 2021"))) == [OCTOBER]


def test_years_exported_on_a_leap_day_begin_the_day_before_in_other_years() -> None:
    content = months("Février 2023", "Mars 2023", exported_on="29/02/2024")

    assert spans(the_meter(content))[0] == (date(2023, 2, 28), date(2023, 3, 1))


@pytest.mark.parametrize(
    "name",
    [
        f"Donnees_informatives_{PCE}_2021-03-10_2021-10-20.xlsx",
        f"Donnees_informatives_{PCE}_10-03-2021_20-10-2021.xlsx",
        f"Donnees_informatives_{PCE}_10_03_2021_20_10_2021.xlsx",
    ],
)
def test_the_period_in_a_files_name_bounds_its_months(name: str) -> None:
    days = invented_days(date(2021, 3, 10), date(2021, 10, 20))
    content = build_monthly(days, pce=PCE, exported_on=EXPORTED_ON)

    meter = the_meter(content, name)

    assert (meter.first, meter.last) == (date(2021, 3, 10), date(2021, 10, 20))


@pytest.mark.parametrize(
    "name",
    [
        "releves_2021-10-20_2021-03-10.xlsx",
        "releves_2021-13-45_2021-10-20.xlsx",
        "releves_2021-10-20.xlsx",
    ],
)
def test_a_files_name_that_makes_no_sense_bounds_nothing(name: str) -> None:
    assert spans(the_meter(months("Octobre 2021"), name)) == [OCTOBER]


@pytest.mark.parametrize(
    ("exported_on", "name"),
    [("24/11/2021", ""), (None, "releves_2020-11-24_2021-11-21.xlsx")],
    ids=["a title", "the name"],
)
def test_months_added_after_the_export_are_whole_and_told(
    exported_on: str | None, name: str
) -> None:
    labels = ("Octobre 2021", "Novembre 2021", "Décembre 2021", "Janvier 2022")

    file = read(months(*labels, exported_on=exported_on), name)

    assert spans(file.meters[0]) == [
        OCTOBER,
        (date(2021, 11, 1), date(2021, 11, 22)),
        (date(2021, 12, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), date(2022, 2, 1)),
    ]
    assert warned(file, Problem.LATER_THAN_EXPORT).count == 2


def test_weeks_added_after_the_export_are_whole_and_told() -> None:
    content = table(
        ("Du 15/11/2021 au 21/11/2021", 1, 10),
        ("Du 29/11/2021 au 05/12/2021", 1, 10),
        above=[("Export du 24/11/2021",)],
    )

    file = read(content)

    assert [row.days for row in file.meters[0].rows] == [7, 7]
    assert warned(file, Problem.LATER_THAN_EXPORT).rows == (4,)


def test_days_added_after_the_export_are_told() -> None:
    content = table(
        day_row("21/11/2021"),
        day_row("25/11/2021"),
        above=[("Export du 24/11/2021",)],
    )

    assert warned(read(content), Problem.LATER_THAN_EXPORT).rows == (4,)


@pytest.mark.parametrize("is_written", [True, False])
def test_the_month_in_progress_ends_with_the_newest_day_that_is_known_today(
    is_written: bool,  # noqa: FBT001
) -> None:
    header = ("Mois", "Volume (m3)", "Energie consommée (kWh)")
    labels = (
        ("Octobre 2026", "Novembre 2026")
        if is_written
        else ("01/10/2026", "01/11/2026")
    )

    file = read(table(*((label, 1, 10) for label in labels), header=header))

    (meter,) = file.meters
    assert spans(meter) == [
        (date(2026, 10, 1), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 11, 22)),
    ]
    assert meter.exported_on == date(2026, 11, 22)
    assert warned(file, Problem.PRESUMED_DAYS).count == 1


def test_a_week_in_progress_added_after_the_export_does_not_go_into_the_future() -> (
    None
):
    content = table(
        ("Du 15/11/2021 au 21/11/2021", 1, 10),
        ("Du 23/11/2026 au 29/11/2026", 1, 10),
        above=[("Export du 24/11/2021",)],
    )

    assert spans(the_meter(content))[1] == (date(2026, 11, 23), date(2026, 11, 24))


def test_a_file_is_never_exported_after_today() -> None:
    assert the_meter(table(day_row("24/11/2026"))).exported_on == TODAY
