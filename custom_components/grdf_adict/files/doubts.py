"""Doubts about a file's columns and its gas: a question, a warning, or a refusal."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from ..metering import ExportedMeter
from .columns import Columns, chosen_columns
from .errors import ExportFileError, Problem, RowFinding
from .header import Header
from .questions import YES, Answers, ExportQuestionError, Facts, Option, Question
from .recognition import Evidence, is_running_total, measured
from .tables import Cells

# What shows that an energy is in kWh.
_UNITS: Final = frozenset({Evidence.VOLUMES, Evidence.COEFFICIENTS})


class ColumnChoice:
    """The columns of each table, and which of several energies a person has chosen."""

    def __init__(self, answers: Answers) -> None:
        """Begin without any table."""
        self._answer = answers.get(Question.ENERGY_COLUMN)
        self._options: tuple[Option, ...] = ()

    def columns(self, header: Header, rows: Sequence[Cells]) -> Columns:
        """Return the columns of a table, of whose rows the first are given.

        Raises:
            ExportFileError: one answer is not enough for this table and another.
        """
        columns = chosen_columns(header, rows, self._answer)
        if columns.options and self._options:
            if _places(columns.options) != _places(self._options):
                raise ExportFileError(Problem.SEVERAL_ENERGIES)
        elif columns.options:
            self._options = columns.options
        return columns

    def check(self, days: Collection[date]) -> None:
        """Ask for the column of energy, where there are several.

        Args:
            days: the dates of all rows, invalid ones too: they may be valid in another
                column.

        Raises:
            ExportQuestionError: it is not chosen yet.
        """
        if not self._options or self._answer in {each.value for each in self._options}:
            return
        if days:
            facts = Facts(len(days), min(days), max(days))
            raise ExportQuestionError(Question.ENERGY_COLUMN, self._options, facts)


class Table(NamedTuple):
    """One meter's rows, and what stood above them.

    Attributes:
        meter: the rows.
        marks: what the headers, the titles and the names show.
        names_unit: whether the header of the energy names its unit.
    """

    meter: ExportedMeter
    marks: frozenset[Evidence]
    names_unit: bool


def mismatches(tables: Iterable[Table]) -> list[int]:
    """Return the sheets where the m³ and the kWh do not belong together.

    Raises:
        ExportFileError: no unit is named, nor shown by the m³; or they cannot be those
            of gas, or are a running total, and the headers are not GRDF's.
    """
    odd: list[int] = []
    for table in tables:
        rows = table.meter.rows
        shown = measured(rows)
        if not table.names_unit and shown.evidence.isdisjoint(_UNITS):
            raise _refused(Problem.UNIT_MISSING, table.meter)
        if Evidence.GRDF_HEADERS not in table.marks:
            if is_running_total(rows):
                raise _refused(Problem.RUNNING_TOTAL, table.meter)
            if shown.is_wrong:
                raise _refused(Problem.ENERGY_MISMATCH, table.meter)
        if shown.is_odd:
            odd.append(rows[0].sheet)
    return odd


def proof_of_gas(tables: Sequence[Table], answers: Answers) -> tuple[Evidence, ...]:
    """Return what shows that the tables are gas measured by GRDF.

    Raises:
        ExportQuestionError: nothing shows that of one of them.
    """
    shown: set[Evidence] = set()
    unproven: list[ExportedMeter] = []
    for table in tables:
        evidence = measured(table.meter.rows).evidence | table.marks
        shown |= evidence
        if not evidence - {Evidence.GRDF_SHEET}:
            unproven.append(table.meter)
    if unproven and answers.get(Question.GAS) != YES:
        raise ExportQuestionError(Question.GAS, (Option(YES),), _facts(unproven))
    return tuple(each for each in Evidence if each in shown)


def _refused(problem: Problem, meter: ExportedMeter) -> ExportFileError:
    return ExportFileError(problem, [RowFinding(problem, sheet=meter.rows[0].sheet)])


def _facts(meters: Sequence[ExportedMeter]) -> Facts:
    return Facts(
        rows=sum(len(meter.rows) for meter in meters),
        first=min(meter.first for meter in meters),
        last=max(meter.last for meter in meters),
        energy=round(sum(meter.energy for meter in meters), 3),
    )


def _places(options: Iterable[Option]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in options]
