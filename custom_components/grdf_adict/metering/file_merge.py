"""Exported files in the ledger: taking one in, and showing first what that would do.

Who is believed of a gas day, the first that has a value:

1. ADICT's daily word, published or informative;
2. the word of a daily file: finer than any block, so it also fills a day of which ADICT
   gave no more than an absence or a share of a published block. An absence in ADICT
   means that GRDF had nothing to give then, not that no gas was used;
3. a row that outlived a lost ledger: whose word it was is no longer known;
4. a share of an ADICT published block;
5. a share of a weekly file's row, then of a monthly file's: of what is left of it once
   the days that have a value are counted;
6. what was adopted of another statistic: it never bends a published total, nor a
   file's.

Of two files of one kind the one exported later is believed, an absence included; of two
exported on one day, the stronger word. So the order in which files and answers come
never matters, and a file taken in twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..adict import Qualification
from .exported import ExportedMeter, ExportedRow, ExportKind, PceGuess
from .gas_day import ONE_DAY, gas_day_start
from .ledger import DayValue, FileValue, IndexReading, Ledger, Source, rank
from .series import DayRow, rows

_SOURCES: Final = {
    ExportKind.DAILY: Source.FILE_DAILY,
    ExportKind.WEEKLY: Source.FILE_WEEKLY,
    ExportKind.MONTHLY: Source.FILE_MONTHLY,
}
_ABSENT: Final = DayValue(None, None, None, Qualification.ABSENT, final=False)


class DayFate(StrEnum):
    """What taking a file in does to a gas day that it covers."""

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
    """What a file says of a meter, and what taking it in would do.

    Attributes:
        pce: whose the file says it is; None: it does not.
        kind: what each of its rows covers.
        exported_on: when it was exported.
        first: the first gas day it covers.
        last: the last one.
        energy: its kWh PCS.
        volume: its m³.
        fates: what happens to each gas day that it covers.
        elsewhere: how many other gas days get another share of a week or a month.
        gained: kWh PCS by which the meter's whole history grows; negative: shrinks.
    """

    pce: PceGuess | None
    kind: ExportKind
    exported_on: date
    first: date
    last: date
    energy: float
    volume: float
    fates: Mapping[date, DayFate]
    elsewhere: int
    gained: float

    @property
    def days(self) -> int:
        """How many gas days it covers."""
        return len(self.fates)

    def count(self, fate: DayFate) -> int:
        """Return how many of its gas days have a fate."""
        return sum(each is fate for each in self.fates.values())

    @property
    def changes_nothing(self) -> bool:
        """Whether every gas day stays as it is."""
        return not (
            self.elsewhere or self.count(DayFate.NEW) or self.count(DayFate.CHANGED)
        )


def merge_file(ledger: Ledger, meter: ExportedMeter) -> Ledger:
    """Return the ledger with what a file says of its meter taken in.

    Whether the file is this meter's is the caller's to know. Nothing that the file does
    not mention is touched, and nothing that ADICT said.
    """
    source = _SOURCES[meter.kind]
    known = dict(ledger.files.get(source, {}))
    for row in meter.rows:
        said = _file_value(row, meter.exported_on)
        period = row.first, row.end
        held = known.get(period)
        if held is None or _strength(said) > _strength(held):
            known[period] = said
    return replace(ledger, files={**ledger.files, source: dict(sorted(known.items()))})


def preview(ledger: Ledger, merged: Ledger, meter: ExportedMeter) -> Preview:
    """Return what a file does to a meter.

    Args:
        ledger: the meter's.
        merged: what `merge_file` makes of it.
        meter: what the file says.
    """
    before, after = _by_day(ledger), _by_day(merged)
    without_files = _by_day(replace(ledger, files={})) if ledger.files else before
    already_held = ledger.files.get(_SOURCES[meter.kind], {})

    def fate(row: ExportedRow, day: date) -> DayFate:
        old, new = before.get(day), after.get(day)
        if old != new:
            return DayFate.NEW if old is None else DayFate.CHANGED
        if row.energy is None:
            return DayFate.ABSENT
        held = already_held.get((row.first, row.end))
        is_daily = meter.kind is ExportKind.DAILY
        if (is_daily and old is not None and old.energy == row.energy) or (
            not is_daily and held is not None and _says(held.value, row)
        ):
            return DayFate.EQUAL
        return DayFate.ADICT_KEPT if day in without_files else DayFate.FILE_KEPT

    fates = {day: fate(row, day) for row in meter.rows for day in row.gas_days}
    others = (before.keys() | after.keys()) - fates.keys()
    return Preview(
        pce=meter.pce,
        kind=meter.kind,
        exported_on=meter.exported_on,
        first=meter.first,
        last=meter.last,
        energy=meter.energy,
        volume=meter.volume,
        fates=MappingProxyType(fates),
        elsewhere=sum(before.get(day) != after.get(day) for day in others),
        gained=round(_energy(after) - _energy(before), 3),
    )


def newest_reading(ledger: Ledger) -> IndexReading | None:
    """Return the newest index, from ADICT or from a file; ADICT's of one instant."""
    indices = [
        (end, said.exported_on, said.index)
        for (_, end), said in ledger.files.get(Source.FILE_DAILY, {}).items()
        if said.index is not None
    ]
    if not indices:
        return ledger.reading
    end, _, index = max(indices)
    filed = IndexReading(index, gas_day_start(end))
    known = ledger.reading
    return filed if known is None or filed.at > known.at else known


def last_filed(ledger: Ledger) -> date | None:
    """Return the last gas day that files cover; None: none was taken in."""
    ends = [end for said in ledger.files.values() for _, end in said]
    return max(ends) - ONE_DAY if ends else None


def _file_value(row: ExportedRow, exported_on: date) -> FileValue:
    if row.energy is None:
        return FileValue(_ABSENT, exported_on, row.index_end)
    # Files hold informative data, which stay provisional.
    value = DayValue(
        row.energy, row.volume, row.coefficient, row.qualification, final=False
    )
    return FileValue(value, exported_on, row.index_end)


def _strength(said: FileValue) -> tuple[date, int, *tuple[float, ...]]:
    """Order what files say of one period; equal only for what is the same."""
    value = said.value
    numbers = (value.energy, value.volume, value.coefficient, said.index)
    return (
        said.exported_on,
        rank(value),
        *(-1.0 if number is None else number for number in numbers),
    )


def _says(value: DayValue, row: ExportedRow) -> bool:
    return (value.energy, value.volume) == (row.energy, row.volume)


def _by_day(ledger: Ledger) -> dict[date, DayRow]:
    return {row.gas_day: row for row in rows(ledger) if row.energy is not None}


def _energy(by_day: Mapping[date, DayRow]) -> float:
    return sum(row.energy or 0.0 for row in by_day.values())
