"""What a row of a sheet is: data, a title, a total; and its values."""

from math import inf

from ..adict import Qualification
from ..metering import ExportedRow
from .cells import CellError, Period, amount, exported_on, is_blank, number
from .header import RowCells, header_words, labels_pce
from .tables import Cells


def is_data(row: RowCells) -> bool:
    """Return whether a row without a readable date contains data nevertheless.

    A total has no date, or "total" in its place; a note has no energy.
    """
    if is_blank(row.date) or header_words(row.date) & {"total", "totaux"}:
        return False
    return _number_or_none(row.energy) is not None


def is_above_a_table(cells: Cells) -> bool:
    """Return whether a row is one of those above a table."""
    return labelled_pce(cells) is not None or any(map(exported_on, cells))


def labelled_pce(cells: Cells) -> object:
    """Return what follows "N° PCE :", in the same cell or the next that is filled.

    None where a row has no such label, or nothing after it.
    """
    for position, cell in enumerate(cells):
        label, _, rest = cell.partition(":") if isinstance(cell, str) else ("", "", "")
        if not labels_pce(label):
            continue
        if rest.strip():
            return rest
        following = cells[position + 1 :]
        return next((cell for cell in following if not is_blank(cell)), None)
    return None


def exported_row(
    sheet: int, row_number: int, row: RowCells, period: Period
) -> ExportedRow:
    """Return the values of a table's row for the period that it covers.

    Its temperature is as it was written: `temperatures` checks it.

    Raises:
        CellError: unreadable_number, negative.
    """
    qualification = Qualification.read(row.qualification)
    # GRDF writes 0 where it has nothing (API notes §9).
    is_present = qualification is not Qualification.ABSENT
    return ExportedRow(
        number=row_number,
        first=period.first,
        end=period.end,
        energy=amount(row.energy) if is_present else None,
        volume=amount(row.volume) if is_present else None,
        coefficient=_number_or_none(row.coefficient) if is_present else None,
        index_start=_number_or_none(row.index_start),
        index_end=_number_or_none(row.index_end),
        qualification=qualification,
        temperature=_temperature(row.temperature),
        sheet=sheet,
    )


def _temperature(cell: object) -> float | None:
    """Return a number; one that no temperature can be where it is unreadable."""
    try:
        return number(cell)
    except CellError:
        return inf


def _number_or_none(cell: object) -> float | None:
    """Return a number on which nothing depends; None where it is unreadable."""
    try:
        return number(cell)
    except CellError:
        return None
