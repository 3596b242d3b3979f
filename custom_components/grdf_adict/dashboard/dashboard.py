"""Home Assistant's Energy dashboard: its gas sources, and adding to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.recorder.statistics import async_list_statistic_ids
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

from ..const import DOMAIN
from ..helpers.energy import EnergyPreferences, async_energy_preferences

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

    def __init__(self, hass: HomeAssistant, preferences: EnergyPreferences) -> None:
        """Keep what Home Assistant gives to read and change its preferences."""
        self._hass = hass
        self._preferences = preferences

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
            for source in self._preferences.sources
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
        stored = self._preferences.sources
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
        return await self._preferences.async_write(kept, added)

    def async_listen(self, on_change: Callable[[], None]) -> None:
        """Call a function whenever somebody changes the dashboard's preferences."""
        self._preferences.async_listen(on_change)

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
    if (dashboard := await async_energy_dashboard(hass)) is not None:
        dashboard.async_listen(on_change)
        on_change()


async def async_energy_dashboard(hass: HomeAssistant) -> EnergyDashboard | None:
    """Return the Energy dashboard; None where Home Assistant has none of the kind."""
    known = known_dashboard(hass)
    if known is not None:
        return known
    preferences = await async_energy_preferences(hass)
    if preferences is None:
        return None
    return hass.data.setdefault(_DASHBOARD, EnergyDashboard(hass, preferences))


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
