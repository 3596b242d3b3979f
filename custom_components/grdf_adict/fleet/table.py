"""A fleet's table, from its bytes to its rows; invalid ones are reported by line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ..adict import folded
from ..files import Cells, ExportFileError, Sheet, read_bytes, read_sheets
from .columns import Column, Header, header_of, is_header, is_text_header
from .errors import FleetFileError, FleetProblem, RowProblem
from .rows import Action, BadRow, FleetRow, Position, Reason, read_row

MOST_ROWS: Final = 10_000
# Titles and notes above a header are few.
_LAST_HEADER: Final = 50
# The template's own row begins with one of these; it is never sent.
EXAMPLES: Final = ("exemple", "example")


@dataclass(frozen=True, slots=True)
class FleetTable:
    """The content of a table.

    Attributes:
        rows: the valid ones, by line.
        bad: the invalid ones, by line.
        unknown: names of columns that are not read.
    """

    rows: tuple[FleetRow, ...]
    bad: tuple[BadRow, ...]
    unknown: tuple[str, ...] = ()

    @property
    def zeros_lost(self) -> int:
        """How many rows need a confirmation of zeros that a spreadsheet removed."""
        return sum(RowProblem.ZERO_LOST in row.reasons for row in self.bad)


def read_fleet(
    table: bytes | Path, action: Action, *, zeros_confirmed: bool = False
) -> FleetTable:
    """Return the content of a workbook or a text table. Blocking: for an executor.

    Args:
        table: the file's bytes, 20 MB at most; or its path.
        action: what is done for rows that do not name an action.
        zeros_confirmed: whether a PCE of 13 digits gets its zero back, and likewise a
            postcode and a mobile number; a row that needs it is invalid otherwise.

    Raises:
        FleetFileError: the table is refused.
    """
    try:
        content = read_bytes(table) if isinstance(table, Path) else table
        sheets = read_sheets(content, is_text_header)
        return _Intake(action, zeros_confirmed=zeros_confirmed).read(sheets)
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
    unknown: list[str] = field(default_factory=list)
    has_header: bool = False

    def read(self, sheets: Iterable[Sheet]) -> FleetTable:
        for number, sheet in enumerate(sheets, start=1):
            self._take(number, sheet)
        if not self.has_header:
            raise FleetFileError(FleetProblem.HEADER_MISSING)
        if not self.rows and not self.bad:
            raise FleetFileError(FleetProblem.NO_ROWS)
        rows, twice = _without_doubles(self.rows)
        return FleetTable(
            tuple(rows),
            tuple(sorted([*self.bad, *twice], key=lambda row: row.at)),
            tuple(dict.fromkeys(self.unknown)),
        )

    def _take(self, number: int, sheet: Sheet) -> None:
        header: Header | None = None
        for line, cells in sheet.rows:
            if header is None:
                if line <= _LAST_HEADER and is_header(cells):
                    header = self._header(cells)
                continue
            if _is_example(cells, header):
                continue
            if len(self.rows) + len(self.bad) >= MOST_ROWS:
                raise FleetFileError(FleetProblem.TOO_MANY_ROWS)
            read = read_row(
                Position(number, line),
                cells,
                header,
                self.action,
                zeros_confirmed=self.zeros_confirmed,
            )
            if isinstance(read, BadRow):
                self.bad.append(read)
            elif read is not None:
                self.rows.append(read)

    def _header(self, cells: Cells) -> Header:
        header = header_of(cells)
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
        self.has_header = True
        self.unknown += header.unknown
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
        by_pce[row.pce, row.consent.injects].append(row)
    kept: list[FleetRow] = []
    twice: list[BadRow] = []
    for first, *others in by_pce.values():
        if all(replace(other, at=first.at) == first for other in others):
            kept.append(first)
            twice += [_bad(other, RowProblem.ROW_TWICE) for other in others]
        else:
            twice += [_bad(row, RowProblem.PCE_TWICE) for row in (first, *others)]
    return sorted(kept, key=lambda row: row.at), twice


def _bad(row: FleetRow, reason: Reason) -> BadRow:
    return BadRow(row.at, row.pce, (reason,))
