"""The qualification of a row, whatever an encoding has made of its accents."""

from typing import Final

from ..adict import Qualification
from .cells import is_blank
from .tables import MAX_CELL, Cells


def _letters(text: str) -> str:
    """Return the letters that every encoding of a French text shares."""
    return "".join(char for char in text.casefold() if "a" <= char <= "z")


_BY_LETTERS: Final = {
    _letters(spelling): qualification
    for qualification in Qualification
    for spelling in qualification.spellings
}

_BEGINNINGS: Final = frozenset("aAmMeEcC")


def read_qualification(cell: object) -> Qualification:
    """Return a cell's qualification; unknown where it is blank, or not one of GRDF's.

    "Absence de DonnÃ©es", "Absence de Donn?es" and the like are read by the letters
    that are left: no two qualifications share these.
    """
    read = Qualification.read(cell)
    if read is not Qualification.UNKNOWN or not isinstance(cell, str):
        return read
    return _BY_LETTERS.get(_letters(cell[:MAX_CELL]), read)


def qualification_among(cells: Cells) -> str | None:
    """Return the cell of a row that is a qualification of GRDF's, wherever it stands.

    For tables whose header names no such column: it may have another name.
    """
    return next(
        (
            cell
            for cell in cells
            if isinstance(cell, str)
            and cell[:1] in _BEGINNINGS
            and read_qualification(cell) is not Qualification.UNKNOWN
        ),
        None,
    )


def is_unknown(cell: object, read: Qualification) -> bool:
    """Return whether a cell has a qualification that is none of GRDF's."""
    return read is Qualification.UNKNOWN and not is_blank(cell)
