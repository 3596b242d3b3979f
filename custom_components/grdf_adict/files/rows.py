"""What a row of a sheet is: data, a title, a total; and its values."""

from collections.abc import Collection, Iterable
from math import inf
import re
from typing import Final

from ..adict import Qualification, folded
from ..metering import ExportedRow
from .cells import Period, amount, exported_on, is_blank, is_year, number, read_pce
from .columns import RowCells, Units
from .errors import CellError, Problem
from .header_text import header_words, labels_pce
from .numbers import ANY_UNIT, ENERGY_UNITS, VOLUME_UNITS, shown_signs
from .qualifications import is_unknown, read_qualification
from .tables import MAX_CELL, Cells
from .writer import DecimalSign

_TOTALS: Final = frozenset(
    {"total", "totaux", "soustotal", "moyenne", "somme", "cumul", "sum", "average"}
)
_TOTAL: Final = re.compile(
    r"(?:sous[ -]?|grand )?tota(?:l|ux)(?: general| annuel| mensuel| [0-9]{4})?\s*:?"
)
_TOTAL_BEGINS: Final = frozenset("sStTgG \N{NO-BREAK SPACE}")
_PIVOT: Final = re.compile(
    r"(?:somme|nombre|moyenne|max\.?|min\.?) (?:de |d')|(?:sum|count|average) of "
    r"|etiquettes de (?:lignes|colonnes)|(?:row|column) labels"
)
# kWh PCS per m³, far beyond what any gas has, and far from a thousand times as much.
_RATIOS: Final = (4.0, 30.0)
_MOSTLY: Final = 0.9


def is_data(row: RowCells) -> bool:
    """Return whether a row without a readable date contains data nevertheless.

    A total has no date, or a year or "total" in its place; a note has no energy. A day
    whose date stands in a merged cell above has a PCE, an index or a qualification.
    """
    if is_year(row.date) or header_words(row.date) & _TOTALS:
        return False
    if is_blank(row.date) and not (
        read_pce(row.pce) or row.qualification or not is_blank(row.index_end)
    ):
        return False
    try:
        return number(row.energy, units=ENERGY_UNITS) is not None
    except CellError as err:
        return err.problem is Problem.AMBIGUOUS_NUMBER


def is_total(cells: Cells, header: Cells, unnamed: Collection[int]) -> bool:
    """Return whether a cell of a row with a date names the row a total.

    That of a column with a name may be a value: a rate's "Total". `unnamed` is the
    positions of the others (`unnamed_columns`).
    """
    for position in unnamed:
        if position < len(cells) and _names_total(cells[position]):
            return True
    return any(map(_names_total, cells[len(header) :]))


def unnamed_columns(header: Cells) -> tuple[int, ...]:
    """Return the positions of a header's blank cells, and of those of the PCE."""
    return tuple(
        position
        for position, name in enumerate(header)
        if is_blank(name) or labels_pce(name)
    )


def _names_total(cell: object) -> bool:
    return (
        isinstance(cell, str)
        # Most texts begin otherwise.
        and cell[:1] in _TOTAL_BEGINS
        and len(cell) <= MAX_CELL
        and _TOTAL.fullmatch(folded(cell)) is not None
    )


def heads_pivot(cells: Cells) -> bool:
    """Return whether a row is the header of a pivot table, which adds up other rows."""
    return any(
        isinstance(cell, str)
        and len(cell) <= MAX_CELL
        and _PIVOT.match(folded(cell)) is not None
        for cell in cells
    )


