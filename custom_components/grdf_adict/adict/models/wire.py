"""From the wire to typed values: lenient in form, strict in sense."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
import math
import re
from typing import Any, Final
import unicodedata
from zoneinfo import ZoneInfo

from ..errors import InvalidPceError
from ..pce import parse_pce

PARIS: Final = ZoneInfo("Europe/Paris")

type JsonObject = dict[str, Any]

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_DATE_LENGTH: Final = 10


class ImpossibleValueError(ValueError):
    """A field holds what cannot be; the text names the field, never the value."""


def named[T](name: str, read: Callable[[Any], T | None], value: Any) -> T | None:
    """Return the value read, None where there is none, or say which could not be."""
    if value is None:
        return None
    try:
        return read(value)
    except ImpossibleValueError as err:
        raise ImpossibleValueError(f"{name}: {err}") from None


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
    """Return a yes or no, however GRDF spells it; None where it says neither."""
    if isinstance(value, bool):
        return value
    match folded(value) if isinstance(value, str) else None:
        case "vrai" | "oui" | "true":
            return True
        case "faux" | "non" | "false":
            return False
    return None


def granted(value: Any) -> bool:
    """Return whether a perimeter is granted; silence grants nothing."""
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


# A block ends when the next begins, and its indexes say the same times again.
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


@lru_cache(maxsize=256)
def folded(value: str) -> str:
    """Return the text without case, accents, underscores and superfluous blanks."""
    plain = unicodedata.normalize("NFKD", value.replace("_", " "))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())


class Vocabulary[E: StrEnum]:
    """Words of the wire and what they mean; an unknown word is a member too."""

    def __init__(self, words: dict[str, E], unknown: E) -> None:
        """Fold the words, so that case, accents and blanks do not matter."""
        self._words: Final = words
        self._folded: Final = {folded(word): member for word, member in words.items()}
        self._unknown: Final = unknown

    def read(self, value: Any) -> E:
        """Return the member for a word; unknown when absent too."""
        if not isinstance(value, str):
            return self._unknown
        if (member := self._words.get(value)) is not None:
            return member
        return self._folded.get(folded(value), self._unknown)

    def word(self, member: E) -> str | None:
        """Return GRDF's word for a member, None for one that it does not know."""
        words = (word for word, meant in self._words.items() if meant is member)
        return next(words, None)

    def read_optional(self, value: Any) -> E | None:
        """Return the member for a word, None where there is none."""
        if value is None:
            return None
        if type(value) is str and (member := self._words.get(value)) is not None:
            return member
        return None if text(value) is None else self.read(value)


def pce(value: object) -> str:
    """Return a PCE; GRDF sends it as text, a number would have lost its zeros."""
    if not isinstance(value, str):
        raise ImpossibleValueError("id_pce: no PCE")
    try:
        return parse_pce(value)
    except InvalidPceError:
        raise ImpossibleValueError("id_pce: no PCE") from None
