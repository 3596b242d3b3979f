"""The offer to show meters in the Energy dashboard, and its acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..external_statistics.rows import async_register_series
from ..helpers.ids import Statistic, statistic_id
from ..helpers.texts import escaped
from .dashboard import (
    EnergyDashboard,
    GasSource,
    async_energy_dashboard,
    known_dashboard,
)


@dataclass(frozen=True, slots=True)
class Showable:
    """A meter that the Energy dashboard can show; `name` is that of its series."""

    key: str
    name: str
    is_priced: bool = False

    @property
    def cost(self) -> str | None:
        """The id of its statistic of costs; None: it has no price."""
        return statistic_id(self.key, Statistic.COST) if self.is_priced else None


@dataclass(frozen=True, slots=True)
class Offer:
    """Meters to show, all in m³ or all in kWh."""

    meters: tuple[Showable, ...]
    counts_volume: bool

    @property
    def placeholders(self) -> dict[str, str]:
        """What fills the text of the question."""
        unit = "m³" if self.counts_volume else "kWh"
        names = [f"- {escaped(meter.name)} ({unit})" for meter in self.meters]
        return {"series": "\n".join(names), "unit": unit}


async def async_offer(hass: HomeAssistant, meters: Sequence[Showable]) -> Offer | None:
    """Return the offer for those meters that are not shown; None: there is none."""
    dashboard = await async_energy_dashboard(hass)
    if dashboard is None:
        return None
    hidden = tuple(meter for meter in meters if _source(hass, dashboard, meter) is None)
    if not hidden:
        return None
    return Offer(hidden, await dashboard.async_counts_volume())


async def async_accept(hass: HomeAssistant, meters: Sequence[Showable]) -> bool:
    """Show meters, and the cost of those that have a price; return whether it worked.

    A meter that is shown already is not added again; its cost is added if missing.
    """
    dashboard = await async_energy_dashboard(hass)
    if dashboard is None:
        return False
    counts_volume = await dashboard.async_counts_volume()
    for meter in meters:
        async_register_series(
            hass, meter.key, meter.name, volume=counts_volume, cost=meter.is_priced
        )
    unit = Statistic.VOLUME if counts_volume else Statistic.ENERGY
    return await dashboard.async_add(
        [
            GasSource(
                shown.series if shown else statistic_id(meter.key, unit), meter.cost
            )
            for meter in meters
            for shown in [_source(hass, dashboard, meter)]
        ]
    )


@callback
def is_hidden(hass: HomeAssistant, meter: Showable) -> bool:
    """Whether there is an Energy dashboard and it does not show the meter."""
    dashboard = known_dashboard(hass)
    return dashboard is not None and _source(hass, dashboard, meter) is None


@callback
def lacks_cost(hass: HomeAssistant, meter: Showable) -> bool:
    """Whether the Energy dashboard shows a meter with a price, but no cost."""
    dashboard = known_dashboard(hass)
    if dashboard is None or not meter.is_priced:
        return False
    source = _source(hass, dashboard, meter)
    return source is not None and source.cost is None and not source.has_price


@callback
def cumulative_sensor(hass: HomeAssistant, meter: Showable) -> str | None:
    """Return the entity id of a meter's cumulative sensor; None: it has none."""
    return er.async_get(hass).async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{meter.key}_energy"
    )


def _source(
    hass: HomeAssistant, dashboard: EnergyDashboard, meter: Showable
) -> GasSource | None:
    """Return the source that shows a meter: one of its series, or its sensor."""
    units = (Statistic.ENERGY, Statistic.VOLUME)
    sensor = cumulative_sensor(hass, meter)
    ours = {sensor, *(statistic_id(meter.key, unit) for unit in units)}
    return next((source for source in dashboard.sources if source.series in ours), None)
