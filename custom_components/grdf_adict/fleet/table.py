"""A fleet's table, from its bytes to its rows, bad ones told line by line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ..adict import folded
from ..files import (
    MAX_BYTES,
    Cells,
    ExportFileError,
    Problem,
    Sheet,
    is_workbook,
    text_sheet,
    workbook_sheets,
)
from .columns import (
    Column,
    Header,
    header_of,
    is_header,
    is_text_header,
    missing,
)
from .errors import FleetFileError, FleetProblem, RowProblem, of_file
from .rows import Action, Bad, FleetRow, Reason, read_row

MOST_ROWS: Final = 10_000
# Titles and notes above a header are few.
_LAST_HEADER: Final = 50
# The template's own row begins with one of these; it is never sent.
EXAMPLES: Final = ("exemple", "example")


@dataclass(frozen=True, slots=True)
class FleetTable:
    """What a table says.

    Attributes:
        rows: those that can be taken, by line.
        bad: those that cannot, by line.
        unknown: names of columns that are not read.
    """

    rows: tuple[FleetRow, ...]
    bad: tuple[Bad, ...]
    unknown: tuple[str, ...] = ()

    @property
    def zeros_lost(self) -> int:
        """How many rows wait for a word on zeros that a spreadsheet took."""
        return sum(RowProblem.ZERO_LOST in row.reasons for row in self.bad)


def read_fleet_file(
    path: Path, action: Action, *, zeros_confirmed: bool = False
) -> FleetTable:
    """Return what a table on the disk says. Blocking: for an executor.

    Raises:
        FleetFileError: the table cannot be taken.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        raise FleetFileError(FleetProblem.UNREADABLE) from None
    return read_fleet(content, action, zeros_confirmed=zeros_confirmed)


def read_fleet(
    content: bytes, action: Action, *, zeros_confirmed: bool = False
) -> FleetTable:
    """Return what a table says: a workbook, or a text table.

    Args:
        content: the file's bytes, 20 MB at most.
        action: what is done with rows that do not say it themselves.
        zeros_confirmed: whether a PCE of 13 digits gets its zero back, and likewise a
            postcode and a mobile number; a row that needs it is bad otherwise.

    Raises:
        FleetFileError: the table cannot be taken.
    """
    try:
        return _Intake(action, zeros_confirmed=zeros_confirmed).read(_sheets(content))
    except ExportFileError as err:
        raise of_file(err) from None


def _sheets(content: bytes) -> Iterable[Sheet]:
    if len(content) > MAX_BYTES:
        raise ExportFileError(Problem.TOO_LARGE)
    if not content:
        raise ExportFileError(Problem.EMPTY)
    if is_workbook(content):
        return workbook_sheets(content)
    return [text_sheet(content, is_text_header)]


@dataclass(slots=True)
class _Intake:
    """Gathers the rows as they come."""

    action: Action
    zeros_confirmed: bool
    rows: list[FleetRow] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    headers: int = 0

    def read(self, sheets: Iterable[Sheet]) -> FleetTable:
        for number, sheet in enumerate(sheets, start=1):
            self._take(number, sheet)
        if not self.headers:
            raise FleetFileError(FleetProblem.HEADER_MISSING)
        if not self.rows and not self.bad:
            raise FleetFileError(FleetProblem.NO_ROWS)
        rows, twice = _without_doubles(self.rows)
        return FleetTable(
            tuple(rows),
            tuple(sorted([*self.bad, *twice], key=lambda row: row.order)),
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
                (number, line),
                cells,
                header,
                self.action,
                zeros_confirmed=self.zeros_confirmed,
            )
            if isinstance(read, Bad):
                self.bad.append(read)
            elif read is not None:
                self.rows.append(read)

    def _header(self, cells: Cells) -> Header:
        header = header_of(cells)
        declares = self.action is Action.DECLARE
        names_holder = {Column.HOLDER_NAME, Column.HOLDER_COMPANY} & set(header.places)
        # A column of actions may say that no row declares.
        if Column.ACTION not in header.places and (
            error := missing(
                header,
                {
                    Column.HOLDER_NAME: declares and not names_holder,
                    **dict.fromkeys(
                        (
                            Column.POSTCODE,
                            Column.MAIL,
                            Column.START,
                            Column.END,
                            Column.DATA_FROM,
                        ),
                        declares,
                    ),
                },
            )
        ):
            raise error
        self.headers += 1
        self.unknown += header.unknown
        return header


def _is_example(cells: Cells, header: Header) -> bool:
    place = header.places[Column.PCE]
    cell = cells[place] if place < len(cells) else None
    return isinstance(cell, str) and folded(cell).startswith(EXAMPLES)


def _without_doubles(rows: list[FleetRow]) -> tuple[list[FleetRow], list[Bad]]:
    """Part the rows whose PCE stands once from the others.

    A row that stands there twice counts once; of rows that differ, nobody but the user
    knows which one is meant.
    """
    by_pce: defaultdict[tuple[str, bool], list[FleetRow]] = defaultdict(list)
    for row in rows:
        by_pce[row.pce, row.consent.injects].append(row)
    kept: list[FleetRow] = []
    twice: list[Bad] = []
    for first, *others in by_pce.values():
        if all(replace(other, at=first.at) == first for other in others):
            kept.append(first)
            twice += [_bad(other, RowProblem.ROW_TWICE) for other in others]
        else:
            twice += [_bad(row, RowProblem.PCE_TWICE) for row in (first, *others)]
    return sorted(kept, key=lambda row: row.at), twice


def _bad(row: FleetRow, *reasons: Reason) -> Bad:
    return Bad(row.at, row.pce, reasons)
