"""The names by which Home Assistant knows a meter."""

from homeassistant.util.signal_type import SignalType

from .const import DOMAIN, GrdfEnvironment
from .metering.changes import MeterEvent


def meter_key(environment: GrdfEnvironment, pce: str) -> str:
    """Return a meter's key in statistic, unique and storage ids.

    The sandbox puts its name in front, so that play never mixes with truth.
    """
    if environment is GrdfEnvironment.PRODUCTION:
        return pce.lower()
    return f"{environment}_{pce.lower()}"


def energy_statistic_id(key: str) -> str:
    """Return the id of a meter's energy series, in kWh PCS."""
    return f"{DOMAIN}:{key}_energy"


def cost_statistic_id(key: str) -> str:
    """Return the id of a meter's cost series, in Home Assistant's currency."""
    return f"{DOMAIN}:{key}_cost"


def event_signal(key: str) -> SignalType[MeterEvent]:
    """Return the signal that tells of what happened to a meter."""
    return SignalType(f"{DOMAIN}_event_{key}")


def injection_statistic_id(key: str) -> str:
    """Return the id of a meter's series of injected gas, in kWh PCS."""
    return f"{DOMAIN}:{key}_injection"


def volume_statistic_id(key: str) -> str:
    """Return the id of a meter's volume series, in m³."""
    return f"{DOMAIN}:{key}_volume"
