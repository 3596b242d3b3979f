"""Recording GRDF's answers in tests: the contract's menu, and the file."""

import json
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN

type Form = dict[str, Any]

SENSOR: Final = "sensor.example_grdf_s_answers_recorded_until"
KEPT: Final = {"amounts": "keep", "days": 7}


def file_of(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Return where the answers of an entry lie."""
    return Path(hass.config.cache_path(DOMAIN, f"{entry.entry_id}.txt"))


def lines_of(hass: HomeAssistant, entry: MockConfigEntry) -> list[Form]:
    """Return the answers that were recorded, without the first line."""
    text = file_of(hass, entry).read_text("utf-8")
    return [json.loads(line) for line in text.split("\n")[1:]]


async def submit(hass: HomeAssistant, result: Form, form: Form) -> Form:
    """Send a form of the contract's menu."""
    flows = hass.config_entries.flow
    result = dict(await flows.async_configure(result["flow_id"], form))
    await hass.async_block_till_done()
    return result


async def open_form(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Open the recording in the contract's menu."""
    menu = await entry.start_reconfigure_flow(hass)
    return await submit(hass, dict(menu), {"next_step_id": "recording"})


async def record(
    hass: HomeAssistant, entry: MockConfigEntry, form: Form = KEPT
) -> None:
    """Begin a recording."""
    result = await submit(hass, await open_form(hass, entry), form)
    assert result["reason"] == "recording_started"


async def ask(entry: MockConfigEntry) -> None:
    """Let GRDF give an answer."""
    await entry.runtime_data.account.async_read_rights()
