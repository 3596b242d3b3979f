"""An exported file, from its bytes to the values of each meter."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched, chain
from pathlib import Path
from typing import Final

from ..adict import Qualification
from ..metering import ExportedMeter, ExportedRow, ExportKind, PceGuess
from .cells import (
    CellError,
    Period,
    days_in_name,
    exported_on,
    is_blank,
    pce_in_name,
    read_pce,
    read_period,
)
from .errors import ROW_PROBLEMS, ExportFileError, Problem, RowFinding, finding
from .header import Columns, RowCells, columns_of
from .periods import settled
from .questions import NO_ANSWERS, Answers, ExportQuestionError, Question
from .rows import exported_row, is_above_a_table, is_data, labelled_pce
from .sheet_choice import rival_sheets, sheet_question
from .sheets import read_bytes, read_sheets
from .tables import Cells, Sheet
from .temperatures import with_checked_temperatures

MAX_ROWS: Final = 200_000
"""Rows with a cell that is not blank, of all sheets together."""
_HIDDEN: Final = (Problem.HIDDEN_SHEETS, Problem.HIDDEN_ROWS)
# Parsing and reading in turns, row by row, takes a sixth longer: the processor's caches
# do not hold both.
_PARSED_AHEAD: Final = 500


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
    intake.take_all(content)
    if rivals := intake.rivals:
        chosen = answers.get(Question.SHEET)
        if chosen not in {str(sheet) for sheet in rivals}:
            raise intake.question(rivals)
        # What a sheet adds to the whole cannot be taken out again.
        others = {sheet for sheet in rivals if str(sheet) != chosen}
        intake = _Intake(today, answers, others)
        intake.take_all(content)
    return intake.result(name, leave_out_bad_rows=leave_out_bad_rows)


@dataclass(slots=True)
class _Section:
    """The current position: a table and what was read above it."""

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


class _Intake:
    """Collects the rows of sheets; the result comes when all are read."""

    def __init__(
        self, today: date, answers: Answers, without: Container[int] = ()
    ) -> None:
        self._today = today
        self._answers = answers
        self._without = without
        self._rows = 0
        self._has_header = False
        self._names: dict[int, str] = {}
        self._hidden_sheets = 0
        self._meters: dict[str | tuple[int, int], _Meter] = {}
        self._kinds: defaultdict[ExportKind, list[tuple[int, int]]] = defaultdict(list)
        self._found: defaultdict[tuple[Problem, int], list[int]] = defaultdict(list)

    def take_all(self, content: bytes) -> None:
        """Read the sheets that the user sees, and counts."""
        for sheet in read_sheets(content, columns_of):
            if sheet.is_hidden:
                self._hidden_sheets += 1
                continue
            number = len(self._names) + 1
            self._names[number] = sheet.name
            if number not in self._without:
                self._take(number, sheet)

    def _take(self, number: int, sheet: Sheet) -> None:
        """Read one sheet to its end."""
        section = _Section(number, sheet.is_text)
        rows = batched(sheet.rows, _PARSED_AHEAD, strict=False)
        for row_number, cells in chain.from_iterable(rows):
            self._rows += 1
            if self._rows > MAX_ROWS:
                raise ExportFileError(Problem.TOO_MANY_ROWS)
            try:
                self._take_row(section, row_number, cells)
            except CellError as err:
                self._note(err.problem, section.sheet, row_number)
        if sheet.hidden.rows:
            self._note(Problem.HIDDEN_ROWS, number, *sheet.hidden.rows)

    def _take_row(self, section: _Section, row_number: int, cells: Cells) -> None:
        if section.columns is None:
            self._take_title(section, row_number, cells)
            return
        row = section.columns.read(cells)
        try:
            period = read_period(row.date)
        except CellError:
            is_header = columns_of(cells) is not None
            if is_header or is_above_a_table(cells):
                # Another table of the same sheet; a header alone keeps the meter.
                section.columns, section.header = None, 0
                section.pce = section.pce if is_header else None
                self._take_title(section, row_number, cells)
                return
            if is_data(row):
                raise
            raise CellError(Problem.OTHER_ROWS) from None
        if section.is_text and any(cells[section.columns.width :]):
            raise CellError(Problem.SHIFTED_CELLS)
        self._take_period(section, row_number, row, period)

    def _take_title(self, section: _Section, row_number: int, cells: Cells) -> None:
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
        for day in filter(None, map(exported_on, cells)):
            is_past = day <= self._today
            section.exported_on = day if is_past else None
            if not is_past:
                self._note(Problem.EXPORTED_IN_FUTURE, section.sheet, row_number)
        if columns is None and (label := labelled_pce(cells)) is not None:
            section.pce = read_pce(label)
            if section.pce is None:
                self._note(Problem.PCE_UNREADABLE, section.sheet, row_number)

    def _take_period(
        self, section: _Section, row_number: int, cells: RowCells, period: Period
    ) -> None:
        if period.first > self._today:
            raise CellError(Problem.DATE_IN_FUTURE)
        row = exported_row(section.sheet, row_number, cells, period)
        if row.qualification is Qualification.ABSENT:
            self._note(Problem.ABSENT_DATA, section.sheet, row_number)
        elif row.energy is None:
            raise CellError(Problem.ROWS_WITHOUT_VALUE)
        self._kinds[period.kind].append((section.sheet, row_number))
        self._meter(section, row_number, cells.pce).rows.append(row)

    def _meter(self, section: _Section, row_number: int, cell: object) -> _Meter:
        """Return the meter that a row's own PCE cell, or the title, names."""
        pce = section.pce if is_blank(cell) else read_pce(cell)
        if pce is None and not is_blank(cell):
            self._note(Problem.PCE_UNREADABLE, section.sheet, row_number)
        # Two tables that name no PCE need not be one meter's.
        key = pce.pce if pce else (section.sheet, section.header)
        if (meter := self._meters.get(key)) is None:
            meter = self._meters[key] = _Meter(pce, section.exported_on)
        return meter

    @property
    def rivals(self) -> frozenset[int]:
        """The sheets of which only one can be right; empty: there are none."""
        if len(self._names) < 2:  # noqa: PLR2004
            return frozenset()
        named = [meter.rows for meter in self._meters.values() if meter.pce]
        return rival_sheets(named, self._unnamed)

    def question(self, rivals: Iterable[int]) -> ExportQuestionError:
        """Return the question which of them is read."""
        rows = chain.from_iterable(meter.rows for meter in self._meters.values())
        return sheet_question(rivals, rows, self._names)

    @property
    def _unnamed(self) -> list[ExportedRow]:
        nameless = (meter.rows for meter in self._meters.values() if not meter.pce)
        return list(chain.from_iterable(nameless))

    def result(self, name: str, *, leave_out_bad_rows: bool) -> ExportFile:
        """Return the content of all sheets.

        Raises:
            ExportFileError: there is none, or it is invalid.
        """
        if not self._has_header:
            raise self._nothing(Problem.HEADER_MISSING if self._rows else Problem.EMPTY)
        kind = self._kind()
        meters = list(self._meters.values())
        if len(meters) == 1 and meters[0].pce is None:
            meters[0].pce = pce_in_name(name)
        settled_meters = [self._settled(meter, kind, name) for meter in meters]
        refused = self._findings(ROW_PROBLEMS)
        if refused and not leave_out_bad_rows:
            raise ExportFileError(refused[0].problem, refused)
        with_rows = tuple(meter for meter in settled_meters if meter is not None)
        if not with_rows:
            raise self._nothing(Problem.NO_ROWS, refused)
        days = [meter.exported_on for meter in meters if meter.exported_on]
        others = self._findings(p for p in Problem if p not in ROW_PROBLEMS)
        return ExportFile(
            kind=kind,
            exported_on=max(days, default=None),
            meters=with_rows,
            warnings=(*refused, *others),
        )

    def _nothing(
        self, problem: Problem, refused: Sequence[RowFinding] = ()
    ) -> ExportFileError:
        """Return the error of a file without data, which may be hidden in it."""
        hidden = self._findings(_HIDDEN)
        return ExportFileError(
            Problem.ALL_HIDDEN if hidden and not refused else problem,
            (*refused, *hidden),
        )

    def _kind(self) -> ExportKind:
        """Return the one kind of all rows; daily where there is no row."""
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
        self, meter: _Meter, kind: ExportKind, name: str
    ) -> ExportedMeter | None:
        requested = days_in_name(name) or (None, None)
        rows, problems = settled(meter.rows, kind, meter.exported_on, requested)
        rows, checked = with_checked_temperatures(rows)
        for problem, row in (*problems, *checked):
            self._note(problem, row.sheet, row.number)
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

    def _note(self, problem: Problem, sheet: int, *row_numbers: int) -> None:
        """Note a problem of rows; without rows, of the sheet."""
        self._found[problem, sheet] += row_numbers

    def _findings(self, problems: Iterable[Problem]) -> list[RowFinding]:
        wanted = list(problems)
        found = [
            finding(problem, self._found[problem, sheet], sheet)
            for problem in wanted
            for found, sheet in sorted(self._found)
            if found is problem
        ]
        if self._hidden_sheets and Problem.HIDDEN_SHEETS in wanted:
            found.append(RowFinding(Problem.HIDDEN_SHEETS, count=self._hidden_sheets))
        return found
