"""What a row of a sheet is: data, a title, a total; and what its cells say."""

from typing import Final

from ..adict import Qualification
from ..metering import ExportedRow
from .cells import (
    CellError,
    Period,
    amount,
    exported_on,
    is_blank,
    number,
)
from .header import Said, words
from .tables import Cells

_LABEL_WORDS: Final = frozenset(
    {"n", "no", "num", "numero", "id", "identifiant", "de", "du", "pce"}
)


def is_data(said: Said) -> bool:
    """Return whether a row without a readable date is data all the same.

    A total has no date at all, or is called one; a note has no energy.
    """
    if is_blank(said.date) or words(said.date) & {"total", "totaux"}:
        return False
    return _hint(said.energy) is not None


def is_above_a_table(cells: Cells) -> bool:
    """Return whether a row belongs to what stands above a table."""
    return labelled_pce(cells) is not None or any(map(exported_on, cells))


def labelled_pce(cells: Cells) -> object:
    """Return what follows "N° PCE :", in the same cell or the next that is filled.

    None where a row has no such label, or nothing after it.
    """
    for place, cell in enumerate(cells):
        label, _, rest = cell.partition(":") if isinstance(cell, str) else ("", "", "")
        said = words(label)
        if "pce" not in said or not said <= _LABEL_WORDS:
            continue
        if rest.strip():
            return rest
        return next((cell for cell in cells[place + 1 :] if not is_blank(cell)), None)
    return None


def exported_row(
    sheet: int, row_number: int, said: Said, covered: Period
) -> ExportedRow:
    """Return what a row of a table says of the period that it covers.

    Raises:
        CellError: unreadable_number, negative.
    """
    qualification = Qualification.read(said.qualification)
    # GRDF writes 0 where it has nothing (API notes §9).
    told = qualification is not Qualification.ABSENT
    return ExportedRow(
        number=row_number,
        first=covered.first,
        end=covered.end,
        energy=amount(said.energy) if told else None,
        volume=amount(said.volume) if told else None,
        coefficient=_hint(said.coefficient) if told else None,
        index_start=_hint(said.index_start),
        index_end=_hint(said.index_end),
        qualification=qualification,
        temperature=_hint(said.temperature),
        sheet=sheet,
    )


def _hint(cell: object) -> float | None:
    """Return a number that nothing depends on; None where it is not one."""
    try:
        return number(cell)
    except CellError:
        return None
