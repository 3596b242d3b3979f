"""Exports that have been through a spreadsheet or a person's hands.

Each returns a whole file. What Excel, LibreOffice, Numbers and Google Sheets do to a
table is described with each; the amounts are those of the days given.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import groupby, pairwise
from typing import Final

from openpyxl import Workbook

from .layouts import Cell
from .plain import Day

type Written = Cell | date | datetime
type Maker = Callable[[Day], Written]

DATE: Final = "Date de relevé"
VOLUME: Final = "Volume consommé (m3)"
ENERGY: Final = "Energie consommée (kWh)"
QUALIFICATION: Final = "Qualification du relevé"
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)


def french(day: Day) -> Written:
    """Return the date as GRDF writes it."""
    return f"{day.gas_day:%d/%m/%Y}"


def american(day: Day) -> Written:
    """Return the date with its month first."""
    return f"{day.gas_day:%m/%d/%Y}"


def swapped_by_excel(day: Day) -> Written:
    """Return what Excel makes of dd/mm/yyyy where dates are mm/dd/yyyy.

    The first twelve days of a month become dates, their day and month swapped; the
    others are no dates there and stay texts.
    """
    gas_day = day.gas_day
    if gas_day.day > 12:
        return french(day)
    return date(gas_day.year, gas_day.day, gas_day.month)


def two_digit_year(day: Day) -> Written:
    """Return the date as a narrow column shows it."""
    return f"{day.gas_day:%d/%m/%y}"


def energy(day: Day) -> Written:
    """Return the energy, as GRDF writes it: 0 where it is absent."""
    return day.kwh or 0


def volume(day: Day) -> Written:
    """Return the volume likewise."""
    return day.m3 or 0


def rows_of(days: Iterable[Day], columns: Mapping[str, Maker]) -> list[list[Written]]:
    """Return a header and a row a day."""
    return [
        list(columns),
        *([make(day) for make in columns.values()] for day in days),
    ]


def daily_rows(days: Iterable[Day], *, dates: Maker = french) -> list[list[Written]]:
    """Return a small daily table, with dates of some style."""
    return rows_of(
        days,
        {
            DATE: dates,
            VOLUME: volume,
            ENERGY: energy,
            QUALIFICATION: lambda day: day.qualification_text,
        },
    )


def titled(pce: str, exported_on: date) -> list[list[Written]]:
    """Return the rows above GRDF's tables."""
    return [
        [
            "Données informatives et détaillées",
            None,
            f"Export du {exported_on:%d/%m/%Y}",
        ],
        ["N° PCE :", int(pce) if pce.isdecimal() else pce],
        [],
    ]


def book(*sheets: tuple[str, Iterable[Iterable[Written]]]) -> Workbook:
    """Return an open workbook: for what is to be hidden or merged in it."""
    made = Workbook()
    for sheet in made.worksheets:
        made.remove(sheet)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return made


def saved(made: Workbook) -> bytes:
    """Return a workbook's bytes."""
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def one_sheet(rows: Iterable[Iterable[Written]], title: str = "Feuil1") -> bytes:
    """Return a workbook of one sheet."""
    return saved(book((title, rows)))


def monthly_saved_again(
    days: Iterable[Day], *, pce: str, exported_on: date, header: str = DATE
) -> bytes:
    """Return a monthly export in which "Novembre 2020" has become 01/11/2020."""
    rows = [
        [
            date(year, month, 1),
            sum(d.m3 or 0 for d in some),
            sum(d.kwh or 0 for d in some),
        ]
        for (year, month), some in _months(days)
    ]
    return one_sheet(
        [*titled(pce, exported_on), [header, VOLUME, ENERGY], *rows],
        "Historique par mois",
    )


def _months(days: Iterable[Day]) -> list[tuple[tuple[int, int], list[Day]]]:
    def month(day: Day) -> tuple[int, int]:
        return day.gas_day.year, day.gas_day.month

    return [(key, list(group)) for key, group in groupby(days, key=month)]


def repeated_indexes(meters: Mapping[str, list[Day]]) -> bytes:
    """Return a business export: each day of a month has the month's two indexes."""
    rows: list[list[Written]] = [
        [
            "N° PCE",
            DATE,
            "Index de début de période (m3)",
            "Index de fin de période (m3)",
            VOLUME,
            ENERGY,
            QUALIFICATION,
        ]
    ]
    for pce, days in meters.items():
        for _, some in _months(days):
            pair = [some[0].index_start, some[-1].index_end]
            rows += (
                [
                    pce,
                    french(day),
                    *pair,
                    volume(day),
                    energy(day),
                    day.qualification_text,
                ]
                for day in some
            )
    return one_sheet(rows, "Consommations")


