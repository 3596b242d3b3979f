"""Whether a row with one date covers a day, a week or a month."""

from datetime import date, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.files import (
    ExportFile,
    ExportQuestionError,
    Problem,
    Question,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports import build_monthly, workbook_of
from tests.exports.layouts import Row

from .common import (
    DAYS,
    EXPORTED_ON,
    FIRST,
    LAST,
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

PLAIN: Final = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")
LARGE: Final = (845, 3808, 4586, 3549, 2938, 1771, 1156, 481, 453, 168, 463, 1226)
INDEXED: Final = (
    *("Date de relevé", "Index de début de période (m3)"),
    *("Index de fin de période (m3)", "Volume consommé (m3)"),
    "Energie consommée (kWh)",
)


def firsts(count: int, year: int = 2020, month: int = 11) -> list[date]:
    months = range(month - 1, month - 1 + count)
    return [date(year + each // 12, each % 12 + 1, 1) for each in months]


def plain(
    days: list[date], amounts: tuple[float, ...] = LARGE, header: Row = PLAIN
) -> bytes:
    """Return a table of dates, volumes and energies, as GRDF's weeks and months are."""
    amounts = amounts * (len(days) // len(amounts) + 1)
    rows = [(day, 9, kwh) for day, kwh in zip(days, amounts, strict=False)]
    return table(*rows, header=header)


def question(content: bytes, name: str = "") -> ExportQuestionError:
    with pytest.raises(ExportQuestionError) as caught:
        read(content, name)
    return caught.value


def options(content: bytes) -> list[str]:
    return [option.value for option in question(content).options]


def answered(content: bytes, kind: ExportKind) -> ExportFile:
    return read_export(content, today=TODAY, answers={Question.PERIOD: kind})


def resaved_monthly(*, as_text: bool = False) -> bytes:
    """Return a monthly export that a spreadsheet has turned into dates."""
    kwh: dict[date, float] = {}
    for day in DAYS:
        first = day.gas_day.replace(day=1)
        kwh[first] = kwh.get(first, 0) + (day.kwh or 0)
    rows = [(f"{day:%d/%m/%Y}" if as_text else day, 9, kwh[day]) for day in kwh]
    above = [("N° PCE :", PCE), (f"Export du {EXPORTED_ON:%d/%m/%Y}",)]
    return table(*rows, header=PLAIN, above=above)


@pytest.mark.parametrize("as_text", [True, False])
def test_a_monthly_export_saved_by_a_spreadsheet_is_read_as_the_original(
    as_text: bool,  # noqa: FBT001
) -> None:
    original = the_meter(build_monthly(DAYS, pce=PCE, exported_on=EXPORTED_ON))

    file = read(resaved_monthly(as_text=as_text))

    (meter,) = file.meters
    assert meter.kind is ExportKind.MONTHLY
    assert [(r.first, r.end, r.energy) for r in meter.rows] == [
        (r.first, r.end, r.energy) for r in original.rows
    ]
    assert (meter.first, meter.last) == (FIRST, LAST)
    assert warned(file, Problem.MONTHS_FROM_DATES).count == 13
    assert warned(file, Problem.PRESUMED_DAYS).count == 2


@pytest.mark.parametrize("header", ["Mois", "Month / Mois", "Mois de consommation"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_header_of_months_makes_any_dates_months(header: str, count: int) -> None:
    content = plain(firsts(count), (12,), (header, *PLAIN[1:]))

    assert read(content).kind is ExportKind.MONTHLY


def test_months_that_end_with_a_date_are_whole_under_a_header_of_months() -> None:
    days = [date(2021, 1, 31), date(2021, 2, 28), date(2021, 3, 31)]

    (meter,) = read(plain(days, header=("Mois", *PLAIN[1:]))).meters

    assert [(row.first.day, row.days) for row in meter.rows] == [
        (1, 31),
        (1, 28),
        (1, 31),
    ]


def test_months_half_of_which_are_still_text_are_months() -> None:
    rows: list[Row] = [
        ("Novembre 2020", 9, 845),
        (date(2020, 12, 1), 9, 3808),
        ("Janvier 2021", 9, 4586),
    ]

    file = read(table(*rows, header=PLAIN))

    assert [row.days for row in file.meters[0].rows] == [30, 31, 31]
    assert warned(file, Problem.MONTHS_FROM_DATES).rows == (3,)


def test_a_month_and_a_day_of_it_are_no_months() -> None:
    rows: list[Row] = [("Novembre 2020", 9, 845), (date(2020, 11, 1), 9, 30)]

    error = refusal(table(*rows, header=PLAIN))

    assert error.problem is Problem.MIXED_KINDS


def test_a_first_month_that_begins_within_has_its_days_alone() -> None:
    days = [date(2020, 11, 24), *firsts(4, month=12)]

    rows = read(plain(days)).meters[0].rows

    assert [(row.first, row.days) for row in rows[:2]] == [
        (date(2020, 11, 24), 7),
        (date(2020, 12, 1), 31),
    ]


@pytest.mark.parametrize(
    ("days", "amounts"),
    [
        (firsts(1), (845,)),
        (firsts(1), (12,)),
        (firsts(2), (845, 3808)),
        (firsts(13), (17, 30, 12, 150)),
        (firsts(12, month=1), (17, 30, 12, 150)),
    ],
    ids=["one", "one that may be a day", "two", "small amounts", "a calendar year"],
)
def test_months_that_may_be_days_are_asked_about_with_the_likeliest_first(
    days: list[date], amounts: tuple[float, ...]
) -> None:
    content = plain(days, amounts)

    error = question(content)

    assert error.question is Question.PERIOD
    assert [option.value for option in error.options] == ["monthly", "daily"]
    assert (error.facts.rows, error.facts.first, error.facts.last) == (
        len(days),
        days[0],
        days[-1],
    )
    assert error.facts.energy == sum((amounts * 13)[: len(days)])
    assert answered(content, ExportKind.MONTHLY).kind is ExportKind.MONTHLY


def test_the_answer_that_rows_are_days_is_followed() -> None:
    file = answered(plain(firsts(13), (17, 30, 12)), ExportKind.DAILY)

    assert file.meters[0].days == 13
    assert not [w for w in file.warnings if w.problem is Problem.MONTHS_FROM_DATES]


def test_an_answer_that_is_none_of_those_is_asked_for_again() -> None:
    with pytest.raises(ExportQuestionError):
        answered(plain(firsts(2)), ExportKind.WEEKLY)


def test_twelve_first_days_that_may_be_january_with_month_first_are_not_days() -> None:
    content = plain(firsts(12, month=1), (17, 30, 12))

    with pytest.raises(Exception, match="month_first"):
        answered(content, ExportKind.DAILY)


def test_days_filtered_to_the_first_of_each_month_are_asked_about() -> None:
    rows = [day_row(f"{day:%d/%m/%Y}", 90) for day in firsts(6)]

    assert options(table(*rows)) == ["daily", "monthly"]


@pytest.mark.parametrize(
    "days",
    [
        [date(2021, month, 1) for month in range(3, 8)],
        [date(2021, 3, 1) + timedelta(days=7 * n) for n in range(5)],
    ],
    ids=["firsts", "Mondays"],
)
def test_days_far_apart_whose_index_goes_on_between_them_are_days(
    days: list[date],
) -> None:
    rows = [(day, 100 * n, 100 * n + 9, 9, 101) for n, day in enumerate(days, start=1)]

    file = read(table(*rows, header=INDEXED))

    assert (file.kind, file.meters[0].days) == (ExportKind.DAILY, 5)


def test_months_whose_index_stands_still_between_them_are_months() -> None:
    rows = [
        (day, 100 * n, 100 * n + 100, 100, 1116)
        for n, day in enumerate(firsts(5), start=1)
    ]

    file = read(table(*rows, header=INDEXED))

    assert file.kind is ExportKind.MONTHLY


@pytest.mark.parametrize(
    "days",
    [
        ["01/11/2020"],
        ["02/11/2020"],
        ["01/11/2020", "02/11/2020"],
        ["01/11/2020", "05/11/2020", "06/11/2020", "01/12/2020"],
        ["10/01/2021", "12/01/2021", "15/01/2021"],
    ],
    ids=["one", "one in a month", "two", "holes", "no two together"],
)
def test_a_daily_export_is_never_asked_about(days: list[str]) -> None:
    file = read(table(*map(day_row, days)))

    assert (file.kind, file.meters[0].days) == (ExportKind.DAILY, len(days))


def test_a_daily_export_with_an_absent_first_of_a_month_is_not_asked_about() -> None:
    file = read(
        table(
            day_row("01/10/2020", 0, "Absence de Données"),
            day_row("01/11/2020", 0, "Absence de Données"),
            day_row("02/11/2020"),
            day_row("03/11/2020"),
        )
    )

    assert file.meters[0].days == 4


@pytest.mark.parametrize(
    "days",
    [
        [date(2021, month, 15) for month in range(1, 6)],
        [date(2021, 1, 31), date(2021, 2, 28), date(2021, 3, 31)],
        [date(2021, month, 1) for month in (1, 4, 7, 10)],
        [date(2021, 1, 5) + timedelta(days=7 * n) for n in range(6)],
        [date(2021, 1, 4) + timedelta(days=14 * n) for n in range(6)],
        [date(2020, 1, 15), date(2020, 7, 15)],
    ],
    ids=["15ths", "month ends", "quarters", "Tuesdays", "fortnights", "two bills"],
)
def test_dates_that_are_far_apart_for_no_known_reason_are_refused(
    days: list[date],
) -> None:
    error = refusal(plain(days))

    assert error.problem is Problem.UNKNOWN_PERIODS
    assert not error.rows_can_be_left_out


def mondays(count: int) -> list[date]:
    return [date(2021, 2, 1) + timedelta(days=7 * n) for n in range(count)]


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (plain(mondays(8)), 8),
        (plain(mondays(2), (12,), ("Semaine", *PLAIN[1:])), 2),
        (plain([date(2021, 1, 28), *mondays(4)]), 5),
    ],
    ids=["Mondays", "header", "a first week that is cut"],
)
def test_mondays_with_the_gas_of_a_week_are_weeks(content: bytes, count: int) -> None:
    file = read(content)

    rows = file.meters[0].rows
    assert file.kind is ExportKind.WEEKLY
    assert [row.days for row in rows[1:]] == [7] * (count - 1)
    assert rows[0].end.weekday() == 0
    assert warned(file, Problem.WEEKS_FROM_DATES).count == count


def test_weeks_from_dates_are_cut_at_new_year_as_grdf_cuts_them() -> None:
    days = [date(2020, 12, 21), date(2020, 12, 28), date(2021, 1, 1)]
    days += [date(2021, 1, 4), date(2021, 1, 11)]

    rows = read(plain(days, (700,))).meters[0].rows

    assert [row.days for row in rows] == [7, 4, 3, 7, 7]


def test_weeks_that_are_cut_on_a_sunday_are_weeks() -> None:
    weeks = [date(2022, 12, 12) + timedelta(days=7 * n) for n in range(6)]
    days = sorted([date(2022, 12, 11), date(2023, 1, 1), *weeks])

    rows = read(plain(days, (700,))).meters[0].rows

    assert [row.days for row in rows] == [1, 7, 7, 6, 1, 7, 7, 7]


def test_mondays_with_the_gas_of_a_day_are_asked_about() -> None:
    assert options(plain(mondays(8), (90,))) == ["weekly", "daily"]
    assert options(table(*(day_row(f"{d:%d/%m/%Y}", 90) for d in mondays(8)))) == [
        "daily",
        "weekly",
    ]


def test_one_meters_few_rows_are_as_those_of_the_others() -> None:
    rows: list[Row] = [
        ("N° PCE", *PLAIN),
        *((PCE, day, 9, kwh) for day, kwh in zip(firsts(12), LARGE, strict=True)),
        (OTHER_PCE, date(2021, 3, 1), 9, 20),
    ]

    _, other = read(workbook_of(("Feuil1", rows))).meters

    assert (other.kind, other.days) == (ExportKind.MONTHLY, 31)


def test_days_of_one_meter_and_months_of_another_are_refused() -> None:
    rows: list[Row] = [
        ("N° PCE", *PLAIN),
        *((PCE, day, 9, kwh) for day, kwh in zip(firsts(12), LARGE, strict=True)),
        *((OTHER_PCE, date(2021, 3, day), 9, 20) for day in range(1, 9)),
    ]

    assert refusal(workbook_of(("Feuil1", rows))).problem is Problem.MIXED_KINDS


def test_a_column_of_days_under_a_header_with_months_in_it_has_days() -> None:
    rows = [(date(2021, 3, day), 9, 20) for day in range(1, 9)]

    assert read(table(*rows, header=("Mois", *PLAIN[1:]))).kind is ExportKind.DAILY
