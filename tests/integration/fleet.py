"""Fleets in tests: invented PCE at the sandbox's, tables, the doors."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from tests.exports import workbook_of
from tests.exports.layouts import Cell
from tests.sandbox import FLAT, Sandbox

from .right_flow import upload

PCES: Final = 300
BAD: Final = 12
HEADER: Final = (
    "N° PCE",
    "Titulaire",
    "Code postal",
    "Courriel",
    "Début du droit",
    "Fin du droit",
    "Données depuis",
)


def pce_of(number: int) -> str:
    """Return an invented PCE."""
    return f"099999998{number:05d}"


def build(sandbox: Sandbox, count: int) -> list[str]:
    """Add meters at GRDF without any right yet."""
    pces = [pce_of(number) for number in range(count)]
    for pce in pces:
        sandbox.meters[pce] = replace(sandbox.meters[FLAT], pce=pce)
    return pces


def row_of(
    sandbox: Sandbox, pce: str, customer: int = 0, /, **others: Cell
) -> tuple[Cell, ...]:
    """Return a row that declares; cells are changed by the names of a declaration."""
    today = sandbox.today
    cells: dict[str, Cell] = {
        "pce": pce,
        "holder_name": f"MME EXEMPLE {customer}",
        "postcode": "98999",
        "mail": f"titulaire-{customer}@example.com",
        "start": french(today),
        "end": french(today + timedelta(days=1_000)),
        "data_from": french(today - timedelta(days=400)),
    }
    return tuple((cells | others).values())


def french(day: date) -> str:
    """Return a date as it is typed in France."""
    return f"{day:%d/%m/%Y}"


def table(rows: Iterable[Sequence[Cell]], header: Sequence[Cell] = HEADER) -> bytes:
    """Return a workbook."""
    return workbook_of(("PCE", [header, *rows]))


def three_hundred(sandbox: Sandbox, pces: list[str]) -> bytes:
    """Return three hundred rows, three a customer, twelve of which are bad."""
    rows = [row_of(sandbox, pce, place // 3) for place, pce in enumerate(pces)]
    spoilt: dict[int, dict[str, Any]] = {
        4: {"pce": "0999999980"},
        29: {"mail": "nobody"},
        58: {"mail": ""},
        77: {"postcode": "9899"},
        101: {"start": "31/02/2026"},
        102: {"end": "01/01/0202"},
        150: {"end": "01/01/2020"},
        180: {"holder_name": ""},
        201: {"data_from": "24/11/2030"},
        222: {"pce": int(pces[222])},
        250: {"pce": None},
        299: {"data_from": None},
    }
    for place, cells in spoilt.items():
        rows[place] = row_of(sandbox, pces[place], place // 3, **cells)
    assert len(spoilt) == BAD
    return table(rows)


async def open_fleet(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open "Many PCE at once"."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id},
    )
    return await configure(hass, dict(result), {"next_step_id": "fleet"})


async def configure(
    hass: HomeAssistant, result: dict[str, Any], form: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def preview(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    content: bytes,
    *,
    action: str = "declare",
    name: str = "parc.xlsx",
) -> dict[str, Any]:
    """Upload a table."""
    result = await open_fleet(hass, entry)
    result = await configure(hass, result, {"next_step_id": "fleet_table"})
    file = await upload(hass_client, name, content)
    return await configure(hass, result, {"file": file, "action": action})
