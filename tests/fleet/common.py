"""Fleet tables for the tests."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import pytest

from custom_components.grdf_adict.fleet.errors import FleetFileError
from custom_components.grdf_adict.fleet.rows import BadRow, FleetRow
from custom_components.grdf_adict.fleet.table import FleetTable, read_fleet
from custom_components.grdf_adict.fleet.words import Action
from tests.exports import workbook_of
from tests.exports.layouts import Cell

PCE: Final = "09999999900001"
OTHER: Final = "09999999900002"
TODAY: Final = date(2026, 11, 24)
HEADER: Final = (
    "N° PCE",
    "Titulaire",
    "Code postal",
    "Courriel",
    "Début du droit",
    "Fin du droit",
    "Données depuis",
)
ROW: Final[tuple[Cell, ...]] = (
    PCE,
    "MME EXEMPLE",
    "98999",
    "sacha@example.com",
    "24/11/2026",
    "24/11/2029",
    "24/11/2023",
)


def book(*rows: Sequence[Cell], header: Sequence[Cell] = HEADER) -> bytes:
    """Return a workbook of one table."""
    return workbook_of(("PCE", [header, *rows]))


def read(
    content: bytes,
    action: Action = Action.DECLARE,
    *,
    zeros: bool = False,
    sheet: str | None = None,
) -> FleetTable:
    return read_fleet(content, action, zeros_confirmed=zeros, sheet=sheet)


def the_row(table: FleetTable) -> FleetRow:
    (row,) = table.rows
    assert not table.bad
    return row


def the_bad(table: FleetTable) -> BadRow:
    (bad,) = table.bad
    return bad


def refusal(content: bytes, action: Action = Action.DECLARE) -> FleetFileError:
    """Return the error that a table is refused with."""
    with pytest.raises(FleetFileError) as caught:
        read(content, action)
    return caught.value
