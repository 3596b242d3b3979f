"""Exports that a spreadsheet has saved: read to the truth, asked about, or refused."""

from collections.abc import Callable
import csv
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO, StringIO
from itertools import groupby
import random
import re
from typing import Final

from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
import pytest

from custom_components.grdf_adict.files import (
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    Question,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports import (
    Day,
    build_business,
    build_daily,
    build_monthly,
    build_older_daily,
    build_weekly,
    workbook_of,
)

from .common import PCE, TODAY

type Grid = list[list[object]]
type Truth = dict[tuple[date, date], float | None]

_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
_DAY: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_MONTH: Final = re.compile(r"([^\W\d]+) (\d{4}) ?")


def _household(first: date, count: int, seed: int) -> list[Day]:
    """Return gas days with amounts that have decimals, and some absent days."""
    roll = random.Random(seed)  # noqa: S311 - a household, not a secret
    scale = roll.choice([3, 30, 150, 1_500])
    index, days = 12_163, []
    for place in range(count):
        volume = roll.randint(0, scale)
        kwh = round(volume * 11.16 + roll.random(), roll.choice([0, 1, 2]))
        is_absent = roll.random() < 0.03
        days.append(
            Day(
                gas_day=first + timedelta(days=place),
                kwh=None if is_absent else kwh,
                m3=None if is_absent else volume,
                index_start=None if is_absent else index,
                index_end=None if is_absent else index + volume,
            )
        )
        index += volume
    return days


def _daily(days: list[Day]) -> Truth:
    return {(d.gas_day, d.gas_day + timedelta(days=1)): d.kwh for d in days}


def _added_up(days: list[Day], key: Callable[[Day], object]) -> Truth:
    periods = [list(of_period) for _, of_period in groupby(days, key)]
    return {
        (of[0].gas_day, of[-1].gas_day + timedelta(days=1)): sum(d.kwh or 0 for d in of)
        for of in periods
    }


def _week(day: Day) -> tuple[int, date]:
    return day.gas_day.year, day.gas_day - timedelta(days=day.gas_day.weekday())


def _exported(layout: str, days: list[Day]) -> tuple[bytes, Truth, ExportKind]:
    said = {"pce": PCE, "exported_on": days[-1].gas_day + timedelta(days=3)}
    if layout == "business":
        return build_business({PCE: days}), _daily(days), ExportKind.DAILY
    if layout == "weekly":
        return build_weekly(days, **said), _added_up(days, _week), ExportKind.WEEKLY  # type: ignore[arg-type]
    if layout == "monthly":
        truth = _added_up(days, lambda day: day.gas_day.replace(day=1))
        return build_monthly(days, **said), truth, ExportKind.MONTHLY  # type: ignore[arg-type]
    build = build_daily if layout == "daily" else build_older_daily
    return build(days, **said), _daily(days), ExportKind.DAILY  # type: ignore[arg-type]


def _french_dates(text: str) -> object:
    """Return what a French spreadsheet makes of a date or a month."""
    if match := _DAY.fullmatch(text):
        return datetime(int(match[3]), int(match[2]), int(match[1]))  # noqa: DTZ001
    if (match := _MONTH.fullmatch(text)) and match[1].casefold() in _MONTHS:
        month = _MONTHS.index(match[1].casefold()) + 1
        return datetime(int(match[2]), month, 1)  # noqa: DTZ001
    return text


def _english_dates(text: str) -> object:
    match = _DAY.fullmatch(text)
    if match is None or int(match[1]) > 12:
        return text
    return datetime(int(match[3]), int(match[1]), int(match[2]))  # noqa: DTZ001


def _rewritten(form: str) -> Callable[[str], object]:
    def rewrite(text: str) -> object:
        cell = _french_dates(text)
        return f"{cell:{form}}" if isinstance(cell, datetime) else cell

    return rewrite


_DATES: Final[dict[str, Callable[[str], object]]] = {
    "as they are": str,
    "French": _french_dates,
    "English": _english_dates,
    "ISO": _rewritten("%Y-%m-%d"),
    "month first": _rewritten("%m/%d/%Y"),
    "French text": _rewritten("%d/%m/%Y"),
    "short": _rewritten("%d/%m/%y"),
    "with a time": _rewritten("%d/%m/%Y 00:00"),
}
_NUMBERS: Final[dict[str, Callable[[float], object]]] = {
    "as they are": lambda n: n,
    "a comma": lambda n: f"{n:.2f}".replace(".", ","),
    "a point": lambda n: f"{n:.2f}",
    "blanks": lambda n: f"{n:,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(
        ".", ","
    ),
    "English groups": lambda n: f"{n:,.2f}",
    "shortest": lambda n: str(n).replace(".", ","),
    "three decimals": lambda n: f"{n:.3f}".replace(".", ","),
    "German groups": lambda n: f"{n:,.2f}".translate(str.maketrans(",.", ".,")),
    "a unit": lambda n: f"{n:.2f}".replace(".", ","),
}


