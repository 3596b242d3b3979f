"""How spreadsheets write cells and files: dates, numbers, units, code pages."""

from dataclasses import replace
from random import Random
from typing import Final

from custom_components.grdf_adict.metering.exported import ExportKind

from . import dates, table
from .table import Case, Column

_SPACES: Final = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")
# Saved again by a spreadsheet that took texts for dates.
_BY_SPREADSHEETS: Final = {
    ExportKind.DAILY: ("typed dates", "swapped by Excel", "serial numbers"),
    ExportKind.WEEKLY: ("typed Mondays",),
    ExportKind.MONTHLY: ("typed dates", "as Excel shows it", "the 1st as text"),
}
_BY_AMERICANS: Final = {
    ExportKind.DAILY: ("mm/dd", "m/d", "m/d with two digits", "swapped by Excel"),
    ExportKind.WEEKLY: ("mm/dd",),
    ExportKind.MONTHLY: ("the 1st, mm/dd", "English", "English, short"),
}


def _dated(case: Case, style: str) -> Case:
    form = replace(case.form, dates=style)
    # Only GRDF's own labels say with which day a week ends.
    weeks = case.kind is ExportKind.WEEKLY and style not in ("mm/dd", "two-digit years")
    return replace(case, form=form, edges_known=case.edges_known and not weeks)


def dates_written_otherwise(case: Case, roll: Random) -> Case | None:
    """Write the dates in any other way."""
    return _dated(case, roll.choice(dates.STYLES[case.kind][1:]))


def dates_by_a_spreadsheet(case: Case, roll: Random) -> Case | None:
    """Save the file again where texts became dates."""
    return _dated(case, roll.choice(_BY_SPREADSHEETS[case.kind]))


def dates_by_americans(case: Case, roll: Random) -> Case | None:
    """Save the file again where the month stands first."""
    return _dated(case, roll.choice(_BY_AMERICANS[case.kind]))


def dates_since_1904(case: Case, _roll: Random) -> Case | None:
    """Save typed dates in a workbook that counts them from 1904."""
    if not case.form.workbook or case.kind is not ExportKind.DAILY:
        return None
    case = _dated(case, "typed dates")
    return replace(case, form=replace(case.form, since_1904=True))


def english_numbers(case: Case, roll: Random) -> Case | None:
    """Write decimal points, and perhaps commas between thousands."""
    form = replace(
        case.form, typed=False, decimal=".", thousands=roll.choice(("", ",", ","))
    )
    return replace(case, form=form)


def french_numbers(case: Case, roll: Random) -> Case | None:
    """Write decimal commas, and blanks between thousands."""
    form = replace(
        case.form, typed=False, decimal=",", thousands=roll.choice(("", *_SPACES))
    )
    return replace(case, form=form)


def german_numbers(case: Case, _roll: Random) -> Case | None:
    """Write decimal commas, and points between thousands."""
    form = replace(case.form, typed=False, decimal=",", thousands=".")
    return replace(case, form=form)


def swiss_numbers(case: Case, roll: Random) -> Case | None:
    """Write decimal points, and apostrophes between thousands."""
    sign = roll.choice(("'", "\N{RIGHT SINGLE QUOTATION MARK}"))
    form = replace(case.form, typed=False, decimal=".", thousands=sign)
    return replace(case, form=form)


def rounded(case: Case, roll: Random) -> Case | None:
    """Show so many decimals of energy and volume, and keep only these."""
    if case.form.factor != 1:
        return None
    return replace(case, form=replace(case.form, places=roll.choice((0, 0, 1, 2, 3))))


def unit_in_cells(case: Case, roll: Random) -> Case | None:
    """Write the unit after each amount."""
    unit = "kWh" if case.form.factor == 1 else _unit(case.form.factor)
    space = roll.choice(("", " ", "\N{NO-BREAK SPACE}"))
    return replace(case, form=replace(case.form, unit=f"{space}{unit}"))


def _unit(factor: float) -> str:
    return "MWh" if factor < 1 else "Wh"


