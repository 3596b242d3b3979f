"""An exported file, from its bytes to the values of each meter."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched, chain
from pathlib import Path
from typing import Final

from ..adict import Qualification
from ..metering import ExportedMeter, ExportKind, PceGuess
from .cells import (
    Period,
    days_in_name,
    exported_on,
    is_blank,
    pce_in_name,
    read_pce,
    read_period,
)
from .errors import (
    FILE_PROBLEMS,
    ROW_PROBLEMS,
    CellError,
    ExportFileError,
    Problem,
    RowFinding,
    finding,
)
from .header import Columns, RowCells, columns_of
from .meter_rows import MeterRows, UnreadRow, file_problems, kind_beside, with_kind
from .periods import Problems, settled
from .questions import NO_ANSWERS, Answers, Question
from .row_periods import header_kind
from .rows import (
    decimal_sign,
    decimal_signs,
    heads_pivot,
    hours_column,
    is_above_a_table,
    is_data,
    is_total,
    labelled_pce,
)
from .sheets import read_bytes, read_sheets
from .tables import Cells, Sheet
from .writer import DecimalSign

MAX_ROWS: Final = 200_000
"""Rows with a cell that is not blank, of all sheets together."""
# Parsing and reading in turns, row by row, takes a sixth longer: the processor's caches
# do not hold both.
_PARSED_AHEAD: Final = 500
_OF_DATA: Final = frozenset({*FILE_PROBLEMS, *ROW_PROBLEMS})
_FROM_DATES: Final = {
    ExportKind.MONTHLY: Problem.MONTHS_FROM_DATES,
    ExportKind.WEEKLY: Problem.WEEKS_FROM_DATES,
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """The content of an exported file.

    Attributes:
        kind: what each of its rows covers.
        exported_on: when it was exported; None where it has no such date.
        meters: each meter in it, in the order of their first rows.
        warnings: what the user should see, and the invalid rows if they were left out.
    """

    kind: ExportKind
    exported_on: date | None
    meters: tuple[ExportedMeter, ...]
    warnings: tuple[RowFinding, ...]


def read_export(
    file: bytes | Path,
    *,
    today: date,
    name: str = "",
    leave_out_bad_rows: bool = False,
    answers: Answers = NO_ANSWERS,
) -> ExportFile:
    """Return the content of a workbook or a text table. Blocking: for an executor.

    Args:
        file: its bytes, 20 MB at most; or its path.
        today: the date in France; a later gas day is invalid.
        name: the file's name, which may have the PCE and the period exported; that of
            the path if there is one.
        leave_out_bad_rows: whether invalid rows are left out and reported in
            `warnings`, rather than the file refused.
        answers: to the questions that were raised when it was read before.

    Raises:
        ExportFileError: the file cannot be imported; it has every invalid row.
        ExportQuestionError: a person has to decide something first.
        OSError: it cannot be read from the disk.
    """
    if isinstance(file, Path):
        name = file.name
    content = read_bytes(file) if isinstance(file, Path) else file
    intake = _Intake(today, answers)
    for number, sheet in enumerate(read_sheets(content, columns_of), start=1):
        intake.take(number, sheet)
    return intake.result(name, leave_out_bad_rows=leave_out_bad_rows)


@dataclass(slots=True)
class _Section:
    """The current position: a table and what was read above it.

    Attributes:
        of_sheet: the PCE in the sheet's name.
        named: the PCE that it or a title gives.
        pce: that of a row without one: the one named, or the last row's that had one.
        header: the row of its header; of the first one where a page repeats it.
        header_cells: its cells.
        hours: the position of a column of hours; None: there is none.
        has_note: whether text stands right above the current row.
    """

    sheet: int
    is_text: bool
    of_sheet: PceGuess | None
    named: PceGuess | None
    pce: PceGuess | None
    header: int = 0
    header_cells: Cells = ()
    columns: Columns | None = None
    exported_on: date | None = None
    hours: int | None = None
    has_note: bool = False


class _Intake:
    """Collects the rows of sheets; the result comes when all are read."""

    def __init__(self, today: date, answers: Answers) -> None:
        self._today = today
        self._answers = answers
        self._rows = 0
        self._has_header = False
        self._meters: dict[str | tuple[int, int], MeterRows] = {}
        self._kinds: defaultdict[ExportKind, list[tuple[int, int]]] = defaultdict(list)
        self._header_kinds: set[ExportKind | None] = set()
        self._has_pivot = False
        self._signs: set[DecimalSign] = set()
        self._unread: list[UnreadRow] = []
        self._of_data: Counter[int] = Counter()
        self._found: defaultdict[tuple[Problem, int], list[int]] = defaultdict(list)

    def take(self, number: int, sheet: Sheet) -> None:
        """Read one sheet to its end."""
        named = pce_in_name(sheet.name)
        section = _Section(number, sheet.is_text, named, named, named)
        rows = batched(sheet.rows, _PARSED_AHEAD, strict=False)
        for row_number, cells in chain.from_iterable(rows):
            self._rows += 1
            if self._rows > MAX_ROWS:
                raise ExportFileError(Problem.TOO_MANY_ROWS)
            try:
                self._take_row(section, row_number, cells)
            except CellError as err:
                self._note_invalid(err.problem, number, row_number)

    def _take_row(self, section: _Section, row_number: int, cells: Cells) -> None:
        if section.columns is None:
            self._take_title(section, row_number, cells)
            return
        row = section.columns.read(cells)
        try:
            period = read_period(row.date)
        except CellError as err:
            if columns_of(cells) is not None:
                self._take_title(section, row_number, cells)
                return
            if is_above_a_table(cells):
                # Another table of the same sheet.
                section.columns, section.header_cells = None, ()
                section.named = section.of_sheet
                self._take_title(section, row_number, cells)
                return
            # A block may have its PCE in a row above those of its values.
            section.pce = read_pce(row.pce) or section.pce
            if err.problem in FILE_PROBLEMS or is_data(row):
                raise
            section.has_note = is_blank(row.energy)
            raise CellError(Problem.OTHER_ROWS) from None
        section.has_note = False
        if is_total(cells, section.header_cells):
            raise CellError(Problem.OTHER_ROWS)
        if section.is_text and any(cells[section.columns.width :]):
            raise CellError(Problem.SHIFTED_CELLS)
        at = section.hours
        hour = cells[at] if at is not None and at < len(cells) else None
        self._take_period(section, row_number, row, period, hour)

    def _take_title(self, section: _Section, row_number: int, cells: Cells) -> None:
        """Read a row above a table, or its header."""
        if heads_pivot(cells):
            self._has_pivot = True
            raise CellError(Problem.OTHER_ROWS)
        if columns := columns_of(cells):
            if columns.has_end_date:
                raise ExportFileError(
                    Problem.UNKNOWN_LAYOUT,
                    [finding(Problem.UNKNOWN_LAYOUT, [row_number], section.sheet)],
                )
            self._take_header(section, row_number, cells, columns)
        for day in filter(None, map(exported_on, cells)):
            is_past = day <= self._today
            section.exported_on = day if is_past else None
            if not is_past:
                self._note(Problem.EXPORTED_IN_FUTURE, section.sheet, row_number)
        if columns is None and (label := labelled_pce(cells)) is not None:
            section.named = read_pce(label)
            if section.named is None:
                self._note(Problem.PCE_UNREADABLE, section.sheet, row_number)

    def _take_header(
        self, section: _Section, row_number: int, cells: Cells, columns: Columns
    ) -> None:
        # A page may repeat the header; what else stands between begins another table.
        if cells != section.header_cells or section.has_note:
            section.header, section.header_cells = row_number, cells
            section.pce = section.named
        section.columns = columns
        section.hours = hours_column(cells)
        section.has_note = False
        self._header_kinds.add(header_kind(columns.read(cells).date))
        self._has_header = True

    def _take_period(
        self,
        section: _Section,
        row_number: int,
        cells: RowCells,
        period: Period,
        hour: object,
    ) -> None:
        meter = self._meter(section, row_number, cells.pce)
        unread = UnreadRow(meter, section.sheet, row_number, cells, period, hour)
        signs = decimal_signs(cells)
        self._signs |= {sign for sign in signs if sign}
        if None in signs:
            self._unread.append(unread)
        else:
            self._add(unread, None)

    def _add(self, unread: UnreadRow, sign: DecimalSign | None) -> None:
        """Add a row to its meter.

        Raises:
            CellError: it is invalid.
        """
        row = unread.meter.add(unread, sign, self._today)
        if row.qualification is Qualification.ABSENT:
            self._note(Problem.ABSENT_DATA, unread.sheet, unread.number)
        self._of_data[unread.sheet] += 1
        self._kinds[unread.period.kind].append((unread.sheet, unread.number))

    def _add_unread(self) -> None:
        """Add the rows whose numbers only the whole file shows how to read."""
        sign = decimal_sign(self._signs, (unread.cells for unread in self._unread))
        for unread in self._unread:
            try:
                self._add(unread, sign)
            except CellError as err:
                self._note_invalid(err.problem, unread.sheet, unread.number)

    def _meter(self, section: _Section, row_number: int, cell: object) -> MeterRows:
        """Return the meter of a row's PCE cell, of one above it, or of the title."""
        if not is_blank(cell):
            section.pce = read_pce(cell)
            if section.pce is None:
                self._note(Problem.PCE_UNREADABLE, section.sheet, row_number)
        elif section.pce and section.pce != section.named:
            self._note(Problem.PCE_CARRIED_DOWN, section.sheet, row_number)
        pce = section.pce
        # Two tables that name no PCE need not be one meter's.
        key = pce.pce if pce else (section.sheet, section.header)
        if (meter := self._meters.get(key)) is None:
            meter = self._meters[key] = MeterRows(pce, section.exported_on)
        return meter

    def result(self, name: str, *, leave_out_bad_rows: bool) -> ExportFile:
        """Return the content of all sheets.

        Raises:
            ExportFileError: there is none, or it is invalid.
        """
        if not self._has_header:
            missing = Problem.PIVOT_TABLE if self._has_pivot else Problem.HEADER_MISSING
            raise ExportFileError(missing if self._rows else Problem.EMPTY)
        self._add_unread()
        self._note_rows(file_problems(self._meters.values(), days_in_name(name)))
        if doubtful := self._findings(FILE_PROBLEMS):
            raise ExportFileError(doubtful[0].problem, doubtful)
        meters = [each for each in self._meters.values() if each.rows or each.dated]
        kind = self._kind(meters)
        if len(meters) == 1 and meters[0].pce is None:
            meters[0].pce = pce_in_name(name)
        settled_meters = [self._settled(meter, kind, name) for meter in meters]
        with_rows = tuple(meter for meter in settled_meters if meter is not None)
        refused = self._findings(ROW_PROBLEMS)
        if refused and not leave_out_bad_rows:
            remaining = (row for meter in with_rows for row in meter.rows)
            raise ExportFileError(
                refused[0].problem,
                refused,
                rows_can_be_left_out=any(row.energy is not None for row in remaining),
            )
        if not with_rows:
            raise ExportFileError(Problem.NO_ROWS, refused)
        days = [meter.exported_on for meter in meters if meter.exported_on]
        others = self._findings(p for p in Problem if p not in ROW_PROBLEMS)
        return ExportFile(
            kind=kind,
            exported_on=max(days, default=None),
            meters=with_rows,
            warnings=(*refused, *others),
        )

    def _kind(self, meters: Sequence[MeterRows]) -> ExportKind:
        """Return the one kind of all rows; daily where there is no row."""
        if dated := self._kinds.pop(ExportKind.DAILY, None):
            header = self._header_kinds.pop() if len(self._header_kinds) == 1 else None
            answer = self._answers.get(Question.PERIOD)
            covered = kind_beside(set(self._kinds), meters, header, answer)
            self._kinds[covered] += dated
            if problem := _FROM_DATES.get(covered):
                for sheet, row_number in dated:
                    self._note(problem, sheet, row_number)
        if len(self._kinds) > 1:
            # The rows to report are those that differ from most.
            *odd, _ = sorted(self._kinds.values(), key=len)
            for sheet, row_number in chain.from_iterable(odd):
                self._note(Problem.MIXED_KINDS, sheet, row_number)
            raise ExportFileError(
                Problem.MIXED_KINDS, self._findings([Problem.MIXED_KINDS])
            )
        return next(iter(self._kinds), ExportKind.DAILY)

    def _settled(
        self, meter: MeterRows, kind: ExportKind, name: str
    ) -> ExportedMeter | None:
        requested = days_in_name(name) or (None, None)
        covering = with_kind(meter, kind)
        rows, problems = settled(covering, kind, meter.exported_on, requested)
        self._note_rows(problems)
        if not rows:
            return None
        sheet = rows[0].sheet
        if meter.pce is None:
            self._note(Problem.PCE_MISSING, sheet)
        elif meter.pce.zero_lost:
            self._note(Problem.PCE_ZERO_LOST, sheet)
        if meter.exported_on is None:
            self._note(Problem.EXPORT_DATE_MISSING, sheet)
        return ExportedMeter(
            kind=kind,
            pce=meter.pce,
            exported_on=meter.exported_on or rows[-1].end,
            rows=tuple(rows),
        )

    def _note_rows(self, problems: Problems) -> None:
        for problem, row in problems:
            self._note(problem, row.sheet, row.number)

    def _note_invalid(self, problem: Problem, sheet: int, row_number: int) -> None:
        self._of_data[sheet] += problem in _OF_DATA
        self._note(problem, sheet, row_number)

    def _note(self, problem: Problem, sheet: int, *row_numbers: int) -> None:
        """Note a problem of rows; without rows, of the sheet."""
        self._found[problem, sheet] += row_numbers

    def _findings(self, problems: Iterable[Problem]) -> list[RowFinding]:
        return [
            finding(problem, self._found[problem, sheet], sheet, self._of_data[sheet])
            for problem in problems
            for found, sheet in sorted(self._found)
            if found is problem
        ]