def _grid(content: bytes) -> Grid:
    (sheet,) = load_workbook(BytesIO(content)).worksheets
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _saved(content: bytes, dates: str, numbers: str, *, as_text: bool) -> bytes:
    """Return an export after a spreadsheet has typed its cells and saved it."""
    grid = _grid(content)
    header = next(
        place
        for place, row in enumerate(grid)
        if any("Energie" in str(cell) for cell in row)
    )
    names = [str(cell) for cell in grid[header]]
    for row in grid[header + 1 :]:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and "Date" in names[column]:
                row[column] = _DATES[dates](cell)
            elif isinstance(cell, int | float) and "PCE" not in names[column]:
                row[column] = _NUMBERS[numbers](cell)
    if not as_text:
        return workbook_of(("Feuil1", grid))  # type: ignore[arg-type]
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for row in grid:
        writer.writerow(map(_as_text, row))
    return text.getvalue().encode("cp1252", errors="replace")


def _as_text(cell: object) -> object:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime) else cell


def _is_true(file: ExportFile, truth: Truth) -> bool:
    (meter,) = file.meters
    read = {(row.first, row.end): row.energy for row in meter.rows}
    return read.keys() == truth.keys() and all(
        energy == pytest.approx(truth[period], abs=0.01)
        for period, energy in read.items()
    )


def _outcome(content: bytes, truth: Truth, kind: ExportKind) -> str:
    """Return what becomes of a file that has the name that GRDF gave it."""
    first, last = min(truth)[0], max(truth)[1] - timedelta(days=1)
    name = f"Donnees_informatives_{first}_{last}.xlsx"
    read = partial(read_export, content, today=TODAY, name=name)
    try:
        file = read()
    except ExportFileError as err:
        return f"refused: {err.problem}"
    except ExportQuestionError:
        try:
            file = read(answers={Question.PERIOD: kind})
        except ExportFileError as err:
            return f"refused: {err.problem}"
        return "asked" if _is_true(file, truth) else "wrong"
    return "read" if _is_true(file, truth) else "wrong"


@settings(max_examples=120, deadline=None)
@given(
    layout=st.sampled_from(["daily", "older", "business", "weekly", "monthly"]),
    first=st.dates(date(2020, 1, 1), date(2024, 12, 31)),
    count=st.sampled_from([1, 2, 3, 9, 12, 31, 45, 100, 370]),
    seed=st.integers(0, 1_000),
    dates=st.sampled_from(list(_DATES)),
    numbers=st.sampled_from(list(_NUMBERS)),
    as_text=st.booleans(),
)
def test_what_a_spreadsheet_saved_is_never_silently_wrong(
    layout: str,
    first: date,
    count: int,
    seed: int,
    dates: str,
    numbers: str,
    as_text: bool,  # noqa: FBT001
) -> None:
    content, truth, kind = _exported(layout, _household(first, count, seed))

    saved = _saved(content, dates, numbers, as_text=as_text)

    assert _outcome(saved, truth, kind) != "wrong"


@pytest.mark.parametrize("layout", ["daily", "older", "business", "weekly", "monthly"])
@pytest.mark.parametrize("dates", ["as they are", "French", "ISO", "French text"])
@pytest.mark.parametrize("numbers", ["as they are", "blanks"])
def test_what_a_french_spreadsheet_saved_is_read(
    layout: str, dates: str, numbers: str
) -> None:
    days = _household(date(2020, 11, 24), 100, seed=4)
    content, truth, kind = _exported(layout, days)

    saved = _saved(content, dates, numbers, as_text=False)

    assert _outcome(saved, truth, kind) == "read"
