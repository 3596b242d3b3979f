"""What people do to the sheets of a workbook."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.exported import ExportKind

from . import dates, layouts, table
from .table import Case, Column, Line, Page, Value


def _with(case: Case, page: Page, roll: Random) -> Case:
    """Return the case with one more sheet, before or after the table."""
    before = roll.random() < 0.3
    pages = (page, *case.pages) if before else (*case.pages, page)
    return replace(case, pages=pages)


def _of_one_meter(case: Case) -> bool:
    """Return whether each row shows its meter, or there is one: no titles between."""
    return len(case.meters) == 1 or bool(case.page.label(table.PCE))


def _other_amounts(lines: Iterable[Line], pce: str | None = None) -> tuple[Line, ...]:
    changed: list[Line] = []
    for line in lines:
        kwh = line.cells.get(table.ENERGY)
        other = kwh
        if isinstance(kwh, int | float) and not line.absent:
            other = round(kwh * 1.3) + 1
        changed.append(
            replace(
                line, cells={**line.cells, table.ENERGY: other}, pce=pce or line.pce
            )
        )
    return tuple(changed)


def hidden_sheet(case: Case, roll: Random) -> Case | None:
    """Keep an older version of the table in a hidden sheet."""
    if not case.form.workbook:
        return None
    page = case.page
    other = replace(
        page,
        title="Ancien",
        hidden=True,
        lines=_other_amounts(page.data),
        is_table=False,
    )
    return _with(case, other, roll)


def hidden_sheet_of_other_days(case: Case, roll: Random) -> Case | None:
    """Keep the table of the year after in a hidden sheet."""
    if not case.form.workbook or case.kind is not ExportKind.DAILY:
        return None
    page = case.page
    lines = tuple(
        replace(line, when=dates.a_year_later(line.when))
        for line in page.data
        if line.when
    )
    other = replace(page, title="Ancien", hidden=True, lines=lines, is_table=False)
    return _with(case, other, roll)


def second_year(case: Case, roll: Random) -> Case | None:
    """Keep the year after in a second sheet."""
    page = case.page
    is_daily = case.kind is ExportKind.DAILY
    if not (case.form.workbook and is_daily and _of_one_meter(case)):
        return None
    if case.form.factor != 1:
        return None
    lines = tuple(
        replace(line, when=dates.a_year_later(line.when))
        for line in page.data
        if line.when
    )
    other = replace(page, title="Suite", lines=lines, is_table=False)
    return _with(case, other, roll)


def second_meter(case: Case, roll: Random) -> Case | None:
    """Keep another meter's table in a second sheet, with its PCE above."""
    page = case.page
    if not case.form.workbook or page.label(table.PCE) or not _of_one_meter(case):
        return None
    other = layouts.PCES[1]
    if not any(int(layouts.PCES[0]) in row for row in page.above):
        return None
    if case.form.factor != 1:
        return None
    above = tuple(
        tuple(int(other) if cell == int(layouts.PCES[0]) else cell for cell in row)
        for row in page.above
    )
    second = replace(
        page,
        title="Atelier",
        above=above,
        lines=_other_amounts(page.data, other),
        is_table=False,
    )
    return replace(_with(case, second, roll), name="")


def same_sheet_twice(case: Case, roll: Random) -> Case | None:
    """Duplicate the sheet."""
    if not case.form.workbook:
        return None
    page = case.page
    again = replace(page, title=f"{page.title} (2)", lines=page.lines, is_table=False)
    return _with(case, again, roll)


def pivot_sheet(case: Case, roll: Random) -> Case | None:
    """Add a pivot table of the months."""
    if not case.form.workbook or case.kind is not ExportKind.DAILY:
        return None
    page = case.page
    sums: list[Line] = []
    total = 0.0
    for month, group in groupby(page.data, key=_month):
        kwh = sum(_energy(line) for line in group)
        total += kwh
        sums.append(Line(texts=(month, round(kwh, 2))))
    sums.append(Line(texts=("Total général", round(total, 2))))
    energy = page.label(table.ENERGY)
    labels = roll.choice(
        (("Étiquettes de lignes", f"Somme de {energy}"), ("Mois", energy))
    )
    pivot = Page(
        title="Feuil2",
        columns=(Column(table.DATE, labels[0]), Column(table.ENERGY, labels[1])),
        lines=tuple(sums),
        is_table=False,
    )
    return _with(case, pivot, roll)


def _month(line: Line) -> str:
    first = line.when.first if line.when else None
    return f"{layouts.MONTHS[first.month - 1].lower()} {first.year}" if first else ""


def _energy(line: Line) -> float:
    value = line.cells.get(table.ENERGY)
    return value if isinstance(value, int | float) else 0.0


def sheet_of_notes(case: Case, roll: Random) -> Case | None:
    """Add a sheet of notes."""
    if not case.form.workbook:
        return None
    texts: tuple[tuple[Value, ...], ...] = (
        ("Chaudière remplacée le 03/12/2020",),
        ("Abonnement", 12.5),
    )
    page = Page(
        title="Notes",
        columns=(Column("", "Lisez-moi"),),
        lines=tuple(Line(texts=each) for each in texts),
        is_table=False,
    )
    return _with(case, page, roll)


def summary_of_numbers(case: Case, _roll: Random) -> Case | None:
    """Put the sheet before it that Apple's Numbers adds to each workbook it saves."""
    if not case.form.workbook:
        return None
    names = (*("Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"),)
    summary = Page(
        title="Export Summary",
        above=(("This document was exported from Numbers.",), ()),
        columns=tuple(Column("", name) for name in names),
        lines=(
            Line(texts=("Feuille 1",)),
            Line(texts=(None, "Tableau 1", case.page.title)),
        ),
        is_table=False,
    )
    return replace(case, pages=(summary, *case.pages))


def named_by_its_meter(case: Case, _roll: Random) -> Case | None:
    """Name the sheet by the PCE, and no longer the rows above the table."""
    if not case.form.workbook or len(case.meters) > 1 or case.page.label(table.PCE):
        return None
    (pce,) = case.meters
    page = replace(case.page, title=pce, above=case.page.above[:1])
    # The day of the export may have stood further down.
    return replace(case.with_page(page), edges_known=False)


OPERATIONS: Final = (
    *(hidden_sheet, hidden_sheet_of_other_days, second_year, second_meter),
    *(same_sheet_twice, pivot_sheet, sheet_of_notes, summary_of_numbers),
    named_by_its_meter,
)
