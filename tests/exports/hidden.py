"""Workbooks with sheets, rows and columns that a spreadsheet program does not show."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Literal

from openpyxl import Workbook, load_workbook


def changed(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """Return a workbook after a change, saved again."""
    book = load_workbook(BytesIO(content))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_hidden(
    content: bytes,
    *,
    rows: Iterable[int] = (),
    columns: str = "",
    sheets: Iterable[str] = (),
    state: Literal["hidden", "veryHidden"] = "hidden",
) -> bytes:
    """Return a workbook with rows and columns of its first sheet, and sheets, hidden.

    `state` is that of the sheets: Excel's menu shows a `veryHidden` one to nobody.
    """

    def hide(book: Workbook) -> None:
        first: Any = book.worksheets[0]
        for row in rows:
            first.row_dimensions[row].hidden = True
        for column in columns:
            first.column_dimensions[column].hidden = True
        for name in sheets:
            book[name].sheet_state = state

    return changed(content, hide)


def with_filter(content: bytes, *rows: int) -> bytes:
    """Return a workbook whose filter does not show some rows of its first sheet."""

    def hide(book: Workbook) -> None:
        first: Any = book.worksheets[0]
        first.auto_filter.ref = first.dimensions
        first.auto_filter.add_filter_column(0, ["x"])
        for row in rows:
            first.row_dimensions[row].hidden = True

    return changed(content, hide)
