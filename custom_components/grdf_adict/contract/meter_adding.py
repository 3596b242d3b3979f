"""Adding meters to a contract without a form of their own."""

from types import MappingProxyType

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.core import HomeAssistant, callback


@callback
def async_add_meter(
    hass: HomeAssistant, entry: ConfigEntry, meter: ConfigSubentryData
) -> None:
    """Add a meter to a contract that has none on its PCE."""
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(meter["data"]),
            subentry_type=meter["subentry_type"],
            title=meter["title"],
            unique_id=meter["unique_id"],
        ),
    )
