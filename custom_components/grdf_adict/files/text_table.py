"""Text tables (.csv): their encoding and delimiter found, their cells as text."""

import codecs
from collections.abc import Callable, Iterator
import csv
from io import StringIO
from itertools import islice
import re
from typing import Final

from .errors import ExportFileError, Problem
from .header import columns_of
from .limits import MAX_COLUMNS
from .tables import Cells, Sheet

# A semicolon first: where the decimal sign is a comma, it is what Excel writes.
_DELIMITERS: Final = (";", "\t", ",")
_LINES_LOOKED_AT: Final = 200
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP: Final = re.compile(r"\s*(<|%PDF|\{\\rtf)")


def text_sheet(
    content: bytes, is_header: Callable[[Cells], object] = columns_of
) -> Sheet:
    """Return the one sheet of a text table.

    Args:
        content: the file's bytes.
        is_header: tells a row that names the columns; it shows the delimiter.

    Raises:
        ExportFileError: it is no text, or has no header.
    """
    text = _decoded(content)
    if not text.strip():
        raise ExportFileError(Problem.EMPTY)
    if _BINARY.search(text) or _MARKUP.match(text):
        raise ExportFileError(Problem.NOT_A_WORKBOOK)
    for delimiter in _DELIMITERS:
        looked_at = islice(_rows(text, delimiter), _LINES_LOOKED_AT)
        if any(is_header(cells) for _, cells in looked_at):
            return Sheet(_rows(text, delimiter), is_text=True)
    raise ExportFileError(Problem.HEADER_MISSING)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in France by default; five of its bytes mean nothing.
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
