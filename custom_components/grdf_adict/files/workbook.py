"""Workbooks (.xlsx): their cells, through openpyxl, which is loaded when first needed.

Formulas are never run: a cell is worth what the program that saved it left there.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final
import warnings
from zipfile import ZipFile

from .errors import ExportFileError, Problem
from .guard import check
from .limits import MAX_BLANK_ROWS, MAX_COLUMNS
from .tables import Cells, Sheet

_ZIP: Final = b"PK"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART: Final = "EncryptedPackage".encode("utf-16-le")


def is_workbook(content: bytes) -> bool:
    """Return whether the content is a workbook of any age, by its first bytes."""
    return content.startswith((_ZIP, _OLE2))


def workbook_sheets(content: bytes) -> Iterator[Sheet]:
    """Give a workbook's sheets; their rows are read as they are asked for.

    Raises:
        ExportFileError: what it is cannot be read.
    """
    if content.startswith(_OLE2):
        # Excel wraps an encrypted .xlsx in the container of the old .xls.
        is_encrypted = _ENCRYPTED_PART in content
        raise ExportFileError(
            Problem.PASSWORD_PROTECTED if is_encrypted else Problem.OLD_WORKBOOK
        )
    with _blaming_the_file():
        with ZipFile(BytesIO(content)) as archive:
            check(archive)
        book = _opened(content)
    try:
        for sheet in book.worksheets:
            yield Sheet(_rows(sheet))
    finally:
        book.close()


@contextmanager
def _blaming_the_file() -> Generator[None]:
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

    # Its warnings quote cells, and a log is no place for a PCE.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    return load_workbook(
        BytesIO(content), read_only=True, data_only=True, keep_links=False
    )


def _rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    with _blaming_the_file():
        # Some programs declare a sheet smaller than it is.
        sheet.reset_dimensions()
        cells = sheet.iter_rows(
            max_row=MAX_BLANK_ROWS, max_col=MAX_COLUMNS, values_only=True
        )
        for number, row in enumerate(cells, start=1):
            if row.count(None) < len(row):
                yield number, row
