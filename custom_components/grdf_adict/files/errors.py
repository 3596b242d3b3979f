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
    STRICT_WORKBOOK = "strict_workbook"
    """An .xlsx in the strict variant of Open XML, in which openpyxl finds nothing."""
    OTHER_WORKBOOK = "other_workbook"
    """A workbook of another format: OpenDocument, Numbers, Excel's binary one."""
    ARCHIVE = "archive"
    """A zip, or the like, around the file: to be unpacked."""
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    """Its unpacked size exceeds that of any export."""
    EXTERNAL_ENTITY = "external_entity"
    """It declares XML entities, which no spreadsheet program does."""
    DAMAGED = "damaged"
    EMPTY = "empty"
    ALL_HIDDEN = "all_hidden"
    """Nothing is left beside hidden sheets and rows."""
    HEADER_MISSING = "header_missing"
    """No row names a date and an energy column."""
    UNKNOWN_LAYOUT = "unknown_layout"
    """Two columns of dates, as of a start and an end: not a layout of GRDF's."""
    OWN_EXPORT = "own_export"
    """A table that this integration has written: shares of months are in it as days."""
    HOME_ASSISTANT_EXPORT = "home_assistant_export"
    ELECTRICITY = "electricity"
    BILL = "bill"
    """A supplier's: its dates are those of bills, not of gas days."""
    WATER = "water"
    OTHER_FLUIDS = "other_fluids"
    """Rows that say that they are of electricity, water, or gas injected."""
    LOWER_HEATING_VALUE = "lower_heating_value"
    """Energy in kWh PCI alone; GRDF's is PCS."""
    UNIT_MISSING = "unit_missing"
    """The header of the energy names no unit, and no m³ show it."""
    AVERAGE_ENERGY = "average_energy"
    """The header of the energy names days, and the rows are weeks or months; or so."""
    ENERGY_MISMATCH = "energy_mismatch"
    """The m³ and the kWh do not belong together: one has another unit."""
    RUNNING_TOTAL = "running_total"
    """The energies only grow: those of an index, or added up."""
    SEVERAL_ENERGIES = "several_energies"
    """Tables with different columns of energy to choose from: one answer is not enough.
    """
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    MIXED_KINDS = "mixed_kinds"
    """Days, weeks or months in one file."""
    PIVOT_TABLE = "pivot_table"
    """Its only table is a pivot table: sums of another table's rows."""

    # Rows that put every row in doubt: no row can be left out.
    MONTH_FIRST = "month_first"
    """Dates as mm/dd/yyyy, or whose day and month a spreadsheet has swapped."""
    TWO_DIGIT_YEAR = "two_digit_year"
    TIMES_OF_DAY = "times_of_day"
    """Several rows of one date, at several times: hours, not gas days."""
    AMBIGUOUS_NUMBER = "ambiguous_number"
    """"1,100" is 1.1 or 1100, and nothing else in the file shows which."""
    UNKNOWN_PERIODS = "unknown_periods"
    """Dates far apart, and nothing shows which days a row covers."""

    # Invalid rows: the file is refused, or they are left out.
    DATE_IN_FUTURE = "date_in_future"
    BAD_YEAR = "bad_year"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_NUMBER = "unreadable_number"
    NEGATIVE = "negative"
    SHIFTED_CELLS = "shifted_cells"
    """A text row with more cells than its header: split at its decimal commas."""
    PCE_HIDDEN = "pce_hidden"
    """It may stand in a hidden row above: cells of a block were merged."""
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
    UNIT_CONVERTED = "unit_converted"
    """MWh or Wh into kWh, dm³ or litres into m³."""
    VOLUME_LEFT_OUT = "volume_left_out"
    """Several columns of m³, none of them the energy's for sure."""
    UNKNOWN_QUALIFICATION = "unknown_qualification"
    """A qualification that GRDF does not use; a zero that has one is left out."""
    ZEROS_DOUBTED = "zeros_doubted"
    """Days of 0 kWh with neither qualification nor index: GRDF also writes 0 where it
    has no data."""
    EXPORT_DATE_MISSING = "export_date_missing"
    EXPORTED_IN_FUTURE = "exported_in_future"
    LATER_THAN_EXPORT = "later_than_export"
    """Rows of days after the export that the file names: added, or pasted."""
    HIDDEN_SHEETS = "hidden_sheets"
    """Sheets that the user does not see; not read."""
    SHEETS_WITHOUT_TABLE = "sheets_without_table"
    """Sheets beside the table's, in which no header is recognised; not read."""
    HIDDEN_ROWS = "hidden_rows"
    """Rows that are hidden, or that a filter does not show; not read."""
    TEMPERATURES_LEFT_OUT = "temperatures_left_out"
    """Some that are doubtful; their rows count all the same."""
    TEMPERATURES_KEPT = "temperatures_kept"
    MONTHS_FROM_DATES = "months_from_dates"
    """A spreadsheet had turned "Novembre 2020" into the date 01/11/2020."""
    WEEKS_FROM_DATES = "weeks_from_dates"
    """Each row has the Monday of its week alone."""
    PCE_CARRIED_DOWN = "pce_carried_down"
    """The PCE stands in a block's first row alone: merged cells."""


FILE_PROBLEMS: Final = (
    Problem.TWO_DIGIT_YEAR,
    Problem.MONTH_FIRST,
    Problem.TIMES_OF_DAY,
    Problem.AMBIGUOUS_NUMBER,
)
"""What rows show of the whole file, in the order in which it is reported."""

ROW_PROBLEMS: Final = (
    Problem.SHIFTED_CELLS,
    Problem.BAD_YEAR,
    Problem.DATE_IN_FUTURE,
    Problem.UNREADABLE_DATE,
    Problem.NEGATIVE,
    Problem.UNREADABLE_NUMBER,
    Problem.PCE_HIDDEN,
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
        count: how many rows, or sheets, have it; 0 where it is the whole file's.
        sheet: the sheet's number, from 1; a text table is sheet 1.
        of: how many rows of data the sheet has; 0 where that does not matter.
    """

    problem: Problem
    rows: tuple[int, ...] = ()
    count: int = 0
    sheet: int = 1
    of: int = 0

    @property
    def is_all(self) -> bool:
        """Whether every row of data has it."""
        return 0 < self.of <= self.count


class CellError(ValueError):
    """An invalid cell; the error has the problem, never the value."""

    def __init__(self, problem: Problem) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem


def finding(
    problem: Problem, rows: Iterable[int], sheet: int, of: int = 0
) -> RowFinding:
    """Return the finding of all these rows, in their order."""
    ordered = sorted(rows)
    listed = () if problem is Problem.TEMPERATURES_KEPT else ordered[:_ROWS_LISTED]
    return RowFinding(problem, tuple(listed), len(ordered), sheet, of)


class ExportFileError(Exception):
    """A file that cannot be imported.

    Attributes:
        problem: the first thing to correct.
        findings: every problem found, with its rows; empty where the file could not
            even be opened.
        rows_can_be_left_out: whether a value remains without its invalid rows.
    """

    def __init__(
        self,
        problem: Problem,
        findings: Iterable[RowFinding] = (),
        *,
        rows_can_be_left_out: bool = False,
    ) -> None:
        """Keep what is wrong; `str()` is the problem's name and the rows."""
        self.problem = problem
        self.rows_can_be_left_out = rows_can_be_left_out
        self.findings = tuple(findings)
        rows = [str(row) for found in self.findings for row in found.rows]
        super().__init__(f"{problem}: rows {', '.join(rows)}" if rows else problem)
