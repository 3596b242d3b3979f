"""Files made to take long: what the slowest of each size costs, refusals included."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
import random
from time import thread_time
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from custom_components.grdf_adict.files import (
    ExportFileError,
    ExportQuestionError,
    read_export,
)
from custom_components.grdf_adict.fleet import (
    Action,
    FleetFileError,
    FleetSheetsError,
    read_fleet,
)
from tests.exports import workbook_of

from .figures import Figure
from .wires import TODAY

_SMALL: Final = 250_000
_LARGE: Final = 20_000_000
_SECONDS: Final = {_SMALL: 5.0, _LARGE: 60.0}
_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_TEXTS: Final = "xl/sharedStrings.xml"
_TYPES: Final = "[Content_Types].xml"
_OF_TEXTS: Final = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_HEADER: Final = ("PCE", "Date de relevé", "Energie consommée (kWh)")
_PADDING: Final = "xl/media/padding.bin"


def worst_files(*, quick: bool = False) -> Iterator[Figure]:
    """Yield the CPU seconds of the slowest small, and the slowest large file."""
    for size, bound in _SECONDS.items():
        taken = {
            f"{name} {kind}": seconds
            for name, made in _FILES.items()
            for kind, seconds in _seconds(made(size // 100 if quick else size)).items()
        }
        slowest = max(taken, key=lambda name: taken[name])
        yield Figure.at_most(
            f"the slowest file of {size / 1e6:g} MB: {slowest}",
            taken[slowest],
            bound,
            "s CPU",
        )


def _seconds(content: bytes) -> dict[str, float]:
    return {
        "as an export": _taken(lambda: read_export(content, today=TODAY)),
        "as a fleet": _taken(lambda: read_fleet(content, Action.FOLLOW)),
    }


def _taken(read: Callable[[], object]) -> float:
    begin = thread_time()
    with suppress(
        ExportFileError, ExportQuestionError, FleetFileError, FleetSheetsError
    ):
        read()
    return thread_time() - begin


def _tags(size: int) -> int:
    """Return how many tags a workbook of a size may have, as the guard counts them."""
    return min(15_900_000, 480_000 + 4 * size)


def _book(size: int, parts: Mapping[str, bytes], *, sheets: int = 1) -> bytes:
    """Return a workbook with other parts, as large as asked for."""
    written = BytesIO()
    base = workbook_of(*((f"Feuil{at}", [_HEADER]) for at in range(1, sheets + 1)))
    with ZipFile(BytesIO(base)) as was, ZipFile(written, "w", ZIP_DEFLATED) as now:
        for name in was.namelist():
            part = was.read(name)
            if name == _TYPES and _TEXTS in parts:
                part = part.replace(b"</Types>", _OF_TEXTS)
            now.writestr(name, parts.get(name, part))
        for name in parts.keys() - set(was.namelist()):
            now.writestr(name, parts[name])
        left = size - written.tell() - 2_000
        if left > 0:
            noise = random.Random(1).randbytes(left)  # noqa: S311 - no secret
            now.writestr(_PADDING, noise, compress_type=ZIP_STORED)
    return written.getvalue()


def _sheet(rows: str, after: str = "") -> bytes:
    return (
        f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{rows}</sheetData>'
        f"{after}</worksheet>"
    ).encode()


def _blank_rows(size: int) -> bytes:
    return _book(size, {_SHEET: _sheet("<row/>" * min(_tags(size), 12_000_000))})


def _blank_cells(size: int) -> bytes:
    row = f"<row>{'<c/>' * 16_384}</row>"
    return _book(size, {_SHEET: _sheet(row * (_tags(size) // 16_384))})


def _filled_cells(size: int) -> bytes:
    row = f"<row>{'<c><v>1</v></c>' * 64}</row>"
    return _book(size, {_SHEET: _sheet(row * (_tags(size) // 258))})


def _typed_texts(size: int) -> bytes:
    cell = '<c t="inlineStr"><is><t>Energie date</t></is></c>'
    row = f"<row>{cell * 64}</row>"
    return _book(size, {_SHEET: _sheet(row * min(_tags(size) // 386, 23_000))})


def _texts_formats_and_rows(size: int) -> bytes:
    rules = '<dataValidation sqref="A1 A2 A3"/>' * 39_000
    rows = "<row/>" * (min(_tags(size), 10_000_000) - 450_000)
    return _book(
        size,
        {
            _TEXTS: f'<sst xmlns="{_NAMESPACE}">{"<si/>" * 399_000}</sst>'.encode(),
            _SHEET: _sheet(rows, f"<dataValidations>{rules}</dataValidations>"),
        },
    )


def _far_rows(size: int) -> bytes:
    far = b'<row r="1200000"><c><v>1</v></c></row></sheetData>'
    base = workbook_of(*((f"S{at}", [_HEADER]) for at in range(min(size // 500, 900))))
    written = BytesIO()
    with ZipFile(BytesIO(base)) as was, ZipFile(written, "w", ZIP_DEFLATED) as now:
        for name in was.namelist():
            now.writestr(name, was.read(name).replace(b"</sheetData>", far))
    return written.getvalue()


def _headers_in_sheets(size: int) -> bytes:
    """Return sheets of which each of the first rows may be the header."""
    names = "".join(f"<si><t>Date du lot {at}</t></si>" for at in range(999))
    row = "".join(f'<c t="s"><v>{at % 999}</v></c>' for at in range(250))
    sheet = _sheet(f"<row>{row}</row>" * 50)
    count = min(_tags(size) // 80_000, 150)
    parts = {f"xl/worksheets/sheet{at}.xml": sheet for at in range(1, count + 1)}
    parts[_TEXTS] = f'<sst xmlns="{_NAMESPACE}">{names}</sst>'.encode()
    return _book(size, parts, sheets=max(1, count))


def _lines(header: str, line: str, size: int) -> bytes:
    return (header + line * ((size - len(header) - 10) // len(line.encode()))).encode()


_FILES: Final[Mapping[str, Callable[[int], bytes]]] = {
    "blank rows": _blank_rows,
    "blank cells": _blank_cells,
    "filled cells": _filled_cells,
    "texts in cells": _typed_texts,
    "texts, formats and rows": _texts_formats_and_rows,
    "rows far below": _far_rows,
    "headers in sheets": _headers_in_sheets,
    "wide text": lambda size: _lines("Date;Energie (kWh)\n", "x1;" * 64 + "\n", size),
    "blank lines": lambda size: _lines("Date;Energie (kWh)\n", "\n", size),
    "headers": lambda size: _lines("", "Date;Energie (kWh)\n", size),
    "days": lambda size: _lines("Date;Energie (kWh)\n", "01/01/2021;1\n", size),
    "one cell": lambda size: _lines('PCE;Note\n"', "x", size),
    "accents": lambda size: _lines("PCE;Note\n1;\xff", "é;", size),
}
