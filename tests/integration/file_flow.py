"""The flows of exported files, step by step."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from custom_components.grdf_adict.const import DOMAIN

from .right_flow import upload

type Form = dict[str, Any]
type Named = tuple[str, bytes]

NAMED: Final = "export.xlsx"


async def begin(hass: HomeAssistant) -> Form:
    """Open "Add integration", and choose exported files.

    The tests' web server, unlike Home Assistant's own, takes no more views once the
    first upload has met it: the integration brings its own before.
    """
    assert await async_setup_component(hass, DOMAIN, {})
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return dict(await flows.async_configure(menu["flow_id"], {"next_step_id": "files"}))


def defaults(result: Form) -> Form:
    """Return what a form has filled in already."""
    return {
        str(key): key.default()
        for key in result["data_schema"].schema
        if not isinstance(key.default, vol.Undefined)
    }


async def send(hass: HomeAssistant, result: Form, form: Form) -> Form:
    """Send a form of whichever flow it is."""
    flows = (
        hass.config_entries.subentries
        if isinstance(result["handler"], tuple)
        else hass.config_entries.flow
    )
    return dict(await flows.async_configure(result["flow_id"], form))


async def send_files(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    result: Form,
    *files: Named | bytes,
    **more: Any,
) -> Form:
    """Upload files as a browser does, and send the form that names them."""
    form: Form = {}
    for number, file in enumerate(files, start=1):
        name, content = (NAMED, file) if isinstance(file, bytes) else file
        form[f"file_{number}"] = await upload(hass_client, name, content)
    return await send(hass, result, {**form, **more})


async def add_files(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, *files: Named | bytes
) -> ConfigEntry:
    """Add an entry of exported files, and wait until its rows are written."""
    result = await send_files(hass, hass_client, await begin(hass), *files)
    assert result["step_id"] == "file_preview", result
    result = await send(hass, result, {})
    if result.get("step_id") == "energy":
        result = await send(hass, result, {"show": False})
    assert result["type"] == "create_entry", result
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    return entry


def entity_ids(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    """Return the ids of an entry's entities, disabled ones left out."""
    from homeassistant.helpers import entity_registry as er  # noqa: PLC0415

    entities: Iterable[er.RegistryEntry] = er.async_entries_for_config_entry(
        er.async_get(hass), entry.entry_id
    )
    return {entity.entity_id for entity in entities}
