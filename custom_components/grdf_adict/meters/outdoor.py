"""The outdoor temperature of gas days, from a sensor's long-term statistics."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from homeassistant.components.sensor import (
    ATTR_STATE_CLASS,
    SensorDeviceClass,
    SensorStateClass,
)
from homeassistant.const import ATTR_DEVICE_CLASS, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance

from ..helpers.statistics import statistics_during_period
from ..metering import DayRow, gas_day_start
from ..metering.insight import HourlyTemperature, daily_means

# The usual consumption is that of two years; some more days make both complete.
_READ_BACK: Final = timedelta(days=800)


@callback
def outdoor_problem(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the key of the error of an unusable sensor; None: it can be used."""
    state = hass.states.get(entity_id)
    if state is None:
        return "outdoor_gone"
    if state.attributes.get(ATTR_DEVICE_CLASS) != SensorDeviceClass.TEMPERATURE:
        return "outdoor_no_temperature"
    if state.attributes.get(ATTR_STATE_CLASS) != SensorStateClass.MEASUREMENT:
        return "outdoor_no_statistics"
    return None


async def async_outdoor(
    hass: HomeAssistant, entity_id: str | None, rows: Sequence[DayRow]
) -> dict[date, float] | None:
    """Return the mean outdoor temperature in °C of gas days; None: no sensor or row."""
    if entity_id is None or not rows:
        return None
    first = max(rows[0].gas_day, rows[-1].gas_day - _READ_BACK)
    return await get_instance(hass).async_add_executor_job(
        _means, hass, entity_id, gas_day_start(first)
    )


def _means(hass: HomeAssistant, entity_id: str, start: datetime) -> dict[date, float]:
    rows = statistics_during_period(
        hass,
        start,
        None,
        {entity_id},
        "hour",
        {"temperature": UnitOfTemperature.CELSIUS},
        {"mean", "min", "max"},
    )
    return daily_means(
        HourlyTemperature(
            datetime.fromtimestamp(row["start"], UTC),
            row.get("mean"),
            row.get("min"),
            row.get("max"),
        )
        for row in rows.get(entity_id, [])
    )
