"""The tables of PCE in the sheets of a file: where they begin, and which are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from ..files import Cells, Sheet
from .columns import fit, names_the_pce
from .errors import FleetFileError, FleetProblem, FleetSheetsError, SheetChoice

MOST_ROWS: Final = 10_000
ALL_SHEETS: Final = "*"
"""All sheets with a table: no sheet of a workbook can be called that."""
# Titles and notes above a header are few.
_LAST_HEADER: Final = 50
_LONGEST_SAMPLE: Final = 60


@dataclass(slots=True)
class FoundTable:
    """The table of one sheet.

    Attributes:
        number: the sheet's, from 1, among those that the user sees.
        name: what the user calls the sheet.
        header: the row that names the columns; empty: none does.
        rows: what follows it, one more than `MOST_ROWS` at most, by line.
        count: how many rows follow it.
        hidden_columns: the positions of those that the user does not see, from 0.
        hidden_rows: how many rows of the sheet the user does not see.
    """

    number: int
    name: str = field(repr=False)
    header: Cells = field(repr=False)
    rows: list[tuple[int, Cells]] = field(repr=False)
    count: int
    hidden_columns: Collection[int]
    hidden_rows: int

    @property
    def has_pce(self) -> bool:
        """Whether a column of PCE is among its columns."""
        return names_the_pce(self.header)


@dataclass(frozen=True, slots=True)
class FoundTables:
    """What the sheets of a file have.

    Attributes:
        tables: of each sheet that the user sees and that is not blank.
        hidden: the names of the sheets that the user does not see.
    """

    tables: tuple[FoundTable, ...]
    hidden: tuple[str, ...] = field(repr=False)

    def taken(self, sheet: str | None) -> tuple[FoundTable, ...]:
        """Return the tables that are read, as `read_fleet` chooses.

        A sheet without a column of PCE is read only where there is no other, for what
        is wrong with it to be said.

        Raises:
            FleetFileError: there is none.
            FleetSheetsError: there are several.
        """
        fitting = [table for table in self.tables if table.has_pce]
        filled = [table for table in fitting if table.count]
        if len(filled) > 1 and sheet != ALL_SHEETS:
            chosen = tuple(table for table in filled if table.name == sheet)
            if not chosen:
                raise FleetSheetsError(
                    tuple(SheetChoice(table.name, table.count) for table in filled)
                )
            return chosen
        with_header = [table for table in self.tables if table.header]
        if taken := filled or fitting or with_header[:1]:
            return tuple(taken)
        raise self.nothing(FleetProblem.HEADER_MISSING)

    def left(self, taken: Collection[FoundTable]) -> tuple[str, ...]:
        """Return the names of the sheets that are not read."""
        numbers = {table.number for table in taken}
        return tuple(each.name for each in self.tables if each.number not in numbers)

    def nothing(self, problem: FleetProblem) -> FleetFileError:
        """Return the error of a file without rows, which may be hidden in it."""
        hides = self.hidden or any(table.hidden_rows for table in self.tables)
        return FleetFileError(FleetProblem.ALL_HIDDEN if hides else problem)


def found_in(sheets: Iterable[Sheet]) -> FoundTables:
    """Return the tables of all sheets; the best-fitting of the first rows is a header.

    Raises:
        ExportFileError: the file cannot be read to its end.
    """
    tables: list[FoundTable] = []
    hidden: list[str] = []
    number = 0
    for sheet in sheets:
        if sheet.is_hidden:
            hidden.append(sheet.name)
            continue
        number += 1
        table = _table(number, sheet)
        if table.count or table.header or table.hidden_rows:
            tables.append(table)
    return FoundTables(tuple(tables), tuple(hidden))


def shown_cell(cells: Cells, position: int) -> str:
    """Return a cell as the user may recognise it; empty where there is none."""
    cell = cells[position] if position < len(cells) else None
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())[:_LONGEST_SAMPLE]


def _table(number: int, sheet: Sheet) -> FoundTable:
    top: list[tuple[int, Cells]] = []
    rest = iter(sheet.rows)
    for line, cells in rest:
        top.append((line, cells))
        if line >= _LAST_HEADER:
            break
    fits = [fit(cells) if line <= _LAST_HEADER else 0 for line, cells in top]
    best = max(fits, default=0)
    at = fits.index(best) if best else -1
    rows: list[tuple[int, Cells]] = []
    count = 0
    for line, cells in chain(top[at + 1 :], rest):
        count += 1
        if best and len(rows) <= MOST_ROWS:
            rows.append((line, cells))
    return FoundTable(
        number,
        sheet.name,
        top[at][1] if best else (),
        rows,
        count,
        sheet.hidden.columns,
        len(sheet.hidden.rows),
    )
