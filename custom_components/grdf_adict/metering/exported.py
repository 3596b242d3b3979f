"""What files that a household exported from its GRDF customer space say of a meter."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from ..adict import InvalidPceError, Qualification, mask_pce, parse_pce
from .gas_day import ONE_DAY, gas_days_through

_DIGITS: Final = 14


class ExportKind(StrEnum):
    """What a row of an exported file covers."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Owner(StrEnum):
    """Whose an exported table is, seen from one meter."""

    SAME = "same"
    ZERO_LOST = "zero_lost"
    """The meter's, once the zero that the spreadsheet ate is put back."""
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PceGuess:
    """The PCE that a file names, as far as it can be told.

    A spreadsheet drops the leading zero of a number: 13 digits may be a PCE without
    it, which only a person, or the meter's own PCE, can confirm.

    Attributes:
        pce: 14 digits, or GI and 6 digits; with the zero put back where it was lost.
        zero_lost: whether only 13 digits were found.
        from_name: whether the file's name says it, and no cell does.
    """

    pce: str = field(repr=False)
    zero_lost: bool = False
    from_name: bool = False

    @property
    def masked(self) -> str:
        """What may be shown of it: its last four characters."""
        return mask_pce(self.pce)


def guess_pce(text: str, *, from_name: bool = False) -> PceGuess | None:
    """Return the PCE that a text stands for; None where it stands for none."""
    written = "".join(text.split())
    zero_lost = len(written) == _DIGITS - 1 and written.isdecimal()
    try:
        pce = parse_pce(f"0{written}" if zero_lost else written)
    except InvalidPceError:
        return None
    return PceGuess(pce, zero_lost=zero_lost, from_name=from_name)


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row of an exported table.

    Attributes:
        number: of the row in its sheet, from 1.
        first: the first gas day that it covers.
        end: the first gas day after it.
        energy: kWh PCS; None when the data are absent.
        volume: m³; None when absent or not told.
        coefficient: kWh PCS per m³; None when not told.
        index_start: m³ on the meter when the period begins; None when not told.
        index_end: m³ on the meter when it ends; None when not told.
        qualification: how GRDF came by it; unknown where the file has no such column.
        temperature: °C; None when not told.
        written: first gas day and exclusive end as the table has them, where one of
            them was deduced from when the file was exported; None: nothing was.
        sheet: the sheet's number, from 1.
    """

    number: int
    first: date
    end: date
    energy: float | None
    volume: float | None = None
    coefficient: float | None = None
    index_start: float | None = None
    index_end: float | None = None
    qualification: Qualification = Qualification.UNKNOWN
    temperature: float | None = None
    written: tuple[date, date] | None = None
    sheet: int = 1

    @property
    def days(self) -> int:
        """How many gas days it covers."""
        return (self.end - self.first).days

    @property
    def gas_days(self) -> Iterator[date]:
        """The gas days it covers."""
        return gas_days_through(self.first, self.end - ONE_DAY)


@dataclass(frozen=True, slots=True)
class ExportedMeter:
    """What one file says of one meter.

    Attributes:
        kind: what each row covers.
        pce: whose it is; None: the file does not say, somebody must.
        exported_on: when; where the file does not say, the day after the last one that
            it covers, so that it yields to every file exported later.
        rows: by date, none overlapping another.
    """

    kind: ExportKind
    pce: PceGuess | None
    exported_on: date
    rows: tuple[ExportedRow, ...]

    @property
    def first(self) -> date:
        """The first gas day covered."""
        return self.rows[0].first

    @property
    def last(self) -> date:
        """The last gas day covered."""
        return self.rows[-1].end - ONE_DAY

    @property
    def days(self) -> int:
        """How many gas days are covered."""
        return sum(row.days for row in self.rows)

    @property
    def energy(self) -> float:
        """All kWh PCS."""
        return round(sum(row.energy or 0.0 for row in self.rows), 3)

    @property
    def volume(self) -> float:
        """All m³."""
        return round(sum(row.volume or 0.0 for row in self.rows), 3)

    def owner(self, pce: str) -> Owner:
        """Return whether this is the meter with a PCE."""
        if self.pce is None:
            return Owner.UNKNOWN
        if self.pce.pce != pce:
            return Owner.OTHER
        return Owner.ZERO_LOST if self.pce.zero_lost else Owner.SAME


def within(meter: ExportedMeter, first: date, last: date) -> ExportedMeter:
    """Return what a meter's file says when its user knows the period exported.

    Weeks and months at the edges, presumed or as written, are cut to that period; rows
    beyond it stay, for they hold gas.
    """

    def bounded(row: ExportedRow) -> ExportedRow:
        row_first, row_end = row.written or (row.first, row.end)
        cut_first, cut_end = max(row_first, first), min(row_end, last + ONE_DAY)
        if cut_first >= cut_end:
            return row
        return replace(row, first=cut_first, end=cut_end, written=None)

    if meter.kind is ExportKind.DAILY:
        return meter
    return replace(meter, rows=tuple(bounded(row) for row in meter.rows))
