"""The most gas that a meter can pass, from its technical data."""

from datetime import datetime
from typing import Final

from .gas_day import hours_between

_MOST_KWH_PER_M3: Final = 13.0


def hourly_capacity(
    *,
    flow_rate: float | None,
    normalised_flow_rate: float | None,
    delivery_pressure: float | None,
) -> float | None:
    """Return the most kWh PCS an hour, or None when no flow rate is known.

    Args:
        flow_rate: `code_debit`, m³/h at the delivery pressure.
        normalised_flow_rate: `code_debit_normalise`, m³/h at normal conditions.
        delivery_pressure: bar above the atmosphere.
    """
    if normalised_flow_rate:
        return normalised_flow_rate * _MOST_KWH_PER_M3
    if flow_rate:
        return flow_rate * (1 + (delivery_pressure or 0.0)) * _MOST_KWH_PER_M3
    return None


def most_energy(capacity: float | None, start: datetime, end: datetime) -> float | None:
    """Return the most kWh between two instants at an hourly capacity."""
    return None if capacity is None else capacity * hours_between(start, end)
