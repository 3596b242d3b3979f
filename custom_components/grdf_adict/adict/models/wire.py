"""From the wire to typed values: lenient in form, strict in sense."""

from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
import re
from typing import Any, ClassVar, Final, Self
import unicodedata
from zoneinfo import ZoneInfo

from ..errors import InvalidPceError
from ..pce import parse_pce

PARIS: Final = ZoneInfo("Europe/Paris")

type JsonObject = dict[str, Any]

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_DATE_LENGTH: Final = 10
# France's gas has been sold since 1946. Other years are "no bound" (9999, 0001, 1900),
# or typing errors; all arithmetic with these stays within the calendar.
_YEARS: Final = range(1946, 2200)
_LONGEST_TEXT: Final = 200
_LONGEST_NUMBER: Final = 40
# kWh or m³: all of France takes about 4e11 kWh of gas a year.
_MOST: Final = 1e11


class ImpossibleValueError(ValueError):
    """A field holds an impossible value; the text names the field, never the value."""


def named[T](
    read: Callable[[Any], T | None],
    group: JsonObject,
    name: str,
    *,
    shown: str | None = None,
) -> T | None:
    """Return a field of a group as it is read, None where it is absent.

    Raises:
        ImpossibleValueError: the value is impossible; `shown` names the field if given.
    """
    if (value := group.get(name)) is None:
        return None
    try:
        return read(value)
    except ImpossibleValueError as err:
        raise ImpossibleValueError(f"{shown or name}: {err}") from None


def named_or_noted[T](
    read: Callable[[Any], T | None], group: JsonObject, name: str, refused: list[str]
) -> T | None:
    """Return a field as `named` does; None, and a reason in `refused`, if impossible.

    For facts that are independent of each other: one that is wrong hides no other.
    """
    try:
        return named(read, group, name)
    except ImpossibleValueError as err:
        refused.append(str(err))
        return None


def section(value: Any) -> JsonObject:
    """Return a nested object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """Return the text without surrounding blanks; None when nothing is left.

    At most its first 200 characters.
    """
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).strip()[:_LONGEST_TEXT] or None


def amount(value: Any) -> float | None:
    """Return a number from 0 to 1e11; None where there is none.

    GRDF writes numbers as int, decimal or text, with a point or a comma.

    Raises:
        ImpossibleValueError: negative, infinite, too large, or no number.
    """
    return _number(value, _MOST)


def up_to(most: float) -> Callable[[Any], float | None]:
    """Make a reader as `amount` is, with a limit of its own."""
    return lambda value: _number(value, most)


def _number(value: Any, most: float) -> float | None:
    if value is None:
        return None
    kind = type(value)
    if kind is int or kind is float:
        number = value
    elif kind is str:
        digits = "".join(value[: 2 * _LONGEST_NUMBER].split())
        if not digits:
            return None
        if len(digits) > _LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
            raise ImpossibleValueError("no finite number")
        number = float(digits.replace(",", "."))
    else:
        raise ImpossibleValueError("no number")
    if number < 0:
        raise ImpossibleValueError("negative")
    # NaN compares with nothing.
    if not number <= most:
        raise ImpossibleValueError("too large, or no finite number")
    return float(number)


def size(value: Any, most: float = _MOST) -> float | None:
    """Return a number as `amount` does, None for text that is no number ("G6")."""
    if isinstance(value, str) and not _NUMBER.fullmatch("".join(value.split())):
        return None
    return _number(value, most)


def count(value: Any) -> int | None:
    """Return a whole number, None where there is none.

    Raises:
        ImpossibleValueError: negative, infinite, or no number.
    """
    number = amount(value)
    return None if number is None else int(number)


def flag(value: Any) -> bool | None:
    """Return a yes or no in any of GRDF's spellings; None where it is neither."""
    if isinstance(value, bool):
        return value
    match folded(value[:_LONGEST_TEXT]) if isinstance(value, str) else None:
        case "vrai" | "oui" | "true":
            return True
        case "faux" | "non" | "false":
            return False
    return None


def day(value: Any) -> date | None:
    """Return a date, of which a time may follow; None where there is none.

    A year that stands for "no bound", as in 9999-12-31, is none.
    """
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value.strip()[:_DATE_LENGTH])
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def moment(value: Any, of_day: time = time()) -> datetime | None:
    """Return an aware time; one without a zone is Paris's. None where there is none.

    A bare date is read as `of_day` on it; a year that stands for "no bound" is none.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return None
    return _moment(value, of_day)


# A block ends when the next begins, and its indexes repeat the same times.
@lru_cache(maxsize=16)
def _moment(value: str, of_day: time) -> datetime | None:
    written = value.strip()
    if len(written) <= _DATE_LENGTH:
        on = day(written)
        return None if on is None else datetime.combine(on, of_day, PARIS)
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


def required[T](read: Callable[[Any], T | None]) -> Callable[[Any], T | None]:
    """Make a reader refuse what is written but cannot be read."""

    def strict(value: Any) -> T | None:
        result = read(value)
        if result is None and text(value) is not None:
            raise ImpossibleValueError("unreadable")
        return result

    return strict


def unaccented(value: str) -> str:
    """Return the text without accents, in Unicode's compatible letters."""
    letters = unicodedata.normalize("NFKD", value)
    return "".join(char for char in letters if not unicodedata.combining(char))


@lru_cache(maxsize=256)
def folded(value: str) -> str:
    """Return the text without case, accents, underscores and superfluous blanks."""
    return " ".join(unaccented(value.replace("_", " ")).casefold().split())


class WireEnum(StrEnum):
    """What GRDF writes as text: a member's value, then its spellings, the usual first.

    Case, accents and blanks do not matter. Each kind has a member `unknown`.
    """

    spellings: tuple[str, ...]
    _by_spelling: ClassVar[dict[str, Any]]

    def __new__(cls, value: str, *spellings: str) -> Self:
        """Create a member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.spellings = spellings
        return member

    def __init_subclass__(cls) -> None:
        """Collect the spellings, as they are and folded."""
        cls._by_spelling = {
            key: member
            for member in cls
            for spelling in member.spellings
            for key in (spelling, folded(spelling))
        }

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return the member for a text; unknown when absent too."""
        return cls.read_optional(value) or cls("unknown")

    @classmethod
    def read_optional(cls, value: Any) -> Self | None:
        """Return the member for a text, None where there is none."""
        members: dict[str, Self] = cls._by_spelling
        if type(value) is str and (member := members.get(value)) is not None:
            return member
        if (written := text(value)) is None:
            return None
        return members.get(folded(written)) or cls("unknown")


def pce(value: object) -> str:
    """Return a PCE; GRDF sends it as text, a number would have lost its zeros."""
    if not isinstance(value, str):
        raise ImpossibleValueError("id_pce: no PCE")
    try:
        return parse_pce(value)
    except InvalidPceError:
        raise ImpossibleValueError("id_pce: no PCE") from None
