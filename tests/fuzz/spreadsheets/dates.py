"""How dates are written, by spreadsheets and by people."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from custom_components.grdf_adict.metering.exported import ExportKind

from .table import Value, When

type Style = Callable[[When], Value]

_PARIS: Final = ZoneInfo("Europe/Paris")
_EPOCH: Final = date(1899, 12, 30)
_FRENCH: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
_FRENCH_SHORT: Final = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août"),
    *("sept.", "oct.", "nov.", "déc."),
)
_ENGLISH: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_GERMAN: Final = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
    *("September", "Oktober", "November", "Dezember"),
)
_WEEKDAYS: Final = (
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
)


def _midnight_in_utc(day: date) -> str:
    """Return the day's start in France as programs write it: mostly the day before."""
    start = datetime.combine(day, time(0), _PARIS).astimezone(UTC)
    return f"{start:%Y-%m-%dT%H:%M:%S}.000Z"


def _serial(day: date) -> int:
    return (day - _EPOCH).days


def _swapped(day: date) -> Value:
    """Return what Excel makes of dd/mm/yyyy where dates are mm/dd/yyyy."""
    if day.day > 12:
        return f"{day:%d/%m/%Y}"
    return date(day.year, day.day, day.month)


def _short(day: date) -> str:
    return _FRENCH_SHORT[day.month - 1]


_OF_DAYS: Final[dict[str, Callable[[date], Value]]] = {
    "french": lambda day: f"{day:%d/%m/%Y}",
    "typed dates": lambda day: day,
    "typed with a time": lambda day: datetime.combine(day, time(6)),
    "no leading zeros": lambda day: f"{day.day}/{day.month}/{day.year}",
    "iso": lambda day: f"{day:%Y-%m-%d}",
    "iso with a time": lambda day: f"{day:%Y-%m-%d}T06:00:00",
    "iso with an offset": lambda day: f"{day:%Y-%m-%d}T06:00:00+01:00",
    "iso in UTC": _midnight_in_utc,
    "iso with slashes": lambda day: f"{day:%Y/%m/%d}",
    "without a year": lambda day: f"{day:%d/%m}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "two-digit years": lambda day: f"{day:%d/%m/%y}",
    "iso with two digits": lambda day: f"{day:%y-%m-%d}",
    "mm/dd": lambda day: f"{day:%m/%d/%Y}",
    "m/d": lambda day: f"{day.month}/{day.day}/{day.year}",
    "m/d with two digits": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "swapped by Excel": _swapped,
    "serial numbers": _serial,
    "serial numbers with a time": lambda day: _serial(day) + 0.25,
    "with a time": lambda day: f"{day:%d/%m/%Y} 06:00",
    "with midnight": lambda day: f"{day:%d/%m/%Y} 00:00:00",
    "dots": lambda day: f"{day:%d.%m.%Y}",
    "dashes": lambda day: f"{day:%d-%m-%Y}",
    "long": lambda day: f"{day.day} {_FRENCH[day.month - 1]} {day.year}",
    "with its weekday": lambda day: (
        f"{_WEEKDAYS[day.weekday()]} {day.day} {_FRENCH[day.month - 1]} {day.year}"
    ),
    "short month": lambda day: f"{day:%d}-{_short(day)}-{day:%y}",
    "short month, full year": lambda day: f"{day:%d} {_short(day)} {day.year}",
    "English": lambda day: f"{_ENGLISH[day.month - 1][:3]} {day.day}, {day.year}",
    "English day first": lambda day: f"{day:%d} {_ENGLISH[day.month - 1]} {day.year}",
    "German": lambda day: f"{day.day}. {_GERMAN[day.month - 1]} {day.year}",
}
_OF_MONTHS: Final[dict[str, Callable[[date], Value]]] = {
    "french": lambda day: f"{_FRENCH[day.month - 1].capitalize()} {day.year} ",
    "typed dates": lambda day: day,
    "the 1st as text": lambda day: f"{day:%d/%m/%Y}",
    "the 1st, iso": lambda day: f"{day:%Y-%m-%d}",
    "the 1st, mm/dd": lambda day: f"{day:%m/%d/%Y}",
    "the 1st, two digits": lambda day: f"{day:%d/%m/%y}",
    "the 1st, with midnight": lambda day: f"{day:%d/%m/%Y} 00:00:00",
    "serial numbers": _serial,
    "as Excel shows it": lambda day: f"{_short(day)}-{day:%y}",
    "as LibreOffice shows it": lambda day: f"{_short(day).rstrip('.')} {day:%y}",
    "numbers": lambda day: f"{day:%m/%Y}",
    "numbers, year first": lambda day: f"{day:%Y-%m}",
    "English": lambda day: f"{_ENGLISH[day.month - 1]} {day.year}",
    "English, short": lambda day: f"{_ENGLISH[day.month - 1][:3]}-{day:%y}",
    "German": lambda day: f"{_GERMAN[day.month - 1]} {day.year}",
}
_OF_WEEKS: Final[dict[str, Style]] = {
    "french": lambda when: f"Du {when.first:%d/%m/%Y} au {when.last:%d/%m/%Y}",
    "two-digit years": lambda when: f"Du {when.first:%d/%m/%y} au {when.last:%d/%m/%y}",
    "mm/dd": lambda when: f"Du {when.first:%m/%d/%Y} au {when.last:%m/%d/%Y}",
    "a dash between": lambda when: f"{when.first:%d/%m/%Y} - {when.last:%d/%m/%Y}",
    "iso": lambda when: f"{when.first} - {when.last}",
    "typed Mondays": lambda when: when.first,
    "Mondays as text": lambda when: f"{when.first:%d/%m/%Y}",
    "serial numbers": lambda when: _serial(when.first),
    "numbers of weeks": lambda when: (
        f"S{when.first.isocalendar().week:02} {when.first.isocalendar().year}"
    ),
}


def _of_first_day(style: Callable[[date], Value], when: When) -> Value:
    return style(when.first)


def _of_month(style: Callable[[date], Value], when: When) -> Value:
    return style(when.first.replace(day=1))


STYLES: Final[dict[ExportKind, tuple[str, ...]]] = {
    ExportKind.DAILY: tuple(_OF_DAYS),
    ExportKind.WEEKLY: tuple(_OF_WEEKS),
    ExportKind.MONTHLY: tuple(_OF_MONTHS),
}


def written(kind: ExportKind, style: str, when: When) -> Value:
    """Return the cell of a row's days."""
    match kind:
        case ExportKind.DAILY:
            return _of_first_day(_OF_DAYS[style], when)
        case ExportKind.WEEKLY:
            return _OF_WEEKS[style](when)
        case ExportKind.MONTHLY:
            return _of_month(_OF_MONTHS[style], when)


def as_text(cell: date, style: str) -> str:
    """Return a typed date as a spreadsheet saves it in a text table.

    Where dates are mm/dd/yyyy, a date that was read with its day and month swapped is
    shown swapped again.
    """
    if style == "swapped by Excel":
        return f"{cell.month}/{cell.day}/{cell.year}"
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    return f"{cell:%d/%m/%Y}"


def a_year_later(when: When) -> When:
    """Return days of the year after, for another table of the same kind."""
    return When(when.first + timedelta(days=364), when.last + timedelta(days=364))
