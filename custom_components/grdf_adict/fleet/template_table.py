"""The table to fill in: its columns, and one example row that is never sent."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any, Final

from .columns import NAMES, Column

_ROWS: Final = 6_000
_WIDTH: Final = 22
_GREY: Final = "808080"

_FLAGS: Final = (
    Column.PUBLISHED,
    Column.INFORMATIVE,
    Column.CONTRACTUAL,
    Column.TECHNICAL,
)
_EXAMPLE: Final[dict[Column, tuple[str, str]]] = {
    Column.PCE: ("EXEMPLE 09999999900001", "EXAMPLE 09999999900001"),
    Column.ACTION: ("Déclarer", "Declare"),
    Column.ROLE: ("Mon client m'autorise", "My customer authorises me"),
    Column.HOLDER_NAME: ("MME CAMILLE EXEMPLE", "MME CAMILLE EXEMPLE"),
    Column.POSTCODE: ("98999", "98999"),
    Column.MAIL: ("camille@example.com", "camille@example.com"),
    Column.MOBILE: ("06 12 34 56 78", "06 12 34 56 78"),
    **dict.fromkeys(_FLAGS, ("Oui", "Yes")),
    Column.TITLE: ("Appartement 12, 1er étage", "Flat 12, 1st floor"),
    Column.BUILDING: ("Résidence des Tilleuls", "Lime Court"),
}
_CHOICES: Final[dict[Column, tuple[str, str]]] = {
    Column.ACTION: (
        "Déclarer,Renouveler,Révoquer,Suivre",
        "Declare,Renew,Revoke,Follow",
    ),
    Column.ROLE: (
        ",".join(
            f"{role}{gas}"
            for gas in ("", " (injection)")
            for role in ("Mon client m'autorise", "Je suis moi-même le titulaire")
        ),
        ",".join(
            f"{role}{gas}"
            for gas in ("", " (injection)")
            for role in ("My customer authorises me", "I am the holder myself")
        ),
    ),
    **dict.fromkeys(_FLAGS, ("Oui,Non", "Yes,No")),
}
_DAYS: Final = frozenset({Column.START, Column.END, Column.DATA_FROM, Column.DATA_TO})


def template(*, french: bool, today: date, as_csv: bool = False) -> bytes:
    """Return the table to fill in, as a workbook or a text table. Blocking.

    Columns where Excel would remove zeros are formatted as text.

    Args:
        french: in French; otherwise in English.
        today: the date in France, for the dates of the example.
        as_csv: as a text table; otherwise as a workbook.
    """
    language = 0 if french else 1
    header = [NAMES[column][language] for column in Column]
    example = [_example(column, language, today) for column in Column]
    if as_csv:
        return _text(header, example, delimiter=";" if french else ",")
    return _workbook(header, example, language)


def _example(column: Column, language: int, today: date) -> str | date | None:
    if column in _DAYS:
        return {
            Column.START: today,
            Column.END: _years_from(today, 3),
            Column.DATA_FROM: _years_from(today, -3),
        }.get(column)
    return _EXAMPLE[column][language] if column in _EXAMPLE else None


def _text(header: list[str], example: list[Any], *, delimiter: str) -> bytes:
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerow(
        f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell or "" for cell in example
    )
    # Excel needs the byte order mark to read the accents.
    return written.getvalue().encode("utf-8-sig")


def _workbook(header: list[str], example: list[Any], language: int) -> bytes:
    # Slow to import, and most installations never need it.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "PCE"
    sheet.append(header)
    sheet.append(example)
    sheet.freeze_panes = "B2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for cell in sheet[2]:
        cell.font = Font(italic=True, color=_GREY)
    for place, column in enumerate(Column, start=1):
        letter = get_column_letter(place)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _WIDTH
        # Empty cells have the format of their column; "@" is text.
        dimension.number_format = "dd/mm/yyyy" if column in _DAYS else "@"
        sheet.cell(2, place).number_format = dimension.number_format
        if column in _CHOICES:
            choice = DataValidation(
                type="list", formula1=f'"{_CHOICES[column][language]}"'
            )
            choice.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(choice)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
