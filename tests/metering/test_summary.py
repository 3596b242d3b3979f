"""The figures that the sensors show."""

from dataclasses import replace
from datetime import date

import pytest

from custom_components.grdf_adict.metering.series import DayRow
from custom_components.grdf_adict.metering.summary import Summary, summarise

from .factory import DAY, TODAY, later, row

NEW_YEARS_EVE = date(2027, 12, 31)


def month_of(energy: float, first: date, days: int) -> list[DayRow]:
    return [row(energy, later(place, first)) for place in range(days)]


def test_a_meter_without_rows_has_no_figures() -> None:
    assert summarise([], counted_from=None) == Summary()


def test_a_meter_with_absent_days_only_has_no_figures() -> None:
    summary = summarise([row(None), row(None, later(1))], counted_from=DAY)

    assert summary == Summary(counted_from=DAY, absent=2)
    assert summary.month_energy(DAY) is None
    assert summary.year_energy(DAY) is None


def test_the_last_gas_day_is_the_newest_that_has_a_value() -> None:
    days = [row(8), row(9, later(1)), row(None, later(2))]

    assert summarise(days, counted_from=None).last == row(9, later(1))


def test_days_with_and_without_a_value_are_counted() -> None:
    days = [row(0), row(None, later(1)), row(9, later(2))]

    summary = summarise(days, counted_from=None)

    assert (summary.days, summary.absent) == (2, 1)


def test_the_total_is_unknown_before_the_first_import_has_ended() -> None:
    assert summarise([row(8)], counted_from=None).total is None


def test_the_total_counts_from_its_first_day_on() -> None:
    days = [row(100), row(8, later(1)), row(None, later(2)), row(9, later(3))]

    summary = summarise(days, counted_from=later(1))

    assert summary.total == 17
    assert summary.counted_from == later(1)


def test_history_found_later_does_not_change_the_total() -> None:
    before = summarise([row(8)], counted_from=DAY)

    after = summarise([row(500, later(-1)), row(8)], counted_from=DAY)

    assert after.total == before.total == 8


def test_a_correction_changes_the_total_both_ways() -> None:
    assert summarise([row(8), row(5, later(1))], counted_from=DAY).total == 13
    assert summarise([row(8), row(3, later(1))], counted_from=DAY).total == 11


def test_a_total_that_starts_after_the_last_day_is_zero() -> None:
    assert summarise([row(8)], counted_from=later(1)).total == 0


def test_the_total_is_free_of_the_noise_of_fractions() -> None:
    days = month_of(0.1, DAY, 3)

    assert summarise(days, counted_from=DAY).total == 0.3


def test_each_month_of_a_leap_year_has_its_own_sum() -> None:
    days = month_of(1, date(2028, 1, 1), 366)

    summary = summarise(days, counted_from=None)

    assert list(summary.months.values()) == [
        31,
        29,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ]
    assert summary.month_energy(date(2028, 2, 1)) == 29
    assert summary.year_energy(date(2028, 2, 1)) == 366


def test_months_and_years_end_with_their_last_gas_day() -> None:
    days = [row(8, NEW_YEARS_EVE), row(9, later(1, NEW_YEARS_EVE))]

    summary = summarise(days, counted_from=None)

    assert summary.month_energy(NEW_YEARS_EVE) == 8
    assert summary.year_energy(NEW_YEARS_EVE) == 8
    assert summary.month_energy(later(1, NEW_YEARS_EVE)) == 9
    assert summary.year_energy(later(1, NEW_YEARS_EVE)) == 9


def test_the_same_month_of_another_year_is_another_month() -> None:
    days = [row(8, date(2025, 11, 30)), row(9, date(2026, 11, 1))]

    assert summarise(days, counted_from=None).month_energy(TODAY) == 9


def test_a_month_without_a_value_is_unknown_not_zero() -> None:
    summary = summarise([row(8)], counted_from=None)

    assert summary.month_energy(date(2026, 12, 1)) is None
    assert summary.year_energy(date(2027, 1, 1)) is None


def test_a_month_of_measured_zeros_is_zero() -> None:
    summary = summarise([row(0)], counted_from=None)

    assert summary.month_energy(DAY) == 0
    assert summary.year_energy(DAY) == 0


@pytest.mark.parametrize("unknown", [None, 0.0])
def test_the_coefficient_is_the_newest_that_is_known(unknown: float | None) -> None:
    days = [
        replace(row(8), coefficient=11.16),
        replace(row(8, later(1)), coefficient=11.29),
        replace(row(8, later(2)), coefficient=unknown),
    ]

    assert summarise(days, counted_from=None).coefficient == 11.29


def test_a_meter_without_a_coefficient_has_none() -> None:
    assert summarise([row(8)], counted_from=None).coefficient is None