def merged_meters(meters: Mapping[str, list[Day]]) -> bytes:
    """Return a flat table whose PCE are merged cells: the first row's has the value."""
    rows: list[list[Written]] = [["N° PCE", DATE, VOLUME, ENERGY]]
    starts = [2]
    for pce, days in meters.items():
        rows += ([pce, french(day), volume(day), energy(day)] for day in days)
        starts.append(len(rows) + 1)
    made = book(("Consommations", rows))
    for start, end in pairwise(starts):
        made.worksheets[0].merge_cells(f"A{start}:A{end - 1}")
    return saved(made)


def first_of_block_only(meters: Mapping[str, list[Day]]) -> bytes:
    """Return such a table after "unmerge": nothing shows that cells were merged."""
    rows: list[list[Written]] = [["N° PCE", DATE, VOLUME, ENERGY]]
    for pce, days in meters.items():
        rows += (
            [pce if day is days[0] else None, french(day), volume(day), energy(day)]
            for day in days
        )
    return one_sheet(rows)


def named_by_meter(days: Iterable[Day], *, pce: str) -> bytes:
    """Return a table whose sheet is named by the PCE, which stands nowhere else."""
    return one_sheet(daily_rows(days), pce)


def megawatt_hours(days: Iterable[Day]) -> bytes:
    """Return a table of MWh."""
    return one_sheet(
        rows_of(
            days,
            {
                DATE: french,
                VOLUME: volume,
                "Energie (MWh)": lambda day: round((day.kwh or 0) / 1000, 6),
            },
        )
    )


def other_column_left(
    days: Iterable[Day], label: str, make: Maker, *, own: str = ENERGY
) -> bytes:
    """Return a table with a column of other amounts on the left of GRDF's."""
    return one_sheet(
        rows_of(days, {DATE: french, label: make, VOLUME: volume, own: energy})
    )


def euros(day: Day) -> Written:
    """Return the cost of a day."""
    return round((day.kwh or 0) * 0.0912 + 0.4, 2)


def two_sites(days: Iterable[Day]) -> bytes:
    """Return a table of two sites' energies."""
    return one_sheet(
        rows_of(
            days,
            {
                "Date": french,
                "Energie site A (kWh)": energy,
                "Energie site B (kWh)": lambda day: (day.kwh or 0) + 3,
            },
        )
    )


def hourly(days: Iterable[Day]) -> bytes:
    """Return 24 rows a day, each with its time; their sum is the day's."""
    rows: list[list[Written]] = [["Date", ENERGY]]
    for day in days:
        midnight = datetime.combine(day.gas_day, time(0))
        rows += (
            [f"{midnight + timedelta(hours=hour):%d/%m/%Y %H:%M}", (day.kwh or 0) / 24]
            for hour in range(24)
        )
    return one_sheet(rows)


def with_subtotals(days: Iterable[Day]) -> bytes:
    """Return a table with Excel's subtotals, and a grand total below."""
    known = list(days)
    header, *_ = daily_rows(known)
    rows: list[list[Written]] = [header]
    for (_, month), some in _months(known):
        rows += daily_rows(some)[1:]
        rows.append([f"Total {_MONTHS[month - 1]}", *_sums(some)])
    return one_sheet([*rows, ["Total général", *_sums(known)]])


def _sums(days: list[Day]) -> list[Written]:
    return [sum(day.m3 or 0 for day in days), sum(day.kwh or 0 for day in days)]


def pivot(days: Iterable[Day]) -> list[list[Written]]:
    """Return the rows of a pivot table of months."""
    known = list(days)
    return [
        ["Étiquettes de lignes", f"Somme de {VOLUME}", f"Somme de {ENERGY}"],
        *(
            [f"{_MONTHS[month - 1]} {year}", *_sums(some)]
            for (year, month), some in _months(known)
        ),
        ["Total général", *_sums(known)],
    ]


def with_pivot(days: Iterable[Day]) -> bytes:
    """Return a daily table and, in a sheet before it, its pivot table."""
    known = list(days)
    return saved(book(("Feuil2", pivot(known)), ("Données", daily_rows(known))))


def with_hidden_sheet(days: Iterable[Day], other: Iterable[Day]) -> bytes:
    """Return a table, and another one in a hidden sheet."""
    made = book(("Ancien", daily_rows(other)), ("Données", daily_rows(days)))
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1
    return saved(made)


def with_hidden_rows(days: Iterable[Day], hidden: Iterable[date]) -> bytes:
    """Return a table in which a filter hides some days."""
    known, away = list(days), set(hidden)
    made = book(("Données", daily_rows(known)))
    sheet = made.worksheets[0]
    sheet.auto_filter.ref = f"A1:D{len(known) + 1}"
    for number, day in enumerate(known, start=2):
        sheet.row_dimensions[number].hidden = day.gas_day in away
    return saved(made)


def in_sheets(*tables: Iterable[Day]) -> bytes:
    """Return a sheet for each table; none names its meter."""
    return saved(
        book(*((f"Feuil{n}", daily_rows(days)) for n, days in enumerate(tables, 1)))
    )
