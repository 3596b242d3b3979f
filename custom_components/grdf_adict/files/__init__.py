"""Files that a household exports from its GRDF customer space, as typed values.

Knows workbooks and text tables; no Home Assistant, no HTTP. Layouts and traps: API
notes §9.
"""

from .errors import REFUSALS, ExportFileError, Problem, RowFinding
from .limits import MAX_BYTES
from .reader import ExportFile, read_export, read_export_file

__all__ = [
    "MAX_BYTES",
    "REFUSALS",
    "ExportFile",
    "ExportFileError",
    "Problem",
    "RowFinding",
    "read_export",
    "read_export_file",
]
