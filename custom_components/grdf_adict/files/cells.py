"""The values of single cells: numbers, dates, weeks, months, a PCE."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
import re
from typing import Final

from ..adict import PARIS, folded
from ..metering import ONE_DAY, ExportKind, PceGuess, guess_pce
from .errors import CellError, Problem
from .numbers import read_number
from .tables import MAX_CELL
from .writer import DecimalSign

# GRDF's communicating meters and their exports are younger; other years are typos.
_YEARS: Final = range(2000, 2200)
# As numbers of eight digits: 20201124.
_WRITTEN_DAYS: Final = range(20000101, 22000101)
_LONGEST_WEEK: Final = 7
_PCE_DIGITS: Final = 14
# From 2001 to 2033.
_MILLISECONDS: Final = "1"
_LONGEST_MONTH: Final = 31
_MONTHS_A_YEAR: Final = 12
# kWh or m³: more than any household's, or town's.
_MAX_AMOUNT: Final = 1e9

_TIME: Final = (
    r"(?:[ t](?:a )?(?P<time>[0-9]{1,2}[:h][0-9]{0,2})(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r" ?(?P<zone>z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY: Final = re.compile(
    rf"([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{2,4}}){_TIME}"
)
_ISO_DAY: Final = re.compile(
    rf"([0-9]{{4}})(?:([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}})|([0-9]{{2}})([0-9]{{2}}))"
    rf"{_TIME}"
)
_NAMED_DAY: Final = re.compile(
    r"(?:[a-z]{2,9}\.?,? )?([0-9]{1,2})(?:er)?[ -]"
    rf"(?P<name>[a-z]{{3,9}})\.?,?[ -]([0-9]{{2,4}}){_TIME}"
)
_SPAN: Final = re.compile(r"(?:semaine )?du (\S+) au (\S+)")
_MONTH: Final = re.compile(r"([a-z]{3,9})\.?[ -]([0-9]{2,4})")
_MONTH_NUMBER: Final = re.compile(r"([0-9]{1,2})[/-]([0-9]{4})")
_ISO_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR: Final = re.compile(r"(?:annee )?(2[01][0-9]{2})")
_EXPORTED_ON: Final = re.compile(r"export du (\S+)")
_DAYS_IN_NAME: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[-_][0-9]{2}[-_][0-9]{2}|[0-9]{2}[-_][0-9]{2}[-_][0-9]{4})"
    r"(?![0-9])"
)
_PCE_IN_NAME: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{13,14}|GI[0-9]{6})(?![0-9])"
)
_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout"),
    *("septembre", "octobre", "novembre", "decembre"),
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_NO_NUMBER: Final = frozenset({"-", "--", "n/a", "nc"})


@dataclass(frozen=True, slots=True)
class Period:
    """The gas days of a row: the first, and the first after them.

    Attributes:
        kind: what the cell writes: a day, a week or a month.
        at: the time of day beside a day, in France; midnight where there is none.
        is_numeric: whether a text has the day in digits ahead of the month's, an order
            that a spreadsheet may have swapped.
    """

    first: date
    end: date
    kind: ExportKind
    at: time = time.min
    is_numeric: bool = False


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty, or has blanks alone."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number(
    cell: object, sign: DecimalSign | None = None, units: Collection[str] = ()
) -> float | None:
    """Return a number, None where the cell is blank.

    Args:
        cell: a number, or its text; see `read_number`.
        sign: the file's decimal sign, if it is known.
        units: that may follow a text's digits.

    Raises:
        CellError: unreadable_number, ambiguous_number.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        written = cell[: MAX_CELL + 1].strip()
        if not written or written.casefold() in _NO_NUMBER:
            return None
        cell = _number(cell, sign, units)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise CellError(Problem.UNREADABLE_NUMBER)
    # False for NaN.
    if -_MAX_AMOUNT <= cell <= _MAX_AMOUNT:
        return float(cell)
    raise CellError(Problem.UNREADABLE_NUMBER)


