"""What can be wrong with an exported file, reported so that the user can correct it.

Neither an error nor a finding contains the file's content: a workbook names its
household's address and its PCE.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_ROWS_LISTED: Final = 20


class Problem(StrEnum):
    """What is wrong, or worth a warning; each has a translated text.

    The refusals come first, from `NOT_A_WORKBOOK` to `OVERLAPPING_ROWS`.
    """

    # The file as a whole: nothing can be read.
    NOT_A_WORKBOOK = "not_a_workbook"
    """Neither a workbook nor a text table: a renamed PDF, a picture."""
    OLD_WORKBOOK = "old_workbook"
    """A workbook of before 2007 (.xls): to be saved as .xlsx."""
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - names a state of a file
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    """Its unpacked size exceeds that of any export."""
    EXTERNAL_ENTITY = "external_entity"
    """It declares XML entities, which no spreadsheet program does."""
    DAMAGED = "damaged"
    EMPTY = "empty"
    HEADER_MISSING = "header_missing"
    """No row names a date and an energy column."""
    UNKNOWN_LAYOUT = "unknown_layout"
    """A table with both a start and an end column: not a layout of GRDF's."""
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    MIXED_KINDS = "mixed_kinds"
    """Days, weeks or months in one file."""

    # Invalid rows: the file is refused, or they are left out.
    DATE_IN_FUTURE = "date_in_future"
    BAD_YEAR = "bad_year"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_NUMBER = "unreadable_number"
    NEGATIVE = "negative"
    SHIFTED_CELLS = "shifted_cells"
    """A text row with more cells than its header: split at its decimal commas."""
    CONFLICTING_ROWS = "conflicting_rows"
    """One period, two values."""
    OVERLAPPING_ROWS = "overlapping_rows"

    # Warnings; nothing is lost.
    PCE_MISSING = "pce_missing"
    PCE_UNREADABLE = "pce_unreadable"
    """Not 14 digits, nor 13, nor GI and 6: rounded by a spreadsheet, or mistyped."""
    PCE_ZERO_LOST = "pce_zero_lost"
    DUPLICATE_ROWS = "duplicate_rows"
    """The same period and values again: counted once."""
    INDEX_BACKWARDS = "index_backwards"
    """The index falls: a meter change. Energies do not depend on it."""
    ABSENT_DATA = "absent_data"
    PRESUMED_DAYS = "presumed_days"
    """Which days of its first or last period a file covers is deduced."""
    ROWS_WITHOUT_VALUE = "rows_without_value"
    OTHER_ROWS = "other_rows"
    """Rows of the table that are no data: totals, notes."""
    EXPORT_DATE_MISSING = "export_date_missing"
    EXPORTED_IN_FUTURE = "exported_in_future"
    TEMPERATURES_LEFT_OUT = "temperatures_left_out"
    """Some that are doubtful; their rows count all the same."""
    TEMPERATURES_KEPT = "temperatures_kept"


ROW_PROBLEMS: Final = (
    Problem.SHIFTED_CELLS,
    Problem.BAD_YEAR,
    Problem.DATE_IN_FUTURE,
    Problem.UNREADABLE_DATE,
    Problem.NEGATIVE,
    Problem.UNREADABLE_NUMBER,
    Problem.CONFLICTING_ROWS,
    Problem.OVERLAPPING_ROWS,
)
"""What makes a row invalid, in the order in which it is reported."""


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One problem and where it was found.

    Attributes:
        problem: what it is.
        rows: the numbers of the first rows that have it, from 1; none where nothing is
            wrong with them.
        count: how many rows have it; 0 where it is the whole file's.
        sheet: the sheet's number, from 1; a text table is sheet 1.
    """

    problem: Problem
    rows: tuple[int, ...] = ()
    count: int = 0
    sheet: int = 1


def finding(problem: Problem, rows: Iterable[int], sheet: int) -> RowFinding:
    """Return the finding of all these rows, in their order."""
    ordered = sorted(rows)
    listed = () if problem is Problem.TEMPERATURES_KEPT else ordered[:_ROWS_LISTED]
    return RowFinding(problem, tuple(listed), len(ordered), sheet)


class ExportFileError(Exception):
    """A file that cannot be imported.

    Attributes:
        problem: the first thing to correct.
        findings: every problem found, with its rows; empty where the file could not
            even be opened.
    """

    def __init__(self, problem: Problem, findings: Iterable[RowFinding] = ()) -> None:
        """Keep what is wrong; `str()` is the problem's name and the rows."""
        self.problem = problem
        self.findings = tuple(findings)
        rows = [str(row) for found in self.findings for row in found.rows]
        super().__init__(f"{problem}: rows {', '.join(rows)}" if rows else problem)

    @property
    def rows_can_be_left_out(self) -> bool:
        """Whether the file might be read without its invalid rows."""
        return self.problem in ROW_PROBLEMS
