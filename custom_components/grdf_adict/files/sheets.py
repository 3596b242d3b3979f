"""The sheets of a file: a workbook (.xlsx) parsed by openpyxl, or a text table.

Formulas are never evaluated: a cell has the value that the program that saved it left.
What the user does not see in a spreadsheet program is not read as if it were seen:
hidden sheets have no rows here, and hidden rows are left out and counted.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final
import warnings
from zipfile import ZipFile

from .errors import ExportFileError, Problem
from .guard import check
from .tables import MAX_COLUMNS, Cells, Hidden, Sheet, text_sheet

MAX_BYTES: Final = 20_000_000
# Excel has 1,048,576 rows.
_LAST_ROW: Final = 1_200_000
_ZIP: Final = b"PK"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART: Final = "EncryptedPackage".encode("utf-16-le")
# gzip, 7z, RAR.
_ARCHIVES: Final = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_TRUE: Final = frozenset({"1", "true", "on"})
# Below this a row is not seen: points, and characters for a column.
_UNSEEN: Final = 0.1


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
    if content.startswith(_ARCHIVES):
        raise ExportFileError(Problem.ARCHIVE)
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
        reader = _opened(content)
        sheets = list(_listed(reader))
    with closing(reader.archive):
        for name, state, part in sheets:
            if state == "visible":
                hidden = Hidden()
                yield Sheet(_rows(reader, part, hidden), name=name, hidden=hidden)
            else:
                yield Sheet(iter(()), name=name, is_hidden=True)


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
    """Return openpyxl's reader with the texts, the date formats and the list of sheets.

    `load_workbook` would parse each sheet once more, for its size, and much else that
    is not needed. The manifest pins the release of openpyxl whose parts are used here.
    """
    # Slow to import, and most installations never read a file.
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415
    from openpyxl.styles.stylesheet import apply_stylesheet  # noqa: PLC0415

    # Its warnings quote cells, and a PCE must not reach the log.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    reader: Any = ExcelReader(
        BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    return reader


def _listed(reader: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the state and the part of each sheet that has cells."""
    seen = set()
    for sheet, relation in reader.parser.find_sheets():
        part = relation.target
        if part not in reader.valid_files or "chartsheet" in relation.Type:
            continue
        if part in seen:
            # No program writes one part as two sheets; each would be parsed.
            raise ExportFileError(Problem.BOMB)
        seen.add(part)
        yield sheet.name, sheet.state, part


def _rows(reader: Any, part: str, hidden: Hidden) -> Iterator[tuple[int, Cells]]:
    """Yield the rows that have cells, and note those that are hidden.

    openpyxl's own `iter_rows` fills the gaps with up to a million blank rows a sheet,
    and drops what says that a row is hidden.
    """
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415

    book = reader.wb
    with _as_damaged(), reader.archive.open(part) as source:
        parser: Any = WorkSheetParser(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - of the pinned release
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for number, parsed in parser.parse():
            if parser.column_dimensions:
                hidden.columns |= _hidden_columns(parser.column_dimensions)
                parser.column_dimensions.clear()
            is_hidden = any(
                _is_unseen(row, "ht") for row in parser.row_dimensions.values()
            )
            parser.row_dimensions.clear()
            cells = _cells(parsed)
            if cells is None or number > _LAST_ROW:
                continue
            if is_hidden:
                hidden.rows.append(number)
            else:
                yield number, cells


def _cells(parsed: list[Mapping[str, Any]]) -> Cells | None:
    """Return the values of a row up to its last; None where all are blank."""
    filled = [cell for cell in parsed if cell["value"] is not None]
    if not filled:
        return None
    values: list[object] = [None] * min(filled[-1]["column"], MAX_COLUMNS)
    for cell in filled:
        if cell["column"] <= len(values):
            values[cell["column"] - 1] = cell["value"]
    return tuple(values)


def _hidden_columns(dimensions: Mapping[str, Mapping[str, str]]) -> set[int]:
    """Return the positions of hidden columns, from 0."""
    return {
        position
        for columns in dimensions.values()
        if _is_unseen(columns, "width")
        for position in range(
            int(columns["min"]) - 1, min(int(columns["max"]), MAX_COLUMNS)
        )
    }


def _is_unseen(of: Mapping[str, str], size: str) -> bool:
    """Return whether a row or a column is hidden, filtered out, or of no size."""
    return of.get("hidden") in _TRUE or float(of.get(size, 1)) < _UNSEEN
