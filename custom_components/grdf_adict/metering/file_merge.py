"""Exported files in the ledger: merging one, and a preview of what that would do.

Which value a gas day takes, the first that there is:

1. ADICT's value of the day, published or informative;
2. that of a daily file: finer than any block, so it also fills a day of which ADICT
   gave no more than an absence or a share of a published block. An absence in ADICT
   means that GRDF had nothing to give then, not that no gas was used;
3. a row that was kept when the ledger was lost: its source is no longer known;
4. a share of an ADICT published block;
5. a share of a weekly file's row, then of a monthly file's: of what is left of it once
   the days that have a value are counted;
6. what was adopted of another statistic: it never changes a published total, nor a
   file's.

Of two files of one kind the one exported later takes precedence, an absence included;
of two exported on one day, the stronger value. So the order in which files and answers
come never matters, and a file merged twice changes nothing. Temperatures are kept
beside all that, and change no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..adict import Qualification
from .exported import ExportedMeter, ExportedRow, ExportKind
from .gas_day import ONE_DAY, gas_day_start
from .ledger import DayValue, FileValue, IndexReading, Ledger, Source, rank
from .series import DayRow, rows
from .temperatures import with_temperatures

_SOURCES: Final = {
    ExportKind.DAILY: Source.FILE_DAILY,
    ExportKind.WEEKLY: Source.FILE_WEEKLY,
    ExportKind.MONTHLY: Source.FILE_MONTHLY,
}
_ABSENT: Final = DayValue(None, None, None, Qualification.ABSENT, final=False)


class DayOutcome(StrEnum):
    """What merging a file does to a gas day that it covers."""

    NEW = "new"
    """It had no value and gets one."""
    EQUAL = "equal"
    """It has this value already."""
    CHANGED = "changed"
    """Its value is replaced by the file's."""
    ADICT_KEPT = "adict_kept"
    """It keeps its own value, which ADICT gave."""
    FILE_KEPT = "file_kept"
    """It keeps its own value, of a finer file or of one exported later."""
    ABSENT = "absent"
    """The file has no data for it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A meter's data in a file (see `ExportedMeter`), and what merging it would do.

    Attributes:
        outcomes: what happens to each gas day that it covers.
        elsewhere: how many other gas days get another share of a week or a month.
        gained: kWh PCS by which the meter's whole history grows; negative: shrinks.
    """

    kind: ExportKind
    first: date
    last: date
    energy: float
    volume: float
    outcomes: Mapping[date, DayOutcome]
    elsewhere: int
    gained: float

    @property
    def days(self) -> int:
        """How many gas days it covers."""
        return len(self.outcomes)

    def count(self, outcome: DayOutcome) -> int:
        """Return how many of its gas days have an outcome."""
        return sum(each is outcome for each in self.outcomes.values())


def merge_file(ledger: Ledger, meter: ExportedMeter) -> Ledger:
    """Return the ledger with a file's values merged into it.

    The caller makes sure that the file is this meter's. Nothing that the file does not
    mention is touched, and nothing from ADICT.
    """
    source = _SOURCES[meter.kind]
    known = dict(ledger.files.get(source, {}))
    for row in meter.rows:
        value = _file_value(row, meter.exported_on)
        period = row.first, row.end
        current = known.get(period)
        if current is None or _strength(value) > _strength(current):
            known[period] = value
    return replace(
        ledger,
        files={**ledger.files, source: dict(sorted(known.items()))},
        temperatures=with_temperatures(ledger.temperatures, meter),
    )


def preview(ledger: Ledger, merged: Ledger, meter: ExportedMeter) -> Preview:
    """Return what a file does to a ledger; `merged` is the result of `merge_file`."""
    before, after = _by_day(ledger), _by_day(merged)
    without_files = _by_day(replace(ledger, files={})) if ledger.files else before
    already_filed = ledger.files.get(_SOURCES[meter.kind], {})

    def outcome(row: ExportedRow, day: date) -> DayOutcome:
        old, new = before.get(day), after.get(day)
        if old != new:
            return DayOutcome.NEW if old is None else DayOutcome.CHANGED
        if row.energy is None:
            return DayOutcome.ABSENT
        filed = already_filed.get((row.first, row.end))
        if meter.kind is ExportKind.DAILY:
            is_equal = old is not None and old.energy == row.energy
        else:
            is_equal = filed is not None and (
                (filed.value.energy, filed.value.volume) == (row.energy, row.volume)
            )
        if is_equal:
            return DayOutcome.EQUAL
        return DayOutcome.ADICT_KEPT if day in without_files else DayOutcome.FILE_KEPT

    outcomes = {day: outcome(row, day) for row in meter.rows for day in row.gas_days}
    others = (before.keys() | after.keys()) - outcomes.keys()
    return Preview(
        kind=meter.kind,
        first=meter.first,
        last=meter.last,
        energy=meter.energy,
        volume=meter.volume,
        outcomes=MappingProxyType(outcomes),
        elsewhere=sum(before.get(day) != after.get(day) for day in others),
        gained=round(_energy(after) - _energy(before), 3),
    )


def newest_reading(ledger: Ledger) -> IndexReading | None:
    """Return the newest index, from ADICT or from a file; ADICT's of one instant."""
    indices = [
        (end, filed.exported_on, filed.index)
        for (_, end), filed in ledger.files.get(Source.FILE_DAILY, {}).items()
        if filed.index is not None
    ]
    if not indices:
        return ledger.reading
    end, _, index = max(indices)
    filed = IndexReading(index, gas_day_start(end))
    known = ledger.reading
    return filed if known is None or filed.at > known.at else known


def last_filed(ledger: Ledger) -> date | None:
    """Return the last gas day that files cover; None: none was merged."""
    ends = [end for periods in ledger.files.values() for _, end in periods]
    return max(ends) - ONE_DAY if ends else None


def _file_value(row: ExportedRow, exported_on: date) -> FileValue:
    if row.energy is None:
        return FileValue(_ABSENT, exported_on, row.index_end)
    # Files hold informative data, which stay provisional.
    value = DayValue(
        row.energy, row.volume, row.coefficient, row.qualification, final=False
    )
    return FileValue(value, exported_on, row.index_end)


def _strength(filed: FileValue) -> tuple[date, int, *tuple[float, ...]]:
    """Order the values of files for one period; equal only for what is the same."""
    value = filed.value
    numbers = (value.energy, value.volume, value.coefficient, filed.index)
    return (
        filed.exported_on,
        rank(value),
        *(-1.0 if number is None else number for number in numbers),
    )


def _by_day(ledger: Ledger) -> dict[date, DayRow]:
    return {row.gas_day: row for row in rows(ledger) if row.energy is not None}


def _energy(by_day: Mapping[date, DayRow]) -> float:
    return sum(row.energy or 0.0 for row in by_day.values())
