"""Files that a household exports from its GRDF customer space, as typed values.

Knows workbooks and text tables; no Home Assistant, no HTTP. Layouts and traps: API
notes §9.
"""

from .cells import CellError, Form, is_blank, pce, pce_in_name, period
from .errors import REFUSALS, ExportFileError, Problem, RowFinding
from .header import words
from .limits import MAX_BYTES, MAX_CELL
from .reader import ExportFile, read_export, read_export_file
from .tables import Cells, Sheet
from .text_table import text_sheet
from .whole_file import ExportRefusedError, WholeFile
from .workbook import is_workbook, workbook_sheets
from .writer import Cell, DecimalSign, TableFormat, table_writer

__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "REFUSALS",
    "Cell",
    "CellError",
    "Cells",
    "DecimalSign",
    "ExportFile",
    "ExportFileError",
    "ExportRefusedError",
    "Form",
    "Problem",
    "RowFinding",
    "Sheet",
    "TableFormat",
    "WholeFile",
    "is_blank",
    "is_workbook",
    "pce",
    "pce_in_name",
    "period",
    "read_export",
    "read_export_file",
    "table_writer",
    "text_sheet",
    "words",
    "workbook_sheets",
]
