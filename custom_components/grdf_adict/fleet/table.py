"""A fleet's table, from its bytes to its rows; invalid ones are reported by line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ..adict import Role, folded
from ..files import Cells, ExportFileError, read_bytes, read_sheets
from .columns import Column, Header, header_of, is_text_header
from .consent import Consent
from .errors import FleetFileError, FleetProblem, RowProblem
from .found import MOST_ROWS, FoundTable, FoundTables, found_in, shown_cell
from .rows import (
    BadRow,
    FleetRow,
    Position,
    Reason,
    has_landline,
    read_row,
)
from .words import Action

# The template's own row begins with one of these; it is never sent.
EXAMPLES: Final = ("exemple", "example")


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column of the file, and what it is read as.

    Attributes:
        name: the file's.
        column: its meaning here.
        sample: its cell in the first row that is taken.
    """

    name: str = field(repr=False)
    column: Column
    sample: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """What a file has that is not read; names are the file's.

    Attributes:
        columns: names that match no column.
        hidden_columns: columns that the user does not see.
        hidden_rows: how many rows are hidden, or not shown by a filter.
        hidden_sheets: sheets that the user does not see.
        other_sheets: sheets without a table of PCE, or that were not chosen.
        skipped_rows: how many rows are examples, or have nothing in the columns read.
        landlines: how many phone numbers are no mobile's, and not used.
    """

    columns: tuple[str, ...] = field(default=(), repr=False)
    hidden_columns: tuple[str, ...] = field(default=(), repr=False)
    hidden_rows: int = 0
    hidden_sheets: tuple[str, ...] = field(default=(), repr=False)
    other_sheets: tuple[str, ...] = field(default=(), repr=False)
    skipped_rows: int = 0
    landlines: int = 0


NOTHING_UNREAD: Final = Unread()


@dataclass(frozen=True, slots=True)
class FleetTable:
    """The content of a table.

    Attributes:
        rows: the valid ones, by line.
        bad: the invalid ones, by line.
        columns: what is read, as the file names it.
        unread: what is not.
    """

    rows: tuple[FleetRow, ...]
    bad: tuple[BadRow, ...]
    columns: tuple[ColumnUse, ...] = ()
    unread: Unread = NOTHING_UNREAD

    @property
    def zeros_lost(self) -> int:
        """How many rows need a confirmation of zeros that a spreadsheet removed."""
        return sum(RowProblem.ZERO_LOST in row.reasons for row in self.bad)


def read_fleet(
    table: bytes | Path,
    action: Action,
    *,
    zeros_confirmed: bool = False,
    sheet: str | None = None,
) -> FleetTable:
    """Return the content of a workbook or a text table. Blocking: for an executor.

    Args:
        table: the file's bytes, 20 MB at most; or its path.
        action: what is done for rows that do not name an action.
        zeros_confirmed: whether a PCE of 13 digits gets its zero back, and likewise a
            postcode and a mobile number; a row that needs it is invalid otherwise.
        sheet: the name of the sheet that is read, where several have a table of PCE;
            `ALL_SHEETS`: all of them; None: not chosen yet.

    Raises:
        FleetFileError: the table is refused.
        FleetSheetsError: several sheets have a table of PCE, and none was chosen.
    """
    try:
        content = read_bytes(table) if isinstance(table, Path) else table
        book = found_in(read_sheets(content, is_text_header))
        taken = book.taken(sheet)
        return _Intake(action, zeros_confirmed=zeros_confirmed).read(book, taken)
    except OSError:
        raise FleetFileError(FleetProblem.UNREADABLE) from None
    except ExportFileError as err:
        raise FleetFileError(FleetProblem(err.problem)) from None


