"""French working days: Monday to Friday, without public holidays."""

from datetime import date, timedelta
from functools import cache
from typing import Final

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
# (month, day) of the holidays with a date of their own (Code du travail, L3133-1).
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
_AFTER_EASTER: Final = (1, 39, 50)


def working_days_after(day: date, count: int) -> date:
    """Return the date that many working days later; the day itself is not counted."""
    while count:
        day += _ONE_DAY
        count -= day.weekday() < _SATURDAY and day not in public_holidays(day.year)
    return day


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays that all of France has in a year."""
    easter = _easter(year)
    return frozenset(
        {
            *(date(year, month, day) for month, day in _FIXED),
            *(easter + timedelta(days=days) for days in _AFTER_EASTER),
        }
    )


def _easter(year: int) -> date:
    """Return Easter Sunday, by Gauss's rule for the Gregorian calendar.

    The rule as corrected in 1816, with its two exceptions; a date in March or April.
    """
    century = year // 100
    shift = (13 + 8 * century) // 25
    moon = (15 - shift + century - century // 4) % 30
    full_moon = (19 * (year % 19) + moon) % 30
    if full_moon == 29 or (full_moon == 28 and year % 19 > 10):  # noqa: PLR2004
        full_moon -= 1
    week = (4 + century - century // 4) % 7
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * full_moon + week) % 7
    return date(year, 3, 22) + timedelta(days=full_moon + sunday)
