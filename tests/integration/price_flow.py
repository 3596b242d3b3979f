"""The reconfiguration of a meter, step by step."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import SUBENTRY_TYPE_METER

YEARLY = {"subscription": 0, "per": "year"}


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open the prices of an entry's only meter."""
    return await choose(hass, await reconfigure(hass, entry), "price")


async def reconfigure(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str | None = None
) -> dict[str, Any]:
    """Open the reconfiguration of a meter, or of an entry's only one."""
    if subentry_id is None:
        (subentry_id,) = entry.subentries
    return dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, SUBENTRY_TYPE_METER),
            context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id},
        )
    )


async def submit(
    hass: HomeAssistant, result: dict[str, Any], form: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return dict(
        await hass.config_entries.subentries.async_configure(result["flow_id"], form)
    )


async def choose(
    hass: HomeAssistant, result: dict[str, Any], *steps: str
) -> dict[str, Any]:
    """Pick entries of menus, one after the other."""
    for step in steps:
        result = await submit(hass, result, {"next_step_id": step})
    return result


def period(start: str, energy: float, subscription: float = 0) -> dict[str, Any]:
    """Return a period as its form sends it."""
    return {
        "from": start,
        "energy_price": energy,
        "subscription": subscription,
        "per": "year",
    }


async def set_list(
    hass: HomeAssistant, entry: MockConfigEntry, *periods: dict[str, Any]
) -> None:
    """Add periods to the price list of an entry's only meter, and save it."""
    result = await choose(hass, await start(hass, entry), "price_list")
    for each in periods:
        result = await choose(hass, result, "add_period")
        result = await submit(hass, result, each)
    result = await choose(hass, result, "save_list")
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)


async def set_entity(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    entity_id: str,
    *,
    since: str | None = None,
) -> dict[str, Any]:
    """Make an entity tell the price; return the form that says how far it reaches."""
    result = await choose(hass, await start(hass, entry), "price_entity")
    reach = await submit(hass, result, {"entity": entity_id, **YEARLY})
    assert reach["step_id"] == "confirm_entity", reach["errors"]
    result = await submit(hass, reach, {"from": since} if since else {})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    return reach
