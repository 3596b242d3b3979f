"""The sheets of a file: a workbook (.xlsx) read by openpyxl, or a text table.

Formulas are never evaluated: a cell has the value that the program that saved it left.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final
import warnings
from zipfile import ZipFile

from .errors import ExportFileError, Problem
from .guard import check
from .tables import MAX_COLUMNS, Cells, Sheet, text_sheet

MAX_BYTES: Final = 20_000_000
# A sheet that was formatted to its last row has a million.
_MAX_BLANK_ROWS: Final = 1_200_000
_ZIP: Final = b"PK"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART: Final = "EncryptedPackage".encode("utf-16-le")


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, at most one more than `read_sheets` accepts. Blocking."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_sheets(
    content: bytes, is_header: Callable[[Cells], object]
) -> Iterable[Sheet]:
    """Return the sheets of a workbook or a text table; rows are read lazily.

    Args:
        content: the file's bytes, 20 MB at most.
        is_header: whether a row names the columns; it shows a text table's delimiter.

    Raises:
        ExportFileError: the file cannot be read; also while the sheets are read.
    """
    if len(content) > MAX_BYTES:
        raise ExportFileError(Problem.TOO_LARGE)
    if not content:
        raise ExportFileError(Problem.EMPTY)
    if content.startswith((_ZIP, _OLE2)):
        return _workbook_sheets(content)
    return [text_sheet(content, is_header)]


def _workbook_sheets(content: bytes) -> Iterator[Sheet]:
    if content.startswith(_OLE2):
        # Excel wraps an encrypted .xlsx in the container of the old .xls.
        is_encrypted = _ENCRYPTED_PART in content
        raise ExportFileError(
            Problem.PASSWORD_PROTECTED if is_encrypted else Problem.OLD_WORKBOOK
        )
    with _as_damaged():
        with ZipFile(BytesIO(content)) as archive:
            check(archive)
        book = _opened(content)
    with closing(book):
        for sheet in book.worksheets:
            yield Sheet(_rows(sheet), name=sheet.title)


@contextmanager
def _as_damaged() -> Generator[None]:
    """Turn whatever a damaged workbook makes zipfile and openpyxl raise into our error.

    Their exceptions quote cells, so none is chained.
    """
    try:
        yield
    except ExportFileError:
        raise
    except Exception:  # noqa: BLE001 - KeyError, zlib.error, RecursionError, any
        raise ExportFileError(Problem.DAMAGED) from None


def _opened(content: bytes) -> Any:
    # Slow to import, and most installations never read a file.
    from openpyxl import load_workbook  # noqa: PLC0415

    # Its warnings quote cells, and a PCE must not reach the log.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    return load_workbook(
        BytesIO(content), read_only=True, data_only=True, keep_links=False
    )


def _rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    with _as_damaged():
        # Some programs declare a sheet smaller than it is.
        sheet.reset_dimensions()
        cells = sheet.iter_rows(
            max_row=_MAX_BLANK_ROWS, max_col=MAX_COLUMNS, values_only=True
        )
        for number, row in enumerate(cells, start=1):
            if row.count(None) < len(row):
                yield number, row
