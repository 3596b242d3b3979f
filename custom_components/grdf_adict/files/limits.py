"""How much of a file is read at most: memory and time stay bounded whatever it holds.

A multi-PCE table of a hundred meters over five years of gas days fits; beyond that a
file is to be split.
"""

from typing import Final

MAX_BYTES: Final = 20_000_000
MAX_UNCOMPRESSED: Final = 100_000_000
"""Of all members of a workbook together."""
MAX_MEMBERS: Final = 1_000
MAX_RATIO: Final = 150
"""Uncompressed to compressed, of a workbook of more than `RATIO_FROM` bytes."""
RATIO_FROM: Final = 10_000_000
MAX_TAGS: Final = 16_000_000
"""XML tags of a whole workbook: two an element, or one."""
MAX_ELEMENTS_AT_ONCE: Final = 100_000
"""XML elements that openpyxl holds together: a row's, or a part's that has no rows."""
MAX_TEXTS_AT_ONCE: Final = 1_000_000
"""The same for the table of texts, whose elements it lets go one by one."""
MAX_ROWS: Final = 200_000
"""Rows with a cell that is not blank, of all sheets together."""
MAX_BLANK_ROWS: Final = 1_200_000
"""A sheet that was formatted to its very bottom has a million."""
MAX_COLUMNS: Final = 64
MAX_CELL: Final = 200
"""Characters of a cell that is looked at."""
MAX_AMOUNT: Final = 1e9
"""kWh, m³, whatever: more is not a household's, nor a town's."""
MAX_WORKBOOK_ROWS: Final = 1_048_576
"""Of a sheet that is written, its header included: Excel opens no more."""
