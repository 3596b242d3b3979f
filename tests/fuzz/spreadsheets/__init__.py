"""Files with a known truth, and what spreadsheets and people do to them.

Each must be read to the truth, asked about, or refused: anything else is silently
wrong. What is true after each operation is worked out here, apart from the reader.
"""

from .cases import (
    OPERATIONS as OPERATIONS,
    SilentlyWrongError as SilentlyWrongError,
    check as check,
    run as run,
    untouched as untouched,
)
