"""A meter's data in files that a household exported from its GRDF customer space."""

from collections.abc import Iterator
from dataclasses import dataclass, field
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
    """Whether an exported table is one meter's."""

    SAME = "same"
    ZERO_LOST = "zero_lost"
    """The meter's, once the zero that the spreadsheet dropped is put back."""
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PceGuess:
    """The PCE that a file probably names: 14 digits, or GI and 6 digits.

    A spreadsheet drops the leading zero of a number: where only 13 digits were found
    (`zero_lost`), the zero is put back, which only the user, or the meter's own PCE,
    can confirm.
    """

    pce: str = field(repr=False)
    zero_lost: bool = False

    @property
    def masked(self) -> str:
        """What may be shown of it: its last four characters."""
        return mask_pce(self.pce)


def guess_pce(text: str) -> PceGuess | None:
    """Return the PCE that a text stands for; None where it stands for none."""
    written = "".join(text.split())
    zero_lost = len(written) == _DIGITS - 1 and written.isdecimal()
    try:
        pce = parse_pce(f"0{written}" if zero_lost else written)
    except InvalidPceError:
        return None
    return PceGuess(pce, zero_lost=zero_lost)


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row of an exported table, of the gas days from `first` to before `end`.

    `energy` is in kWh PCS, `coefficient` in kWh PCS per m³, `temperature` in °C, of a
    row of one day alone; volume and indices are in m³; None: absent or not given.

    Attributes:
        number: of the row in its sheet, from 1.
        qualification: GRDF's; unknown where the file has no such column.
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
    """One meter's data in one file.

    Attributes:
        pce: the meter's; None: not in the file, the user must give it.
        exported_on: when; where the file does not say, the day after the last one that
            it covers, or today if that is earlier, so that every file exported later
            takes precedence.
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
