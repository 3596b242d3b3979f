"""An exported file, from its bytes to the values of each meter."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

from ..metering import ExportedMeter, ExportKind
from .cells import days_in_name, pce_in_name
from .doubts import Table, mismatches, proof_of_gas
from .errors import (
    FILE_PROBLEMS,
    ROW_PROBLEMS,
    ExportFileError,
    Problem,
    RowFinding,
)
from .findings import Findings
from .intake import Intake
from .meter_rows import MeterRows, file_problems, kind_beside, with_kind
from .periods import settled
from .questions import NO_ANSWERS, Answers, Question
from .recognition import STRANGERS, Evidence, marks_of_file, names_columns
from .sheet_choice import rival_sheets, sheet_question
from .sheets import read_bytes, read_sheets
from .temperatures import with_checked_temperatures
from .zeros import with_absent_zeros

_HIDDEN: Final = (Problem.HIDDEN_SHEETS, Problem.HIDDEN_ROWS)
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
        evidence: what shows that it is gas measured by GRDF; empty where a person has
            said so.
    """

    kind: ExportKind
    exported_on: date | None
    meters: tuple[ExportedMeter, ...]
    warnings: tuple[RowFinding, ...]
    evidence: tuple[Evidence, ...] = ()


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
    intake = _taken(content, today, name, answers)
    if not intake.has_header:
        raise _without_header(intake)
    if others := _sheets_left_out(intake, answers):
        intake = _taken(content, today, name, answers, without=others)
    return _Result(intake, name, answers, today).file(
        leave_out_bad_rows=leave_out_bad_rows
    )


def _taken(
    content: bytes,
    today: date,
    name: str,
    answers: Answers,
    without: Collection[int] = (),
) -> Intake:
    intake = Intake(today, name, answers, without)
    for sheet in read_sheets(content, names_columns):
        intake.take(sheet)
    intake.finish()
    return intake


def _without_header(intake: Intake) -> ExportFileError:
    """Return the error of a file without a table of gas."""
    if theirs := intake.findings.of(STRANGERS):
        return ExportFileError(theirs[0].problem, theirs)
    missing = Problem.PIVOT_TABLE if intake.has_pivot else Problem.HEADER_MISSING
    return _nothing(intake.findings, missing if intake.rows else Problem.EMPTY)


def _nothing(
    findings: Findings, problem: Problem, refused: Sequence[RowFinding] = ()
) -> ExportFileError:
    """Return the error of a file without data, which may be hidden in it."""
    hidden = findings.of(_HIDDEN)
    return ExportFileError(
        Problem.ALL_HIDDEN if hidden and not refused else problem,
        (*refused, *hidden),
    )


def _sheets_left_out(intake: Intake, answers: Answers) -> frozenset[int]:
    """Return the sheets that another one, which the user has chosen, replaces.

    Raises:
        ExportQuestionError: the choice is still to be made.
    """
    if len(intake.names) < 2:  # noqa: PLR2004
        return frozenset()
    meters = intake.meters.values()
    named = [[*meter.rows, *meter.dated] for meter in meters if meter.pce]
    unnamed = [
        row
        for meter in meters
        if meter.pce is None
        for row in (*meter.rows, *meter.dated)
    ]
    rivals = rival_sheets(named, unnamed)
    chosen = answers.get(Question.SHEET)
    if not rivals:
        return frozenset()
    if chosen not in {str(sheet) for sheet in rivals}:
        raise sheet_question(rivals, chain(unnamed, *named), intake.names)
    return frozenset(sheet for sheet in rivals if str(sheet) != chosen)


