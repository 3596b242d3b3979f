"""A sheet of cells, whatever file it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

type Cells = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet.

    Attributes:
        rows: each with its number in the sheet, from 1; blank ones are left out.
        is_text: whether a delimiter cut its rows, which may go wrong.
    """

    rows: Iterator[tuple[int, Cells]]
    is_text: bool = False
