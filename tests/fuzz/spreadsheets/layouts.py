"""Files as GRDF exports them, with invented amounts, before anybody touches them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports.plain import Day
from tests.exports.truth import period_of

from . import table
from .table import Case, Column, Form, Line, Page, Value, When

PCES: Final = ("09999999900617", "09999999930215", "GI999055")
MONTHS: Final = (
    *("Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août"),
    *("Septembre", "Octobre", "Novembre", "Décembre"),
)
_DAILY: Final = (
    Column(table.DATE, "Date de relevé"),
    Column(table.INDEX_START, "Index de début de période (m3)"),
    Column(table.INDEX_END, "Index de fin de période (m3)"),
    Column(table.VOLUME, "Volume consommé (m3)"),
    Column(table.ENERGY, "Energie consommée (kWh)"),
    Column(table.COEFFICIENT, "Coefficient de conversion"),
    Column(table.TEMPERATURE, "Température locale (°C)"),
    Column(table.QUALIFICATION, "Qualification du relevé"),
)
_PERIODS: Final = (
    Column(table.DATE, "Date de relevé"),
    Column(table.VOLUME, "Volume consommé (m3)"),
    Column(table.ENERGY, "Energie consommée (kWh)"),
)
_METER: Final = Column(table.PCE, "N° PCE")
_SHEET: Final = "Historique par mois"


def invented(roll: Random, count: int, first: date) -> list[Day]:
    """Return gas days of a household, of one away in summer, or of a large boiler."""
    scale, places = roll.choice(((1.0, 0), (1.0, 0), (0.15, 0), (40.0, 0), (9.0, 2)))
    coefficient = round(roll.uniform(10.4, 11.6), 2)
    with_coefficient = roll.random() < 0.5
    with_temperature = roll.random() < 0.3
    with_index = roll.random() < 0.85
    absent = {roll.randrange(count) for _ in range(roll.choice((0, 0, 1, 3)))}
    index = exact = float(roll.randint(0, 60_000))
    days: list[Day] = []
    for number in range(count):
        gas_day = first + timedelta(days=number)
        cold = max(0.0, abs(gas_day.timetuple().tm_yday - 200) / 180 - 0.25)
        m3 = scale * (roll.uniform(0, 0.4) + 12 * cold * roll.uniform(0.6, 1.3))
        if roll.random() < 0.03:
            m3 = 0.0
        exact += m3
        end = float(round(exact, places))
        gone = number in absent
        days.append(
            Day(
                gas_day=gas_day,
                kwh=None if gone else _plain(round(m3 * coefficient, places)),
                m3=None if gone else _plain(round(m3, places)),
                index_start=None if gone or not with_index else _plain(index),
                index_end=None if gone or not with_index else _plain(end),
                coefficient=coefficient if with_coefficient and not gone else None,
                temperature=round(20 - 20 * cold - roll.random() * 4, 1)
                if with_temperature
                else None,
                qualification="Mesuré" if roll.random() < 0.9 else "Estimé",
            )
        )
        index = end
    return days


def _plain(number: float) -> float:
    return int(number) if number == int(number) else round(number, 2)


def _first_day(roll: Random) -> date:
    return date(2019, 1, 1) + timedelta(days=roll.randrange(5 * 365))


def _daily_page(days: list[Day], pce: str) -> Page:
    return Page(
        title=_SHEET,
        above=_above(pce, days[-1].gas_day + timedelta(days=3)),
        columns=_DAILY,
        lines=tuple(_daily_line(day, pce) for day in days),
        left=1,
    )


def _daily_line(day: Day, pce: str) -> Line:
    cells: dict[str, Value] = {
        table.PCE: _as_number(pce),
        table.INDEX_START: day.index_start,
        table.INDEX_END: day.index_end,
        table.VOLUME: day.m3 or 0,
        table.ENERGY: day.kwh or 0,
        table.COEFFICIENT: day.coefficient,
        table.TEMPERATURE: day.temperature,
        table.QUALIFICATION: day.qualification_text,
    }
    return Line(
        when=When(day.gas_day, day.gas_day),
        pce=pce,
        cells=cells,
        absent=day.kwh is None,
    )


def _above(pce: str, exported_on: date) -> tuple[tuple[Value, ...], ...]:
    return (
        (
            "Données informatives et détaillées",
            None,
            None,
            f"Export du {_fr(exported_on)}",
        ),
        (),
        (None, "Adresse du logement : "),
        (None, "N° PCE :", None, _as_number(pce)),
        (None, "Libellé du logement :"),
        (),
        ("Les consommations dans ce tableau sont fournies à titre indicatif.",),
        (),
    )


def _fr(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _as_number(pce: str) -> Value:
    return int(pce) if pce.isdecimal() else pce


def daily(roll: Random) -> Case:
    """Return a daily export."""
    first = _first_day(roll)
    days = invented(roll, roll.randint(20, 70), first)
    page = _daily_page(days, PCES[0])
    name = f"Donnees_informatives_{PCES[0]}.xlsx" if roll.random() < 0.3 else ""
    return Case(kind=ExportKind.DAILY, pages=(page,), form=Form(), name=name)


def older(roll: Random) -> Case:
    """Return a daily export of the older layout: its cells are texts."""
    case = daily(roll)
    page = replace(
        case.page, title="Consommation informative", above=case.page.above[2:]
    )
    return replace(
        case,
        pages=(page,),
        form=Form(typed=False, places=2, thousands="\N{NO-BREAK SPACE}"),
    )


def text(roll: Random) -> Case:
    """Return a daily export as a text table."""
    case = daily(roll)
    page = replace(case.page, left=0, above=case.page.above[:1] + case.page.above[3:4])
    places = roll.choice((None, 2))
    return replace(
        case, pages=(page,), form=Form(workbook=False, places=places), name=""
    )


def business(roll: Random) -> Case:
    """Return a flat table of some meters."""
    first = _first_day(roll)
    lines: list[Line] = []
    # The indexes of a month's reading stand on each of its days.
    repeated = roll.random() < 0.3
    for pce in roll.sample(PCES, roll.randint(1, 3)):
        days = invented(roll, roll.randint(12, 25), first)
        if repeated:
            start, end = days[0].index_start, days[-1].index_end
            days = [replace(day, index_start=start, index_end=end) for day in days]
        lines += (_daily_line(day, pce) for day in days)
    page = Page(title="Consommations", columns=(_METER, *_DAILY), lines=tuple(lines))
    workbook = roll.random() < 0.5
    return Case(kind=ExportKind.DAILY, pages=(page,), form=Form(workbook=workbook))


def weekly(roll: Random) -> Case:
    """Return a year of weeks."""
    return _periods(roll, ExportKind.WEEKLY)


def monthly(roll: Random) -> Case:
    """Return a year of months."""
    return _periods(roll, ExportKind.MONTHLY)


def _periods(roll: Random, kind: ExportKind) -> Case:
    first = date(2020, 1, 1) + timedelta(days=roll.randrange(4 * 365))
    exported_on = first.replace(year=first.year + 1, day=min(first.day, 28))
    first = exported_on.replace(year=exported_on.year - 1)
    days = invented(roll, (exported_on - first).days - 2, first)
    page = Page(
        title=_SHEET,
        above=_above(PCES[0], exported_on),
        columns=_PERIODS,
        lines=tuple(_period_lines(days, kind)),
        left=1,
    )
    form = Form(workbook=roll.random() < 0.6)
    return Case(kind=kind, pages=(page,), form=form)


def _period_lines(days: list[Day], kind: ExportKind) -> Iterator[Line]:
    def key(day: Day) -> tuple[int, date]:
        return day.gas_day.year, period_of(kind, day.gas_day)[0]

    for _, group in groupby(days, key=key):
        some = list(group)
        first, last = some[0].gas_day, some[-1].gas_day
        kwh = _plain(round(sum(day.kwh or 0 for day in some), 2))
        m3 = _plain(round(sum(day.m3 or 0 for day in some), 2))
        yield Line(
            # GRDF's label of a week names its Sunday, in the next year, too.
            when=When(first, period_of(kind, last)[1]),
            last=last,
            pce=PCES[0],
            cells={table.VOLUME: m3, table.ENERGY: kwh},
        )


LAYOUTS: Final[dict[str, Callable[[Random], Case]]] = {
    "daily": daily,
    "older": older,
    "text": text,
    "business": business,
    "weekly": weekly,
    "monthly": monthly,
}