def _whole(cell: object) -> int | None:
    """Return a number without decimals: a range is searched through for a float."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, int) else None


def _number(text: str, sign: DecimalSign | None, units: Collection[str]) -> float:
    read = read_number(text, units)
    if read.grouped is None:
        return read.value
    if sign is None:
        raise CellError(Problem.AMBIGUOUS_NUMBER)
    return read.value if read.sign is sign else read.grouped


def amount(
    cell: object, sign: DecimalSign | None = None, units: Collection[str] = ()
) -> float | None:
    """Return a number that is not negative, None where the cell is blank.

    Raises:
        CellError: unreadable_number, ambiguous_number, negative.
    """
    value = number(cell, sign, units)
    if value is not None and value < 0:
        raise CellError(Problem.NEGATIVE)
    return value


def read_period(cell: object) -> Period:
    """Return the gas days of a date cell.

    A day (`24/11/2020`, `mardi 24 novembre 2020`, `2020-11-24T06:00+01:00`, `20201124`,
    or a cell that is a date), a week (`Du 24/11/2020 au 29/11/2020`, both included) or
    a month (`Novembre 2020`, `2020-11`). A time of day changes no date: each export
    labels a gas day by the date of its start (API notes §9). A number such as 44159 is
    no date: spreadsheets count from 1900 or from 1904.

    Raises:
        CellError: unreadable_date, bad_year, two_digit_year, month_first.
    """
    if isinstance(cell, date):
        at = cell.time() if isinstance(cell, datetime) else time.min
        return _one_day(_checked(cell.year, cell.month, cell.day), at)
    if (whole := _whole(cell)) is not None and whole in _WRITTEN_DAYS:
        cell = str(whole)
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        raise CellError(Problem.UNREADABLE_DATE)
    if match := _DAY.fullmatch(cell):
        return _numeric_day(match)
    text = folded(cell)
    if span := _SPAN.fullmatch(text):
        return _span(_day_in(span[1]).first, _day_in(span[2]).first)
    if month := _month_in(text):
        return whole_month(_checked(*month, 1))
    return _day_in(text)


def whole_month(day: date) -> Period:
    """Return the calendar month of a day."""
    years, month = divmod(day.month, _MONTHS_A_YEAR)
    after = date(day.year + years, month + 1, 1)
    return Period(day.replace(day=1), after, ExportKind.MONTHLY)


def is_year(cell: object) -> bool:
    """Return whether a date cell has a year alone: its row is the sum of others."""
    if isinstance(cell, str):
        return len(cell) <= MAX_CELL and _YEAR.fullmatch(folded(cell)) is not None
    whole = _whole(cell)
    return whole is not None and whole in _YEARS


def exported_on(cell: object) -> date | None:
    """Return the date of "Export du 24/11/2021"; None where the cell is not that."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return None
    match = _EXPORTED_ON.match(folded(cell))
    try:
        return _day_in(match[1]).first if match else None
    except CellError:
        return None


