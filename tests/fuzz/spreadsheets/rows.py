"""What people do to the rows of a table, and what is true of it then."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.exported import ExportKind

from . import dates, layouts, table
from .table import Case, Column, Line, Page, Value

_NOTES: Final[tuple[tuple[Value, ...], ...]] = (
    ("Source : GRDF, espace client",),
    ("* les données estimées sont provisoires",),
    ("Fichier généré le 24/11/2021",),
    ("Page 1/1",),
    ("NB : chaudière en panne du 03/12/2020 au 05/12/2020", None, 2),
)
_TITLES: Final[tuple[tuple[Value, ...], ...]] = (
    ("Consommation de gaz",),
    ("Période", "24/11/2020", "21/11/2021"),
    ("Consommation totale (kWh)", 23181),
    ("Date d'édition :", "02/12/2021"),
)
_NONE: Final = ("", "-", "n.c.", "?", "#N/A", None)


def _ordered(case: Case) -> bool:
    """Return whether rows can be sorted: a table of nothing but data."""
    page = case.page
    if any(table.DATE in line.cells for line in page.lines):
        return False
    one_block = len(case.meters) == 1 or page.label(table.PCE)
    return len(page.data) == len(page.lines) and bool(one_block)


def _energy(line: Line) -> float:
    value = line.cells.get(table.ENERGY)
    return value if isinstance(value, int | float) else 0.0


def _volume(line: Line) -> float:
    value = line.cells.get(table.VOLUME)
    return value if isinstance(value, int | float) else 0.0


def sorted_descending(case: Case, _roll: Random) -> Case | None:
    """Put the newest first."""
    if not _ordered(case):
        return None
    return case.with_lines(tuple(reversed(case.page.lines)))


def sorted_by_amount(case: Case, _roll: Random) -> Case | None:
    """Put the highest amounts first."""
    if not _ordered(case) or case.kind is not ExportKind.DAILY:
        return None
    return case.with_lines(tuple(sorted(case.page.lines, key=_energy, reverse=True)))


def sorted_as_text(case: Case, _roll: Random) -> Case | None:
    """Sort dd/mm/yyyy as texts: all the firsts, then all the seconds."""
    if not _ordered(case) or case.kind is not ExportKind.DAILY:
        return None

    def key(line: Line) -> str:
        return f"{line.when.first:%d/%m/%Y}" if line.when else ""

    return case.with_lines(tuple(sorted(case.page.lines, key=key)))


def first_rows_cut(case: Case, roll: Random) -> Case | None:
    """Leave some of the first rows away."""
    cut = max(1, round(len(case.page.lines) * roll.uniform(0.05, 0.3)))
    return case.with_lines(case.page.lines[cut:])


def last_rows_cut(case: Case, roll: Random) -> Case | None:
    """Leave some of the last rows away."""
    cut = max(1, round(len(case.page.lines) * roll.uniform(0.05, 0.3)))
    return case.with_lines(case.page.lines[:-cut])


def rows_removed(case: Case, roll: Random) -> Case | None:
    """Delete rows here and there."""
    kept = tuple(line for line in case.page.lines if roll.random() > 0.1)
    return case.with_lines(kept) if len(kept) > 5 else None


def rows_repeated(case: Case, roll: Random) -> Case | None:
    """Paste some rows twice."""
    start = roll.randrange(len(case.page.lines) - 3)
    some = case.page.lines[start : start + roll.randint(1, 3)]
    if roll.random() < 0.5:
        return case.with_lines((*case.page.lines, *some))
    lines = case.page.lines
    return case.with_lines((*lines[: start + 1], *some[:1], *lines[start + 1 :]))


def _once(lines: list[Line]) -> list[int]:
    """Return where lines are that stand once.

    Of a row that stands twice, once without an amount, the amount counts.
    """
    whens = [line.when for line in lines]
    return [at for at, when in enumerate(whens) if whens.count(when) == 1]


def amounts_blanked(case: Case, roll: Random) -> Case | None:
    """Replace some amounts by what people write where there is none."""
    word = roll.choice(_NONE)
    lines = list(case.page.lines)
    once = _once(lines)
    for at in roll.sample(once, min(2, len(once))):
        cells = {**lines[at].cells, table.ENERGY: word, table.VOLUME: word}
        lines[at] = replace(lines[at], cells=cells, absent=True)
    return case.with_lines(tuple(lines))


def dates_unreadable(case: Case, roll: Random) -> Case | None:
    """Lose some dates, as in columns that are too narrow to show them."""
    word = roll.choice(("########", "", "?", "#REF!", None))
    lines = list(case.page.lines)
    for at in roll.sample(range(len(lines)), min(2, len(lines))):
        cells = {**lines[at].cells, table.DATE: word}
        lines[at] = replace(lines[at], cells=cells)
    return case.with_lines(tuple(lines))


def absences_reworded(case: Case, roll: Random) -> Case | None:
    """Name absent amounts in other words than GRDF's."""
    if not case.page.label(table.QUALIFICATION):
        return None
    word = roll.choice(("Donnée absente", "Indisponible", "Pas de données", "N/A"))
    lines = list(case.page.lines)
    once = _once(lines)
    if not once:
        return None
    at = roll.choice(once)
    cells = dict(lines[at].cells)
    cells |= {table.ENERGY: 0, table.VOLUME: 0, table.QUALIFICATION: word}
    lines[at] = replace(lines[at], cells=cells, absent=True)
    return case.with_lines(tuple(lines))


