"""The gas day, over clock changes, leap days and year ends."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import PARIS
from custom_components.grdf_adict.metering.gas_day import (
    gas_day_at,
    gas_day_start,
    gas_days_between,
    gas_days_through,
    hours_between,
    paris_date,
    year_before,
)

from .factory import later, six_o_clock

SUMMER = date(2026, 7, 14)
WINTER = date(2026, 1, 14)
# Clocks change on Sunday at 02:00 or 03:00: the gas day of Saturday is the odd one.
SPRING_FORWARD = date(2026, 3, 28)
FALL_BACK = date(2026, 10, 24)
LEAP_DAY = date(2028, 2, 29)
LAST_OF_YEAR = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("gas_day", "start"),
    [
        (SUMMER, datetime(2026, 7, 14, 4, tzinfo=UTC)),
        (WINTER, datetime(2026, 1, 14, 5, tzinfo=UTC)),
        (SPRING_FORWARD, datetime(2026, 3, 28, 5, tzinfo=UTC)),
        (later(1, SPRING_FORWARD), datetime(2026, 3, 29, 4, tzinfo=UTC)),
        (FALL_BACK, datetime(2026, 10, 24, 4, tzinfo=UTC)),
        (later(1, FALL_BACK), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        (LEAP_DAY, datetime(2028, 2, 29, 5, tzinfo=UTC)),
    ],
)
def test_a_gas_day_starts_at_six_in_france(gas_day: date, start: datetime) -> None:
    found = gas_day_start(gas_day)

    assert found == start
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("gas_day", "hours"),
    [
        (WINTER, 24),
        (SPRING_FORWARD, 23),
        (later(1, SPRING_FORWARD), 24),
        (FALL_BACK, 25),
        (later(1, FALL_BACK), 24),
        (LAST_OF_YEAR, 24),
    ],
)
def test_a_gas_day_is_an_hour_off_at_a_clock_change(gas_day: date, hours: int) -> None:
    # Given in French time, where both ends lie at the same hour of the wall clock.
    assert hours_between(six_o_clock(gas_day), six_o_clock(later(1, gas_day))) == hours


@pytest.mark.parametrize(
    ("instant", "gas_day"),
    [
        (datetime(2026, 7, 14, 3, 59, 59, 999_999, UTC), date(2026, 7, 13)),
        (datetime(2026, 7, 14, 4, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 1, 14, 4, 59, tzinfo=UTC), date(2026, 1, 13)),
        (datetime(2026, 1, 14, 5, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), LAST_OF_YEAR),
        (datetime(2028, 3, 1, 4, 59, tzinfo=UTC), LEAP_DAY),
        # Half past two of the night that has it twice, before and after.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), FALL_BACK),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), FALL_BACK),
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), SPRING_FORWARD),
    ],
)
def test_an_instant_lies_in_the_gas_day_that_began_last(
    instant: datetime, gas_day: date
) -> None:
    assert gas_day_at(instant) == gas_day


@given(
    st.datetimes(
        min_value=datetime(2015, 1, 1),  # noqa: DTZ001
        max_value=datetime(2035, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
)
def test_every_instant_lies_between_its_gas_day_and_the_next(instant: datetime) -> None:
    gas_day = gas_day_at(instant)

    assert gas_day_start(gas_day) <= instant < gas_day_start(later(1, gas_day))


def test_the_date_in_france_is_ahead_of_utc_in_the_evening() -> None:
    assert paris_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "gas_day",
    [WINTER, SUMMER, SPRING_FORWARD, FALL_BACK, LEAP_DAY, LAST_OF_YEAR],
)
def test_a_day_of_six_to_six_is_one_gas_day(gas_day: date) -> None:
    start, end = six_o_clock(gas_day), six_o_clock(later(1, gas_day))

    assert gas_days_between(start, end) == [gas_day]


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # A second more, midnight, 06:00 in UTC, and 17:59.
        (paris(WINTER, 6), datetime(2026, 1, 15, 5, 0, 1, tzinfo=UTC), 1),
        (paris(WINTER, 0), paris(later(22, WINTER), 0), 22),
        (paris(SUMMER, 0), paris(later(1, SUMMER), 0), 1),
        (
            datetime(2026, 1, 14, 6, tzinfo=UTC),
            datetime(2026, 1, 24, 6, tzinfo=UTC),
            10,
        ),
        (paris(WINTER, 17, 59), paris(later(3, WINTER), 17, 59), 3),
        # Through both clock changes.
        (paris(SPRING_FORWARD, 0), paris(later(1, SPRING_FORWARD), 0), 1),
        (paris(FALL_BACK, 0), paris(later(2, FALL_BACK), 0), 2),
    ],
)
def test_bounds_off_six_go_to_the_nearest_start_of_a_gas_day(
    start: datetime, end: datetime, days: int
) -> None:
    named = start.astimezone(PARIS).date()

    assert gas_days_between(start, end) == [later(n, named) for n in range(days)]


@pytest.mark.parametrize(
    ("middle", "day"),
    [
        # In the middle of days of 24, 23 and 25 hours.
        (paris(WINTER, 18), WINTER),
        (paris(WINTER, 18, 1), later(1, WINTER)),
        (paris(SPRING_FORWARD, 17, 30), SPRING_FORWARD),
        (paris(SPRING_FORWARD, 17, 31), later(1, SPRING_FORWARD)),
        (paris(FALL_BACK, 18, 30), FALL_BACK),
        (paris(FALL_BACK, 18, 31), later(1, FALL_BACK)),
    ],
)
def test_a_bound_as_near_to_two_starts_goes_to_the_earlier(
    middle: datetime, day: date
) -> None:
    assert gas_days_between(middle, six_o_clock(later(3, day)))[0] == day


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        (paris(WINTER, 6), paris(WINTER, 14, 30), WINTER),
        (paris(WINTER, 20), paris(later(1, WINTER), 6), WINTER),
        (paris(WINTER, 3), paris(WINTER, 10), WINTER),
        (paris(WINTER, 2), paris(WINTER, 9), later(-1, WINTER)),
        # Three hours in either.
        (paris(WINTER, 3), paris(WINTER, 9), later(-1, WINTER)),
    ],
)
def test_a_period_nearer_to_no_day_is_of_the_day_it_lies_most_in(
    start: datetime, end: datetime, day: date
) -> None:
    assert gas_days_between(start, end) == [day]


def test_a_leap_year_has_366_gas_days() -> None:
    days = gas_days_between(
        six_o_clock(date(2028, 1, 1)), six_o_clock(date(2029, 1, 1))
    )

    assert len(days) == len(set(days)) == 366
    assert LEAP_DAY in days


@pytest.mark.parametrize("length", [timedelta(), timedelta(days=-1)])
def test_a_period_that_ends_before_it_has_begun_holds_no_gas_day(
    length: timedelta,
) -> None:
    start = six_o_clock(WINTER)

    assert gas_days_between(start, start + length) == []


def test_gas_days_are_named_through_the_last_over_a_leap_day() -> None:
    assert list(gas_days_through(date(2028, 2, 28), date(2028, 3, 1))) == [
        date(2028, 2, 28),
        LEAP_DAY,
        date(2028, 3, 1),
    ]


def test_no_gas_day_lies_from_a_day_through_one_before_it() -> None:
    assert list(gas_days_through(WINTER, later(-1, WINTER))) == []


def test_a_year_before_is_the_same_date_and_a_leap_day_has_none() -> None:
    assert year_before(date(2026, 10, 25)) == date(2025, 10, 25)
    assert year_before(date(2028, 2, 28)) == date(2027, 2, 28)
    assert year_before(date(2028, 2, 29)) is None
