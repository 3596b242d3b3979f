"""The tables of PCE in the sheets of a file: where they begin, and which are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from ..files import Cells, Sheet, is_blank, read_pce
from .columns import Column, find_column, fit, names_the_pce
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
        groups: for each column, what the row above the header has over it.
        rows: what follows it and has something in a column with a meaning, one more
            than `MOST_ROWS` at most, by line.
        count: how many rows there are of that kind; of any kind without a header.
        blank: how many other rows follow the header.
        has_second: whether a second header names other columns.
        hidden_columns: the positions of those that the user does not see, from 0.
        hidden_rows: how many rows of the sheet the user does not see.
    """

    number: int
    name: str = field(repr=False)
    header: Cells = field(repr=False)
    groups: Cells = field(repr=False)
    rows: list[tuple[int, Cells]] = field(repr=False)
    count: int
    blank: int
    has_second: bool
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
        is wrong with it to be said. The sheet of a text table has no name to choose.

        Raises:
            FleetFileError: there is none, or all of it is hidden.
            FleetSheetsError: there are several, or none of the name.
        """
        if sheet not in {None, ALL_SHEETS} and any(each.name for each in self.tables):
            return self._called(sheet)
        fitting = [table for table in self.tables if table.has_pce]
        filled = [table for table in fitting if table.count]
        if len(filled) > 1 and sheet != ALL_SHEETS:
            raise self._several()
        with_header = [table for table in self.tables if table.header]
        if taken := filled or fitting or with_header[:1]:
            return tuple(taken)
        raise self.nothing(FleetProblem.HEADER_MISSING)

    def _called(self, sheet: str | None) -> tuple[FoundTable, ...]:
        named = tuple(table for table in self.tables if table.name == sheet)
        if chosen := tuple(table for table in named if table.header):
            return chosen
        if sheet in self.hidden or any(table.hidden_rows for table in named):
            raise FleetFileError(FleetProblem.ALL_HIDDEN)
        raise FleetFileError(FleetProblem.HEADER_MISSING) if named else self._several()

    def _several(self) -> FleetSheetsError:
        return FleetSheetsError(
            tuple(
                SheetChoice(table.name, table.count)
                for table in self.tables
                if table.has_pce and table.count
            )
        )

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
    table = FoundTable(
        number,
        sheet.name,
        top[at][1] if best else (),
        _groups(top, at),
        [],
        count=0,
        blank=0,
        has_second=_has_table(cells for _, cells in top[: max(at, 0)]),
        hidden_columns=sheet.hidden.columns,
        hidden_rows=len(sheet.hidden.rows),
    )
    _fill(table, chain(top[at + 1 :], rest))
    return table


def _fill(table: FoundTable, rows: Iterable[tuple[int, Cells]]) -> None:
    """Add the rows below the header of a table."""
    meant = [
        position
        for position, cell in enumerate(table.header)
        if find_column(cell) not in {None, Column.ACTION, Column.ROLE}
    ]
    for line, cells in rows:
        if table.has_pce and _is_header(cells):
            table.has_second |= _bare(cells) != _bare(table.header)
        elif table.header and all(
            position >= len(cells) or is_blank(cells[position]) for position in meant
        ):
            table.blank += 1
        else:
            table.count += 1
            if table.header and len(table.rows) <= MOST_ROWS:
                table.rows.append((line, cells))


def _groups(top: list[tuple[int, Cells]], at: int) -> Cells:
    """Return what is directly above each column: a cell reaches to the next filled one.

    One cell alone is a title.
    """
    if at < 1 or top[at - 1][0] != top[at][0] - 1:
        return ()
    above = top[at - 1][1]
    if sum(not is_blank(cell) for cell in above) < 2:  # noqa: PLR2004
        return ()
    groups: list[object] = []
    for position in range(len(top[at][1])):
        cell = above[position] if position < len(above) else None
        groups.append(groups[-1] if is_blank(cell) and groups else cell)
    return tuple(groups)


def _has_table(rows: Iterable[Cells]) -> bool:
    """Return whether rows have a header of PCE, and a PCE below it."""
    rest = iter(rows)
    return any(map(_is_header, rest)) and any(map(_has_pce, rest))


def _is_header(cells: Cells) -> bool:
    """Return whether a row names the columns of a table of PCE, and has none itself."""
    may_be = any(isinstance(cell, str) and "pce" in cell.casefold() for cell in cells)
    return may_be and names_the_pce(cells) and not _has_pce(cells)


def _has_pce(cells: Cells) -> bool:
    return any(read_pce(cell) is not None for cell in cells)


def _bare(cells: Cells) -> list[tuple[int, str]]:
    """Return the filled cells, without case or spaces around, by their positions."""
    return [
        (position, shown_cell(cells, position).casefold())
        for position, cell in enumerate(cells)
        if not is_blank(cell)
    ]
