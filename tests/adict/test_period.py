"""Periods: what the calendar has, and what GRDF still gives."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import (
    CalendarPeriod,
    DateRange,
    InvalidPeriodError,
    PeriodProblem,
    check_period,
    parse_period,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2024-366", date(2024, 12, 31), date(2024, 12, 31)),
        ("2023-001", date(2023, 1, 1), date(2023, 1, 1)),
    ],
)
def test_a_period_has_its_first_and_last_day(
    text: str, first: date, last: date
) -> None:
    period = parse_period(text)
    assert (period.first, period.last, period.text) == (first, last, text)


def test_blanks_and_case_of_a_period_do_not_matter() -> None:
    assert parse_period(" 2024-w05\n") == CalendarPeriod("2024-W05")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PeriodProblem.MALFORMED),
        ("24", PeriodProblem.MALFORMED),
        ("2024-1", PeriodProblem.MALFORMED),
        ("2024-W1", PeriodProblem.MALFORMED),
        ("2024-01-01", PeriodProblem.MALFORMED),
        ("2024/01", PeriodProblem.MALFORMED),
        ("٢٠٢٤", PeriodProblem.MALFORMED),
        ("2024&x=1", PeriodProblem.MALFORMED),
        ("2024-00", PeriodProblem.NONEXISTENT),
        ("2024-13", PeriodProblem.NONEXISTENT),
        ("2021-W53", PeriodProblem.NONEXISTENT),
        ("2024-W00", PeriodProblem.NONEXISTENT),
        ("2023-366", PeriodProblem.NONEXISTENT),
        ("2024-000", PeriodProblem.NONEXISTENT),
        ("2024-367", PeriodProblem.NONEXISTENT),
        ("0000", PeriodProblem.NONEXISTENT),
        ("9999-999", PeriodProblem.NONEXISTENT),
        ("9999-W53", PeriodProblem.NONEXISTENT),
    ],
)
def test_an_invalid_period_is_refused_with_its_reason(
    text: str, problem: PeriodProblem
) -> None:
    with pytest.raises(InvalidPeriodError) as caught:
        parse_period(text)
    assert caught.value.problem is problem
    with pytest.raises(InvalidPeriodError):
        CalendarPeriod(text)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_each_day_is_within_the_periods_that_name_it(day: date) -> None:
    iso = day.isocalendar()
    texts = (
        f"{day.year:04}",
        f"{day.year:04}-{day.month:02}",
        f"{iso.year:04}-W{iso.week:02}",
        f"{day.year:04}-{day.timetuple().tm_yday:03}",
    )
    for text, days in zip(texts, ((365, 366), (28, 31), (7, 7), (1, 1)), strict=True):
        period = parse_period(text)
        assert period.first <= day <= period.last
        assert days[0] <= (period.last - period.first).days + 1 <= days[1]


@given(st.text(max_size=9))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = parse_period(text)
    except InvalidPeriodError:
        return
    assert period.first <= period.last


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        (DateRange(TODAY, TODAY), PeriodProblem.REVERSED),
        (DateRange(TODAY, TODAY - timedelta(1)), PeriodProblem.REVERSED),
        (DateRange(date(2026, 1, 1), TODAY), None),
        (DateRange(date(2026, 1, 1), date(2026, 11, 21)), PeriodProblem.IN_FUTURE),
        (DateRange(date(2023, 11, 20), TODAY), None),
        (DateRange(date(2023, 11, 19), TODAY), PeriodProblem.TOO_OLD),
        # GRDF gives what exists of a running period, and what it still keeps of one.
        (parse_period("2026"), None),
        (parse_period("2026-W47"), None),
        (parse_period("2026-W48"), PeriodProblem.IN_FUTURE),
        (parse_period("2027"), PeriodProblem.IN_FUTURE),
        (parse_period("2023"), None),
        (parse_period("2023-11"), None),
        (parse_period("2023-10"), PeriodProblem.TOO_OLD),
    ],
)
def test_a_period_is_checked_against_today_and_the_years_that_grdf_keeps(
    period: DateRange | CalendarPeriod, problem: PeriodProblem | None
) -> None:
    assert check_period(period, TODAY, years=3) is problem


def test_on_29_february_the_years_reach_back_to_the_28th() -> None:
    today = date(2028, 2, 29)
    allowed = DateRange(date(2025, 2, 28), today)
    assert check_period(allowed, today, years=3) is None
    too_old = DateRange(date(2025, 2, 27), today)
    assert check_period(too_old, today, years=3) is PeriodProblem.TOO_OLD