def hours_column(header: Cells) -> int | None:
    """Return the position of a column of hours beside that of dates."""
    for position, words in enumerate(map(header_words, header)):
        if words & {"heure", "horaire", "hour"} and not words & {"date", "kwh", "m3"}:
            return position
    return None


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
    sheet: int,
    row_number: int,
    row: RowCells,
    period: Period,
    units: Units,
    sign: DecimalSign | None = None,
) -> ExportedRow:
    """Return the values of a table's row for the period that it covers.

    GRDF writes 0 where it has nothing (API notes §9), so a zero counts only where its
    qualification is known, or not written: what an unknown one says of a zero may be
    that nothing was read, and a missing day is seen, while a false zero is not.

    Its temperature is as it was written: `temperatures` checks it.

    Args:
        sheet: its number, from 1.
        row_number: in the sheet, from 1.
        row: its cells.
        period: what its date says.
        units: of its columns.
        sign: the file's decimal sign, if it is known.

    Raises:
        CellError: unreadable_number, ambiguous_number, negative,
            unknown_qualification.
    """
    qualification = read_qualification(row.qualification)
    is_present = qualification is not Qualification.ABSENT
    energy = (
        _scaled(row.energy, sign, ENERGY_UNITS, units.energy) if is_present else None
    )
    if not energy and is_unknown(row.qualification, qualification):
        raise CellError(Problem.UNKNOWN_QUALIFICATION)
    return ExportedRow(
        number=row_number,
        first=period.first,
        end=period.end,
        energy=energy,
        volume=_scaled(row.volume, sign, VOLUME_UNITS, units.volume)
        if is_present
        else None,
        coefficient=_hint(row.coefficient, _own_sign(row.coefficient))
        if is_present
        else None,
        index_start=_index(row.index_start, sign, units.indexes),
        index_end=_index(row.index_end, sign, units.indexes),
        qualification=qualification,
        temperature=_temperature(row.temperature),
        sheet=sheet,
    )


def _scaled(
    cell: object, sign: DecimalSign | None, units: frozenset[str], factor: float
) -> float | None:
    """Return an amount in kWh or m³, from the unit of its column.

    A cell that names kWh in a column of MWh has two units, and is refused.
    """
    if factor == 1:
        return amount(cell, sign, units)
    value = amount(cell, sign)
    return None if value is None else number(round(value * factor, 6))


def _index(cell: object, sign: DecimalSign | None, factor: float) -> float | None:
    index = _hint(cell, sign)
    return index if index is None or factor == 1 else round(index * factor, 6)


def _temperature(cell: object) -> float | None:
    """Return a number; one that no temperature can be where it is unreadable."""
    try:
        return number(cell, _own_sign(cell), ANY_UNIT)
    except CellError:
        return inf


def decimal_signs(row: RowCells) -> set[DecimalSign | None]:
    """Return the decimal signs that a row shows; with None, a number is ambiguous.

    Coefficients and temperatures show none: they may come from elsewhere.
    """
    return shown_signs((row.energy, row.volume, row.index_start, row.index_end))


def _own_sign(cell: object) -> DecimalSign:
    """Return the sign of a coefficient or a temperature: neither has thousands."""
    is_point = isinstance(cell, str) and "." in cell
    return DecimalSign.POINT if is_point else DecimalSign.COMMA


def decimal_sign(
    shown: Collection[DecimalSign], unread: Iterable[RowCells]
) -> DecimalSign | None:
    """Return the decimal sign of a file; None where nothing shows which it is.

    Args:
        shown: those of its numbers that are not ambiguous.
        unread: its rows with one that is.
    """
    by_ratio = _sign_by_ratio(unread)
    if len(shown) != 1:
        return by_ratio
    (sign,) = shown
    return sign if by_ratio in {None, sign} else None


def _sign_by_ratio(rows: Iterable[RowCells]) -> DecimalSign | None:
    """Return the decimal sign that gives rows a plausible energy for each m³.

    Only rows count where one of energy and volume is ambiguous. None where no sign
    fits most of them, or where each fits some.
    """
    read = [ratios for ratios in map(_ratios, rows) if ratios]
    fits = {
        sign: sum(_RATIOS[0] <= ratios[sign] <= _RATIOS[1] for ratios in read)
        for sign in DecimalSign
    }
    best, other = sorted(DecimalSign, key=lambda sign: fits[sign], reverse=True)
    is_shown = fits[best] and not fits[other] and fits[best] >= _MOSTLY * len(read)
    return best if is_shown else None


def _ratios(row: RowCells) -> dict[DecimalSign, float]:
    """Return a row's kWh for each m³ by decimal sign; empty where both give one."""
    ratios = {}
    for sign in DecimalSign:
        energy = _number_or_none(row.energy, sign, ENERGY_UNITS)
        volume = _number_or_none(row.volume, sign, VOLUME_UNITS)
        if energy is None or not volume:
            return {}
        ratios[sign] = energy / volume
    return ratios if len(set(ratios.values())) > 1 else {}


def _hint(cell: object, sign: DecimalSign | None) -> float | None:
    """Return a number on which nothing depends; None where it is unreadable."""
    return _number_or_none(cell, sign, ANY_UNIT)


def _number_or_none(
    cell: object, sign: DecimalSign | None, units: frozenset[str]
) -> float | None:
    try:
        return number(cell, sign, units)
    except CellError:
        return None
