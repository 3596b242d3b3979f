"""Home Assistant's Energy dashboard: its gas sources, and adding to them."""

from collections.abc import Collection, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, callback, valid_entity_id
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

from ..const import DOMAIN
from ..helpers.energy import EnergyPreferences, async_energy_preferences
from ..helpers.statistics import async_list_statistic_ids

_GAS: Final = "gas"
_PRICED: Final = ("stat_cost", "entity_energy_price", "number_energy_price")
_DASHBOARD: HassKey[EnergyDashboard] = HassKey(f"{DOMAIN}_energy_dashboard")


@dataclass(frozen=True, slots=True)
class GasSource:
    """A gas source: the statistic of gas used, and that of its cost or a price."""

    series: str
    cost: str | None = None
    has_price: bool = False


@dataclass(frozen=True, slots=True)
class EnergyDashboard:
    """The gas sources of the Energy dashboard, always read from its preferences."""

    _hass: HomeAssistant
    preferences: EnergyPreferences

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
            for source in self.preferences.sources
            if source["type"] == _GAS
        )

    async def async_counts_volume(self, *, beside: Collection[str] = ()) -> bool:
        """Whether the present gas sources count m³; where there are none, False.

        Those of the series `beside` are left out.
        """
        series = {source.series for source in self.sources}.difference(beside)
        if not series:
            return False
        classes = {
            found["statistic_id"]: found.get("unit_class")
            for found in await async_list_statistic_ids(self._hass, series)
        }
        kinds = {classes.get(name) or self._unit_class(name) for name in series}
        return VolumeConverter.UNIT_CLASS in kinds

    async def async_add(self, wanted: Sequence[GasSource]) -> bool:
        """Add sources, or the cost of those there; return whether that worked.

        Nothing else changes: no other source, and no cost or price that is set.
        """
        stored = self.preferences.sources
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
        return await self.preferences.async_write(kept, added)

    async def async_merge(self, kept_of: Mapping[str, str]) -> bool:
        """Leave one source of those that count the same gas; whether that worked.

        What only the ones removed have goes to the one that stays: a name, a flow rate,
        a cost. No other source changes.

        Args:
            kept_of: the series of each source that counts it, and the one that stays.
        """
        merged: list[Mapping[str, Any]] = []
        removed: dict[str, list[Mapping[str, Any]]] = {}
        for source in self.preferences.sources:
            kept = kept_of.get(series := _series(source) or "")
            if kept is None or (series == kept and kept not in map(_series, merged)):
                merged.append(source)
            else:
                removed.setdefault(kept, []).append(source)
        for place, source in enumerate(merged):
            for other in removed.get(_series(source) or "", []):
                merged[place] = _completed(merged[place], other)
        return await self.preferences.async_write(merged, [])

    async def async_remove(self, series: AbstractSet[str]) -> None:
        """Remove the gas sources of series that are erased, and their costs."""
        stored = self.preferences.sources
        kept = [
            {**source, "stat_cost": None}
            if source.get("stat_cost") in series
            else source
            for source in stored
            if _series(source) not in series
        ]
        if kept != stored:
            await self.preferences.async_write(kept, [])

    def _unit_class(self, entity_id: str) -> str | None:
        state = self._hass.states.get(entity_id)
        unit = state and state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        for converter in (EnergyConverter, VolumeConverter):
            if unit in converter.VALID_UNITS:
                return converter.UNIT_CLASS
        return None


async def async_energy_dashboard(hass: HomeAssistant) -> EnergyDashboard | None:
    """Return the Energy dashboard; None: it is missing or of unknown form."""
    if (known := known_dashboard(hass)) is not None:
        return known
    preferences = await async_energy_preferences(hass)
    if preferences is None:
        return None
    return hass.data.setdefault(_DASHBOARD, EnergyDashboard(hass, preferences))


@callback
def known_dashboard(hass: HomeAssistant) -> EnergyDashboard | None:
    """Return the Energy dashboard, once `async_energy_dashboard` has found it."""
    return hass.data.get(_DASHBOARD)


def _series(source: Mapping[str, Any]) -> str | None:
    return source.get("stat_energy_from") if source["type"] == _GAS else None


def _with_cost(
    source: Mapping[str, Any], costs: Mapping[str, str]
) -> Mapping[str, Any]:
    cost = costs.get(_series(source) or "")
    if cost is None or _is_priced(source):
        return source
    return {**source, "stat_cost": cost}


def _is_priced(source: Mapping[str, Any]) -> bool:
    return any(source.get(key) is not None for key in _PRICED)


def _completed(
    source: Mapping[str, Any], removed: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return a gas source with what only the one removed has.

    Beside a series that is no entity's, Home Assistant takes no price, but a cost.
    """
    barred = set(_PRICED if _is_priced(source) else ())
    if not valid_entity_id(source["stat_energy_from"]):
        barred |= {*_PRICED} - {"stat_cost"}
    more = {
        key: value
        for key, value in removed.items()
        if value is not None and source.get(key) is None and key not in barred
    }
    return {**source, **more}
