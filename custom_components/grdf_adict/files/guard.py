"""Checks of a workbook before openpyxl opens it: bounded, and without entities.

A workbook is a zip of XML parts, and openpyxl builds some of them whole in memory; so
their elements are counted first, by the same parser that openpyxl uses. The limits
leave room for a multi-PCE table of a hundred meters over five years of gas days.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .errors import ExportFileError, Problem

MAX_UNCOMPRESSED: Final = 100_000_000
"""Of all members of a workbook together."""
MAX_MEMBERS: Final = 1_000
MAX_RATIO: Final = 150
"""Uncompressed to compressed, of a workbook of more than `RATIO_FROM` bytes."""
RATIO_FROM: Final = 10_000_000
MAX_TAGS: Final = 16_000_000
"""XML tags of a whole workbook: two an element, or one."""
MAX_TAGS_OF_A_SMALL_ONE: Final = 500_000
"""The same of a workbook that is packed into nothing."""
MAX_TAGS_A_BYTE: Final = 4
"""How many more there may be for each packed byte; an export has less than one."""
MAX_OTHER_ELEMENTS: Final = 40_000
"""XML elements of a whole workbook that are no cells: styles, formats, validations.

openpyxl makes an object of each, which takes ten times as long as a cell.
"""
MAX_ELEMENTS_AT_ONCE: Final = 100_000
"""XML elements that openpyxl holds together: a row's, or a part's that has no rows."""
MAX_TEXTS_AT_ONCE: Final = 400_000
"""The same for the table of texts, whose elements it releases one by one."""

_BINARY_WORKBOOK: Final = "xl/workbook.bin"
_WORKBOOK: Final = "xl/workbook.xml"
_TYPES: Final = "[Content_Types].xml"
# Of OpenDocument.
_MIME_TYPE: Final = "mimetype"
_OF_NUMBERS: Final = frozenset({"Index/Document.iwa", "Index.zip"})
_TABLES: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".txt", ".zip")
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/"
_CHUNK: Final = 1 << 16
_PROLOG: Final = 1 << 10
_ENCRYPTED: Final = 0x1
_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW: Final = f"{_NAMESPACE} row"
_TEXTS: Final = f"{_NAMESPACE} sst"
_OF_CELLS: Final = frozenset(
    f"{_NAMESPACE} {name}" for name in ("row", "c", "v", "f", "is", "si", "r", "t")
)


def check(archive: ZipFile) -> None:
    """Refuse a workbook that would take too much, or that declares entities.

    Raises:
        ExportFileError: bomb, external_entity, password_protected, not_a_workbook, and
            what else a zip may be: archive, other_workbook, strict_workbook, damaged.
        Exception: whatever `zipfile` raises for a damaged one.
    """
    members = archive.infolist()
    _check_kind(archive)
    _check_sizes(members)
    _check_variant(archive)
    packed = sum(member.compress_size for member in members)
    most = min(MAX_TAGS, MAX_TAGS_OF_A_SMALL_ONE + MAX_TAGS_A_BYTE * packed)
    tags = 0
    for member in members:
        with archive.open(member) as part:
            tags += _count_tags(part)
        if tags > most:
            raise ExportFileError(Problem.BOMB)
    # Fewer take a second or two, whatever they are.
    if tags > MAX_ELEMENTS_AT_ONCE:
        _check_elements(archive, members)


def _check_kind(archive: ZipFile) -> None:
    """Refuse what is no workbook of Excel's, named for what it is."""
    names = archive.namelist()
    if len(set(names)) < len(names):
        raise ExportFileError(Problem.DAMAGED)
    if _BINARY_WORKBOOK in names or not _OF_NUMBERS.isdisjoint(names):
        raise ExportFileError(Problem.OTHER_WORKBOOK)
    if any(name.startswith("xl/") for name in names):
        return
    if _MIME_TYPE in names and archive.getinfo(_MIME_TYPE).file_size < _PROLOG:
        is_sheet = b"opendocument.spreadsheet" in archive.read(_MIME_TYPE)
        raise ExportFileError(
            Problem.OTHER_WORKBOOK if is_sheet else Problem.NOT_A_WORKBOOK
        )
    if _TYPES not in names and any(name.lower().endswith(_TABLES) for name in names):
        raise ExportFileError(Problem.ARCHIVE)
    raise ExportFileError(Problem.NOT_A_WORKBOOK)


def _check_variant(archive: ZipFile) -> None:
    """Refuse the variant of Open XML in which openpyxl finds no sheet."""
    if _WORKBOOK in archive.namelist():
        with archive.open(_WORKBOOK) as part:
            if _STRICT in part.read(_CHUNK):
                raise ExportFileError(Problem.STRICT_WORKBOOK)


def _check_sizes(members: list[ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ExportFileError(Problem.PASSWORD_PROTECTED)
    # The other methods may need gigabytes of memory.
    if any(m.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for m in members):
        raise ExportFileError(Problem.NOT_A_WORKBOOK)
    # No part is ever unpacked beyond the size that it declares.
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNCOMPRESSED
        or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed)
    ):
        raise ExportFileError(Problem.BOMB)


def _count_tags(part: IO[bytes]) -> int:
    """Return how many tags a part has at most, and refuse one with a document type.

    XML has its document type ahead of the first element, and nowhere else.
    """
    tags = 0
    is_begun = False

    def begin(*_: object) -> None:
        nonlocal is_begun
        is_begun = True

    def refuse(*_: object) -> None:
        raise ExportFileError(Problem.EXTERNAL_ENTITY)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    # Pictures and broken parts are not checked.
    with suppress(expat.ExpatError):
        while chunk := part.read(_CHUNK if is_begun else _PROLOG):
            tags += chunk.count(b"<")
            if not is_begun:
                parser.Parse(chunk, False)  # noqa: FBT003 - positional in expat
        if not is_begun:
            # What expat deferred as long as more could follow.
            parser.Parse(b"", True)  # noqa: FBT003
    return tags


def _check_elements(archive: ZipFile, members: Iterable[ZipInfo]) -> None:
    """Refuse a workbook with too many elements that are held together, or slow."""
    others = 0
    for member in members:
        with archive.open(member) as part:
            others += _count_others(part)
        if others > MAX_OTHER_ELEMENTS:
            raise ExportFileError(Problem.BOMB)


def _count_others(part: IO[bytes]) -> int:
    """Return how many elements of a part are neither cells nor their texts.

    Raises:
        ExportFileError: openpyxl would hold too many of them together.
    """
    at_once = others = 0
    most: int | None = None

    def start(name: str, _: object) -> None:
        nonlocal at_once, others, most
        if most is None:
            most = MAX_TEXTS_AT_ONCE if name == _TEXTS else MAX_ELEMENTS_AT_ONCE
        at_once = 1 if name == _ROW else at_once + 1
        others += name not in _OF_CELLS
        if at_once > most:
            raise ExportFileError(Problem.BOMB)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    # openpyxl reads no further in a broken part than this.
    with suppress(expat.ExpatError):
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - positional in expat
        parser.Parse(b"", True)  # noqa: FBT003
    return others
