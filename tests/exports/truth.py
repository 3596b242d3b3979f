"""What a file says, for whoever reads it right; nothing of the reader is used here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from custom_components.grdf_adict.files import Question
from custom_components.grdf_adict.metering.exported import ExportKind

from .plain import Day

_NO_ANSWERS: Final[Mapping[Question, tuple[str, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What one row says.

    Attributes:
        pce: the meter's, whether or not the file names it.
        first: the first gas day.
        last: the last one.
        kwh: None where there is none.
        m3: likewise.
        sheet: the number of its sheet, from 1.
        rows: which row of the sheet it may be called, from 1; empty: it is not known.
        dated: whether its date can be read in the file.
    """

    pce: str
    first: date
    last: date
    kwh: float | None
    m3: float | None = None
    sheet: int = 1
    rows: tuple[int, ...] = ()
    dated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a whole file says.

    Attributes:
        kind: what a row covers.
        amounts: of every row that a person sees as data.
        edges_known: whether the file says which days its first and last row cover.
        volume_shown: whether a column is headed as GRDF's volume, and must be read.
        zeros_unsure: whether nothing in it tells an absent amount from a zero.
        answers: the true answers to what may be asked, the best first: a label or
            the value of an option.
    """

    kind: ExportKind
    amounts: tuple[Amount, ...]
    edges_known: bool = True
    volume_shown: bool = True
    zeros_unsure: bool = False
    answers: Mapping[Question, tuple[str, ...]] = field(default=_NO_ANSWERS)

    def without_sheets(self, numbers: Collection[int]) -> Truth:
        """Return what the other sheets say."""
        kept = tuple(each for each in self.amounts if each.sheet not in numbers)
        return replace(self, amounts=kept)


def truth_of_days(meters: Mapping[str, Iterable[Day]], *, sheet: int = 1) -> Truth:
    """Return what a table of these gas days says."""
    amounts = tuple(
        Amount(
            pce=pce,
            first=day.gas_day,
            last=day.gas_day,
            kwh=day.kwh,
            m3=day.m3,
            sheet=sheet,
        )
        for pce, days in meters.items()
        for day in days
    )
    return Truth(kind=ExportKind.DAILY, amounts=amounts)


def truth_of_periods(
    kind: ExportKind, days: Iterable[Day], *, pce: str, edges_known: bool = True
) -> Truth:
    """Return what a table of these days' weeks, cut at New Year, or months says."""
    found: dict[tuple[int, date], list[Day]] = {}
    for day in days:
        start = period_of(kind, day.gas_day)[0]
        found.setdefault((day.gas_day.year, start), []).append(day)
    amounts = tuple(
        Amount(
            pce=pce,
            first=some[0].gas_day,
            last=some[-1].gas_day,
            kwh=sum(day.kwh or 0 for day in some),
            m3=sum(day.m3 or 0 for day in some),
        )
        for some in found.values()
    )
    return Truth(kind=kind, amounts=amounts, edges_known=edges_known)


def period_of(kind: ExportKind, day: date) -> tuple[date, date]:
    """Return the first and last day of the calendar's day, week or month of a day."""
    match kind:
        case ExportKind.DAILY:
            return day, day
        case ExportKind.WEEKLY:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case ExportKind.MONTHLY:
            first = day.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(1)
