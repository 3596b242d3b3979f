"""What a row of a sheet is: data, a title, a total; and what its cells say."""

from typing import Final

from ..adict import Qualification
from ..metering.exported import ExportedRow
from .cells import (
    QUALIFICATIONS,
    CellError,
    Period,
    amount,
    exported_on,
    is_blank,
    number,
)
from .header import Columns, words
from .tables import Cells

_LABEL_WORDS: Final = frozenset(
    {"n", "no", "num", "numero", "id", "identifiant", "de", "du", "pce"}
)


def cell_at(cells: Cells, place: int | None) -> object:
    """Return the cell at a place; None beyond the row's end, or at no place."""
    return cells[place] if place is not None and place < len(cells) else None


def is_data(cells: Cells, columns: Columns) -> bool:
    """Return whether a row without a readable date is data all the same.

    A total has no date at all, or is called one; a note has no energy.
    """
    said = cell_at(cells, columns.date)
    if is_blank(said) or words(said) & {"total", "totaux"}:
        return False
    return _hint(cell_at(cells, columns.energy)) is not None


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
    sheet: int, row_number: int, cells: Cells, columns: Columns, covered: Period
) -> ExportedRow:
    """Return what a row of a table says of the period that it covers.

    Raises:
        CellError: unreadable_number, negative.
    """
    qualification = QUALIFICATIONS.read(cell_at(cells, columns.qualification))
    # GRDF writes 0 where it has nothing (API notes §9).
    told = qualification is not Qualification.ABSENT
    return ExportedRow(
        number=row_number,
        first=covered.first,
        end=covered.end,
        energy=amount(cell_at(cells, columns.energy)) if told else None,
        volume=amount(cell_at(cells, columns.volume)) if told else None,
        coefficient=_hint(cell_at(cells, columns.coefficient)) if told else None,
        index_start=_hint(cell_at(cells, columns.index_start)),
        index_end=_hint(cell_at(cells, columns.index_end)),
        qualification=qualification,
        temperature=_hint(cell_at(cells, columns.temperature)),
        sheet=sheet,
    )


def _hint(cell: object) -> float | None:
    """Return a number that nothing depends on; None where it is not one."""
    try:
        return number(cell)
    except CellError:
        return None
