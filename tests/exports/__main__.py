"""The content of exported files, printed on the terminal."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
import re
import sys
from typing import Final

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.files import (
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    RowFinding,
    read_export,
)
from custom_components.grdf_adict.metering.exported import (
    ExportedMeter,
    ExportedRow,
    ExportKind,
)
from custom_components.grdf_adict.metering.gas_day import paris_date

# All of a PCE in a file's name but its last four characters.
_PCE: Final = re.compile(r"(?:[0-9]{9,10}|GI[0-9]{2})(?=[0-9]{4}(?![0-9]))")


def main() -> int:
    """Read and print the files, and return 1 where one could not be read."""
    asked = _arguments()
    read: list[ExportedMeter] = []
    failed = 0
    for path in asked.files:
        _say(_PCE.sub("…", path.name))
        try:
            file = read_export(
                path,
                today=paris_date(datetime.now(UTC)),
                leave_out_bad_rows=asked.leave_out,
            )
        except (ExportFileError, ExportQuestionError, OSError) as err:
            failed += 1
            _say_all(_failure(err))
            continue
        _say_all(_lines(file, rows=asked.rows))
        read += file.meters
    _say_all(_compared(read))
    return 1 if failed else 0


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="scripts/read-export", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--rows", action="store_true", help="print every row")
    parser.add_argument(
        "--leave-out", action="store_true", help="leave bad rows out and read on"
    )
    return parser.parse_args()


def _failure(err: ExportFileError | ExportQuestionError | OSError) -> Iterator[str]:
    if isinstance(err, OSError):
        yield f"  cannot be read: {err.strerror}"
        return
    if isinstance(err, ExportQuestionError):
        facts = err.facts
        kwh = "" if facts.energy is None else f", {facts.energy:,g} kWh"
        yield f"  asked: {err.question}"
        yield f"  {facts.rows} rows, {facts.first} to {facts.last}{kwh}"
        for option in err.options:
            yield f"  {option.value}: {option.label} ({option.sample})"
        return
    yield f"  refused: {err.problem}"
    yield from map(_finding, err.findings)


def _lines(file: ExportFile, *, rows: bool) -> Iterator[str]:
    yield f"  {file.kind}, exported on {file.exported_on or 'an unknown day'}"
    yield f"  gas of GRDF by: {', '.join(file.evidence) or 'nothing'}"
    for meter in file.meters:
        days = Counter(day for row in meter.rows for day in row.gas_days)
        twice = sum(count > 1 for count in days.values())
        yield (
            f"  PCE {meter.pce.masked if meter.pce else 'unknown'}:"
            f" {meter.first} to {meter.last}, {len(meter.rows)} rows,"
            f" {len(days)} gas days, {twice} of them twice;"
            f" {meter.energy:,g} kWh, {meter.volume:,g} m³"
        )
        yield from (f"    {_row(row)}" for row in meter.rows if rows or row.written)
    yield from map(_finding, file.warnings)


def _row(row: ExportedRow) -> str:
    presumed = " (presumed)" if row.written else ""
    value = "absent" if row.energy is None else f"{row.energy:,g} kWh"
    how = row.qualification
    suffix = "" if how is Qualification.UNKNOWN else f", {how}"
    return (
        f"row {row.number}: {row.first}, {row.days} gas days{presumed}: {value}{suffix}"
    )


def _finding(found: RowFinding) -> str:
    rows = f": {found.count} rows ({', '.join(map(str, found.rows))})"
    return f"  {found.problem}{rows if found.count else ''}"


def _compared(meters: list[ExportedMeter]) -> Iterator[str]:
    """Tell whether weeks and months are the sums of their days, where both are read."""
    daily = [meter for meter in meters if meter.kind is ExportKind.DAILY]
    longer = [meter for meter in meters if meter.kind is not ExportKind.DAILY]
    for days, periods in product(daily, longer):
        if days.pce != periods.pce:
            continue
        energies = {row.first: row.energy or 0.0 for row in days.rows}
        covered = [
            row for row in periods.rows if all(day in energies for day in row.gas_days)
        ]
        equal = [
            row
            for row in covered
            if row.energy == sum(energies[day] for day in row.gas_days)
        ]
        yield (
            f"{periods.kind}: {len(equal)} of {len(periods.rows)} rows are the sum of"
            " their gas days in the daily file"
        )
        yield from (f"  {_row(row)}" for row in covered if row not in equal)


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
