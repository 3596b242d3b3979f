"""What a workbook may be before openpyxl sees it: bounded, and without entities.

A workbook is a zip of XML parts, and openpyxl builds some of them whole in memory; so
their elements are counted first, by the very parser that openpyxl uses.
"""

from contextlib import suppress
from typing import IO, Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .errors import ExportFileError, Problem
from .limits import (
    MAX_ELEMENTS_AT_ONCE,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TAGS,
    MAX_TEXTS_AT_ONCE,
    MAX_UNCOMPRESSED,
    RATIO_FROM,
)

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
    # The other methods may ask for gigabytes of dictionary.
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


class _Gauge:
    """Measures how many elements of a part are held together."""

    def __init__(self) -> None:
        self._at_once = 0
        self._most: int | None = None

    def start(self, name: str, _: object) -> None:
        if self._most is None:
            is_texts = name == _TEXTS
            self._most = MAX_TEXTS_AT_ONCE if is_texts else MAX_ELEMENTS_AT_ONCE
        self._at_once = 1 if name == _ROW else self._at_once + 1
        if self._at_once > self._most:
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

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = begin
    # A picture, or a broken part, is no business of ours.
    with suppress(expat.ExpatError):
        while chunk := part.read(_CHUNK if is_begun else _PROLOG):
            tags += chunk.count(b"<")
            if not is_begun:
                parser.Parse(chunk, False)  # noqa: FBT003 - expat names it not
        if not is_begun:
            # What expat has put off as long as more could follow.
            parser.Parse(b"", True)  # noqa: FBT003
    return tags


def _check_elements(part: IO[bytes]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _Gauge().start
    # openpyxl gets no further in a broken part than this.
    with suppress(expat.ExpatError):
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat names it not
        parser.Parse(b"", True)  # noqa: FBT003


def _refuse_doctype(*_: object) -> None:
    raise ExportFileError(Problem.EXTERNAL_ENTITY)
