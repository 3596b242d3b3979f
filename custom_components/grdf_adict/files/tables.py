"""Sheets of cells; text tables (.csv), whose encoding and delimiter are detected."""

from collections.abc import Callable, Iterator
import csv
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
import re
from typing import Final

from .encodings import decoded
from .errors import ExportFileError, Problem

type Cells = tuple[object, ...]

MAX_COLUMNS: Final = 256
MAX_CELL: Final = 200
"""Characters of a cell that is read."""

# A semicolon first: where the decimal sign is a comma, it is what Excel writes.
_DELIMITERS: Final = (";", "\t", ",")
# What Excel reads, and writes at times, above a table.
_NAMED_DELIMITER: Final = re.compile(r'"?sep=([^"\w\s]|\t)"?[ ;,\t]*\r?\n')
_HEADER_LINES: Final = 200
_LONGEST_LINE: Final = 1_000_000
# A row of a table in a cell: a quote that is no cell's beginning took it.
_ROW_IN_CELL: Final = re.compile(
    r"[\r\n](?:.*[;,\t])?\s*(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-]|[0-9]{4}-[0-9]{2}-)"
    r"[0-9]{2,4}\s*[;,\t]"
)
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP: Final = re.compile(r"\s*(<|%PDF|\{\\rtf)")


@dataclass(slots=True)
class Hidden:
    """What a sheet does not show; complete once its rows are read.

    Attributes:
        rows: the numbers of the rows with cells that are hidden or filtered out.
        columns: the positions of hidden columns, from 0; known with the first row.
            Their cells are in the rows: without a qualification that is hidden, absent
            data would be read as zero.
    """

    rows: list[int] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet.

    Attributes:
        rows: each with its number in the sheet, from 1; blank ones are left out, and
            so are hidden ones.
        delimiter: what separates the cells of a text table, which may go wrong.
        name: what the user calls it; empty for a text table.
        is_hidden: whether the user does not see the sheet: it has no rows here.
        hidden: what else is not shown.
    """

    rows: Iterator[tuple[int, Cells]]
    delimiter: str = ""
    name: str = field(default="", repr=False)
    is_hidden: bool = False
    hidden: Hidden = field(default_factory=Hidden)


def text_sheet(content: bytes, is_header: Callable[[Cells], object]) -> Sheet:
    """Return the one sheet of a text table; its header shows the delimiter.

    Raises:
        ExportFileError: it is no text, or has no header.
    """
    text = decoded(content)
    if not text.strip():
        raise ExportFileError(Problem.EMPTY)
    if _BINARY.search(text) or _MARKUP.match(text):
        raise ExportFileError(Problem.NOT_A_WORKBOOK)
    named = _NAMED_DELIMITER.match(text)
    for delimiter in (named[1], *_DELIMITERS) if named else _DELIMITERS:
        first_rows = islice(_rows(text, delimiter), _HEADER_LINES)
        if any(is_header(cells) for _, cells in first_rows):
            rows = _rows(text, delimiter, is_strict=True)
            return Sheet(rows, delimiter=delimiter)
    raise ExportFileError(Problem.HEADER_MISSING)


def _rows(
    text: str, delimiter: str, *, is_strict: bool = False
) -> Iterator[tuple[int, Cells]]:
    """Yield the rows; a quote out of place, which may hide rows, is damage if strict.

    Raises:
        ExportFileError: damaged.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=is_strict)
    try:
        for row in reader:
            cells = tuple(cell.strip() or None for cell in row[:MAX_COLUMNS])
            if is_strict and any(map(_has_row, cells)):
                raise ExportFileError(Problem.DAMAGED)
            if any(cells):
                yield reader.line_num, cells
    except csv.Error:
        raise ExportFileError(Problem.DAMAGED) from None


def _has_row(cell: str | None) -> bool:
    return cell is not None and "\n" in cell and bool(_ROW_IN_CELL.search(cell))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text, and refuse one that would be millions of cells."""
    for line in StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise ExportFileError(Problem.DAMAGED)
        yield line
