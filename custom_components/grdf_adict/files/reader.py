"""An exported file, from its bytes to what it says of each meter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import batched, chain
from pathlib import Path
from typing import Final

from ..adict import Qualification
from ..metering import ExportedMeter, ExportedRow, ExportKind, PceGuess
from .cells import (
    CellError,
    Form,
    Period,
    days_in_name,
    exported_on,
    is_blank,
    pce,
    pce_in_name,
    period,
)
from .errors import ROW_PROBLEMS, ExportFileError, Problem, RowFinding, finding
from .header import Columns, Said, columns_of
from .limits import MAX_BYTES, MAX_ROWS
from .periods import Problems, Window, settled
from .rows import (
    exported_row,
    is_above_a_table,
    is_data,
    labelled_pce,
)
from .tables import Cells, Sheet
from .text_table import text_sheet
from .workbook import is_workbook, workbook_sheets

_BATCH: Final = 500
_KINDS: Final = {
    Form.DAY: ExportKind.DAILY,
    Form.WEEK: ExportKind.WEEKLY,
    Form.MONTH: ExportKind.MONTHLY,
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What an exported file says.

    Attributes:
        kind: what each of its rows covers.
        exported_on: when it was exported; None where it does not say.
        meters: each meter in it, in the order of their first rows.
        warnings: what is worth telling, and, where they were to be left out, the rows
            that are.
    """

    kind: ExportKind
    exported_on: date | None
    meters: tuple[ExportedMeter, ...]
    warnings: tuple[RowFinding, ...]


