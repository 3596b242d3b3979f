"""Working days: Monday to Friday without French public holidays."""

from datetime import date, timedelta
from functools import cache
from typing import Final

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_FIXED: Final = (
    (1, 1),
    (5, 1),
    (5, 8),
    (7, 14),
    (8, 15),
    (11, 1),
    (11, 11),
    (12, 25),
)
# Easter Monday, Ascension Day, Whit Monday.
_DAYS_AFTER_EASTER: Final = (1, 39, 50)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (anonymous algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leaps, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, odd = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of all of France (Code du travail L3133-1)."""
    sunday = easter(year)
    return frozenset(
        [date(year, month, day) for month, day in _FIXED]
        + [sunday + timedelta(days=days) for days in _DAYS_AFTER_EASTER]
    )


def is_working_day(day: date) -> bool:
    """Whether people work in France on a date."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def working_days_after(day: date, number: int) -> date:
    """Return the date that many working days ahead; the date itself counts not."""
    while number:
        day += _ONE_DAY
        number -= is_working_day(day)
    return day
