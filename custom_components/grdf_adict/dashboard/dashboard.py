"""Home Assistant's Energy dashboard: its gas sources, and adding to them.

This is no public interface of Home Assistant's. All that relies on it is in this
room; where it is missing or has changed, there is no dashboard to offer anything for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.recorder.statistics import async_list_statistic_ids
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter
import voluptuous as vol

from ..const import DOMAIN, LOGGER

if TYPE_CHECKING:
    from homeassistant.components.energy.data import EnergyManager

_ENERGY: Final = "energy"
_GAS: Final = "gas"
_DASHBOARD: HassKey[EnergyDashboard] = HassKey(f"{DOMAIN}_energy_dashboard")


@dataclass(frozen=True, slots=True)
class GasSource:
    """A gas source: the series of what is used, and what tells of its cost."""

    series: str
    cost: str | None = None
    has_price: bool = False


class EnergyDashboard:
    """The gas sources of the Energy dashboard, always read from its preferences."""

    def __init__(
        self,
        hass: HomeAssistant,
        manager: EnergyManager,
        validated: Callable[[list[Any]], list[Any]],
    ) -> None:
        """Keep what Home Assistant gives to read and change its preferences."""
        self._hass = hass
        self._manager = manager
        self._validated = validated

    @property
    def sources(self) -> tuple[GasSource, ...]:
        """The gas sources as they are now."""
        return tuple(
            GasSource(
                source["stat_energy_from"],
                source.get("stat_cost"),
                has_price=source.get("entity_energy_price") is not None
                or source.get("number_energy_price") is not None,
            )
            for source in self._stored()
            if source["type"] == _GAS
        )

    async def async_counts_volume(self) -> bool:
        """Whether the gas sources that are there count m³; kWh where there are none."""
        series = {source.series for source in self.sources}
        if not series:
            return False
        classes = {
            found["statistic_id"]: found.get("unit_class")
            for found in await async_list_statistic_ids(self._hass, series)
        }
        kinds = {classes.get(name) or self._unit_class(name) for name in series}
        return VolumeConverter.UNIT_CLASS in kinds

    async def async_add(self, wanted: Sequence[GasSource]) -> bool:
        """Add sources, or their cost to those there; return whether that went well.

        Nothing else is touched: not another source, and no cost that somebody chose.
        """
        stored = self._stored()
        there = {_series(source) for source in stored}
        costs = {source.series: source.cost for source in wanted if source.cost}
        kept = [_with_cost(source, costs) for source in stored]
        added = [
            {
                "type": _GAS,
                "stat_energy_from": source.series,
                "stat_cost": source.cost,
                "entity_energy_price": None,
                "number_energy_price": None,
            }
            for source in wanted
            if source.series not in there
        ]
        try:
            checked = self._validated([*kept, *added])[len(kept) :]
        except vol.Invalid as err:
            LOGGER.warning("The Energy dashboard takes no other gas source: %s", err)
            return False
        # Read, made and handed over without a pause: no change of others is lost.
        await self._manager.async_update(
            {"energy_sources": [*kept, *checked]}  # type: ignore[typeddict-item]
        )
        return True

    def _stored(self) -> list[Any]:
        data = self._manager.data or self._manager.default_preferences()
        return list(data["energy_sources"])

    def _unit_class(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        unit = state and state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        for converter in (EnergyConverter, VolumeConverter):
            if unit in converter.VALID_UNITS:
                return converter.UNIT_CLASS
        return None


async def async_setup_dashboard(
    hass: HomeAssistant, on_change: Callable[[], None]
) -> None:
    """Get hold of the Energy dashboard, once in a run; `on_change` hears of changes."""
    dashboard = await async_energy_dashboard(hass)
    if dashboard is None:
        return

    async def changed() -> None:
        on_change()

    dashboard._manager.async_listen_updates(changed)  # noqa: SLF001 - of this room
    on_change()


async def async_energy_dashboard(hass: HomeAssistant) -> EnergyDashboard | None:
    """Return the Energy dashboard; None where Home Assistant has none of the kind."""
    if _ENERGY not in hass.config.components:
        return None
    if (dashboard := known_dashboard(hass)) is None:
        try:
            from homeassistant.components.energy.data import (  # noqa: PLC0415
                ENERGY_SOURCE_SCHEMA,
                async_get_manager,
            )

            dashboard = EnergyDashboard(
                hass, await async_get_manager(hass), ENERGY_SOURCE_SCHEMA
            )
            _ = dashboard.sources
        except (ImportError, AttributeError, KeyError, TypeError) as err:
            LOGGER.debug("The Energy dashboard is not the one we know: %r", err)
            return None
        hass.data[_DASHBOARD] = dashboard
    return dashboard


@callback
def known_dashboard(hass: HomeAssistant) -> EnergyDashboard | None:
    """Return the Energy dashboard, once somebody got hold of it."""
    return hass.data.get(_DASHBOARD)


def _series(source: Mapping[str, Any]) -> str | None:
    return source.get("stat_energy_from") if source["type"] == _GAS else None


def _with_cost(
    source: Mapping[str, Any], costs: Mapping[str, str]
) -> Mapping[str, Any]:
    cost = costs.get(_series(source) or "")
    priced = ("stat_cost", "entity_energy_price", "number_energy_price")
    if cost is None or any(source.get(key) is not None for key in priced):
        return source
    return {**source, "stat_cost": cost}