def _totals(case: Case, label: Value, lines: list[Line], *, by_date: bool) -> Line:
    """Return a row that adds others up, under the columns that it adds up."""
    texts: list[Value] = []
    for column in case.page.columns:
        if column.role == table.ENERGY:
            energy = sum(map(_energy, lines)) * case.form.factor
            texts.append(round(energy, 2))
        elif column.role == table.VOLUME:
            texts.append(round(sum(map(_volume, lines)), 2))
        else:
            is_label = (column.role == table.DATE) if by_date else not texts
            texts.append(label if is_label else None)
    return Line(texts=tuple(texts))


def grand_total(case: Case, roll: Random) -> Case | None:
    """Add a total below."""
    label = roll.choice(("Total", "TOTAL", "Total général", "Somme", "", "Cumul"))
    total = _totals(case, label, list(case.page.data), by_date=True)
    between = (Line(),) if roll.random() < 0.3 else ()
    return case.with_lines((*case.page.lines, *between, total))


def total_first(case: Case, roll: Random) -> Case | None:
    """Put the total between the header and the first row."""
    label = roll.choice(("Total", "", "Total général"))
    total = _totals(case, label, list(case.page.data), by_date=True)
    return case.with_lines((total, *case.page.lines))


def units_below_header(case: Case, roll: Random) -> Case | None:
    """Write the units below the header, perhaps with energies in MWh."""
    page = case.page
    in_mwh = roll.random() < 0.3
    units: list[Value] = []
    columns: list[Column] = []
    for column in page.columns:
        label, _, rest = column.label.partition(" (")
        unit = rest.rstrip(")")
        is_mwh = in_mwh and column.role == table.ENERGY
        units.append("MWh" if is_mwh else unit or None)
        columns.append(replace(column, label=label))
    lines = (Line(texts=tuple(units)), *page.lines)
    form = replace(case.form, factor=0.001, places=3) if in_mwh else case.form
    page = replace(page, columns=tuple(columns), lines=lines)
    return replace(case.with_page(page), form=form, volume_shown=False)


def total_with_period(case: Case, roll: Random) -> Case | None:
    """Add a total below whose label has dates."""
    data = case.page.data
    days = [line.when.first for line in data if line.when]
    label = roll.choice(
        (
            f"Total du {min(days):%d/%m/%Y} au {max(days):%d/%m/%Y}",
            f"Du {min(days):%d/%m/%Y} au {max(days):%d/%m/%Y}",
            f"Total {max(days).year}",
            f"{max(days).year}",
            f"Année {max(days).year}",
        )
    )
    total = _totals(case, label, list(data), by_date=True)
    return case.with_lines((*case.page.lines, total))


def subtotals(case: Case, roll: Random) -> Case | None:
    """Add a total after each month's rows, or above them, as outlines have it."""
    if not _ordered(case) or case.kind is ExportKind.MONTHLY:
        return None
    style = roll.choice(("Total {}", "Sous-total", "", "Total"))
    first_column = roll.random() < 0.3
    above = roll.random() < 0.2
    lines: list[Line] = []
    for (_, month), group in groupby(case.page.lines, key=_month_and_meter):
        some = list(group)
        label = style.format(layouts.MONTHS[month - 1].lower())
        total = _totals(case, label, some, by_date=not first_column)
        lines += [total, *some] if above else [*some, total]
    return case.with_lines(tuple(lines)) if len(lines) < 150 else None


def subtotals_named_as_months(case: Case, _roll: Random) -> Case | None:
    """Add a row "Novembre 2020" after the days of each month."""
    if not _ordered(case) or case.kind is not ExportKind.DAILY:
        return None
    lines: list[Line] = []
    for (_, month), group in groupby(case.page.lines, key=_month_and_meter):
        some = list(group)
        when = some[0].when
        label = f"{layouts.MONTHS[month - 1]} {when.first.year if when else ''}"
        lines += [*some, _totals(case, label, some, by_date=True)]
    return case.with_lines(tuple(lines)) if len(lines) < 150 else None


