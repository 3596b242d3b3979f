"""French public holidays and working days, as published calendars have them."""

from datetime import date

import pytest

from custom_components.grdf_adict.rights.working_days import (
    public_holidays,
    working_days_after,
)

# The calendars of service-public.fr; before and after, Easter as the almanacs give it.
EASTER_MONDAYS = (
    date(1961, 4, 3),
    date(1981, 4, 20),
    date(2000, 4, 24),
    date(2008, 3, 24),
    date(2011, 4, 25),
    date(2024, 4, 1),
    date(2025, 4, 21),
    date(2026, 4, 6),
    date(2027, 3, 29),
    date(2028, 4, 17),
    date(2038, 4, 26),
    date(2049, 4, 19),
    date(2076, 4, 20),
)


def test_the_holidays_of_2026_are_those_of_the_published_calendar() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize("monday", EASTER_MONDAYS, ids=str)
def test_easter_monday_is_that_of_the_almanac(monday: date) -> None:
    movable = [
        day
        for day in public_holidays(monday.year)
        if day.weekday() == 0 and day.month in {3, 4}
    ]
    assert movable == [monday]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 20, date(2026, 12, 18)),
        (date(2026, 11, 21), 20, date(2026, 12, 18)),
        # Easter Monday, 1 May, 8 May, Ascension Day and Whit Monday in between.
        (date(2026, 4, 3), 1, date(2026, 4, 7)),
        (date(2026, 4, 27), 20, date(2026, 5, 29)),
        # Christmas and New Year's Day.
        (date(2026, 12, 18), 20, date(2027, 1, 19)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(
    day: date, count: int, expected: date
) -> None:
    assert working_days_after(day, count) == expected
