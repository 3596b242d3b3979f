"""Tables for a spreadsheet: CSV as Excel opens it, and workbooks.

No cell is ever a formula.
"""

from collections.abc import Callable, Iterable, Sequence
import csv
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
import re
from typing import Any, Final

type Cell = str | date | int | float | Decimal | None

MAX_WORKBOOK_ROWS: Final = 1_048_576
"""Of a sheet, its header included: Excel opens no more."""

# With their full-width, small and raised forms. A program that separates cells at
# another character than we do begins one within a text.
_FORMULA: Final = re.compile(
    r"(^|[;,]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u207a\u207b\u2212])"
)
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


class _CsvTable:
    """UTF-8 with the byte order mark that Excel needs; ISO 8601 dates.

    A semicolon separates cells where the decimal sign is a comma.
    """

    def __init__(self, path: Path, header: Sequence[str], sign: DecimalSign) -> None:
        self._comma = sign is DecimalSign.COMMA
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";" if self._comma else ",")
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self._file.close()

    def _text(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case str():
                return _FORMULA.sub(r"\1'", _printable(cell))
            case date():
                return cell.isoformat()
            case _:
                number = f"{Decimal(str(cell)):f}"
                return number.replace(".", ",") if self._comma else number


class _WorkbookTable:
    """One sheet with a fixed header; rows go to the disk as they come."""

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
        self._rows = 1
        self._is_closed = False
        self._sheet.freeze_panes = "A2"
        for column, name in enumerate(header, start=1):
            letter = get_column_letter(column)
            self._sheet.column_dimensions[letter].width = max(len(name) + 3, 14)
        cells = [self._made(name) for name in header]
        for cell in cells:
            cell.font = Font(bold=True)
        self._sheet.append(cells)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self._rows += 1
            if self._rows > MAX_WORKBOOK_ROWS:
                raise TooManyRowsError
            self._sheet.append([self._made(cell) for cell in row])

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._book.save(self._path)

    def _made(self, value: Cell) -> Any:
        if isinstance(value, str):
            cell = self._cell(self._sheet, _printable(value))
            # Text that begins with = would be a formula.
            cell.data_type = "s"
            cell.number_format = "@"
            return cell
        if isinstance(value, date):
            cell = self._cell(self._sheet, value)
            cell.number_format = _DATE_FORMAT
            return cell
        return value


type TableWriter = _CsvTable | _WorkbookTable
"""`add` writes rows; `close` finishes the file, and may be repeated, even if it failed.
"""


def table_writer(
    path: Path, kind: TableFormat, header: Sequence[str], sign: DecimalSign
) -> TableWriter:
    """Begin a table with its header; a file at the path is replaced.

    The decimal sign is a text table's; a workbook holds numbers.

    Raises:
        OSError: it cannot be written.
    """
    if kind is TableFormat.CSV:
        return _CsvTable(path, header, sign)
    return _WorkbookTable(path, header)


def _printable(text: str) -> str:
    """Return a text without characters that a cell cannot hold, or that end it."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
