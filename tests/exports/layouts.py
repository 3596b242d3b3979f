"""Workbooks and text tables in the layouts of GRDF's customer space (API notes §9)."""

from collections.abc import Iterable, Mapping, Sequence
import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import groupby
from typing import Final

from openpyxl import Workbook

from .plain import Day

type Cell = str | int | float | date | None
type Row = Sequence[Cell]

_DAILY_HEADER: Final = (
    "Date de relevé",
    "Index de début de période (m3)",
    "Index de fin de période (m3)",
    "Volume consommé (m3)",
    "Energie consommée (kWh)",
    "Coefficient de conversion",
    "Température locale (°C)",
    "Qualification du relevé",
)
_PERIOD_HEADER: Final = (
    "Date de relevé",
    "Volume consommé (m3)",
    "Energie consommée (kWh)",
)
_MONTHS: Final = (
    *("Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août"),
    *("Septembre", "Octobre", "Novembre", "Décembre"),
)


def build_daily(
    days: Iterable[Day], *, pce: str | None, exported_on: date, lost_zero: bool = True
) -> bytes:
    """Return a daily workbook.

    Args:
        days: the rows.
        pce: None leaves the cell empty, as GRDF's own does at times.
        exported_on: the day of the export.
        lost_zero: whether the PCE is a number, as GRDF writes it, or text.
    """
    cell = _pce_cell(pce) if lost_zero else pce
    return _workbook(_daily_rows(days), _DAILY_HEADER, cell, exported_on)


def build_weekly(days: Iterable[Day], *, pce: str | None, exported_on: date) -> bytes:
    """Return a weekly workbook: weeks are cut at New Year, and labelled otherwise."""
    rows = (
        _added_up(f"Du {_french(first)} au {_french(last)}", of_week)
        for first, last, of_week in _weeks(list(days))
    )
    return _workbook(rows, _PERIOD_HEADER, _pce_cell(pce), exported_on)


def build_monthly(days: Iterable[Day], *, pce: str | None, exported_on: date) -> bytes:
    """Return a monthly workbook: the months at the edges hold the days given only."""
    rows = (
        _added_up(f"{_MONTHS[month - 1]} {year} ", list(of_month))
        for (year, month), of_month in groupby(days, key=_month)
    )
    return _workbook(rows, _PERIOD_HEADER, _pce_cell(pce), exported_on)


def build_older_daily(
    days: Iterable[Day], *, pce: str | None, exported_on: date
) -> bytes:
    """Return a workbook of the older layout: text cells, data from row 8."""
    rows: list[Row] = [
        (None, "Données informatives", f"Export du {_french(exported_on)}"),
        (),
        (None, "N° PCE :", pce),
        *([()] * 3),
        (None, *_DAILY_HEADER),
        *((None, *map(_french_text, row)) for row in _daily_rows(days)),
    ]
    return workbook_of(("Consommation informative", rows))


def build_business(meters: Mapping[str, Iterable[Day]]) -> bytes:
    """Return one flat table of several meters, with their PCE as numbers."""
    rows: list[Row] = [
        ("N° PCE", *_DAILY_HEADER),
        *(
            (_pce_cell(pce), *row)
            for pce, days in meters.items()
            for row in _daily_rows(days)
        ),
    ]
    return workbook_of(("Consommations", rows))


def build_text(
    days: Iterable[Day],
    *,
    pce: str | None,
    exported_on: date,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
) -> bytes:
    """Return a text table of gas days, with decimal commas."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Données informatives", f"Export du {_french(exported_on)}"])
    writer.writerow(["N° PCE :", pce or ""])
    writer.writerow(_DAILY_HEADER)
    for row in _daily_rows(days):
        writer.writerow(["" if cell is None else _french_text(cell) for cell in row])
    return text.getvalue().encode(encoding)


def workbook_of(*sheets: tuple[str, Iterable[Row]], streamed: bool = False) -> bytes:
    """Return a workbook with these cells: for what no layout has.

    Its sheets declare how large they are, as GRDF's do; `streamed` ones do not.
    """
    book = Workbook(write_only=streamed)
    for sheet in book.worksheets:
        book.remove(sheet)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _workbook(rows: Iterable[Row], header: Row, pce: Cell, exported_on: date) -> bytes:
    title = "Données informatives et détaillées"
    above: list[Row] = [
        (None, title, None, None, f"Export du {_french(exported_on)}"),
        (),
        (None, None, "Adresse du logement : "),
        (None, None, "N° PCE :", None, pce),
        (None, None, "Libellé du logement :"),
        (),
        (None, "Les consommations dans ce tableau sont fournies à titre indicatif."),
        (),
        (None, *header),
    ]
    # Every sheet has this name, whatever its rows are.
    return workbook_of(
        ("Historique par mois", [*above, *((None, *row) for row in rows)])
    )


def _daily_rows(days: Iterable[Day]) -> Iterable[Row]:
    for day in days:
        yield (
            _french(day.gas_day),
            day.index_start,
            day.index_end,
            day.m3 or 0,
            day.kwh or 0,
            day.coefficient,
            day.temperature,
            day.qualification_text,
        )


def _weeks(days: list[Day]) -> Iterable[tuple[date, date, list[Day]]]:
    """Give each week's label, and its days within one year."""
    if not days:
        return
    exported_from = days[0].gas_day
    for (year, monday), of_week in groupby(days, key=_week):
        sunday = monday + timedelta(days=6)
        first = max(monday, exported_from, date(year, 1, 1))
        yield first, sunday, list(of_week)


def _week(day: Day) -> tuple[int, date]:
    monday = day.gas_day - timedelta(days=day.gas_day.weekday())
    return day.gas_day.year, monday


def _month(day: Day) -> tuple[int, int]:
    return day.gas_day.year, day.gas_day.month


def _added_up(label: str, days: list[Day]) -> Row:
    return label, sum(day.m3 or 0 for day in days), sum(day.kwh or 0 for day in days)


def _pce_cell(pce: str | None) -> Cell:
    """Return a PCE as a spreadsheet keeps it: as a number, without its zero."""
    return int(pce) if pce is not None and pce.isdecimal() else pce


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _french_text(cell: Cell) -> Cell:
    """Return a number as French text: a no-break space, a decimal comma."""
    if cell is None or isinstance(cell, str):
        return cell
    return f"{cell:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
