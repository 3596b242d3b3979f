"""Calling the integration's actions in tests."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN


def device_of(hass: HomeAssistant, entry: MockConfigEntry, pce: str) -> str:
    """Return the id of a meter's device."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{pce.lower()}"), entry.entry_id
    )
    assert device is not None
    return device.id


async def act(
    hass: HomeAssistant, action: str, /, context: Context | None = None, **data: Any
) -> dict[str, Any]:
    """Call an action and return its response."""
    response = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=context, return_response=True
    )
    assert isinstance(response, dict)
    return response
