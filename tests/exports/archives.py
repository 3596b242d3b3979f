"""Workbooks as few programs write them, and archives around them."""

from io import BytesIO
from typing import Final
import warnings
from zipfile import ZIP_DEFLATED, ZipFile

from .layouts import workbook_of

_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS: Final = (
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)
_STRICT_RELATIONS: Final = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


def strict(content: bytes) -> bytes:
    """Return a workbook as Excel's "Strict Open XML Spreadsheet" (ISO 29500).

    Its elements and relationships have other namespaces; those of the package itself
    stay.
    """
    written = BytesIO()
    with ZipFile(BytesIO(content)) as was, ZipFile(written, "w", ZIP_DEFLATED) as now:
        for name in was.namelist():
            part = was.read(name)
            if name != "[Content_Types].xml":
                part = part.replace(_TRANSITIONAL, _STRICT)
                part = part.replace(_RELATIONS, _STRICT_RELATIONS)
            if name == "xl/workbook.xml":
                part = part.replace(
                    b"<workbook ", b'<workbook conformance="strict" ', 1
                )
            now.writestr(name, part)
    return written.getvalue()


def zipped(content: bytes, name: str = "export.xlsx", *more: str) -> bytes:
    """Return an archive around a file, and around copies of it with other names."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for each in (name, *more):
            archive.writestr(each, content)
    return written.getvalue()


def rows_far_below(sheets: int = 20, *, row: int = 1_200_000) -> bytes:
    """Return a workbook of some kB whose sheets each have a cell below the last row."""
    content = workbook_of(
        *(
            (f"Feuil{n}", [("Date de relevé", "Energie consommée (kWh)")])
            for n in range(sheets)
        )
    )
    far = f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'.encode()
    written = BytesIO()
    with ZipFile(BytesIO(content)) as was, ZipFile(written, "w", ZIP_DEFLATED) as now:
        for name in was.namelist():
            now.writestr(name, was.read(name).replace(b"</sheetData>", far))
    return written.getvalue()


def part_named_often(content: bytes, times: int = 2_000) -> bytes:
    """Return a workbook whose directory names one of its parts so many times."""
    written = BytesIO(content)
    with ZipFile(written, "a", ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(times):
            archive.writestr("xl/worksheets/sheet1.xml", b"")
    return written.getvalue()
