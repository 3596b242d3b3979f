"""Meters that the Energy dashboard counts more than once, and keeping one source."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from homeassistant.core import HomeAssistant, callback

from ..helpers.ids import Statistic, statistic_id
from .dashboard import async_energy_dashboard, known_dashboard
from .offer import Showable, cumulative_sensor


class Counted(StrEnum):
    """What counts a meter's gas, the most exact first; the keys of its texts too."""

    ENERGY = "energy"
    VOLUME = "volume"
    SENSOR = "sensor"


@callback
def counted_by(hass: HomeAssistant, meter: Showable) -> list[Counted]:
    """Return what counts a meter's gas in the Energy dashboard: at best, one."""
    dashboard = known_dashboard(hass)
    if dashboard is None:
        return []
    ways = _ways(hass, meter)
    return sorted(
        (ways[source.series] for source in dashboard.sources if source.series in ways),
        key=list(Counted).index,
    )


@callback
def counts_twice(hass: HomeAssistant, meter: Showable) -> bool:
    """Whether the Energy dashboard counts a meter's gas more than once."""
    return len(counted_by(hass, meter)) > 1


async def async_choices(
    hass: HomeAssistant, meters: Iterable[Showable]
) -> list[Counted]:
    """Return what counts the gas of meters, the one to keep first.

    That is a series, which has each gas day on its own day, in the unit of the other
    gas sources: Home Assistant takes them in one kind of unit only.
    """
    dashboard = await async_energy_dashboard(hass)
    shown = list(meters)
    found = {way for meter in shown for way in counted_by(hass, meter)}
    ours = {series for meter in shown for series in _ways(hass, meter)}
    first = Counted.ENERGY
    if dashboard is not None and await dashboard.async_counts_volume(beside=ours):
        first = Counted.VOLUME
    return sorted(found, key=lambda way: (way is not first, list(Counted).index(way)))


async def async_count_once(
    hass: HomeAssistant, meters: Iterable[Showable], choices: Sequence[Counted]
) -> bool:
    """Leave one source of each meter; return whether that worked.

    Args:
        hass: Home Assistant.
        meters: those that are counted more than once.
        choices: what to keep: of each meter, the first that it has.
    """
    dashboard = await async_energy_dashboard(hass)
    if dashboard is None:
        return False
    kept_of: dict[str, str] = {}
    for meter in meters:
        found = set(counted_by(hass, meter))
        series = {way: name for name, way in _ways(hass, meter).items()}
        kept = next(way for way in (*choices, *Counted) if way in found)
        kept_of |= {series[way]: series[kept] for way in found}
    return await dashboard.async_merge(kept_of)


def _ways(hass: HomeAssistant, meter: Showable) -> dict[str, Counted]:
    """Return the ids of all that can count a meter's gas."""
    ways = {
        statistic_id(meter.key, Statistic.ENERGY): Counted.ENERGY,
        statistic_id(meter.key, Statistic.VOLUME): Counted.VOLUME,
    }
    if (sensor := cumulative_sensor(hass, meter)) is not None:
        ways[sensor] = Counted.SENSOR
    return ways
