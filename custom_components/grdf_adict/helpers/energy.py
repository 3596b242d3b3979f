"""The preferences of the Energy dashboard, not a public interface."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant
import voluptuous as vol

from ..const import LOGGER
from .internals import Internal

if TYPE_CHECKING:
    from homeassistant.components.energy.data import EnergyManager


@dataclass(frozen=True, slots=True)
class EnergyPreferences:
    """The sources of the Energy dashboard, always as they are now."""

    _manager: EnergyManager
    _validated: Callable[[list[Any]], list[Any]]

    @property
    def sources(self) -> list[Any]:
        """Every source, as Home Assistant stores it."""
        data = self._manager.data or self._manager.default_preferences()
        return list(data["energy_sources"])

    async def async_write(self, kept: Sequence[Any], added: Sequence[Any]) -> bool:
        """Write the sources kept and those added; False: the latter are refused.

        Those kept were read from `sources` without an await since: no other change is
        lost. Only those added are checked and completed.
        """
        try:
            checked = self._validated([*kept, *added])[len(kept) :]
        except vol.Invalid as err:
            LOGGER.warning("The Energy dashboard takes no other gas source: %s", err)
            return False
        await self._manager.async_update(
            {"energy_sources": [*kept, *checked]}  # type: ignore[typeddict-item]
        )
        return True

    def async_listen(self, on_change: Callable[[], None]) -> None:
        """Call a function whenever the preferences change."""

        async def changed() -> None:
            on_change()

        self._manager.async_listen_updates(changed)


async def async_energy_preferences(hass: HomeAssistant) -> EnergyPreferences | None:
    """Return the preferences; None: they are missing or of unknown form."""
    if "energy" not in hass.config.components:
        return None
    if Internal.ENERGY.missing or Internal.STATISTICS.missing:
        return None
    schema, get_manager = Internal.ENERGY.load()
    try:
        preferences = EnergyPreferences(await get_manager(hass), schema)
        _ = [source["type"] for source in preferences.sources]
    except (AttributeError, KeyError, TypeError) as err:
        LOGGER.warning("The Energy dashboard is not the one we know: %r", err)
        return None
    return preferences
