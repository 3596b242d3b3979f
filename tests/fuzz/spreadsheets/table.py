"""A table whose truth is known, as a spreadsheet holds it before it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from custom_components.grdf_adict.files import YES, Question
from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports.truth import Amount, Truth

type Value = str | int | float | date | datetime | None

PCE: Final = "pce"
DATE: Final = "date"
INDEX_START: Final = "index_start"
INDEX_END: Final = "index_end"
VOLUME: Final = "volume"
ENERGY: Final = "energy"
COEFFICIENT: Final = "coefficient"
TEMPERATURE: Final = "temperature"
QUALIFICATION: Final = "qualification"
# The columns that number formats apply to.
NUMBERS: Final = frozenset(
    {INDEX_START, INDEX_END, VOLUME, ENERGY, COEFFICIENT, TEMPERATURE}
)


class When(NamedTuple):
    """The days that a label names, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `role` is one of the names above, or the label of another one."""

    role: str
    label: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row below the header.

    Attributes:
        when: the days that its label names; None: it is no data.
        last: the last day that it covers, where the label says a later one.
        pce: the meter's.
        cells: its values, by the role of their columns.
        texts: of a row that is no data: its cells from the left.
        absent: whether it says that there is no amount.
        hidden: whether nobody sees it.
        is_header: whether it repeats the header.
    """

    when: When | None = None
    last: date | None = None
    pce: str = ""
    cells: Mapping[str, Value] = field(default_factory=dict)
    texts: tuple[Value, ...] = ()
    absent: bool = False
    hidden: bool = False
    is_header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet: what is above its table, the table, and whether a person sees it."""

    title: str
    above: tuple[tuple[Value, ...], ...] = ()
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    left: int = 0
    hidden: bool = False
    is_table: bool = True

    @property
    def data(self) -> tuple[Line, ...]:
        """The rows with data."""
        return tuple(line for line in self.lines if line.when is not None)

    def label(self, role: str) -> str:
        """Return the header of a column; empty: there is none."""
        return next((c.label for c in self.columns if c.role == role), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the cells are written.

    Attributes:
        workbook: a workbook, or a text table.
        typed: whether a workbook's numbers are numbers, or texts.
        dates: the name of the style of dates, in `dates.STYLES`.
        places: the decimals shown of energy and volume; None: as many as there are.
        factor: what energy in kWh is multiplied with.
        unit: what follows an amount of energy in its cell.
        quoted: whether cells with a delimiter in them are in quotation marks.
        merged: whether a PCE is on the first row of its block alone.
        strict: strict OOXML.
        zipped: whether the file is in an archive.
        transposed: whether its rows are columns.
        since_1904: whether a workbook counts its dates from 1904, as old ones of
            Macintosh do.
    """

    workbook: bool = True
    typed: bool = True
    dates: str = "french"
    decimal: str = ","
    thousands: str = ""
    places: int | None = None
    factor: float = 1.0
    unit: str = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    sep_line: bool = False
    quoted: bool = True
    merged: bool = False
    strict: bool = False
    zipped: bool = False
    transposed: bool = False
    since_1904: bool = False

    def shown_energy(self, kwh: float) -> float:
        """Return the number in a cell of energy."""
        number = kwh * self.factor
        return round(number, 9 if self.places is None else self.places)

    def shown_volume(self, m3: float) -> float:
        """Return the number in a cell of volume."""
        return round(m3, 9 if self.places is None else self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A file before it is written.

    Attributes:
        kind: what a row covers.
        pages: its sheets; a text table has one.
        form: how it is written.
        name: of the file.
        edges_known: whether the file says which days its first and last row cover.
        volume_shown: whether its volume has GRDF's own header.
        zeros_unsure: whether nothing tells an absent amount from a zero.
        doubtful: whether a person would have to ask, too: it must not just be read.
    """

    kind: ExportKind
    pages: tuple[Page, ...]
    form: Form
    name: str = ""
    edges_known: bool = True
    volume_shown: bool = True
    zeros_unsure: bool = False
    doubtful: bool = False

    @property
    def page(self) -> Page:
        """The sheet with the table."""
        return next(page for page in self.pages if page.is_table)

    def with_page(self, page: Page) -> Case:
        """Return the case with another table."""
        was = self.page
        pages = tuple(page if each is was else each for each in self.pages)
        return replace(self, pages=pages)

    def with_lines(self, lines: tuple[Line, ...]) -> Case:
        """Return the case with other rows."""
        return self.with_page(replace(self.page, lines=lines))

    @property
    def meters(self) -> set[str]:
        """The PCE of the table."""
        return {line.pce for line in self.page.data}

    def truth(self) -> Truth:
        """Return what a person reads in the file."""
        roles = [column.role for column in self.page.columns]
        labels = [column.label for column in self.page.columns]
        energy = roles.index(ENERGY)
        is_alone = labels.count(labels[energy]) == 1
        position = str(self.page.left + energy + 1)
        seen = [page for page in self.pages if not page.hidden]
        sheets = (self.page.title, str(seen.index(self.page) + 1))
        return Truth(
            kind=self.kind,
            amounts=tuple(self._amounts()),
            edges_known=self.edges_known,
            volume_shown=self.volume_shown,
            zeros_unsure=self.zeros_unsure,
            answers={
                Question.ENERGY_COLUMN: (labels[energy] if is_alone else position,),
                Question.SHEET: sheets,
                Question.PERIOD: (self.kind,),
                Question.GAS: (YES,),
            },
        )

    def _amounts(self) -> Iterator[Amount]:
        # A text table has one sheet, and nothing hidden.
        pages = self.pages if self.form.workbook else (self.page,)
        seen = (page for page in pages if not (self.form.workbook and page.hidden))
        # Sheets are counted as a person sees them.
        for number, page in enumerate(seen, start=1):
            for row, line in enumerate(page.lines, start=len(page.above) + 2):
                unseen = self.form.workbook and line.hidden
                if line.when is not None and not unseen:
                    amount = self._amount(line, line.when)
                    # The line that names the delimiter is one, or is none.
                    rows = (row, row + 1) if self.form.sep_line else (row,)
                    known = () if self.form.transposed else rows
                    yield replace(amount, sheet=number, rows=known)

    def _amount(self, line: Line, when: When) -> Amount:
        kwh, m3 = line.cells.get(ENERGY), line.cells.get(VOLUME)
        energy = volume = None
        if not line.absent and isinstance(kwh, int | float):
            energy = self.form.shown_energy(kwh) / self.form.factor
        if not line.absent and isinstance(m3, int | float):
            volume = self.form.shown_volume(m3)
        return Amount(
            pce=line.pce,
            first=when.first,
            last=line.last or when.last,
            kwh=energy,
            m3=volume,
            dated=DATE not in line.cells,
        )
