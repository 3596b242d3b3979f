"""Sheets of cells; text tables (.csv), whose encoding and delimiter are detected."""

import codecs
from collections.abc import Callable, Iterator
import csv
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
import re
from typing import Final

from .errors import ExportFileError, Problem

type Cells = tuple[object, ...]

MAX_COLUMNS: Final = 64
MAX_CELL: Final = 200
"""Characters of a cell that is read."""

# A semicolon first: where the decimal sign is a comma, it is what Excel writes.
_DELIMITERS: Final = (";", "\t", ",")
_HEADER_LINES: Final = 200
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP: Final = re.compile(r"\s*(<|%PDF|\{\\rtf)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet.

    Attributes:
        rows: each with its number in the sheet, from 1; blank ones are left out.
        is_text: whether a delimiter separates the cells, which may go wrong.
        name: of the sheet, which may be a PCE; empty for a text table.
    """

    rows: Iterator[tuple[int, Cells]]
    is_text: bool = False
    name: str = field(default="", repr=False)


def text_sheet(content: bytes, is_header: Callable[[Cells], object]) -> Sheet:
    """Return the one sheet of a text table; its header shows the delimiter.

    Raises:
        ExportFileError: it is no text, or has no header.
    """
    text = _decoded(content)
    if not text.strip():
        raise ExportFileError(Problem.EMPTY)
    if _BINARY.search(text) or _MARKUP.match(text):
        raise ExportFileError(Problem.NOT_A_WORKBOOK)
    for delimiter in _DELIMITERS:
        first_rows = islice(_rows(text, delimiter), _HEADER_LINES)
        if any(is_header(cells) for _, cells in first_rows):
            return Sheet(_rows(text, delimiter), is_text=True)
    raise ExportFileError(Problem.HEADER_MISSING)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in France by default; five of its bytes are undefined.
        return content.decode("cp1252", errors="replace")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            cells = tuple(cell.strip() or None for cell in row[:MAX_COLUMNS])
            if any(cells):
                yield reader.line_num, cells
    except csv.Error:
        raise ExportFileError(Problem.DAMAGED) from None
