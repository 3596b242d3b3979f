"""What a workbook may be before openpyxl sees it: bounded, and without entities.

A workbook is a zip of XML parts, and openpyxl builds some of them whole in memory; so
their elements are counted first, by the very parser that openpyxl uses.
"""

from typing import IO, Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .errors import ExportFileError, Problem
from .limits import (
    MAX_ELEMENTS,
    MAX_ELEMENTS_AT_ONCE,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TEXTS_AT_ONCE,
    MAX_UNCOMPRESSED,
    RATIO_FROM,
)

_CHUNK: Final = 1 << 16
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
    elements = 0
    for member in members:
        with archive.open(member) as part:
            elements += _count_elements(part, MAX_ELEMENTS - elements)


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


class _Counter:
    """Counts elements, all of a part and those that are held together."""

    def __init__(self, most: int) -> None:
        self.elements = 0
        self._most = most
        self._at_once = 0
        self._most_at_once = MAX_ELEMENTS_AT_ONCE

    def start(self, name: str, _: object) -> None:
        if name == _ROW:
            self._at_once = 0
        elif name == _TEXTS and not self.elements:
            self._most_at_once = MAX_TEXTS_AT_ONCE
        self.elements += 1
        self._at_once += 1
        if self.elements > self._most or self._at_once > self._most_at_once:
            raise ExportFileError(Problem.BOMB)


def _refuse_doctype(*_: object) -> None:
    raise ExportFileError(Problem.EXTERNAL_ENTITY)


def _count_elements(part: IO[bytes], most: int) -> int:
    counter = _Counter(most)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = counter.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat names it not
    except expat.ExpatError:
        # A picture, or a broken part: openpyxl gets no further in it than this.
        pass
    return counter.elements
