"""Whether day and month of a file's dates may be the other way round.

A spreadsheet set to English reads 03/02/2021 as 2 March: it turns the texts whose first
number is at most twelve into dates, day and month swapped, and leaves the others text.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

_MONTHS: Final = 12
# Of 365 dates 221 have a day beyond the twelfth: a third of that is no accident.
_FEW: Final = 4


class DateForm(NamedTuple):
    """How the date of a row is written.

    Attributes:
        is_numeric: as a text of digits, such as 24/11/2020, not as a date.
        is_late: its day is beyond the twelfth, so that it cannot be a month.
    """

    is_numeric: bool
    is_late: bool


class DatesOfMeter(NamedTuple):
    """The dates of a meter's rows.

    Attributes:
        days: in the file's order.
        exported: the first and last gas day that the export can have; None: unknown.
    """

    days: Sequence[date]
    exported: tuple[date, date] | None


def are_swapped(forms: Mapping[DateForm, int], meters: Iterable[DatesOfMeter]) -> bool:
    """Return whether the dates of a file fit only with day and month swapped.

    Args:
        forms: how many dates have each form.
        meters: the dates of each.
    """
    texts = forms.get(DateForm(True, False), 0), forms.get(DateForm(True, True), 0)  # noqa: FBT003
    dates = forms.get(DateForm(False, False), 0), forms.get(DateForm(False, True), 0)  # noqa: FBT003
    if texts[1] and dates[0] and not texts[0] and _FEW * dates[1] <= dates[0]:
        return True
    return any(_is_swapped(*dates) for dates in meters)


def _is_swapped(days: Sequence[date], exported: tuple[date, date] | None) -> bool:
    """Return whether dates follow each other only if those that can be are swapped."""
    other = [swapped(day) for day in days]
    if exported and not _are_within(days, exported):
        return _are_within(other, exported)
    # Dates on the 1st, but for the edges, are left to be months.
    inner = days[1:-1] if len(days) > 3 else days  # noqa: PLR2004
    if all(day.day == 1 for day in inner):
        return False
    if len(days) > _FEW and are_of_januaries(days):
        return True
    written, read = steps(days), steps(other)
    # Some dates of weeks or months follow each other by chance once they are swapped.
    if read > written:
        return 2 * read >= len(days) - 1
    return read == written and _are_in_order(other) and not _are_in_order(days)


def _are_within(days: Iterable[date], exported: tuple[date, date]) -> bool:
    first, last = exported
    # A month is dated on its 1st, a week on its Monday.
    begin = min(first.replace(day=1), first - timedelta(days=first.weekday()))
    return all(begin <= day <= last for day in days)


def steps(days: Iterable[date]) -> int:
    """Return how many of some dates are the day after another."""
    ordinals = {day.toordinal() for day in days}
    return sum(ordinal + 1 in ordinals for ordinal in ordinals)


def swapped(day: date) -> date:
    """Return a date with day and month the other way round, if it has such a date."""
    return day.replace(month=day.day, day=day.month) if day.day <= _MONTHS else day


def are_of_januaries(days: Iterable[date]) -> bool:
    """Return whether dates are the first twelve days of January alone, of some years.

    They are the 1sts of months: no table has just those days of several years.
    """
    found = set(days)
    return (
        len({day.year for day in found}) > 1
        and len({day.day for day in found}) > 1
        and all(day.month == 1 and day.day <= _MONTHS for day in found)
    )


def are_swapped_months(days: Iterable[date]) -> bool:
    """Return whether dates in January are the 1sts of consecutive months if swapped."""
    if any(day.month != 1 or day.day > _MONTHS for day in days):
        return False
    months = sorted({day.year * _MONTHS + day.day for day in days})
    return all(after - before == 1 for before, after in pairwise(months))


def _are_in_order(days: Sequence[date]) -> bool:
    pairs = list(pairwise(days))
    return all(one <= other for one, other in pairs) or all(
        one >= other for one, other in pairs
    )
