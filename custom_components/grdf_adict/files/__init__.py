"""Files that a household exports from its GRDF customer space, as typed values.

Workbooks and text tables; no Home Assistant, no HTTP. Layouts and traps: API notes §9.
"""

from .cells import (
    is_blank as is_blank,
    pce_in_name as pce_in_name,
    read_pce as read_pce,
    read_period as read_period,
)
from .errors import (
    ROW_PROBLEMS as ROW_PROBLEMS,
    CellError as CellError,
    ExportFileError as ExportFileError,
    Problem as Problem,
    RowFinding as RowFinding,
)
from .header_text import header_words as header_words, labels_pce as labels_pce
from .questions import (
    NO_ANSWERS as NO_ANSWERS,
    YES as YES,
    Answers as Answers,
    ExportQuestionError as ExportQuestionError,
    Facts as Facts,
    Option as Option,
    Question as Question,
)
from .reader import ExportFile as ExportFile, read_export as read_export
from .recognition import Evidence as Evidence
from .sheets import read_bytes as read_bytes, read_sheets as read_sheets
from .tables import MAX_CELL as MAX_CELL, Cells as Cells, Sheet as Sheet
from .whole_file import (
    ExportRefusedError as ExportRefusedError,
    WholeFile as WholeFile,
)
from .writer import (
    Cell as Cell,
    DecimalSign as DecimalSign,
    TableFormat as TableFormat,
    table_writer as table_writer,
)
