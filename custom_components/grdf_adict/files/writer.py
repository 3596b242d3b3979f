"""Tables for a spreadsheet: CSV as Excel opens it, and workbooks.

Nothing here is ever a formula: a program that opens the file computes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
import csv
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from .limits import MAX_WORKBOOK_ROWS

type Cell = str | date | int | float | Decimal | None

_FORMULA_SIGNS: Final = ("=", "+", "-", "@")
_DATE_FORMAT: Final = "yyyy-mm-dd"


class TableFormat(StrEnum):
    """The format of a table; also the ending of its file's name."""

    CSV = "csv"
    XLSX = "xlsx"


class DecimalSign(StrEnum):
    """What separates a number's whole part in a text table."""

    COMMA = "comma"
    POINT = "point"


class TooManyRowsError(Exception):
    """A sheet of a workbook holds no more rows."""


class TableWriter(Protocol):
    """Takes a table's rows one after the other."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write some more rows; what was written stays open until `close`."""

    def close(self) -> None:
        """Finish the file; again changes nothing, even where it failed."""


def table_writer(
    path: Path, kind: TableFormat, header: Sequence[str], sign: DecimalSign
) -> TableWriter:
    """Begin a table with its header.

    Args:
        path: the file; it is written anew.
        kind: its format.
        header: the names of its columns.
        sign: of a text table; a workbook holds numbers.

    Raises:
        OSError: it cannot be written.
    """
    if kind is TableFormat.CSV:
        return _CsvTable(path, header, sign)
    return _WorkbookTable(path, header)


class _CsvTable:
    """UTF-8 with the mark by which Excel knows it; a semicolon beside decimal commas.

    Dates are written as the calendar of ISO 8601 has them, which every language's
    Excel reads.
    """

    def __init__(self, path: Path, header: Sequence[str], sign: DecimalSign) -> None:
        has_comma = sign is DecimalSign.COMMA
        self._comma = has_comma
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";" if has_comma else ",")
        self._writer.writerow([self._text(name) for name in header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self._file.close()

    def _text(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case str():
                text = _printable(cell)
                return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
            case date():
                return cell.isoformat()
            case _:
                number = f"{Decimal(str(cell)):f}"
                return number.replace(".", ",") if self._comma else number


class _WorkbookTable:
    """One sheet with a header that stays in view; rows go to the disk as they come."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        # Slow to import, and most installations never write a workbook.
        from openpyxl import Workbook  # noqa: PLC0415
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415

        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("GRDF")
        self._cell: Callable[..., Any] = WriteOnlyCell
        self._rows = 0
        self._is_closed = False
        self._sheet.freeze_panes = "A2"
        for column, name in enumerate(header, start=1):
            letter = get_column_letter(column)
            self._sheet.column_dimensions[letter].width = max(len(name) + 3, 14)
        cells = [self._made(name) for name in header]
        for cell in cells:
            cell.font = Font(bold=True)
        self._append(cells)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self._append([self._made(cell) for cell in row])

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._book.save(self._path)

    def _append(self, cells: Sequence[Any]) -> None:
        self._rows += 1
        if self._rows > MAX_WORKBOOK_ROWS:
            raise TooManyRowsError
        self._sheet.append(cells)

    def _made(self, value: Cell) -> Any:
        if not isinstance(value, str | date):
            return value
        told = _printable(value) if isinstance(value, str) else value
        cell = self._cell(self._sheet, told)
        if isinstance(value, str):
            # Text that begins with = would be a formula.
            cell.data_type = "s"
            cell.number_format = "@"
        else:
            cell.number_format = _DATE_FORMAT
        return cell


def _printable(text: str) -> str:
    """Return a text without what a cell cannot hold, or would begin a new one with."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
