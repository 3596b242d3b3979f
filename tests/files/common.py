"""Reading look-alikes, for the tests of `files`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from custom_components.grdf_adict.files import (
    NO_ANSWERS,
    Answers,
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    Problem,
    RowFinding,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportedMeter
from tests.exports import invented_days, workbook_of
from tests.exports.layouts import Cell, Row

PCE: Final = "09999999900617"
OTHER_PCE: Final = "09999999930215"
TODAY: Final = date(2026, 11, 24)
EXPORTED_ON: Final = date(2021, 11, 24)
FIRST: Final = date(2020, 11, 24)
LAST: Final = date(2021, 11, 21)
ABSENT: Final = (date(2021, 8, 10), date(2021, 11, 11), date(2021, 11, 16))
DAYS: Final = invented_days(FIRST, LAST, absent=ABSENT)
HEADER: Final = (
    "Date de relevé",
    "Volume consommé (m3)",
    "Energie consommée (kWh)",
    "Qualification du relevé",
)


def read(
    content: bytes,
    name: str = "",
    *,
    leave_out: bool = False,
    answers: Answers = NO_ANSWERS,
) -> ExportFile:
    return read_export(
        content,
        today=TODAY,
        name=name,
        leave_out_bad_rows=leave_out,
        answers=answers,
    )


def the_meter(content: bytes, name: str = "") -> ExportedMeter:
    """Return the one meter of a file."""
    (meter,) = read(content, name).meters
    return meter


def table(*rows: Row, header: Row = HEADER, above: Iterable[Row] = ()) -> bytes:
    """Return a workbook of one small table."""
    return workbook_of(("Feuil1", [*above, header, *rows]))


def day_row(day: str, kwh: Cell = 10, qualification: str = "Mesuré") -> Row:
    return (day, 1, kwh, qualification)


def refusal(content: bytes, name: str = "") -> ExportFileError:
    """Return the error that a file is refused with."""
    with pytest.raises(ExportFileError) as caught:
        read(content, name)
    return caught.value


def question(
    content: bytes, name: str = "", answers: Answers = NO_ANSWERS
) -> ExportQuestionError:
    """Return what is asked about a file."""
    with pytest.raises(ExportQuestionError) as caught:
        read(content, name, answers=answers)
    return caught.value


def warned(file: ExportFile, problem: Problem) -> RowFinding:
    """Return the one warning of a kind."""
    (found,) = (each for each in file.warnings if each.problem is problem)
    return found


def repacked(
    content: bytes,
    change: Callable[[bytes], bytes] = bytes,
    *,
    more: Mapping[str, bytes] | None = None,
    method: int = ZIP_DEFLATED,
) -> bytes:
    """Return a workbook with each part changed, and more parts."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as was, ZipFile(written, "w", method) as now:
        for member in was.namelist():
            now.writestr(member, change(was.read(member)))
        for member, part in (more or {}).items():
            now.writestr(member, part)
    return written.getvalue()
