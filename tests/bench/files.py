"""An exported workbook, read whole, beside openpyxl's bare read of the same file."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Final

from openpyxl import load_workbook

from custom_components.grdf_adict.files import read_export
from custom_components.grdf_adict.metering.exported import ExportedMeter
from custom_components.grdf_adict.metering.file_merge import merge_file, preview
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.series import DayRow, rows
from tests.exports import invented_days
from tests.exports.layouts import build_daily

from .asked import Asked
from .figures import Figure
from .timing import hot_spots, interleaved
from .wires import TODAY

_BESIDE_OPENPYXL: Final = 1.5
_PCE: Final = "09999999900617"


def figures(asked: Asked) -> Iterator[Figure]:
    """Tell what three years of days cost, from a file's bytes to the rows to write."""
    first = date(TODAY.year - (1 if asked.quick else 3), TODAY.month, TODAY.day)
    days = invented_days(first, TODAY, seed=asked.seed)
    workbook = build_daily(days, pce=_PCE, exported_on=TODAY)
    taken = interleaved(
        {
            "openpyxl": lambda: _bare(workbook),
            "reading": lambda: _meter(workbook),
            "import": lambda: _imported(workbook),
        },
        runs=3 if asked.quick else 9,
    )
    bare = taken["openpyxl"]
    yield Figure("rows of a daily workbook", len(days), "")
    yield Figure("openpyxl's bare read", 1e3 * bare, "ms")
    yield Figure("reading it, of the bare read", taken["reading"] / bare, "x")
    yield Figure.at_most(
        "bytes to rows to write, of the bare read",
        taken["import"] / bare,
        _BESIDE_OPENPYXL,
        "x",
    ).explained(lambda: hot_spots(lambda: _imported(workbook)))


def _bare(workbook: bytes) -> int:
    book = load_workbook(BytesIO(workbook), read_only=True, data_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def _meter(workbook: bytes) -> ExportedMeter:
    (meter,) = read_export(workbook, today=TODAY).meters
    return meter


def _imported(workbook: bytes) -> tuple[DayRow, ...]:
    """Read, preview, merge: what becomes of an upload ahead of the recorder."""
    meter = _meter(workbook)
    preview(Ledger(), meter)
    return rows(merge_file(Ledger(), meter))