def read_export_file(
    path: Path, *, today: date, leave_out_bad_rows: bool = False
) -> ExportFile:
    """Return what an exported file on the disk says; its name is read too.

    Blocking: for an executor. See `read_export`.

    Raises:
        ExportFileError: the file cannot be taken in.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    return read_export(
        content, today=today, name=path.name, leave_out_bad_rows=leave_out_bad_rows
    )


def read_export(
    content: bytes, *, today: date, name: str = "", leave_out_bad_rows: bool = False
) -> ExportFile:
    """Return what an exported file says: a workbook, or a text table.

    Args:
        content: the file's bytes, 20 MB at most.
        today: the date in France; a later gas day cannot be.
        name: the file's name, which may tell the PCE and the period exported.
        leave_out_bad_rows: whether rows that cannot be believed are left out and
            told in `warnings`, rather than the file refused.

    Raises:
        ExportFileError: the file cannot be taken in; every bad row is told at once.
    """
    if len(content) > MAX_BYTES:
        raise ExportFileError(Problem.TOO_LARGE)
    if not content:
        raise ExportFileError(Problem.EMPTY)
    intake = _Intake(today)
    for place, sheet in enumerate(_sheets(content), start=1):
        intake.take(place, sheet)
    return intake.result(name, leave_out_bad_rows=leave_out_bad_rows)


def _sheets(content: bytes) -> Iterable[Sheet]:
    return workbook_sheets(content) if is_workbook(content) else [text_sheet(content)]


@dataclass(slots=True)
class _Section:
    """Where the reading stands: a table and what was said above it."""

    sheet: int
    is_text: bool
    header: int = 0
    columns: Columns | None = None
    pce: PceGuess | None = None
    exported_on: date | None = None


@dataclass(slots=True)
class _Meter:
    """The rows of one meter, as they come."""

    pce: PceGuess | None
    exported_on: date | None
    rows: list[ExportedRow] = field(default_factory=list)


def _by_batches[T](rows: Iterable[T]) -> Iterator[T]:
    """Give the rows, which are parsed some hundreds ahead.

    Parsing and reading in turns, row by row, takes a sixth longer: the processor's
    caches do not hold both.
    """
    return chain.from_iterable(batched(rows, _BATCH, strict=False))


def _below(section: _Section, cells: Cells) -> _Section:
    """Begin another table of the same sheet; only a mere header keeps the meter."""
    return _Section(
        section.sheet,
        section.is_text,
        pce=section.pce if columns_of(cells) else None,
        exported_on=section.exported_on,
    )


class _Intake:
    """Takes sheets in, and tells what they say when all are read."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._rows = 0
        self._has_header = False
        self._meters: dict[str | tuple[int, int], _Meter] = {}
        self._forms: defaultdict[Form, list[tuple[int, int]]] = defaultdict(list)
        self._met: defaultdict[tuple[Problem, int], list[int]] = defaultdict(list)

    def take(self, place: int, sheet: Sheet) -> None:
        """Read one sheet to its end."""
        section = _Section(place, sheet.is_text)
        for row_number, cells in _by_batches(sheet.rows):
            self._rows += 1
            if self._rows > MAX_ROWS:
                raise ExportFileError(Problem.TOO_MANY_ROWS)
            section = self._take_row(section, row_number, cells)

    def _take_row(self, section: _Section, row_number: int, cells: Cells) -> _Section:
        """Read one row; return where the reading stands after it."""
        columns = section.columns
        if columns is None:
            return self._take_title(section, row_number, cells)
        said = columns.read(cells)
        try:
            covered = period(said.date)
        except CellError as err:
            if columns_of(cells) or is_above_a_table(cells):
                return self._take_title(_below(section, cells), row_number, cells)
            problem = err.problem if is_data(said) else Problem.OTHER_ROWS
            self._met[problem, section.sheet].append(row_number)
            return section
        if section.is_text and any(cells[columns.width :]):
            self._met[Problem.SHIFTED_CELLS, section.sheet].append(row_number)
            return section
        try:
            self._take_period(section, row_number, said, covered)
        except CellError as err:
            self._met[err.problem, section.sheet].append(row_number)
        return section

    def _take_title(self, section: _Section, row_number: int, cells: Cells) -> _Section:
        """Read a row above a table, or its header."""
        if columns := columns_of(cells):
            if columns.has_end_date:
                raise ExportFileError(
                    Problem.UNKNOWN_LAYOUT,
                    [finding(Problem.UNKNOWN_LAYOUT, [row_number], section.sheet)],
                )
            section.columns = columns
            section.header = row_number
            self._has_header = True
        for cell in cells:
            if (day := exported_on(cell)) is not None:
                section.exported_on = self._believed(day, section.sheet, row_number)
        if columns is None and (said := labelled_pce(cells)) is not None:
            section.pce = pce(said)
            if section.pce is None:
                self._met[Problem.PCE_UNREADABLE, section.sheet].append(row_number)
        return section

    def _believed(self, day: date, sheet: int, row_number: int) -> date | None:
        if day <= self._today:
            return day
        self._met[Problem.EXPORTED_IN_FUTURE, sheet].append(row_number)
        return None

    def _take_period(
        self, section: _Section, row_number: int, said: Said, covered: Period
    ) -> None:
        if covered.first > self._today:
            raise CellError(Problem.DATE_IN_FUTURE)
        row = exported_row(section.sheet, row_number, said, covered)
        if row.qualification is Qualification.ABSENT:
            self._met[Problem.ABSENT_DATA, section.sheet].append(row_number)
        elif row.energy is None:
            self._met[Problem.ROWS_WITHOUT_VALUE, section.sheet].append(row_number)
            return
        self._forms[covered.form].append((section.sheet, row_number))
        self._meter(section, row_number, said.pce).rows.append(row)

    def _meter(self, section: _Section, row_number: int, said: object) -> _Meter:
        """Return the meter that a row's own PCE cell, or the title, names."""
        whose = section.pce if is_blank(said) else pce(said)
        if whose is None and not is_blank(said):
            self._met[Problem.PCE_UNREADABLE, section.sheet].append(row_number)
        # Two tables that name no PCE need not be one meter's.
        key = whose.pce if whose else (section.sheet, section.header)
        if (meter := self._meters.get(key)) is None:
            meter = self._meters[key] = _Meter(whose, section.exported_on)
        return meter

    def result(self, name: str, *, leave_out_bad_rows: bool) -> ExportFile:
        """Tell what all sheets said.

        Raises:
            ExportFileError: nothing, or nothing to be believed.
        """
        if not self._has_header:
            raise ExportFileError(
                Problem.HEADER_MISSING if self._rows else Problem.EMPTY
            )
        kind = self._kind()
        meters = [self._settled(meter, kind, name) for meter in self._named(name)]
        refused = self._told(ROW_PROBLEMS)
        if refused and not leave_out_bad_rows:
            raise ExportFileError(refused[0].problem, refused)
        with_rows = tuple(meter for meter in meters if meter is not None)
        if not with_rows:
            raise ExportFileError(Problem.NO_ROWS, refused)
        days = [m.exported_on for m in self._meters.values() if m.exported_on]
        return ExportFile(
            kind=kind,
            exported_on=max(days, default=None),
            meters=with_rows,
            warnings=(
                *refused,
                *self._told(p for p in Problem if p not in ROW_PROBLEMS),
            ),
        )

    def _kind(self) -> ExportKind:
        """Return the one kind of all rows; daily where there is no row."""
        if len(self._forms) > 1:
            # The rows to look at are those that differ from most.
            *odd, _ = sorted(self._forms.values(), key=len)
            for sheet, row_number in (place for places in odd for place in places):
                self._met[Problem.MIXED_KINDS, sheet].append(row_number)
            raise ExportFileError(
                Problem.MIXED_KINDS, self._told([Problem.MIXED_KINDS])
            )
        return _KINDS[next(iter(self._forms), Form.DAY)]

    def _named(self, name: str) -> list[_Meter]:
        """Return the meters, a lone one that no cell names by the file's name."""
        meters = list(self._meters.values())
        if len(meters) == 1 and meters[0].pce is None:
            meters[0].pce = pce_in_name(name)
        return meters

    def _settled(
        self, meter: _Meter, kind: ExportKind, name: str
    ) -> ExportedMeter | None:
        first, last = days_in_name(name) or (None, None)
        found = settled(meter.rows, kind, Window(meter.exported_on, first, last))
        self._note(found.problems)
        if not found.rows:
            return None
        sheet = found.rows[0].sheet
        if meter.pce is None:
            self._met[Problem.PCE_MISSING, sheet] += []
        elif meter.pce.zero_lost:
            self._met[Problem.PCE_ZERO_LOST, sheet] += []
        if meter.exported_on is None:
            self._met[Problem.EXPORT_DATE_MISSING, sheet] += []
        return ExportedMeter(
            kind=kind,
            pce=meter.pce,
            exported_on=meter.exported_on or found.rows[-1].end,
            rows=tuple(found.rows),
        )

    def _note(self, problems: Problems) -> None:
        for problem, row in problems:
            self._met[problem, row.sheet].append(row.number)

    def _told(self, problems: Iterable[Problem]) -> list[RowFinding]:
        return [
            finding(problem, self._met[problem, sheet], sheet)
            for problem in problems
            for met, sheet in sorted(self._met)
            if met is problem
        ]
