"""Text tables as spreadsheets save them: code pages, delimiters, numbers."""

from collections.abc import Iterable
import csv
from datetime import date, datetime
from io import StringIO
from typing import Final

from .plain import Day
from .spreadsheet import Written, daily_rows

# What Excel and LibreOffice save in France: Windows, MS-DOS, Macintosh, Latin-9,
# "Unicode text", and UTF-8 with and without its mark.
ENCODINGS: Final = (
    *("cp1252", "cp850", "mac_roman", "iso8859_15", "utf-16", "utf-8", "utf-8-sig"),
)


def text_table(
    rows: Iterable[Iterable[Written]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    decimal: str = ",",
    thousands: str = "",
    sep_line: bool = False,
) -> bytes:
    """Return rows as a text table; `sep_line` names the delimiter to Excel.

    What a code page has not becomes "?", as Excel has it.
    """
    out = StringIO(newline="")
    if sep_line:
        out.write(f"sep={delimiter}\r\n")
    csv.writer(out, delimiter=delimiter).writerows(
        [_shown(cell, decimal, thousands) for cell in row] for row in rows
    )
    return out.getvalue().encode(encoding, errors="replace")


def daily_text(days: Iterable[Day], **form: str) -> bytes:
    """Return a small daily table as text."""
    return text_table(daily_rows(days), **form)  # type: ignore[arg-type]


def _shown(cell: Written, decimal: str, thousands: str) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case str():
            return cell
        case _:
            whole, _, fraction = f"{cell:,.6f}".rstrip("0").rstrip(".").partition(".")
            grouped = whole.replace(",", thousands)
            return f"{grouped}{decimal}{fraction}" if fraction else grouped
