"""From the wire to typed values: lenient in form, strict in sense."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
import math
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


def section(value: Any) -> JsonObject:
    """Return a nested object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """Return the text without surrounding blanks; None when nothing is left."""
    if type(value) is str:
        return value.strip() or None
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).strip() or None


def amount(value: Any) -> float | None:
    """Return a number that is finite and not negative; None where there is none.

    GRDF writes numbers as int, decimal or text, with a point or a comma.

    Raises:
        ImpossibleValueError: negative, infinite, or no number.
    """
    if value is None:
        return None
    kind = type(value)
    if kind is int or kind is float:
        number = float(value)
    elif kind is str:
        digits = "".join(value.split())
        if not digits:
            return None
        if not _NUMBER.fullmatch(digits):
            raise ImpossibleValueError("no finite number")
        number = float(digits.replace(",", "."))
    else:
        raise ImpossibleValueError("no number")
    if not math.isfinite(number):
        raise ImpossibleValueError("no finite number")
    if number < 0:
        raise ImpossibleValueError("negative")
    return number


def size(value: Any) -> float | None:
    """Return a number as `amount` does, None for text that is no number ("G6")."""
    if isinstance(value, str) and not _NUMBER.fullmatch("".join(value.split())):
        return None
    return amount(value)


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
    match folded(value) if isinstance(value, str) else None:
        case "vrai" | "oui" | "true":
            return True
        case "faux" | "non" | "false":
            return False
    return None


def granted(value: Any) -> bool:
    """Return whether a perimeter is granted; an absent one is not."""
    return flag(value) is True


def day(value: Any) -> date | None:
    """Return a date, of which a time may follow; None where there is none."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:_DATE_LENGTH])
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """Return an aware time; one without a zone is Paris's. None where there is none."""
    return _moment(value) if isinstance(value, str) else None


# A block ends when the next begins, and its indexes repeat the same times.
@lru_cache(maxsize=16)
def _moment(value: str) -> datetime | None:
    written = value.strip()
    if len(written) <= _DATE_LENGTH:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
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