@dataclass(slots=True)
class _Intake:
    """Collects the rows as they come."""

    action: Action
    zeros_confirmed: bool
    rows: list[FleetRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    columns: list[ColumnUse] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    skipped: int = 0
    landlines: int = 0

    def read(self, book: FoundTables, taken: Sequence[FoundTable]) -> FleetTable:
        for table in taken:
            self._take(table)
        if not self.rows and not self.bad:
            raise book.nothing(FleetProblem.NO_ROWS)
        rows, twice = _without_doubles(self.rows)
        return FleetTable(
            tuple(rows),
            tuple(sorted([*self.bad, *twice], key=lambda row: row.at)),
            tuple(dict.fromkeys(self.columns)),
            Unread(
                tuple(dict.fromkeys(self.unknown)),
                tuple(dict.fromkeys(self.hidden)),
                sum(table.hidden_rows for table in taken),
                book.hidden,
                book.left(taken),
                self.skipped,
                self.landlines,
            ),
        )

    def _take(self, table: FoundTable) -> None:
        header = self._header(table)
        sample: Cells = ()
        self.skipped += table.blank
        for line, cells in table.rows:
            if _is_example(cells, header):
                self.skipped += 1
                continue
            if len(self.rows) + len(self.bad) >= MOST_ROWS:
                raise FleetFileError(FleetProblem.TOO_MANY_ROWS)
            read = read_row(
                Position(table.number, line),
                cells,
                header,
                self.action,
                zeros_confirmed=self.zeros_confirmed,
            )
            if read is None:
                self.skipped += 1
                continue
            self.landlines += has_landline(cells, header)
            if isinstance(read, BadRow):
                self.bad.append(read)
            else:
                sample = sample or cells
                self.rows.append(read)
        if table.count > len(table.rows):
            raise FleetFileError(FleetProblem.TOO_MANY_ROWS)
        self.columns += [
            ColumnUse(header.names[column], column, shown_cell(sample, position))
            for column, position in header.positions.items()
        ]

    def _header(self, table: FoundTable) -> Header:
        header = header_of(table.header, table.hidden_columns, table.groups)
        if table.has_second:
            raise FleetFileError(FleetProblem.TWO_TABLES)
        if header.is_list_of_rights and self.action is Action.DECLARE:
            raise FleetFileError(FleetProblem.LIST_OF_RIGHTS)
        # A column of actions may mean that no row declares.
        if self.action is Action.DECLARE and Column.ACTION not in header.positions:
            if Column.HOLDER_COMPANY not in header.positions:
                header.require(Column.HOLDER_NAME)
            header.require(
                Column.POSTCODE,
                Column.MAIL,
                Column.START,
                Column.END,
                Column.DATA_FROM,
            )
        self.unknown += header.unknown
        self.hidden += header.hidden
        return header


def _is_example(cells: Cells, header: Header) -> bool:
    position = header.positions[Column.PCE]
    cell = cells[position] if position < len(cells) else None
    return isinstance(cell, str) and folded(cell).startswith(EXAMPLES)


def _without_doubles(rows: list[FleetRow]) -> tuple[list[FleetRow], list[BadRow]]:
    """Separate the rows whose PCE appears once from the others.

    A repeated row counts once; of rows that differ, only the user can tell which one is
    right.
    """
    by_pce: defaultdict[tuple[str, bool], list[FleetRow]] = defaultdict(list)
    for row in rows:
        injects = _used(row).consent.injects
        by_pce[row.pce, injects].append(row)
    kept: list[FleetRow] = []
    twice: list[BadRow] = []
    for first, *others in by_pce.values():
        if all(replace(_used(other), at=first.at) == _used(first) for other in others):
            kept.append(first)
            twice += [_bad(other, RowProblem.ROW_TWICE) for other in others]
        else:
            twice += [_bad(row, RowProblem.PCE_TWICE) for row in (first, *others)]
    return sorted(kept, key=lambda row: row.at), twice


def _used(row: FleetRow) -> FleetRow:
    """Return what the action of a row uses of it.

    To follow, that is the PCE; to revoke, the gas that the role is about, too.
    """
    if row.action is Action.FOLLOW:
        return replace(row, consent=Consent())
    if row.action is Action.REVOKE and row.consent.role is not None:
        injects = row.consent.injects
        role = Role.INJECTION_AUTHORISED if injects else Role.SUPPLY_AUTHORISED
        return replace(row, consent=Consent(role=role))
    return replace(row, consent=Consent()) if row.action is Action.REVOKE else row


def _bad(row: FleetRow, reason: Reason) -> BadRow:
    return BadRow(row.at, row.pce, (reason,))
