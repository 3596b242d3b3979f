"""What single cells mean: numbers, dates, weeks, months, a PCE."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, auto
import re
from typing import Final

from ..adict import folded
from ..metering import ONE_DAY, PceGuess, guess_pce
from .errors import Problem
from .limits import MAX_AMOUNT, MAX_CELL

# GRDF's communicating meters and their exports are younger; beyond, a slip of the pen.
_YEARS: Final = range(2000, 2200)
_LONGEST_WEEK: Final = 7
_LONGEST_MONTH: Final = 31

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_TIME: Final = r"(?:[ t][0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?)?"
_DAY: Final = re.compile(
    rf"([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{2,4}}){_TIME}"
)
_ISO_DAY: Final = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_TIME}")
_SPAN: Final = re.compile(r"du (\S+) au (\S+)")
_MONTH: Final = re.compile(r"([a-z]{3,9})\.? ([0-9]{4})")
_MONTH_NUMBER: Final = re.compile(r"([0-9]{1,2})[/-]([0-9]{4})")
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
)
_NO_NUMBER: Final = frozenset({"-", "--", "n/a", "nc"})


class CellError(ValueError):
    """A cell that holds what cannot be; it carries the problem, never the value."""

    problem: Problem

    def __init__(self, problem: Problem) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem


class Form(IntEnum):
    """How a period is written."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()


@dataclass(frozen=True, slots=True)
class Period:
    """The gas days of a row: the first, and the first after them."""

    first: date
    end: date
    form: Form


def is_blank(cell: object) -> bool:
    """Return whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def number(cell: object) -> float | None:
    """Return a number, None where the cell is blank.

    Text may have a decimal comma, and blanks of any kind between the thousands.

    Raises:
        CellError: unreadable_number.
    """
    if cell is None:
        return None
    if type(cell) is float or type(cell) is int:
        # Not a number is not between these either.
        if -MAX_AMOUNT <= cell <= MAX_AMOUNT:
            return float(cell)
    elif isinstance(cell, str):
        return _number_in(cell)
    raise CellError(Problem.UNREADABLE_NUMBER)


def amount(cell: object) -> float | None:
    """Return a number that is not negative, None where the cell is blank.

    Raises:
        CellError: unreadable_number, negative.
    """
    value = number(cell)
    if value is not None and value < 0:
        raise CellError(Problem.NEGATIVE)
    return value


def _number_in(cell: str) -> float | None:
    # `split` knows the no-break, narrow and thin spaces that separate thousands.
    digits = "".join(cell[: MAX_CELL + 1].split()).replace("\N{MINUS SIGN}", "-")
    if not digits or digits.casefold() in _NO_NUMBER:
        return None
    if len(cell) > MAX_CELL or not _NUMBER.fullmatch(digits):
        raise CellError(Problem.UNREADABLE_NUMBER)
    return number(float(digits.replace(",", ".")))


def period(cell: object) -> Period:
    """Return the gas days that a date cell stands for.

    A day (`24/11/2020`, or a cell that is a date), a week (`Du 24/11/2020 au
    29/11/2020`, both included) or a month (`Novembre 2020`).

    Raises:
        CellError: unreadable_date, bad_year.
    """
    if isinstance(cell, date):
        return _one_day(_day_of(cell))
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        raise CellError(Problem.UNREADABLE_DATE)
    if match := _DAY.fullmatch(cell):
        return _one_day(_day_month_year(match))
    text = folded(cell)
    if span := _SPAN.fullmatch(text):
        return _span(_day_in(span[1]), _day_in(span[2]))
    if month := _month_in(text):
        return _whole_month(*month)
    return _one_day(_day_in(text))


def exported_on(cell: object) -> date | None:
    """Return the date of "Export du 24/11/2021"; None where the cell is not that."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return None
    match = _EXPORTED_ON.match(folded(cell))
    try:
        return _day_in(match[1]) if match else None
    except CellError:
        return None


def pce(cell: object) -> PceGuess | None:
    """Return the PCE that a cell stands for; None where it stands for none.

    A number has lost its leading zero, and may have become a float of whole value.
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | str):
        return None
    if isinstance(cell, int):
        # The longest that the digits of a PCE can be; `str` refuses enormous ones.
        return guess_pce(str(cell)) if 0 <= cell < 10**14 else None
    return guess_pce(cell) if len(cell) <= MAX_CELL else None


def pce_in_name(name: str) -> PceGuess | None:
    """Return the one PCE that a file's name holds; None where none, or several."""
    found = set(_PCE_IN_NAME.findall(name))
    return guess_pce(found.pop(), from_name=True) if len(found) == 1 else None


def days_in_name(name: str) -> tuple[date, date] | None:
    """Return the first and last day that a file's name announces, if it does.

    `Donnees_informatives_<PCE>_<from>_<to>.xlsx`.
    """
    try:
        days = [_day_in(text.replace("_", "-")) for text in _DAYS_IN_NAME.findall(name)]
    except CellError:
        return None
    return (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None  # noqa: PLR2004


def _day_of(cell: date) -> date:
    day = cell.date() if isinstance(cell, datetime) else cell
    return _checked(day.year, day.month, day.day)


def _day_in(text: str) -> date:
    if match := _DAY.fullmatch(text):
        return _day_month_year(match)
    if match := _ISO_DAY.fullmatch(text):
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    raise CellError(Problem.UNREADABLE_DATE)


def _day_month_year(match: re.Match[str]) -> date:
    return _checked(int(match[3]), int(match[2]), int(match[1]))


def _checked(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise CellError(Problem.BAD_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(Problem.UNREADABLE_DATE) from None


def _month_in(text: str) -> tuple[int, int] | None:
    """Return the year and month of "novembre 2020", "nov. 2020" or "11/2020"."""
    if match := _MONTH.fullmatch(text):
        meant = [
            place
            for place, name in enumerate(_MONTHS, start=1)
            if name.startswith(match[1])
        ]
        return (int(match[2]), meant[0]) if len(meant) == 1 else None
    if match := _MONTH_NUMBER.fullmatch(text):
        return int(match[2]), int(match[1])
    return None


def _one_day(day: date) -> Period:
    return Period(day, day + ONE_DAY, Form.DAY)


def _span(first: date, last: date) -> Period:
    days = (last - first).days + 1
    if not 1 <= days <= _LONGEST_MONTH:
        raise CellError(Problem.UNREADABLE_DATE)
    form = Form.WEEK if days <= _LONGEST_WEEK else Form.MONTH
    return Period(first, last + ONE_DAY, form)


def _whole_month(year: int, month: int) -> Period:
    first = _checked(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return Period(first, after, Form.MONTH)