class _Result:
    """The content of all sheets."""

    def __init__(
        self, intake: Intake, name: str, answers: Answers, today: date
    ) -> None:
        self._intake = intake
        self._name = name
        self._answers = answers
        self._today = today
        self._findings = intake.findings

    def file(self, *, leave_out_bad_rows: bool) -> ExportFile:
        """Return the content.

        Raises:
            ExportFileError: there is none, or it is invalid.
            ExportQuestionError: a person has to decide something first.
        """
        findings = self._findings
        every = self._intake.meters.values()
        self._intake.choice.check(
            [day for m in every for day in (*(row.first for row in m.rows), *m.days)]
        )
        meters = [meter for meter in every if meter.rows or meter.dated]
        findings.note_rows(file_problems(every, days_in_name(self._name)))
        if doubtful := findings.of(FILE_PROBLEMS):
            raise ExportFileError(doubtful[0].problem, doubtful)
        kind = self._kind(meters)
        if self._intake.energy_kinds - {kind}:
            raise ExportFileError(Problem.AVERAGE_ENERGY)
        if len(meters) == 1 and meters[0].pce is None:
            meters[0].pce = pce_in_name(self._name)
        tables = [table for m in meters if (table := self._table(m, kind))]
        self._check_rows(tables, leave_out_bad_rows=leave_out_bad_rows)
        for sheet in mismatches(tables):
            findings.note(Problem.ENERGY_MISMATCH, sheet)
        days = [meter.exported_on for meter in meters if meter.exported_on]
        return ExportFile(
            kind=kind,
            exported_on=max(days, default=None),
            meters=tuple(table.meter for table in tables),
            warnings=(
                *findings.of(ROW_PROBLEMS),
                *findings.of(p for p in Problem if p not in ROW_PROBLEMS),
            ),
            evidence=proof_of_gas(tables, self._answers),
        )

    def _check_rows(self, tables: Sequence[Table], *, leave_out_bad_rows: bool) -> None:
        """Raise ExportFileError where rows are invalid, or none is left."""
        refused = self._findings.of(ROW_PROBLEMS)
        remaining = [row for table in tables for row in table.meter.rows]
        is_doubtful = self._is_rest_doubtful(refused, len(remaining))
        if refused and (is_doubtful or not leave_out_bad_rows):
            has_values = any(row.energy is not None for row in remaining)
            raise ExportFileError(
                refused[0].problem,
                refused,
                rows_can_be_left_out=has_values and not is_doubtful,
            )
        if not tables:
            others = self._findings.of([Problem.OTHER_FLUIDS])
            problem = Problem.OTHER_FLUIDS if others else Problem.NO_ROWS
            raise _nothing(self._findings, problem, [*others, *refused])

    def _is_rest_doubtful(self, refused: Iterable[RowFinding], remaining: int) -> bool:
        """Return whether what remains without invalid rows may be something else.

        Rows of several meters whose PCE are lost are no longer told apart; and where
        most rows cannot be read, the others may be totals of theirs.
        """
        counts = {each.problem: each.count for each in refused}
        are_mixed = Problem.CONFLICTING_ROWS in counts and bool(
            self._findings.of([Problem.PCE_UNREADABLE])
        )
        unread = (Problem.UNREADABLE_DATE, Problem.UNREADABLE_NUMBER)
        return are_mixed or sum(counts.get(each, 0) for each in unread) > remaining

    def _kind(self, meters: Sequence[MeterRows]) -> ExportKind:
        """Return the one kind of all rows; daily where there is no row."""
        kinds, header_kinds = self._intake.kinds, self._intake.header_kinds
        header = header_kinds.pop() if len(header_kinds) == 1 else None
        if header is ExportKind.WEEKLY and (months := kinds.get(ExportKind.MONTHLY)):
            # "2026-05" below "Semaine" is a week's number.
            self._note_places(Problem.UNKNOWN_PERIODS, months)
            unknown = self._findings.of([Problem.UNKNOWN_PERIODS])
            raise ExportFileError(Problem.UNKNOWN_PERIODS, unknown)
        if dated := kinds.pop(ExportKind.DAILY, None):
            answer = self._answers.get(Question.PERIOD)
            covered = kind_beside(set(kinds), meters, header, answer)
            kinds[covered] += dated
            if problem := _FROM_DATES.get(covered):
                self._note_places(problem, dated)
        if len(kinds) > 1:
            # The rows to report are those that differ from most.
            *odd, _ = sorted(kinds.values(), key=len)
            self._note_places(Problem.MIXED_KINDS, chain.from_iterable(odd))
            raise ExportFileError(
                Problem.MIXED_KINDS, self._findings.of([Problem.MIXED_KINDS])
            )
        return next(iter(kinds), ExportKind.DAILY)

    def _note_places(self, problem: Problem, places: Iterable[tuple[int, int]]) -> None:
        for sheet, row_number in places:
            self._findings.note(problem, sheet, row_number)

    def _table(self, meter: MeterRows, kind: ExportKind) -> Table | None:
        """Return a meter's rows with the gas days that they cover; None: none."""
        note = self._findings.note
        requested = days_in_name(self._name) or (None, None)
        covering = with_kind(meter, kind)
        rows, problems = settled(
            covering, kind, meter.exported_on, requested, self._today, meter.unread
        )
        rows, checked = with_checked_temperatures(rows)
        self._findings.note_rows([*problems, *checked])
        if kind is ExportKind.DAILY:
            rows, zeros = with_absent_zeros(rows)
            self._findings.note_rows(zeros)
        if not rows:
            return None
        sheet = rows[0].sheet
        if meter.pce is None:
            note(Problem.PCE_MISSING, sheet)
        elif meter.pce.zero_lost:
            note(Problem.PCE_ZERO_LOST, sheet)
        if meter.exported_on is None:
            note(Problem.EXPORT_DATE_MISSING, sheet)
        exported = ExportedMeter(
            kind=kind,
            pce=meter.pce,
            exported_on=meter.exported_on or min(rows[-1].end, self._today),
            rows=tuple(rows),
        )
        marks = meter.marks | marks_of_file(self._name)
        return Table(exported, marks, meter.names_unit)
