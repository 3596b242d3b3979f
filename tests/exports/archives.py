"""Workbooks as few programs write them, and archives around them."""

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

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
                part = part.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)
            now.writestr(name, part)
    return written.getvalue()


def zipped(content: bytes, name: str = "export.xlsx", *more: str) -> bytes:
    """Return an archive around a file, and around copies of it with other names."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for each in (name, *more):
            archive.writestr(each, content)
    return written.getvalue()
