"""Dates whose day and month are the other way round, and times of a day."""

from datetime import date, datetime, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.files import Problem
from tests.exports import build_text
from tests.exports.layouts import Cell, Row

from .common import DAYS, EXPORTED_ON, PCE, day_row, read, refusal, table, the_meter
from .test_row_periods import LARGE, PLAIN, firsts, plain

NOVEMBER: Final = [date(2020, 11, day) for day in range(1, 31)]
TWO_MONTHS: Final = [date(2020, 11, 1) + timedelta(days=n) for n in range(61)]


def rows_of(days: list[date], text: str = "%m/%d/%Y") -> list[Row]:
    return [day_row(f"{day:{text}}") for day in days]


def converted(days: list[date]) -> list[Row]:
    """Return French dates after a spreadsheet set to English has read them."""

    def cell(day: date) -> Cell | date:
        if day.day <= 12:
            return day.replace(month=day.day, day=day.month)
        return f"{day:%d/%m/%Y}"

    return [(cell(day), 1, 10, "Mesuré") for day in days]


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(NOVEMBER),
        rows_of(NOVEMBER[:12]),
        rows_of(NOVEMBER[:2]),
        rows_of([date(2020, 11, 1), date(2020, 11, 5), date(2020, 12, 3)]),
        converted(TWO_MONTHS),
        converted(NOVEMBER),
        converted(NOVEMBER[:12]),
        converted(NOVEMBER[10:14]),
        converted(TWO_MONTHS[::3]),
        [*rows_of(NOVEMBER, "%d/%m/%Y"), day_row("12/25/2020")],
    ],
    ids=[
        *("a month", "twelve days", "two days", "in order only so", "two months"),
        *("converted", "all converted", "some of each", "each third"),
        "one among others",
    ],
)
def test_a_file_with_day_and_month_swapped_is_refused_without_a_box(
    rows: list[Row],
) -> None:
    error = refusal(table(*rows))

    assert error.problem is Problem.MONTH_FIRST
    assert error.findings[0].rows
    assert not error.rows_can_be_left_out


def test_the_dates_of_bad_rows_show_the_order_of_day_and_month_too() -> None:
    rows = [
        day_row(f"{day:%m/%d/%Y}", 10 if day.day in {1, 9} else "x")
        for day in NOVEMBER[:9]
    ]

    assert refusal(table(*rows)).problem is Problem.MONTH_FIRST


def test_months_that_a_spreadsheet_set_to_english_read_as_january_are_refused() -> None:
    swapped = [day.replace(month=1, day=day.month) for day in firsts(13)]

    assert refusal(plain(swapped)).problem is Problem.MONTH_FIRST


def test_days_of_januaries_alone_are_refused_with_months_missing_too() -> None:
    months = [day for day in firsts(14) if day.month not in {4, 9}]
    swapped = [day.replace(month=1, day=day.month) for day in months]

    assert refusal(plain(swapped)).problem is Problem.MONTH_FIRST


def test_the_days_of_january_may_be_the_months_of_a_year_by_their_amounts() -> None:
    days = [date(2021, 1, day) for day in range(1, 13)]

    with pytest.raises(Exception, match="period"):
        read(plain(days, LARGE, PLAIN))
    assert read(plain(days, (90, 80))).meters[0].days == 12


def test_a_day_beyond_the_period_of_the_files_name_is_swapped() -> None:
    content = table(day_row("08/11/2021"))

    error = refusal(content, "releves_2021-08-10_2021-08-12.xlsx")

    assert error.problem is Problem.MONTH_FIRST
    assert read(content, "releves_2021-11-07_2021-11-09.xlsx").meters


def test_a_day_after_that_of_the_export_is_swapped() -> None:
    content = table(day_row("08/11/2021"), above=[("Export du 14/08/2021",)])

    assert refusal(content).problem is Problem.MONTH_FIRST


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(NOVEMBER, "%d/%m/%Y"),
        rows_of(NOVEMBER[:12], "%d/%m/%Y"),
        rows_of(NOVEMBER, "%Y-%m-%d"),
        [(day, 1, 10, "Mesuré") for day in NOVEMBER],
        [
            *rows_of(NOVEMBER[:20], "%d/%m/%Y"),
            *((day, 1, 10, "Mesuré") for day in NOVEMBER[20:]),
        ],
    ],
    ids=["text", "twelve days", "ISO", "dates", "text, then dates"],
)
def test_dates_in_the_french_order_are_read(rows: list[Row]) -> None:
    meter = the_meter(table(*rows))

    assert [row.first for row in meter.rows] == NOVEMBER[: len(rows)]


def test_a_text_table_of_a_year_is_read_in_its_order() -> None:
    assert the_meter(build_text(DAYS, pce=PCE, exported_on=EXPORTED_ON)).days == 363


def test_a_year_of_two_digits_is_to_be_written_in_full() -> None:
    error = refusal(table(*rows_of(NOVEMBER, "%d/%m/%y")))

    assert error.problem is Problem.TWO_DIGIT_YEAR
    assert not error.rows_can_be_left_out
    assert error.findings[0].is_all


@pytest.mark.parametrize("minutes", [30, 60, 720])
@pytest.mark.parametrize("as_text", [True, False])
def test_several_times_of_a_day_are_refused_and_never_counted_once(
    minutes: int,
    as_text: bool,  # noqa: FBT001
) -> None:
    start = datetime(2021, 1, 10)  # noqa: DTZ001 - a spreadsheet's cell has no zone
    times = [
        start + timedelta(minutes=minutes * n) for n in range(2 * 24 * 60 // minutes)
    ]
    rows = [
        (f"{at:%d/%m/%Y %H:%M}" if as_text else at, 1, 10, "Mesuré") for at in times
    ]

    error = refusal(table(*rows))

    assert error.problem is Problem.TIMES_OF_DAY
    assert error.findings[0].count == len(times)
    assert not error.rows_can_be_left_out


def test_hours_in_a_column_of_their_own_are_refused() -> None:
    rows = [("10/01/2021", f"{hour:02}:00", 1.0) for hour in range(24)]

    error = refusal(table(*rows, header=("Date", "Heure", "Energie (kWh)")))

    assert error.problem is Problem.TIMES_OF_DAY


def test_one_time_a_day_is_the_label_of_a_gas_day() -> None:
    rows = [day_row(f"{day}T06:00:00+01:00") for day in NOVEMBER]

    assert [row.first for row in the_meter(table(*rows)).rows] == NOVEMBER


def test_the_same_day_twice_at_one_time_counts_once() -> None:
    rows: list[Row] = [("10/01/2021 06:00", 1, 10), ("11/01/2021 06:00", 1, 9)]

    assert the_meter(table(*rows, *rows, header=PLAIN)).energy == 19
