"""Numbers as people and spreadsheets write them: signs, groups of thousands, units."""

from collections.abc import Collection, Iterable
import re
from typing import Final, NamedTuple

from .errors import CellError, Problem
from .tables import MAX_CELL
from .writer import DecimalSign

_SIGNS: Final = {",": DecimalSign.COMMA, ".": DecimalSign.POINT}
_OTHER: Final = {
    DecimalSign.COMMA: DecimalSign.POINT,
    DecimalSign.POINT: DecimalSign.COMMA,
}
_GROUP: Final = 3
_DIGITS_AND_UNIT: Final = re.compile(r"([+-]?)([0-9.,'\u2019]+)(.*)")
_USUAL: Final = re.compile(r"[+-]?[0-9]+(?:([.,])[0-9]{1,2})?")
# Digits behind a blank are a group of thousands: "12 5" is a decimal cut off.
_BLANK_GROUPS: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])\S*")
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019")
_ONE_SIGN: Final = re.compile(r"([0-9]*)(?:([.,])([0-9]+))?")
_GROUPED: Final = re.compile(
    r"([0-9]{1,3}([.,])[0-9]{3}(?:\2[0-9]{3})*)(?:(?!\2)([.,])([0-9]+))?"
)


class NumberText(NamedTuple):
    """A number that was read from text.

    Attributes:
        value: with its sign as the decimal one.
        sign: which one that is; None: it shows none.
        grouped: the value if the sign separates thousands instead; None: it cannot.
    """

    value: float
    sign: DecimalSign | None = None
    grouped: float | None = None


def read_number(text: str, units: Collection[str] = ()) -> NumberText:
    """Return the number of a text that is not blank.

    `1 100,5`, `1.100,5`, `1,100.5` and `1'100.5` are read; `1,100` has two values.

    Args:
        text: with blanks of any kind between the thousands, or around a unit.
        units: that may follow, in lower case and without blanks.

    Raises:
        CellError: unreadable_number.
    """
    if usual := _USUAL.fullmatch(text):
        return NumberText(float(text.replace(",", ".")), _SIGNS.get(usual[1]))
    # `split` removes the no-break, narrow and thin spaces between thousands.
    parts = text[: MAX_CELL + 1].split()
    match = _DIGITS_AND_UNIT.fullmatch("".join(parts).replace("\N{MINUS SIGN}", "-"))
    if len(text) > MAX_CELL or match is None or not _is_unit(match[3], units):
        raise CellError(Problem.UNREADABLE_NUMBER)
    digits = match[2].translate(_APOSTROPHES)
    numbers = [part.lstrip("+-\N{MINUS SIGN}") for part in parts]
    groups = [part for part in numbers if part[:1].isdigit()]
    if len(groups) > 1 and _BLANK_GROUPS.fullmatch(" ".join(groups)) is None:
        raise CellError(Problem.UNREADABLE_NUMBER)
    has_groups = digits != match[2] or len(groups) > 1
    factor = -1 if match[1] == "-" else 1
    read = _one_sign(digits, has_groups=has_groups) or _grouped(digits)
    if read is None:
        raise CellError(Problem.UNREADABLE_NUMBER)
    grouped = None if read.grouped is None else factor * read.grouped
    return NumberText(factor * read.value, read.sign, grouped)


def shown_signs(cells: Iterable[object]) -> set[DecimalSign | None]:
    """Return the decimal signs that cells show; with None, one of them is ambiguous."""
    shown: set[DecimalSign | None] = set()
    for cell in cells:
        # Most cells are numbers, or have no sign.
        if not isinstance(cell, str) or not ("," in cell or "." in cell):
            continue
        if usual := _USUAL.fullmatch(cell):
            shown.add(_SIGNS[usual[1]])
            continue
        try:
            read = read_number(cell, ANY_UNIT)
        except CellError:
            continue
        if read.grouped is not None:
            shown.add(None)
        elif read.sign is not None:
            shown.add(read.sign)
    return shown


ENERGY_UNITS: Final = frozenset({"kwh", "kwhpcs"})
VOLUME_UNITS: Final = frozenset({"m3"})
ANY_UNIT: Final = frozenset({*ENERGY_UNITS, *VOLUME_UNITS, "kwh/m3", "\xb0c"})


def _is_unit(text: str, units: Collection[str]) -> bool:
    return not text or text.casefold().replace("\xb3", "3") in units


def _one_sign(digits: str, *, has_groups: bool) -> NumberText | None:
    match = _ONE_SIGN.fullmatch(digits)
    if match is None or not digits:
        return None
    whole, sign, decimals = match[1], match[2], match[3]
    if sign is None:
        return NumberText(float(whole))
    value = float(f"{whole or 0}.{decimals}")
    # A group of thousands follows one to three digits, and never a zero.
    is_ambiguous = (
        len(decimals) == _GROUP
        and 1 <= len(whole) <= _GROUP
        and not whole.startswith("0")
        and not has_groups
    )
    grouped = float(whole + decimals) if is_ambiguous else None
    return NumberText(value, _SIGNS[sign], grouped)


def _grouped(digits: str) -> NumberText | None:
    match = _GROUPED.fullmatch(digits)
    if match is None:
        return None
    whole = match[1].replace(match[2], "")
    return NumberText(float(f"{whole}.{match[4] or 0}"), _OTHER[_SIGNS[match[2]]])
