"""The rows of a file's sheets, given to the meters that they are of."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Final

from ..adict import Qualification
from ..metering import ExportKind, PceGuess
from .cells import exported_on, is_blank, pce_in_name, read_pce, read_period
from .columns import Columns, cells_more, has_rival_dates
from .doubts import ColumnChoice
from .errors import (
    FILE_PROBLEMS,
    ROW_PROBLEMS,
    CellError,
    ExportFileError,
    Problem,
    finding,
)
from .findings import Findings
from .header import Header, header_of, kind_of_energy, names_other_fluid
from .meter_rows import MeterRows, UnreadRow
from .places import UnreadColumns
from .qualifications import is_unknown, qualification_among
from .questions import Answers
from .recognition import (
    STRANGERS,
    Evidence,
    marks_of_file,
    marks_of_sheet,
    marks_of_title,
    mentions_electricity,
    names_columns,
    stranger,
)
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
    unnamed_columns,
)
from .tables import Cells, Sheet
from .writer import DecimalSign

MAX_ROWS: Final = 200_000
"""Rows with a cell that is not blank, of all sheets together."""
# Parsing and reading in turns, row by row, takes a sixth longer: the processor's caches
# do not hold both.
_PARSED_AHEAD: Final = 500
# Rows below a header that show which of its columns has the dates.
_SAMPLE: Final = 20


@dataclass(slots=True)
class _Section:
    """The current position: a table and what was read above it.

    Attributes:
        of_sheet: the PCE in the sheet's name.
        named: the PCE that it or a title gives.
        pce: that of a row without one: the one named, or the last row's that had one.
        header: the row of its header; of the first one where a page repeats it.
        header_cells: its cells.
        unnamed: the positions of its cells that name no value.
        more: how many more cells than its header each row of a text table has.
        hours: the position of a column of hours; None: there is none.
        has_note: whether text stands right above the current row.
        unread: its columns that are not read.
        pce_text: that of the last PCE cell, where it cannot be read.
        pce_row: the last row that had a PCE.
        hidden: the rows of the sheet that the user does not see, in their order.
        marks: what the names and the titles show.
        is_electric: whether they are of electricity alone.
        ahead: the rows that are parsed, the current one among them.
    """

    sheet: int
    delimiter: str
    of_sheet: PceGuess | None
    named: PceGuess | None
    pce: PceGuess | None
    header: int = 0
    header_cells: Cells = ()
    unnamed: Collection[int] = ()
    columns: Columns | None = None
    exported_on: date | None = None
    more: int = 0
    hours: int | None = None
    has_note: bool = False
    unread: UnreadColumns = field(default_factory=UnreadColumns)
    pce_text: str = ""
    pce_row: int = 0
    hidden: Sequence[int] = ()
    marks: set[Evidence] = field(default_factory=set)
    is_electric: bool = False
    ahead: Sequence[tuple[int, Cells]] = ()

    def hold(self, pce: PceGuess | None, row_number: int) -> None:
        """Keep the PCE of a row for those below it; the same one changes nothing."""
        if pce is not self.pce:
            self.pce, self.pce_row = pce, row_number


class Intake:
    """Collects the rows of sheets.

    Attributes:
        rows: how many were read.
        names: what the user calls each sheet, by its number.
        has_header: whether there is a table.
        has_pivot: whether there is a pivot table.
        meters: by PCE, or by their table where it names none.
        kinds: sheet and row of each row of data, by what its cell writes.
        header_kinds: what the headers of the dates name.
        energy_kinds: what those of the energies name.
        choice: of the columns.
        findings: the problems of its rows.
    """

    def __init__(
        self, today: date, name: str, answers: Answers, without: Collection[int] = ()
    ) -> None:
        """Begin without rows; the sheets of some numbers are not read."""
        self._today = today
        self._name = name
        self._without = without
        self.rows = 0
        self.names: dict[int, str] = {}
        self.has_header = False
        self.has_pivot = False
        self.meters: dict[str | tuple[int, int, str], MeterRows] = {}
        self.kinds: defaultdict[ExportKind, list[tuple[int, int]]] = defaultdict(list)
        self.header_kinds: set[ExportKind | None] = set()
        self.energy_kinds: set[ExportKind] = set()
        self.choice = ColumnChoice(answers)
        self.findings = Findings()
        self._signs: set[DecimalSign] = set()
        self._unread: list[UnreadRow] = []

    def take(self, sheet: Sheet) -> None:
        """Read one sheet to its end; sheets are counted as the user sees them."""
        if sheet.is_hidden:
            self.findings.note_sheet(Problem.HIDDEN_SHEETS)
            return
        number = len(self.names) + 1
        self.names[number] = sheet.name
        if number in self._without:
            return
        named = pce_in_name(sheet.name)
        section = _Section(number, sheet.delimiter, named, named, named)
        section.hidden = sheet.hidden.rows
        section.marks = marks_of_sheet(sheet.name) | marks_of_file(sheet.name)
        section.is_electric = mentions_electricity((self._name, sheet.name))
        before = self.rows
        self._take_rows(section, sheet)
        if self.rows > before and not section.header:
            self.findings.note_sheet(Problem.SHEETS_WITHOUT_TABLE)
        if sheet.hidden.rows:
            self.findings.note(Problem.HIDDEN_ROWS, number, *sheet.hidden.rows)

    def finish(self) -> None:
        """Read the rows whose numbers only the whole file shows how to read."""
        sign = decimal_sign(self._signs, (unread.cells for unread in self._unread))
        for unread in self._unread:
            try:
                self._add(unread, sign)
            except CellError as err:
                self.findings.note_unread(err.problem, unread.sheet, unread.number)

    def _take_rows(self, section: _Section, sheet: Sheet) -> None:
        for section.ahead in batched(sheet.rows, _PARSED_AHEAD, strict=False):
            for row_number, cells in section.ahead:
                self.rows += 1
                if self.rows > MAX_ROWS:
                    raise ExportFileError(Problem.TOO_MANY_ROWS)
                try:
                    self._take_row(section, row_number, cells)
                except CellError as err:
                    self.findings.note_unread(err.problem, section.sheet, row_number)
                    if err.problem in STRANGERS:
                        if not section.header:
                            # What follows is theirs.
                            return
                        section.columns, section.header_cells = None, ()
                        section.named = section.of_sheet

    def _take_row(self, section: _Section, row_number: int, cells: Cells) -> None:
        if section.columns is None:
            self._take_title(section, row_number, cells)
            return
        row = section.columns.read(cells)
        try:
            period = read_period(row.date)
        except CellError as err:
            if names_columns(cells):
                self._take_title(section, row_number, cells)
                return
            if is_above_a_table(cells):
                # Another table of the same sheet.
                section.columns, section.header_cells = None, ()
                section.named = section.of_sheet
                self._take_title(section, row_number, cells)
                return
            # A block may have its PCE in a row above those of its values.
            section.hold(read_pce(row.pce) or section.pce, row_number)
            if err.problem in FILE_PROBLEMS or is_data(row):
                raise
            section.has_note = is_blank(row.energy)
            section.is_electric |= mentions_electricity(cells)
            raise CellError(Problem.OTHER_ROWS) from None
        section.has_note = False
        if is_total(cells, section.header_cells, section.unnamed):
            raise CellError(Problem.OTHER_ROWS)
        if section.delimiter and _is_shifted(section, section.columns, cells):
            raise CellError(Problem.SHIFTED_CELLS)
        at = section.hours
        hour = cells[at] if at is not None and at < len(cells) else None
        is_other = names_other_fluid(row.fluid) or section.unread.names_other_fluid(
            cells
        )
        place = "" if is_other else section.unread.place(cells)
        meter = self._meter(section, section.columns, row_number, row.pce, place)
        if is_other:
            raise CellError(Problem.OTHER_FLUIDS)
        if not section.columns.has_qualification:
            row = row._replace(qualification=qualification_among(cells))
        units = section.columns.units
        self._take_period(
            UnreadRow(meter, section.sheet, row_number, row, period, hour, units)
        )

    def _take_title(self, section: _Section, row_number: int, cells: Cells) -> None:
        """Read a row above a table, or its header."""
        if heads_pivot(cells):
            self.has_pivot = True
            raise CellError(Problem.OTHER_ROWS)
        if section.columns is not None and section.has_note:
            # What stands below a note may be of another dwelling.
            section.named = section.of_sheet
        # A PCE in a title is no meter of electricity.
        is_electric = section.is_electric and section.named is section.of_sheet
        if (theirs := stranger(cells, is_electric=is_electric)) is not None:
            raise CellError(theirs)
        if header := header_of(cells):
            self._take_header(section, row_number, cells, header)
        else:
            section.marks |= marks_of_title(cells)
            section.is_electric |= mentions_electricity(cells)
        for day in filter(None, map(exported_on, cells)):
            is_past = day <= self._today
            section.exported_on = day if is_past else None
            if not is_past:
                self.findings.note(
                    Problem.EXPORTED_IN_FUTURE, section.sheet, row_number
                )
        if header is None and (label := labelled_pce(cells)) is not None:
            section.named = read_pce(label)
            if section.named is None:
                self.findings.note(Problem.PCE_UNREADABLE, section.sheet, row_number)

    def _take_header(
        self, section: _Section, row_number: int, cells: Cells, header: Header
    ) -> None:
        unknown = ExportFileError(
            Problem.UNKNOWN_LAYOUT,
            [finding(Problem.UNKNOWN_LAYOUT, [row_number], section.sheet)],
        )
        if header.named("end_date"):
            raise unknown
        # A page may repeat the header; what else stands between begins another table.
        is_repeated = cells == section.header_cells and not section.has_note
        if is_repeated and section.columns is not None:
            return
        below = [cells for number, cells in section.ahead if number > row_number]
        columns = self.choice.columns(header, below[:_SAMPLE])
        if has_rival_dates(header, below[:_SAMPLE]):
            raise unknown
        if not is_repeated:
            section.header, section.header_cells = row_number, cells
            section.unnamed = unnamed_columns(cells)
            section.pce, section.pce_text = section.named, ""
            section.unread = UnreadColumns(cells, columns.unread)
        section.columns = columns
        if section.delimiter == ",":
            section.more = cells_more(columns, len(cells), below)
        section.hours = hours_column(cells)
        section.has_note = False
        self.header_kinds.add(header_kind(columns.read(cells).date))
        if kind := kind_of_energy(cells[columns.energy]):
            self.energy_kinds.add(kind)
        self.has_header = True
        if any(unit != 1 for unit in columns.units):
            self.findings.note(Problem.UNIT_CONVERTED, section.sheet, row_number)
        if columns.volume_left_out:
            self.findings.note(Problem.VOLUME_LEFT_OUT, section.sheet, row_number)

    def _take_period(self, unread: UnreadRow) -> None:
        signs = decimal_signs(unread.cells)
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
        place = (unread.sheet, unread.number)
        try:
            row = unread.meter.add(unread, sign, self._today)
        except CellError as err:
            # Months among days are no days without them.
            if err.problem in ROW_PROBLEMS:
                self.kinds[unread.period.kind].append(place)
            raise
        if row.qualification is Qualification.ABSENT:
            self.findings.note(Problem.ABSENT_DATA, *place)
        if is_unknown(unread.cells.qualification, row.qualification):
            self.findings.note(Problem.UNKNOWN_QUALIFICATION, *place)
        self.findings.count_data(unread.sheet)
        self.kinds[unread.period.kind].append(place)

    def _meter(
        self,
        section: _Section,
        columns: Columns,
        row_number: int,
        cell: object,
        place: str,
    ) -> MeterRows:
        """Return the meter of a row's PCE cell, of one above it, or of the title.

        A title above rows of several places says of none of them whose it is.

        Raises:
            CellError: pce_hidden.
        """
        if not is_blank(cell):
            section.hold(read_pce(cell), row_number)
            section.pce_text = "" if section.pce else str(cell)
            if section.pce is None:
                self.findings.note(Problem.PCE_UNREADABLE, section.sheet, row_number)
        elif section.pce and section.pce != section.named:
            before = bisect_left(section.hidden, row_number)
            if before > bisect_left(section.hidden, section.pce_row):
                raise CellError(Problem.PCE_HIDDEN)
            self.findings.note(Problem.PCE_CARRIED_DOWN, section.sheet, row_number)
        pce = section.pce
        if pce and place and pce is section.named:
            if pce.pce in self.meters:
                self.meters[pce.pce].pce = None
            pce = None
        # Two tables that name no PCE need not be one meter's, nor two that are rounded.
        unnamed = (section.sheet, section.header, section.pce_text or place)
        key = pce.pce if pce else unnamed
        if (meter := self.meters.get(key)) is None:
            is_labelled = pce is not None and pce is not section.of_sheet
            marks = {
                *section.marks,
                *([Evidence.GRDF_HEADERS] if columns.is_grdf else []),
                *([Evidence.PCE] if is_labelled else []),
            }
            meter = self.meters[key] = MeterRows(
                pce,
                section.exported_on,
                marks=frozenset(marks),
                names_unit=columns.names_unit,
            )
        return meter


def _is_shifted(section: _Section, columns: Columns, cells: Cells) -> bool:
    """Return whether decimal commas have cut the numbers of a row of a text table.

    They show by more cells, which may be blank, where not all rows have them; or by
    their digits in a column that is not read.
    """
    if any(cells[columns.width :]):
        return True
    more = len(cells) - len(section.header_cells)
    if section.delimiter != "," or more <= 0:
        return False
    return more > section.more or any(
        isinstance(cells[position], str) and cells[position].isdecimal()
        for position in columns.unread
        if position > columns.energy
    )