def in_another_unit(case: Case, roll: Random) -> Case | None:
    """Convert the energies to MWh or Wh, and say so in the header, or only there."""
    if case.doubtful:
        # "Wh" alone beside GRDF's own header of another column is none of two sites.
        return None
    factor, places = roll.choice(((0.001, 3), (0.001, 6), (1000.0, 0)))
    unit = _unit(factor)
    label = roll.choice((f"Energie consommée ({unit})", f"Consommation ({unit})", unit))
    columns = tuple(
        Column(c.role, label, c.hidden) if c.role == table.ENERGY else c
        for c in case.page.columns
    )
    # What is shown of the volume is rounded alike.
    form = replace(case.form, factor=factor, places=max(places, 2), unit="")
    return replace(case.with_page(replace(case.page, columns=columns)), form=form)


def unit_in_cells_alone(case: Case, _roll: Random) -> Case | None:
    """Convert the energies to MWh, and write the unit in the cells alone."""
    columns = tuple(
        Column(c.role, "Energie consommée", c.hidden) if c.role == table.ENERGY else c
        for c in case.page.columns
    )
    form = replace(case.form, factor=0.001, places=3, unit=" MWh")
    return replace(case.with_page(replace(case.page, columns=columns)), form=form)


def other_code_page(case: Case, roll: Random) -> Case | None:
    """Save a text table in what a program takes for plain text."""
    encoding = roll.choice(
        (
            *("cp1252", "cp850", "mac_roman", "iso8859_15", "utf-8"),
            *("utf-16", "utf-16-le", "utf-16-be", "cp437"),
        )
    )
    return replace(case, form=replace(case.form, workbook=False, encoding=encoding))


def other_delimiter(case: Case, roll: Random) -> Case | None:
    """Save a text table with other delimiters."""
    form = replace(case.form, workbook=False, delimiter=roll.choice(",\t|"))
    return replace(case, form=form)


def sep_line(case: Case, roll: Random) -> Case | None:
    """Save a text table whose first line names its delimiter to Excel."""
    delimiter = roll.choice((";", ";", ","))
    form = replace(case.form, workbook=False, sep_line=True, delimiter=delimiter)
    return replace(case, form=form)


def commas_unquoted(case: Case, _roll: Random) -> Case | None:
    """Save a text table whose decimal commas are delimiters, too."""
    if any(line.texts for line in case.page.lines):
        # Without its shifted rows, nothing shows that a total of integers is one.
        return None
    form = replace(
        case.form, workbook=False, typed=False, delimiter=",", quoted=False, decimal=","
    )
    return replace(case, form=form)


def as_text_table(case: Case, _roll: Random) -> Case | None:
    """Save a workbook as a text table: of its one sheet."""
    return replace(case, form=replace(case.form, workbook=False))


def meters_merged(case: Case, _roll: Random) -> Case | None:
    """Merge the cells of each meter's PCE."""
    if not case.page.label(table.PCE):
        return None
    return replace(case, form=replace(case.form, merged=True))


def meters_in_scientific_notation(case: Case, _roll: Random) -> Case | None:
    """Save PCE as Excel shows numbers of 13 digits."""
    if not case.page.label(table.PCE):
        return None
    lines = tuple(
        replace(line, cells={**line.cells, table.PCE: _scientific(line.pce)})
        for line in case.page.lines
    )
    return case.with_lines(lines)


def _scientific(pce: str) -> str:
    return f"{int(pce):.5E}".replace(".", ",") if pce.isdecimal() else pce


def transposed(case: Case, _roll: Random) -> Case | None:
    """Turn rows into columns."""
    if case.form.merged or any(c.hidden for c in case.page.columns):
        return None
    lines = tuple(replace(line, hidden=False) for line in case.page.lines)
    form = replace(case.form, transposed=True)
    return replace(case.with_lines(lines), form=form)


def strict_workbook(case: Case, _roll: Random) -> Case | None:
    """Save a workbook as strict OOXML."""
    if not case.form.workbook:
        return None
    return replace(case, form=replace(case.form, strict=True))


def zipped(case: Case, _roll: Random) -> Case | None:
    """Put the file into an archive."""
    return replace(case, form=replace(case.form, zipped=True), name="export.zip")


OPERATIONS: Final = (
    *(dates_written_otherwise, dates_by_a_spreadsheet, dates_by_americans),
    dates_since_1904,
    *(english_numbers, french_numbers, german_numbers, swiss_numbers, rounded),
    *(unit_in_cells, in_another_unit, unit_in_cells_alone),
    *(other_code_page, other_delimiter, sep_line, commas_unquoted, as_text_table),
    *(meters_merged, meters_in_scientific_notation, transposed),
    *(strict_workbook, zipped),
)
