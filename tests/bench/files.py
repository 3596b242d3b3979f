"""An exported workbook, beside openpyxl's bare read of the same file.

And how long a real Home Assistant's event loop is held up while one is taken in, from
the upload to the last row.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from openpyxl import load_workbook

from custom_components.grdf_adict.files import read_export
from custom_components.grdf_adict.metering.exported import ExportedMeter
from custom_components.grdf_adict.metering.file_merge import merge_file, preview
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.series import DayRow, rows
from tests.demo.exported import Export
from tests.demo.provision import add_files_entry
from tests.demo.rows import read_rows
from tests.demo.witness import Meter
from tests.exports import invented_days
from tests.exports.layouts import build_daily
from tests.sandbox import Sandbox

from .asked import Asked
from .figures import Figure
from .held import Held, idle, middle, watched
from .live import Setting, live, run
from .loop import judged
from .timing import hot_spots, interleaved
from .wires import TODAY
from .worst_files import worst_files

_BESIDE_OPENPYXL: Final = 1.5
_MS_ABOVE_IDLE: Final = 20.0
_TIMES: Final = 3
_SECONDS: Final = 12.0
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
    yield from worst_files(quick=asked.quick)
    export = Export(f"Donnees_informatives_{_PCE}.xlsx", workbook)
    watch = partial(_watch, export=export, days=len(days))
    seen = [run(asked.seed, watch) for _ in range(1 if asked.quick else _TIMES)]
    yield from judged(
        "taken in by Home Assistant",
        middle([each.importing for each in seen]),
        middle([each.idle for each in seen]),
        _MS_ABOVE_IDLE,
    )


@dataclass(frozen=True, slots=True)
class _Watch:
    """What one Home Assistant did, and then did not."""

    importing: Held
    idle: Held


async def _watch(
    sandbox: Sandbox, address: str, *, export: Export, days: int
) -> _Watch:
    name = f"grdf_adict:{_PCE}_energy"
    meter = Meter("meter", _PCE, "files", {}, {}, prefix="")
    with TemporaryDirectory() as folder:
        async with live(Path(folder, "home"), sandbox, address, Setting()) as at:
            async with watched(at) as importing:
                await add_files_entry(at.home, [export], [meter])
                # To look whether the rows are there would hold the loop up itself.
                await asyncio.sleep(_SECONDS)
            found = await read_rows(at.home, [name])
            assert len(found[name]) == days, "the file was not taken in in time"
            return _Watch(importing, await idle(at, _SECONDS))


def _bare(workbook: bytes) -> int:
    book = load_workbook(BytesIO(workbook), read_only=True, data_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def _meter(workbook: bytes) -> ExportedMeter:
    (meter,) = read_export(workbook, today=TODAY).meters
    return meter


def _imported(workbook: bytes) -> tuple[DayRow, ...]:
    """Read, merge, preview: what becomes of an upload ahead of the recorder."""
    meter = _meter(workbook)
    ledger = merge_file(Ledger(), meter)
    preview(Ledger(), ledger, meter)
    return rows(ledger)
