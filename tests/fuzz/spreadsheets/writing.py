"""A case as the bytes of a file."""

from collections.abc import Iterator, Sequence
import csv
from datetime import date
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.exports.archives import strict, zipped

from . import dates, table
from .table import Case, Form, Line, Page, Value

_FORMATTED: Final = frozenset({table.ENERGY, table.VOLUME})
# A higher number above a table is a PCE.
_LARGEST: Final = 10**9


def written(case: Case) -> bytes:
    """Return the file."""
    content = _workbook(case) if case.form.workbook else _text(case)
    if case.form.strict and case.form.workbook:
        content = strict(content)
    if case.form.zipped:
        content = zipped(content, "export.xlsx" if case.form.workbook else "export.csv")
    return content


def preview(case: Case) -> str:
    """Return the first rows of each sheet, for whoever looks into a failure."""
    return "\n".join(
        f"[{page.title}{', hidden' if page.hidden else ''}]\n"
        + "\n".join(
            f"{'(hidden) ' if hidden else ''}"
            + " | ".join("" if cell is None else str(cell) for cell in row)
            for row, hidden in list(_rows(case, page))[:24]
        )
        for page in case.pages
    )


def _workbook(case: Case) -> bytes:
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    if case.form.since_1904:
        book.epoch = CALENDAR_MAC_1904
    for page in case.pages:
        sheet = book.create_sheet(page.title)
        for row, hidden in _rows(case, page):
            sheet.append(row)
            if hidden:
                sheet.row_dimensions[sheet._current_row].hidden = True  # noqa: SLF001 - the row appended
        _dress(sheet, page, case.form)
    book.active = case.pages.index(case.page)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _dress(sheet: Worksheet, page: Page, form: Form) -> None:
    if page.hidden:
        sheet.sheet_state = "hidden"
    for number, column in enumerate(page.columns, start=page.left + 1):
        if column.hidden:
            sheet.column_dimensions[get_column_letter(number)].hidden = True
    if form.merged:
        _merge(sheet, page)


def _merge(sheet: Worksheet, page: Page) -> None:
    roles = [column.role for column in page.columns]
    if table.PCE not in roles:
        return
    column = page.left + roles.index(table.PCE) + 1
    start = row = len(page.above) + 2
    lines = page.lines
    for place, line in enumerate(lines):
        follows = place + 1 < len(lines) and _same_block(line, lines[place + 1])
        if not follows:
            if row > start and line.when is not None:
                sheet.merge_cells(None, start, column, row, column)
            start = row + 1
        row += 1


def _same_block(line: Line, after: Line) -> bool:
    both = line.when is not None and after.when is not None
    return both and line.pce == after.pce


def _text(case: Case) -> bytes:
    form = case.form
    out = StringIO(newline="")
    if form.sep_line:
        out.write(f"sep={form.delimiter}\r\n")
    rows = ([_as_text(cell, form) for cell in row] for row, _ in _rows(case, case.page))
    if form.quoted:
        csv.writer(out, delimiter=form.delimiter).writerows(rows)
    else:
        out.writelines(form.delimiter.join(row) + "\r\n" for row in rows)
    return out.getvalue().encode(form.encoding, errors="replace")


def _as_text(cell: Value, form: Form) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return dates.as_text(cell, form.dates)
    if isinstance(cell, int | float):
        return _plain(cell).replace(".", form.decimal)
    return cell


def _rows(case: Case, page: Page) -> Iterator[tuple[list[Value], bool]]:
    """Yield the cells of each row, and whether it is hidden."""
    rows = _upright(case, page)
    if not case.form.transposed:
        yield from rows
        return
    for column in zip_longest(*(cells for cells, _ in rows)):
        yield list(column), False


def _upright(case: Case, page: Page) -> Iterator[tuple[list[Value], bool]]:
    left: list[Value] = [None] * page.left
    for texts in page.above:
        yield [*left, *texts], False
    header = [*left, *(column.label for column in page.columns)]
    yield header, False
    before: Line | None = None
    for line in page.lines:
        if line.is_header:
            yield header, False
        elif line.texts or line.when is None:
            yield [*left, *(_shown_texts(line.texts, case.form))], line.hidden
        else:
            repeated = before is not None and _same_block(before, line)
            cells = [
                _cell(case, page, line, c.role, repeated=repeated) for c in page.columns
            ]
            yield [*left, *cells], line.hidden
        before = line


def _shown_texts(texts: Sequence[Value], form: Form) -> Iterator[Value]:
    for cell in texts:
        if isinstance(cell, int) and cell > _LARGEST:
            yield f"{cell}"
        elif isinstance(cell, int | float) and not (form.workbook and form.typed):
            yield _number(cell, form)
        else:
            yield cell


def _cell(case: Case, page: Page, line: Line, role: str, *, repeated: bool) -> Value:
    form = case.form
    if role == table.DATE and line.when is not None and role not in line.cells:
        return dates.written(case.kind, form.dates, line.when)
    value = line.cells.get(role)
    if role == table.PCE:
        return None if form.merged and repeated else value
    if not isinstance(value, int | float):
        return value
    if role == table.ENERGY and page.is_table:
        value = form.shown_energy(value)
    elif role == table.VOLUME:
        value = form.shown_volume(value)
    if form.workbook and form.typed and not (role == table.ENERGY and form.unit):
        return value
    if role not in table.NUMBERS:
        return _plain(value).replace(".", form.decimal)
    places = form.places if role in _FORMATTED else None
    written = _number(value, form, places)
    return f"{written}{form.unit}" if role == table.ENERGY else written


def _number(value: float, form: Form, places: int | None = None) -> str:
    """Return a number with its separators."""
    plain = _plain(value) if places is None else f"{value:.{places}f}"
    whole, _, fraction = plain.partition(".")
    grouped = f"{int(whole):,}".replace(",", form.thousands)
    if whole.startswith("-") and not grouped.startswith("-"):
        grouped = f"-{grouped}"
    return f"{grouped}{form.decimal}{fraction}" if fraction else grouped


def _plain(value: float) -> str:
    return (
        f"{value:.9f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else f"{value}"
    )
