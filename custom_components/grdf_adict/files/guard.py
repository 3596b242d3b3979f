"""Checks of a workbook before openpyxl opens it: bounded, and without entities.

A workbook is a zip of XML parts, and openpyxl builds some of them whole in memory; so
their elements are counted first, by the same parser that openpyxl uses. The limits
leave room for a multi-PCE table of a hundred meters over five years of gas days.
"""

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
MAX_ELEMENTS_AT_ONCE: Final = 100_000
"""XML elements that openpyxl holds together: a row's, or a part's that has no rows."""
MAX_TEXTS_AT_ONCE: Final = 1_000_000
"""The same for the table of texts, whose elements it releases one by one."""

_CHUNK: Final = 1 << 16
_PROLOG: Final = 1 << 10
_ENCRYPTED: Final = 0x1
_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW: Final = f"{_NAMESPACE} row"
_TEXTS: Final = f"{_NAMESPACE} sst"


def check(archive: ZipFile) -> None:
    """Refuse a workbook that would take too much, or that declares entities.

    Raises:
        ExportFileError: bomb, external_entity, password_protected, not_a_workbook.
        Exception: whatever `zipfile` raises for a damaged one.
    """
    members = archive.infolist()
    _check_sizes(members)
    tags = 0
    for member in members:
        with archive.open(member) as part:
            part_tags = _count_tags(part)
        tags += part_tags
        if tags > MAX_TAGS:
            raise ExportFileError(Problem.BOMB)
        if part_tags > MAX_ELEMENTS_AT_ONCE:
            with archive.open(member) as part:
                _check_elements(part)


def _check_sizes(members: list[ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise ExportFileError(Problem.PASSWORD_PROTECTED)
    if not any(member.filename.startswith("xl/") for member in members):
        raise ExportFileError(Problem.NOT_A_WORKBOOK)
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


def _check_elements(part: IO[bytes]) -> None:
    """Refuse a part with too many elements that openpyxl holds together."""
    at_once = 0
    most: int | None = None

    def start(name: str, _: object) -> None:
        nonlocal at_once, most
        if most is None:
            most = MAX_TEXTS_AT_ONCE if name == _TEXTS else MAX_ELEMENTS_AT_ONCE
        at_once = 1 if name == _ROW else at_once + 1
        if at_once > most:
            raise ExportFileError(Problem.BOMB)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    # openpyxl reads no further in a broken part than this.
    with suppress(expat.ExpatError):
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - positional in expat
        parser.Parse(b"", True)  # noqa: FBT003
