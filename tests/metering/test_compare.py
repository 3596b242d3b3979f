"""Periods set against each other."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.metering.gas_day import gas_days_through
from custom_components.grdf_adict.metering.insight.compare import (
    Comparison,
    Period,
    compare,
    published_difference,
    share_of_reference,
)
from custom_components.grdf_adict.metering.insight.insight_json import (
    comparison_from_json,
    comparison_to_json,
)
from custom_components.grdf_adict.metering.series import DayRow, RowKind

from .factory import (
    DAY,
    TODAY,
    absent,
    answered,
    informative,
    later,
    published,
    row,
)

quick = settings(max_examples=60, deadline=None)


def days(first: date, last: date, energy: float = 10) -> list[DayRow]:
    return [row(energy, day) for day in gas_days_through(first, last)]


def without(rows: Iterable[DayRow], *gone: date) -> list[DayRow]:
    return [row(None, one.gas_day) if one.gas_day in gone else one for one in rows]


def spread(rows: Iterable[DayRow]) -> list[DayRow]:
    return [replace(one, kind=RowKind.SPREAD, final=False) for one in rows]


def two_years(before: float = 10, now: float = 12) -> list[DayRow]:
    """Return rows from 1 January 2025 to the newest day known on 20 November 2026."""
    return [
        *days(date(2025, 1, 1), date(2025, 12, 31), before),
        *days(date(2026, 1, 1), date(2026, 11, 17), now),
    ]


def test_a_meter_without_a_value_has_nothing_to_compare() -> None:
    assert compare([], TODAY) == Comparison(TODAY)
    assert compare([row(None)], TODAY) == Comparison(TODAY)


def test_the_month_so_far_is_set_against_the_same_days_a_year_before() -> None:
    assert compare(two_years(), TODAY).month == Period(17 * 12, 17 * 10, 20)


def test_the_year_so_far_is_set_against_the_same_days_a_year_before() -> None:
    assert compare(two_years(), TODAY).year == Period(321 * 12, 321 * 10, 20)


def test_the_month_before_is_whole() -> None:
    assert compare(two_years(), TODAY).last_month == Period(31 * 12, 31 * 10, 20)


def test_january_follows_the_december_of_the_year_before() -> None:
    comparison = compare(two_years(), date(2026, 1, 15))

    assert comparison.last_month.energy == 31 * 10


def test_the_newest_day_is_set_against_its_date_a_year_before() -> None:
    assert compare(two_years(), TODAY).day == Period(12, 10, 20)


def test_twelve_months_end_with_the_newest_day() -> None:
    rows = [*days(date(2024, 6, 1), date(2025, 11, 17), 10)]
    rows += days(date(2025, 11, 18), date(2026, 11, 17), 9)

    assert compare(rows, TODAY).twelve_months == Period(365 * 9, 365 * 10, -10)


def test_twelve_months_hold_a_leap_day_where_there_is_one() -> None:
    rows = days(date(2027, 1, 1), date(2028, 2, 29))

    assert compare(rows, date(2028, 3, 1)).twelve_months.energy == 3660


def test_a_leap_day_has_no_day_a_year_before() -> None:
    rows = days(date(2027, 1, 1), date(2028, 2, 29))

    comparison = compare(rows, date(2028, 2, 29))

    assert comparison.day == Period(10, None, None)
    assert comparison.month == Period(290, 280, 0)


def test_a_period_with_too_many_days_absent_is_unknown_not_small() -> None:
    one, two = date(2026, 10, 5), date(2026, 10, 6)

    assert compare(without(two_years(), one), TODAY).last_month.energy == 30 * 12
    assert compare(without(two_years(), one, two), TODAY).last_month == Period(
        None, 310, None
    )


def test_last_month_is_unknown_until_its_last_days_have_come() -> None:
    known = days(date(2026, 9, 1), date(2026, 10, 28))

    assert compare(known, date(2026, 11, 1)).last_month.energy is None


def test_a_change_compares_only_days_that_both_years_have() -> None:
    # The absent day of the year before was a costly one.
    rows = without(two_years(), date(2025, 10, 5))

    assert compare(rows, TODAY).last_month == Period(31 * 12, 300, 20)


def test_a_year_before_of_nothing_gives_no_change() -> None:
    assert compare(two_years(before=0), TODAY).month == Period(204, 0, None)


def test_a_month_without_a_day_yet_is_unknown() -> None:
    assert compare(two_years(), date(2026, 12, 1)).month == Period()


def test_a_mean_of_seven_days_needs_five_of_them() -> None:
    rows = [row(energy, later(place)) for place, energy in enumerate((1, 2, 3, 4, 5))]

    assert compare(rows, TODAY).week_mean == 3
    assert compare(rows[1:], TODAY).week_mean is None


def test_a_mean_of_seven_days_ends_with_the_newest_and_has_no_older_day() -> None:
    rows = [row(100), *days(later(1), later(7), 7)]

    assert compare(rows, TODAY).week_mean == 7


def test_shares_of_a_block_count_in_a_month_and_not_as_days() -> None:
    rows = spread(days(date(2026, 10, 1), date(2026, 10, 31)))

    comparison = compare(rows, TODAY)

    assert comparison.last_month.energy == 310
    assert comparison.week_mean is None
    assert comparison.day == Period()


def test_the_share_of_final_days_counts_this_month_alone() -> None:
    rows = [
        *days(date(2026, 10, 1), date(2026, 10, 31)),
        row(1, date(2026, 11, 1)),
        row(1, date(2026, 11, 2), final=False),
        row(None, date(2026, 11, 3)),
        row(1, date(2026, 11, 4)),
    ]

    assert compare(rows, TODAY).final_share == 50
    assert compare(rows, date(2026, 12, 2)).final_share is None


def test_a_year_is_expected_from_its_days_and_the_year_before() -> None:
    expected = compare(two_years(), TODAY).expected_year

    # The week around New Year's Eve has days of both years.
    assert expected == pytest.approx(321 * 12 + 44 * 10, abs=2)


def test_a_day_missing_in_the_year_is_expected_too() -> None:
    whole = compare(two_years(), TODAY).expected_year or 0

    rows = without(two_years(), date(2026, 3, 1))

    assert compare(rows, TODAY).expected_year == pytest.approx(whole - 12 + 10)


def test_a_leap_year_is_expected_with_its_leap_day() -> None:
    rows = days(date(2027, 1, 1), date(2028, 1, 31))

    assert compare(rows, date(2028, 2, 3)).expected_year == 3660


def test_nothing_is_expected_without_a_year_before() -> None:
    rows = days(date(2026, 1, 1), date(2026, 11, 17))

    assert compare(rows, TODAY).expected_year is None


def test_the_seasons_of_the_years_before_make_the_expectation() -> None:
    winter = days(date(2025, 12, 1), date(2025, 12, 31), 100)
    rows = [*days(date(2025, 1, 1), date(2025, 11, 30)), *winter]
    rows += days(date(2026, 1, 1), date(2026, 11, 30))

    # The first and the last days of a season are like the week around them.
    assert compare(rows, date(2026, 12, 3)).expected_year == pytest.approx(
        334 * 10 + 31 * 100, rel=0.04
    )


def test_the_expectation_is_given_in_percent_of_the_reference() -> None:
    assert share_of_reference(9000, 12000) == 75
    assert share_of_reference(None, 12000) is None
    assert share_of_reference(9000, None) is None
    assert share_of_reference(9000, 0) is None


def test_a_new_month_forgets_the_old_one_and_a_new_year_both() -> None:
    comparison = compare(two_years(), TODAY)

    assert comparison.on(later(1, TODAY)) == comparison
    december = comparison.on(date(2026, 12, 1))
    assert (december.month, december.last_month) == (Period(), Period())
    assert december.final_share is None
    assert (december.year, december.day) == (comparison.year, comparison.day)
    january = comparison.on(date(2027, 1, 1))
    assert (january.year, january.expected_year) == (Period(), None)
    assert january.twelve_months == comparison.twelve_months


def test_rows_beyond_today_count_for_nothing_that_ends_today() -> None:
    assert compare(two_years(), date(2026, 10, 10)).month.energy == 120


def test_a_published_block_is_set_against_its_informative_days() -> None:
    ledger = answered(
        informative(10),
        informative(11, later(1)),
        published(23, days=2),
        published(5, later(-3), days=3),
    )

    difference = published_difference(ledger)

    assert difference is not None
    assert (difference.first, difference.last) == (DAY, later(1))
    assert difference.energy == 2


def test_a_block_without_all_its_informative_days_has_no_difference() -> None:
    block = published(23, days=2)

    assert published_difference(answered()) is None
    assert published_difference(answered(informative(10), block)) is None
    absence = absent(informative(10, later(1)))
    assert published_difference(answered(informative(10), absence, block)) is None


@quick
@given(
    energies=st.lists(st.none() | st.integers(0, 200), min_size=1, max_size=800),
    first=st.dates(date(2023, 1, 1), date(2026, 1, 1)),
    wait=st.integers(0, 60),
)
def test_a_comparison_survives_json_and_never_invents_energy(
    energies: list[int | None], first: date, wait: int
) -> None:
    rows = [row(energy, later(place, first)) for place, energy in enumerate(energies)]

    comparison = compare(rows, later(len(rows) + wait, first))

    assert comparison_from_json(comparison_to_json(comparison)) == comparison
    most = sum(energy or 0 for energy in energies)
    for period in (comparison.month, comparison.year, comparison.twelve_months):
        assert period.energy is None or 0 <= period.energy <= most


def test_no_comparison_is_read_where_none_was_kept() -> None:
    assert comparison_from_json(None) == Comparison()