def subtotals_on_the_last_day(case: Case, _roll: Random) -> Case | None:
    """Add a row of each month's sum that has the date of its last day."""
    if not _ordered(case) or case.kind is not ExportKind.DAILY or len(case.meters) > 1:
        return None
    lines: list[Line] = []
    for _, group in groupby(case.page.lines, key=_month_and_meter):
        some = list(group)
        when = some[-1].when
        if some[-1].absent:
            # A sum would be the only amount of its day.
            return None
        label = None if when is None else dates.written(case.kind, "french", when)
        lines += [*some, _totals(case, label, some, by_date=True)]
    return case.with_lines(tuple(lines)) if len(lines) < 150 else None


def _month_and_meter(line: Line) -> tuple[str, int]:
    return line.pce, line.when.first.month if line.when else 0


def blank_rows(case: Case, roll: Random) -> Case | None:
    """Put blank rows between."""
    lines: list[Line] = []
    for line in case.page.lines:
        lines += [line, Line()] if roll.random() < 0.1 else [line]
    return case.with_lines(tuple(lines))


def notes_below(case: Case, roll: Random) -> Case | None:
    """Write something below the table."""
    notes = (Line(texts=each) for each in roll.sample(_NOTES, roll.randint(1, 3)))
    return case.with_lines((*case.page.lines, Line(), *notes))


def titles_above(case: Case, roll: Random) -> Case | None:
    """Write something above the table."""
    page = case.page
    titles = roll.sample(_TITLES, roll.randint(1, 3))
    return case.with_page(replace(page, above=(*titles, *page.above)))


def titles_removed(case: Case, _roll: Random) -> Case | None:
    """Delete all that is above the header."""
    if not case.page.above:
        return None
    page = replace(case.page, above=())
    return replace(case.with_page(page), edges_known=False)


def header_repeated(case: Case, roll: Random) -> Case | None:
    """Repeat the header, as printed pages do."""
    lines = case.page.lines
    at = roll.randrange(1, len(lines))
    return case.with_lines((*lines[:at], Line(is_header=True), *lines[at:]))


def pasted_below(case: Case, roll: Random) -> Case | None:
    """Paste the next year's table below, with its own header and perhaps its title."""
    page = case.page
    if len(case.meters) > 1 or not _ordered(case) or case.kind is not ExportKind.DAILY:
        return None
    titled = [Line(texts=row) for row in page.above] if roll.random() < 0.5 else []
    header = [Line(is_header=True)] if titled or roll.random() < 0.7 else []
    later = _later(page)
    if header and roll.random() < 0.5:
        titled.insert(0, Line())
    lines = (*page.lines, *titled, *header, *later)
    return replace(case.with_lines(lines), edges_known=False)


def other_meter_below(case: Case, _roll: Random) -> Case | None:
    """Paste the table of another meter below, with its title."""
    page = case.page
    if not page.above or page.label(table.PCE) or not _ordered(case):
        return None
    other = layouts.PCES[1]
    title = [
        Line(texts=tuple(int(other) if c == int(layouts.PCES[0]) else c for c in row))
        for row in page.above
    ]
    changed = tuple(
        replace(line, pce=other, cells=_scaled(line, 1.5)) for line in page.lines
    )
    lines = (*page.lines, Line(), *title, Line(is_header=True), *changed)
    return replace(case.with_lines(lines), name="")


def _later(page: Page) -> Iterator[Line]:
    for line in page.data:
        if line.when is not None:
            yield replace(line, when=dates.a_year_later(line.when))


def _scaled(line: Line, factor: float) -> dict[str, Value]:
    scaled = dict(line.cells)
    for role in (table.ENERGY, table.VOLUME):
        value = scaled.get(role)
        if isinstance(value, int | float):
            scaled[role] = round(value * factor)
    scaled.pop(table.INDEX_START, None)
    scaled.pop(table.INDEX_END, None)
    return scaled


def _is_dated_sum(line: Line) -> bool:
    """Return whether a sum has a date: it would pass for the amount of a hidden row."""
    return any(isinstance(cell, str) and cell.count("/") == 2 for cell in line.texts)


def rows_hidden(case: Case, roll: Random) -> Case | None:
    """Hide rows, by hand or by a filter."""
    if not case.form.workbook or any(map(_is_dated_sum, case.page.lines)):
        return None
    share = roll.choice((0.05, 0.3, 0.6))
    lines = tuple(
        replace(line, hidden=line.when is not None and roll.random() < share)
        for line in case.page.lines
    )
    seen = sum(line.when is not None and not line.hidden for line in lines)
    return case.with_lines(lines) if seen > 4 else None


OPERATIONS: Final = (
    *(sorted_descending, sorted_by_amount, sorted_as_text),
    *(first_rows_cut, last_rows_cut, rows_removed, rows_repeated),
    *(amounts_blanked, dates_unreadable, absences_reworded),
)
INSERTIONS: Final = (
    *(subtotals, subtotals_named_as_months, subtotals_on_the_last_day),
    *(grand_total, total_first, total_with_period, blank_rows, notes_below),
    *(units_below_header, titles_above),
    *(titles_removed, header_repeated, pasted_below, other_meter_below, rows_hidden),
)
