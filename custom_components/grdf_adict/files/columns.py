"""Which column of a table is read as what, where several headers name one thing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from ..adict import Qualification
from .cells import is_blank, read_period
from .errors import CellError, ExportFileError, Problem
from .header import Header, Heading, Rank, with_units_below
from .qualifications import read_qualification
from .questions import Option
from .tables import MAX_CELL, MAX_COLUMNS, Cells

_BLANKS: Final = (None,) * (MAX_COLUMNS + 1)
_SAMPLE: Final = 3
_SAMPLE_LENGTH: Final = 30
# What two headers of one site or meter may differ in.
_MEASURE_WORDS: Final = frozenset(
    {
        *("energie", "energies", "energy", "consommation", "consommations"),
        *("consommee", "consomme", "consumption", "volume", "volumes", "index"),
        *("kwh", "mwh", "wh", "gwh", "m3", "dm3", "litre", "litres", "pcs"),
        *("coefficient", "conversion", "debut", "fin", "periode"),
        *("de", "du", "des", "la", "le", "l", "d", "en", "gaz", "gas"),
    }
)


class RowCells(NamedTuple):
    """The cells of a row by column; None where a cell is blank, or in no column.

    The date is a gas day, a week or a month; the fluid says what was used; energy,
    volumes and indexes are in the units of the columns (`Units`), the coefficient in
    kWh PCS per m³, the temperature in °C.
    """

    date: object
    pce: object
    qualification: object
    energy: object
    volume: object
    coefficient: object
    index_start: object
    index_end: object
    temperature: object
    fluid: object


class Units(NamedTuple):
    """What a table's amounts are multiplied with, to be in kWh and m³."""

    energy: float = 1.0
    volume: float = 1.0
    indexes: float = 1.0


_OWN_UNITS: Final = Units()


class Columns:
    """The positions of a table's columns.

    Attributes:
        width: how many cells a row has.
        energy: the position of the energy.
        unread: the positions of the columns that are not read.
        units: of the columns that are read.
        options: the columns of energy of equal standing, if there are several.
        is_grdf: whether the table has the headers that GRDF writes.
        names_unit: whether the header of the energy names its unit.
        volume_left_out: whether there are volumes, and none is the energy's for sure.
        has_qualification: whether a header names the qualification.
    """

    def __init__(
        self,
        positions: Mapping[str, int],
        *,
        width: int,
        units: Units = _OWN_UNITS,
        options: tuple[Option, ...] = (),
        is_grdf: bool = False,
        names_unit: bool = True,
        volume_left_out: bool = False,
    ) -> None:
        """Keep the position of each column by its name in `RowCells`, from 0."""
        self.width = width
        self.energy = positions["energy"]
        self.unread = sorted({*range(width)} - {*positions.values()})
        self.units = units
        self.options = options
        self.is_grdf = is_grdf
        self.names_unit = names_unit
        self.volume_left_out = volume_left_out
        self.has_qualification = "qualification" in positions
        # One blank cell beyond the row's last stands for the columns it lacks.
        self._pick = itemgetter(
            *(positions.get(name, width) for name in RowCells._fields)
        )

    def read(self, cells: Cells) -> RowCells:
        """Return a row's cells; a row may be shorter than its header."""
        width = self.width
        row = (*cells[:width], *_BLANKS[: width + 1 - min(len(cells), width)])
        return RowCells._make(self._pick(row))


def chosen_columns(
    header: Header, rows: Sequence[Cells], answer: str | None
) -> Columns:
    """Return the columns of a table.

    Args:
        header: of the table.
        rows: the first ones below it. They show which column has dates.
        answer: the column of energy chosen by a person: its position, from 1.

    Raises:
        ExportFileError: two tables stand side by side.
    """
    if rows:
        header = with_units_below(header, rows[0])
    energies = _best_energies(header, rows)
    if len(energies) > 1 and _are_side_by_side(header, rows):
        raise ExportFileError(Problem.SEVERAL_ENERGIES)
    energy = next(
        (each for each in energies if str(each.position + 1) == answer), energies[0]
    )
    picked = {"energy": energy, "date": _date(header, rows)}
    for column in ("volume", "coefficient", "index_start", "index_end"):
        if heading := _beside(energy, header.named(column), several=len(energies) > 1):
            picked[column] = heading
    for column in ("pce", "qualification", "temperature", "fluid"):
        if found := header.named(column):
            picked[column] = found[0]
    if energy.unit is not None and "fluid" not in picked:
        # "Energie" beside "Consommation (kWh)" says which energy.
        bare = [each for each in header.named("energy") if each.unit is None]
        picked |= dict(zip(["fluid"], bare, strict=False))
    index = picked.get("index_start") or picked.get("index_end")
    positions = {column: heading.position for column, heading in picked.items()}
    if "qualification" not in picked:
        positions |= _qualifications(header.width, rows)
    return Columns(
        positions,
        width=header.width,
        units=Units(
            energy=energy.unit or 1.0,
            volume=(picked["volume"].unit or 1.0) if "volume" in picked else 1.0,
            indexes=(index.unit or 1.0) if index else 1.0,
        ),
        options=tuple(_option(each, rows) for each in energies)
        if len(energies) > 1
        else (),
        is_grdf=header.is_grdf,
        names_unit=energy.unit is not None,
        volume_left_out=bool(header.named("volume")) and "volume" not in picked,
    )


