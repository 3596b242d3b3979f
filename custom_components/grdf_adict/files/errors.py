"""What can be wrong with an exported file, told so that it can be mended.

Neither an error nor a finding holds anything of the file's content: a workbook names
its household's address and its PCE.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_ROWS_TOLD: Final = 20


class Problem(StrEnum):
    """What is wrong, or worth telling; each has a translated text."""

    # The file as a whole: nothing can be read.
    NOT_A_WORKBOOK = "not_a_workbook"
    """Neither a workbook nor a text table: a renamed PDF, a picture."""
    OLD_WORKBOOK = "old_workbook"
    """A workbook of before 2007 (.xls): to be saved as .xlsx."""
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105 - names a state of a file
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    """It would unpack to more than any export."""
    EXTERNAL_ENTITY = "external_entity"
    """It declares XML entities, which no spreadsheet program does."""
    DAMAGED = "damaged"
    EMPTY = "empty"
    HEADER_MISSING = "header_missing"
    """No row names a date and an energy column."""
    UNKNOWN_LAYOUT = "unknown_layout"
    """A table with both a start and an end column: not one that we know."""
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    MIXED_KINDS = "mixed_kinds"
    """Days, weeks or months in one file."""

    # Rows that cannot be believed: the file is refused, or they are left out.
    DATE_IN_FUTURE = "date_in_future"
    BAD_YEAR = "bad_year"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_NUMBER = "unreadable_number"
    NEGATIVE = "negative"
    SHIFTED_CELLS = "shifted_cells"
    """A text row with more cells than its header: decimal commas that cut it."""
    CONFLICTING_ROWS = "conflicting_rows"
    """One period, two values."""
    OVERLAPPING_ROWS = "overlapping_rows"

    # Worth telling; nothing is lost.
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
    """Which days of its first or last period a file holds is deduced."""
    ROWS_WITHOUT_VALUE = "rows_without_value"
    OTHER_ROWS = "other_rows"
    """Rows of the table that are no data: totals, notes."""
    EXPORT_DATE_MISSING = "export_date_missing"
    EXPORTED_IN_FUTURE = "exported_in_future"


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
"""What a row must not be, in the order in which it is best told."""

REFUSALS: Final = (
    Problem.NOT_A_WORKBOOK,
    Problem.OLD_WORKBOOK,
    Problem.PASSWORD_PROTECTED,
    Problem.TOO_LARGE,
    Problem.BOMB,
    Problem.EXTERNAL_ENTITY,
    Problem.DAMAGED,
    Problem.EMPTY,
    Problem.HEADER_MISSING,
    Problem.UNKNOWN_LAYOUT,
    Problem.TOO_MANY_ROWS,
    Problem.NO_ROWS,
    Problem.MIXED_KINDS,
    *ROW_PROBLEMS,
)
"""What a file is refused for; the others are told of one that is taken in."""


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One problem and where it was met.

    Attributes:
        problem: what it is.
        rows: the numbers of the first rows that have it, from 1.
        count: how many rows have it; 0 where it is the whole file's.
        sheet: the sheet's number, from 1; a text table is sheet 1.
    """

    problem: Problem
    rows: tuple[int, ...] = ()
    count: int = 0
    sheet: int = 1


def finding(problem: Problem, rows: Iterable[int] = (), sheet: int = 1) -> RowFinding:
    """Return the finding of all these rows, in their order."""
    ordered = sorted(rows)
    return RowFinding(problem, tuple(ordered[:_ROWS_TOLD]), len(ordered), sheet)


class ExportFileError(Exception):
    """A file that cannot be taken in.

    Attributes:
        problem: the first thing to mend.
        findings: every problem found, with its rows; empty where the file could not
            even be opened.
    """

    problem: Problem
    findings: tuple[RowFinding, ...]

    def __init__(self, problem: Problem, findings: Iterable[RowFinding] = ()) -> None:
        """Keep what is wrong; `str()` is the problem's name and the rows."""
        self.problem = problem
        self.findings = tuple(findings)
        places = [str(row) for found in self.findings for row in found.rows]
        super().__init__(f"{problem}: rows {', '.join(places)}" if places else problem)

    @property
    def rows_can_be_left_out(self) -> bool:
        """Whether the file might be read without the rows found bad."""
        return self.problem in ROW_PROBLEMS
