"""Dates that contradict their header, or lie too far apart to be days."""

from datetime import date, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.files import ExportFile, Problem, Question
from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports.layouts import Row

from .common import question, read, refusal, table

ENERGY: Final = ("Volume (m3)", "Consommation (kWh)")
QUALIFIED: Final = (*ENERGY, "Qualité")


def headed(label: str, days: list[date], kwh: float) -> bytes:
    """Return a table of dates under a header, with the same energy in each row."""
    return table(*((day, kwh / 11, kwh) for day in days), header=(label, *ENERGY))


def qualified(days: list[date], kwh: float) -> bytes:
    """Return a table of dates, energies and the qualification of measured ones."""
    rows = [(f"{day:%d/%m/%Y}", kwh / 11, kwh, "Mesuré") for day in days]
    return table(*rows, header=("Date", *QUALIFIED))


def options(content: bytes) -> list[str]:
    return [option.value for option in question(content).options]


def answered(content: bytes, kind: ExportKind) -> ExportFile:
    return read(content, answers={Question.PERIOD: kind})


def every(days: int, count: int, first: date) -> list[date]:
    return [first + timedelta(days=days * place) for place in range(count)]


@pytest.mark.parametrize("label", ["2026-{:02}", "{:02}/2026"])
def test_numbers_of_weeks_are_no_months(label: str) -> None:
    rows: list[Row] = [(label.format(week), 9, 120) for week in range(1, 12)]

    error = refusal(table(*rows, header=("Semaine", *ENERGY)))

    assert error.problem is Problem.UNKNOWN_PERIODS
    assert not error.rows_can_be_left_out


@pytest.mark.parametrize(
    "days",
    [
        [date(2021, 1, day) for day in range(1, 12)],
        [date(2020, 11, 24), date(2020, 1, 12), *(date(2021, 1, d) for d in (1, 2, 4))],
    ],
    ids=["a year", "a first month that is cut, and a hole"],
)
def test_months_whose_day_and_month_are_swapped_are_asked_about_under_their_header(
    days: list[date],
) -> None:
    content = headed("Mois", days, 99)

    assert options(content) == ["monthly", "daily"]
    with pytest.raises(Exception, match="month_first"):
        answered(content, ExportKind.MONTHLY)
    assert answered(content, ExportKind.DAILY).kind is ExportKind.DAILY


def test_weeks_under_a_header_of_months_are_refused() -> None:
    error = refusal(headed("Mois", every(7, 8, date(2021, 2, 1)), 99))

    assert error.problem is Problem.UNKNOWN_PERIODS


def test_days_under_a_header_of_weeks_are_asked_about() -> None:
    content = headed("Semaine", every(1, 8, date(2021, 3, 1)), 99)

    assert options(content) == ["daily", "weekly"]
    assert answered(content, ExportKind.DAILY).meters[0].days == 8


@pytest.mark.parametrize(
    ("days", "kwh"),
    [
        ([date(2021, month, day) for month, day in ((1, 31), (2, 28), (3, 31))], 1120),
        (every(7, 9, date(2021, 1, 3)), 420),
        (every(7, 9, date(2021, 1, 3)), 42),
        ([date(2021, 1, 31), date(2021, 2, 28)], 1120),
    ],
    ids=["month ends", "Sundays", "a small flat", "two large ones"],
)
def test_a_qualification_does_not_make_days_of_rows_that_are_far_apart(
    days: list[date], kwh: float
) -> None:
    error = refusal(qualified(days, kwh))

    assert error.problem is Problem.UNKNOWN_PERIODS


def test_two_days_of_a_table_with_qualifications_are_days_however_far_apart() -> None:
    file = read(qualified([date(2021, 1, 12), date(2021, 3, 18)], 99))

    assert (file.kind, file.meters[0].days) == (ExportKind.DAILY, 2)


def test_days_whose_other_rows_cannot_be_read_are_refused_for_those_rows() -> None:
    absent = [
        (f"{day:%d/%m/%Y}", 0, 0, "Absence de Données")
        for day in every(10, 4, date(2021, 1, 4))
    ]
    content = table(
        *absent, ("16/02/2021", 9, "?", "Mesuré"), header=("Date", *QUALIFIED)
    )

    assert refusal(content).problem is Problem.UNREADABLE_NUMBER


@pytest.mark.parametrize(
    ("day", "likeliest"),
    [(date(2021, 1, 31), "monthly"), (date(2021, 2, 15), "weekly")],
)
def test_one_row_with_more_than_a_day_burns_is_asked_about(
    day: date, likeliest: str
) -> None:
    assert options(headed("Date", [day], 1200)) == [likeliest, "daily"]


def test_one_row_with_the_gas_of_a_day_is_a_day() -> None:
    assert read(headed("Date", [date(2021, 1, 31)], 99)).meters[0].days == 1
