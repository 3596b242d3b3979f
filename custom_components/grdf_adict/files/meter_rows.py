"""The rows of each meter of a file, and what their dates mean together."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final, NamedTuple

from ..adict import Qualification
from ..metering import ExportedRow, ExportKind, PceGuess
from .cells import Period
from .columns import RowCells, Units
from .date_order import DateForm, DatesOfMeter, are_swapped
from .errors import CellError, Problem
from .periods import Problems
from .recognition import Evidence
from .row_periods import as_months, as_weeks, continue_months, kind_of_dates
from .rows import exported_row
from .writer import DecimalSign

_LAST_MONTH: Final = 12
# kWh PCS per m³, with room for volumes that are rounded to a m³.
_RATIOS: Final = (6.0, 16.0)
_EARLIEST: Final = date(2000, 2, 1)


class UnreadRow(NamedTuple):
    """A row's cells; only the whole file may show how to read a number of it.

    Attributes:
        hour: what a column of hours has; None: there is none.
        units: of its columns.
    """

    meter: MeterRows
    sheet: int
    number: int
    cells: RowCells
    period: Period
    hour: object
    units: Units


@dataclass(slots=True)
class MeterRows:
    """The rows of one meter.

    Attributes:
        pce: the meter's; None: not in the file.
        exported_on: when; None: not in the file.
        rows: those whose cell writes a week or a month.
        dated: those that have one date.
        invalid: sheet, row and date of those that have one date and another problem.
        unread: the first days of the weeks and months that have one.
        forms: how many of both have their date in which form.
        times: how many of them have a date with a certain time of day.
        marks: what the headers, titles and names of its tables show.
        names_unit: whether the header of the energy names its unit.
    """

    pce: PceGuess | None
    exported_on: date | None
    marks: frozenset[Evidence] = frozenset()
    names_unit: bool = True
    rows: list[ExportedRow] = field(default_factory=list)
    dated: list[ExportedRow] = field(default_factory=list)
    invalid: list[tuple[int, int, date]] = field(default_factory=list)
    unread: list[date] = field(default_factory=list)
    forms: Counter[DateForm] = field(default_factory=Counter)
    times: Counter[tuple[date, object]] = field(default_factory=Counter)

    def add(
        self, unread: UnreadRow, sign: DecimalSign | None, today: date
    ) -> ExportedRow:
        """Read and add a row; of an invalid one, its first day alone.

        Raises:
            CellError: it is invalid.
        """
        period = unread.period
        is_dated = period.kind is ExportKind.DAILY
        if is_dated:
            form = DateForm(period.is_numeric, period.first.day > _LAST_MONTH)
            self.forms[form] += 1
        try:
            row = _read(unread, sign, today)
        except CellError:
            if is_dated:
                self.invalid.append((unread.sheet, unread.number, period.first))
            else:
                self.unread.append(period.first)
            raise
        (self.dated if is_dated else self.rows).append(row)
        if is_dated and (period.at != time.min or unread.hour is not None):
            self.times[period.first, (period.at, unread.hour)] += 1
        return row

    @property
    def days(self) -> list[date]:
        """All dates, in the file's order."""
        rows = [(row.sheet, row.number, row.first) for row in self.dated]
        return [day for _, _, day in sorted([*rows, *self.invalid])]


def file_problems(
    meters: Collection[MeterRows], requested: tuple[date, date] | None
) -> Problems:
    """Return the rows that show that a file cannot be read as it stands.

    Several rows of one date at several times are hours, or halves of them. They are
    never added up: an hour may be labelled by its start or its end, a gas day begins at
    06:00, not at midnight, and GRDF's customer space exports none, so that nothing
    shows on which day each counts.

    A spreadsheet may have read 11,160 as 11160 in some rows, and left others text: an
    energy is then a thousand times what other rows have for each m³.
    """
    problems = [
        *((Problem.TIMES_OF_DAY, row) for each in meters for row in _of_hours(each)),
        *((Problem.AMBIGUOUS_NUMBER, row) for row in _thousandfold(meters)),
    ]
    forms = sum((meter.forms for meter in meters), Counter[DateForm]())
    dates = [
        DatesOfMeter(meter.days, requested or _until(meter.exported_on))
        for meter in meters
    ]
    if are_swapped(forms, dates):
        problems += [
            (Problem.MONTH_FIRST, row)
            for meter in meters
            for row in meter.dated
            if row.first.day <= _LAST_MONTH
        ]
    return problems


def kind_beside(
    written: AbstractSet[ExportKind],
    meters: Sequence[MeterRows],
    header: ExportKind | None,
    answer: str | None,
) -> ExportKind:
    """Return what the rows with one date cover.

    Args:
        written: what the cells of other rows write.
        meters: of the file.
        header: what the header of the dates names.
        answer: to `Question.PERIOD`.

    Raises:
        ExportQuestionError: period.
        ExportFileError: mixed_kinds, month_first, unknown_periods.
    """
    are_months = any(meter.dated for meter in meters) and all(
        continue_months(meter.dated, meter.rows) for meter in meters
    )
    if written == {ExportKind.MONTHLY} and are_months:
        return ExportKind.MONTHLY
    if written:
        return ExportKind.DAILY
    return kind_of_dates([m.dated for m in meters if m.dated], header, answer)


def with_kind(meter: MeterRows, kind: ExportKind) -> list[ExportedRow]:
    """Return all rows of a meter, those with one date as what they cover."""
    if not meter.dated:
        return meter.rows
    if kind is ExportKind.MONTHLY:
        return [*meter.rows, *as_months(meter.dated)]
    if kind is ExportKind.WEEKLY:
        return [*meter.rows, *as_weeks(meter.dated)]
    return [*meter.rows, *meter.dated]


def _of_hours(meter: MeterRows) -> Iterator[ExportedRow]:
    if not meter.times:
        return
    rows_of = Counter(row.first for row in meter.dated)
    times_of = Counter(day for day, _ in meter.times)
    timed = Counter[date]()
    for (day, _), count in meter.times.items():
        timed[day] += count
    # A row without a time is one at midnight.
    several = {
        day
        for day, times in times_of.items()
        if times + (rows_of[day] > timed[day]) > 1
    }
    yield from (row for row in meter.dated if row.first in several)


def _thousandfold(meters: Iterable[MeterRows]) -> list[ExportedRow]:
    """Return the rows whose kWh for each m³ are a thousand times those of most."""
    rows = [row for meter in meters for row in (*meter.rows, *meter.dated)]
    ratios = [
        (row.energy / row.volume, row) for row in rows if row.energy and row.volume
    ]
    off = [
        row for ratio, row in ratios if _is_usual(ratio * 1e3) or _is_usual(ratio / 1e3)
    ]
    is_rest_usual = sum(_is_usual(ratio) for ratio, _ in ratios) > len(off)
    return off if is_rest_usual else []


def _is_usual(ratio: float) -> bool:
    return _RATIOS[0] <= ratio <= _RATIOS[1]


def _until(exported_on: date | None) -> tuple[date, date] | None:
    return (_EARLIEST, exported_on) if exported_on else None


def _read(unread: UnreadRow, sign: DecimalSign | None, today: date) -> ExportedRow:
    if unread.period.first > today:
        raise CellError(Problem.DATE_IN_FUTURE)
    row = exported_row(
        *(unread.sheet, unread.number, unread.cells, unread.period, unread.units), sign
    )
    if row.energy is None and row.qualification is not Qualification.ABSENT:
        raise CellError(Problem.ROWS_WITHOUT_VALUE)
    return row
