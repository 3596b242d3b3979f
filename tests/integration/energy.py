"""The Energy dashboard as a user sets it up."""

from typing import Any

from homeassistant.components.energy.data import async_get_manager
from homeassistant.core import HomeAssistant


async def sources(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return every source of the dashboard, as it is stored."""
    manager = await async_get_manager(hass)
    data = manager.data or manager.default_preferences()
    return [dict(source) for source in data["energy_sources"]]


async def save(hass: HomeAssistant, wanted: list[Any]) -> None:
    """Let the user save these sources."""
    manager = await async_get_manager(hass)
    await manager.async_update({"energy_sources": wanted})  # type: ignore[typeddict-item]


def gas(series: str, **more: object) -> dict[str, Any]:
    """Return a gas source, without a cost."""
    return {
        "type": "gas",
        "stat_energy_from": series,
        "stat_cost": None,
        "entity_energy_price": None,
        "number_energy_price": None,
        **more,
    }