def _are_side_by_side(header: Header, rows: Sequence[Cells]) -> bool:
    """Return whether each of several energies has dates of its own."""
    dates = [each for each in header.named("date") if _has(each, rows, _is_date)]
    return len(dates) > 1 and len({each.words for each in dates}) == 1


def cells_more(columns: Columns, width: int, rows: Sequence[Cells]) -> int:
    """Return how many more cells than the header all rows with a date have.

    Some programs end each row with a delimiter, and not the header.
    """
    more = (len(row) - width for row in rows if _is_date(columns.read(row).date))
    return max(0, min(more, default=0))


def _qualifications(width: int, rows: Sequence[Cells]) -> dict[str, int]:
    """Return the column of qualifications, found by its cells, if there is one."""
    for position in range(width):
        cells = [row[position] for row in rows if position < len(row)]
        known = [
            read_qualification(cell) is not Qualification.UNKNOWN for cell in cells
        ]
        if 2 * sum(known) > len(rows):
            return {"qualification": position}
    return {}


def _best_energies(header: Header, rows: Sequence[Cells]) -> list[Heading]:
    """Return the columns of energy of equal standing; one, where one is the best.

    A column in another unit beside the same in kWh is no other energy, nor is one
    without a unit whose cells are words.
    """
    named = header.named("energy")
    # "Dont gaz cuisson (kWh)" is no better than "Consommation (kWh)".
    is_own = named[0].rank is Rank.GRDF
    equal = [each for each in named if not is_own or each.rank is Rank.GRDF]
    best = [
        each for each in equal if each.unit is not None or _has(each, rows, _is_amount)
    ] or equal
    return [
        each
        for each in best
        if each.unit in {1, None} or not any(_is_in_kwh(other, each) for other in best)
    ]


def _is_in_kwh(other: Heading, heading: Heading) -> bool:
    return other.unit == 1 and _subject(other) == _subject(heading)


def _subject(heading: Heading) -> frozenset[str]:
    """Return the words that say whose a column is: a site, a meter."""
    return heading.words - _MEASURE_WORDS


def _beside(energy: Heading, named: list[Heading], *, several: bool) -> Heading | None:
    """Return the column that belongs to the energy; None where that is not sure."""
    best = [each for each in named if each.rank == named[0].rank]
    if len(best) == 1 and not several:
        return best[0]
    same = [each for each in best if _subject(each) == _subject(energy)]
    return same[0] if len(same) == 1 else None


def _date(header: Header, rows: Sequence[Cells]) -> Heading:
    """Return the column of dates: GRDF's own, else the best whose cells are dates."""
    named = header.named("date")
    if named[0].rank is Rank.GRDF or len(named) == 1:
        return named[0]
    return next((each for each in named if _has(each, rows, _is_date)), named[0])


def has_rival_dates(header: Header, rows: Sequence[Cells]) -> bool:
    """Return whether another column of equal standing has other dates in some row."""
    chosen = _date(header, rows)
    rivals = [
        each
        for each in header.named("date")
        if each.rank is chosen.rank
        and each is not chosen
        and _has(each, rows, _is_date)
    ]
    return any(
        None not in (days := {_day(row, chosen), _day(row, each)}) and len(days) > 1
        for each in rivals
        for row in rows
    )


def _day(row: Cells, heading: Heading) -> date | None:
    try:
        return read_period(row[heading.position]).first
    except IndexError, CellError:
        return None


def _has(
    heading: Heading, rows: Sequence[Cells], reads: Callable[[object], bool]
) -> bool:
    """Return whether most cells of a column are read."""
    cells = _column(heading, rows)
    return 2 * sum(map(reads, cells)) > len(cells)


def _column(heading: Heading, rows: Sequence[Cells]) -> list[object]:
    position = heading.position
    cells = (row[position] for row in rows if position < len(row))
    return [cell for cell in cells if not is_blank(cell)]


def _is_date(cell: object) -> bool:
    try:
        read_period(cell)
    except CellError:
        return False
    return True


def _is_amount(cell: object) -> bool:
    """Return whether a cell is a number, with its unit or not, and no word."""
    return not isinstance(cell, str) or any(map(str.isdigit, cell[:MAX_CELL]))


def _option(heading: Heading, rows: Sequence[Cells]) -> Option:
    cells = _column(heading, rows)[:_SAMPLE]
    return Option(
        value=str(heading.position + 1),
        label=heading.label,
        sample="; ".join(str(cell)[:_SAMPLE_LENGTH] for cell in cells),
    )
