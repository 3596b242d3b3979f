"""Degree days, what a degree costs, and years set against each other."""

from datetime import UTC, date, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.metering.gas_day import (
    gas_day_start,
    gas_days_through,
)
from custom_components.grdf_adict.metering.insight.degree_days import (
    HourlyTemperature,
    corrected,
    daily_means,
    degree_days,
    fit,
)

from .factory import DAY, later, row
from .homes import BALANCE, BASE_LOAD, SLOPE, between, flat, heated, temperatures

LAST: Final = date(2025, 12, 31)


def hours(
    day: date, count: int = 24, mean: float | None = 10
) -> list[HourlyTemperature]:
    return [
        HourlyTemperature(gas_day_start(day) + timedelta(hours=place), mean)
        for place in range(count)
    ]


def test_degree_days_are_what_a_day_lacks_of_eighteen_degrees() -> None:
    assert degree_days(10.5) == 7.5
    assert degree_days(-4) == 22
    assert degree_days(18) == degree_days(25) == 0
    assert degree_days(10, base=15) == 5


def test_a_gas_day_has_the_mean_of_its_own_hours() -> None:
    assert daily_means([*hours(DAY, mean=4), *hours(later(1), mean=9)]) == {
        DAY: 4,
        later(1): 9,
    }


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25)]
)
def test_the_days_on_which_the_clock_changes_have_their_own_hours(
    day: date, length: int
) -> None:
    known = [*hours(day, length, mean=4), *hours(later(1, day), mean=9)]

    assert daily_means(known) == {day: 4, later(1, day): 9}


def test_the_zone_of_an_hour_does_not_matter() -> None:
    known = [
        HourlyTemperature(hour.start.astimezone(UTC), hour.mean) for hour in hours(DAY)
    ]

    assert daily_means(known) == daily_means(hours(DAY))


def test_a_day_of_which_little_is_known_has_no_mean() -> None:
    assert daily_means(hours(DAY, 20)) == {DAY: 10}
    assert daily_means(hours(DAY, 19)) == {}
    assert daily_means(hours(DAY, mean=None)) == {}


def test_half_of_the_extremes_stands_in_for_the_mean_of_the_hours() -> None:
    known = [
        HourlyTemperature(hour.start, None, 4.0 + place / 10, 8.0 + place / 10)
        for place, hour in enumerate(hours(DAY))
    ]

    (mean,) = daily_means(known).values()

    assert mean == pytest.approx((4.0 + 8.0 + 2.3) / 2)


def test_a_fit_finds_what_a_home_uses_by_day_and_by_degree() -> None:
    weather = temperatures(LAST)

    found = fit(heated(weather), weather, base=BALANCE)

    assert found is not None
    assert found.base_load == pytest.approx(BASE_LOAD, abs=0.6)
    assert found.slope == pytest.approx(SLOPE, rel=0.05)
    assert found.r_squared > 0.95
    assert found.spread < 6
    assert found.days == len(weather)
    assert found.base_load + 10 * found.slope == pytest.approx(
        10 * SLOPE + BASE_LOAD, rel=0.05
    )


def test_holidays_and_a_month_gone_wrong_hardly_move_a_fit() -> None:
    weather = temperatures(LAST)
    holidays = between(date(2025, 7, 10), 25, lambda _: 0)
    empty = between(date(2025, 2, 10), 14, lambda energy: energy * 0.2)
    wrong = between(date(2025, 12, 1), 20, lambda energy: energy * 3)

    found = fit(heated(weather, holidays, empty, wrong), weather, base=BALANCE)

    assert found is not None
    assert found.base_load == pytest.approx(BASE_LOAD, abs=0.6)
    assert found.slope == pytest.approx(SLOPE, rel=0.05)
    # It is honest about the days that it does not explain.
    assert found.r_squared < 0.9


def test_a_fit_of_a_flat_shows_that_the_cold_explains_nothing() -> None:
    weather = temperatures(LAST)

    found = fit(flat(LAST), weather)

    assert found is not None
    assert found.slope < 0.1
    assert found.r_squared < 0.1


def test_a_home_that_never_uses_anything_fits_nothing() -> None:
    weather = temperatures(LAST)

    found = fit([row(0, day) for day in weather], weather)

    assert found is not None
    assert (found.base_load, found.slope, found.r_squared) == (0, 0, 0)


def test_a_fit_needs_days_with_heat_and_days_without() -> None:
    weather = temperatures(LAST)
    rows = heated(weather)
    winter = [one for one in rows if one.gas_day.month in {1, 2, 12}]
    summer = [one for one in rows if one.gas_day.month in {7, 8}]

    assert fit(winter, weather) is None
    assert fit(summer, weather) is None
    assert fit([*winter, *summer], weather) is not None
    assert fit(rows, {}) is None


def test_a_colder_year_is_no_change_when_the_weather_is_taken_out() -> None:
    weather = temperatures(LAST)
    first, last = date(2025, 1, 1), date(2025, 3, 31)
    for day in gas_days_through(first, last):
        weather[day] = weather[date(2024, day.month, day.day)] - 3
    weather = {day: min(mean, 15) for day, mean in weather.items()}

    found = corrected(heated(weather), weather, SLOPE, first, last)

    assert found is not None
    assert found.days == 90
    assert found.degree_days > found.degree_days_before + 200
    assert found.energy > 1.1 * found.energy_before
    assert found.change == pytest.approx(0, abs=2)


def test_what_is_saved_shows_when_the_weather_is_taken_out() -> None:
    weather = temperatures(LAST)
    first, last = date(2025, 1, 1), date(2025, 2, 28)
    rows = heated(weather, between(first, 59, lambda energy: energy * 0.8))

    found = corrected(rows, weather, SLOPE, first, last)

    assert found is not None
    assert found.change == pytest.approx(-20, abs=3)


def test_days_unknown_in_either_year_are_left_out_of_both() -> None:
    first, last = date(2025, 1, 1), date(2025, 1, 10)
    weather = dict.fromkeys(gas_days_through(date(2024, 1, 1), last), 8.0)
    rows = [row(20, day) for day in weather]

    def without(*gone: date) -> list[float | None]:
        left = [row(None, one.gas_day) if one.gas_day in gone else one for one in rows]
        found = corrected(left, weather, SLOPE, first, last)
        return [] if found is None else [found.days, found.energy, found.change]

    assert without() == [10, 200, 0]
    assert without(first, date(2024, 1, 5)) == [8, 160, 0]
    assert without(first, last, date(2024, 1, 5)) == []


def test_a_leap_day_is_compared_with_nothing() -> None:
    first, last = date(2024, 2, 1), date(2024, 2, 29)
    weather = dict.fromkeys(gas_days_through(date(2023, 2, 1), last), 8.0)

    found = corrected([row(20, day) for day in weather], weather, SLOPE, first, last)

    assert found is not None
    assert found.days == 28


def test_a_year_of_nothing_gives_no_change() -> None:
    first, last = date(2025, 1, 1), date(2025, 1, 10)
    weather = dict.fromkeys(gas_days_through(date(2024, 1, 1), last), 8.0)

    found = corrected([row(0, day) for day in weather], weather, SLOPE, first, last)

    assert found is not None
    assert found.change is None