def read_pce(cell: object) -> PceGuess | None:
    """Return the PCE of a cell; None where it is not one.

    A number has lost its leading zero, and may have become a float of whole value.
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | str):
        return None
    if isinstance(cell, int):
        # The longest number that a PCE can be; `str` refuses enormous ones.
        return guess_pce(str(cell)) if 0 <= cell < 10**14 else None
    return guess_pce(cell) if len(cell) <= MAX_CELL else None


def pce_in_name(name: str) -> PceGuess | None:
    """Return the one PCE in a file's name; None where none, or several.

    A moment is none, as in `export_20261130223140.csv`, nor are milliseconds since
    1970, where the name says nothing of a PCE.
    """
    found = {each for each in _PCE_IN_NAME.findall(name) if not _is_moment(each, name)}
    return guess_pce(found.pop()) if len(found) == 1 else None


def _is_moment(digits: str, name: str) -> bool:
    if digits.startswith(_MILLISECONDS) and len(digits) == _PCE_DIGITS - 1:
        text = folded(name)
        return "pce" not in text and "informatives" not in text
    try:
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return moment.year in _YEARS


def days_in_name(name: str) -> tuple[date, date] | None:
    """Return the first and last day in a file's name, if it has them.

    `Donnees_informatives_<PCE>_<from>_<to>.xlsx`.
    """
    try:
        days = [
            _day_in(text.replace("_", "-")).first
            for text in _DAYS_IN_NAME.findall(name)
        ]
    except CellError:
        return None
    return (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None  # noqa: PLR2004


def _day_in(text: str) -> Period:
    """Return the day of a text in lower case without accents."""
    if match := _DAY.fullmatch(text):
        return _numeric_day(match)
    if match := _ISO_DAY.fullmatch(text):
        month, day = match[3] or match[5], match[4] or match[6]
        return _timed(_checked(int(match[1]), int(month), int(day)), match)
    if match := _NAMED_DAY.fullmatch(text):
        month = _month_named(match["name"])
        return _timed(_checked(_full_year(match[3]), month, int(match[1])), match)
    raise CellError(Problem.UNREADABLE_DATE)


def _numeric_day(match: re.Match[str]) -> Period:
    """Return the day of dd/mm/yyyy.

    Raises:
        CellError: month_first, where it is a date as mm/dd/yyyy alone.
    """
    day, month, year = int(match[1]), int(match[2]), _full_year(match[3])
    if day <= _MONTHS_A_YEAR < month and _is_date(year, day, month):
        raise CellError(Problem.MONTH_FIRST)
    return _timed(_checked(year, month, day), match, is_numeric=True)


def _full_year(text: str) -> int:
    # "20/11/24" has its year at either end.
    if len(text) == len("24"):
        raise CellError(Problem.TWO_DIGIT_YEAR)
    return int(text)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year in _YEARS
    except ValueError:
        return False


def _checked(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise CellError(Problem.BAD_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(Problem.UNREADABLE_DATE) from None


def _timed(day: date, match: re.Match[str], *, is_numeric: bool = False) -> Period:
    """Return a day with the time beside it; another zone's is turned into France's."""
    if not match["time"]:
        return _one_day(day, is_numeric=is_numeric)
    hour, _, minute = match["time"].replace("h", ":").partition(":")
    try:
        at = time(int(hour), int(minute or 0))
        if match["zone"]:
            text = f"{day}T{at}{match['zone'].upper()}"
            local = datetime.fromisoformat(text).astimezone(PARIS)
            day, at = local.date(), local.time()
    except ValueError:
        raise CellError(Problem.UNREADABLE_DATE) from None
    return _one_day(day, at, is_numeric=is_numeric)


def _month_in(text: str) -> tuple[int, int] | None:
    """Return the year and month of "novembre 2020", "nov. 2020" or "11/2020"."""
    if match := _MONTH.fullmatch(text):
        month = _month_named(match[1])
        return _full_year(match[2]), month
    if match := _MONTH_NUMBER.fullmatch(text):
        return int(match[2]), int(match[1])
    if match := _ISO_MONTH.fullmatch(text):
        return int(match[1]), int(match[2])
    return None


def _month_named(name: str) -> int:
    """Return the month that a name, or its beginning, means in French or English."""
    months = {
        place % _MONTHS_A_YEAR + 1
        for place, month in enumerate(_MONTHS)
        if month.startswith(name)
    }
    if len(months) != 1:
        raise CellError(Problem.UNREADABLE_DATE)
    return months.pop()


def _one_day(day: date, at: time = time.min, *, is_numeric: bool = False) -> Period:
    return Period(day, day + ONE_DAY, ExportKind.DAILY, at, is_numeric)


def _span(first: date, last: date) -> Period:
    days = (last - first).days + 1
    if not 1 <= days <= _LONGEST_MONTH:
        raise CellError(Problem.UNREADABLE_DATE)
    kind = ExportKind.WEEKLY if days <= _LONGEST_WEEK else ExportKind.MONTHLY
    return Period(first, last + ONE_DAY, kind)
