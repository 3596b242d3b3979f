"""The names by which Home Assistant knows a meter."""

import re
from typing import Final

from ..const import DOMAIN, GrdfEnvironment

_OF_A_METER: Final = re.compile(
    r"(?P<key>(?:sandbox_)?(?:\d{14}|gi\d{6})(?:_\d+)?)_[a-z][a-z_]*"
)


def meter_key(environment: GrdfEnvironment, pce: str, series: int = 1) -> str:
    """Return a meter's key in statistic, unique and storage ids.

    The sandbox puts its name in front, so that play never mixes with truth. What a new
    holder of the PCE uses may be a series of its own, with its number behind.
    """
    number = f"_{series}" if series > 1 else ""
    if environment is GrdfEnvironment.PRODUCTION:
        return f"{pce.lower()}{number}"
    return f"{environment}_{pce.lower()}{number}"


def series_keys(environment: GrdfEnvironment, pce: str, series: int) -> tuple[str, ...]:
    """Return the keys of all series of a meter, up to the present one."""
    return tuple(meter_key(environment, pce, number) for number in range(1, series + 1))


def key_of_statistic(statistic_id: str) -> str | None:
    """Return the key of the meter whose series this is; None: it is no meter's."""
    source, _, name = statistic_id.partition(":")
    found = _OF_A_METER.fullmatch(name) if source == DOMAIN else None
    return found["key"] if found else None


def is_under_key(name: str, key: str) -> bool:
    """Whether an id belongs to the meter with this key, and to no other series."""
    found = _OF_A_METER.fullmatch(name)
    return found is not None and found["key"] == key


def energy_statistic_id(key: str) -> str:
    """Return the id of a meter's energy series, in kWh PCS."""
    return f"{DOMAIN}:{key}_energy"


def cost_statistic_id(key: str) -> str:
    """Return the id of a meter's cost series, in Home Assistant's currency."""
    return f"{DOMAIN}:{key}_cost"


def group_key(subentry_id: str) -> str:
    """Return the key of a group of meters in statistic and unique ids."""
    return f"group_{subentry_id.lower()}"


def group_statistic_ids(key: str) -> set[str]:
    """Return the ids of a group's series."""
    return {
        energy_statistic_id(key),
        volume_statistic_id(key),
        cost_statistic_id(key),
    }


def injection_statistic_id(key: str) -> str:
    """Return the id of a meter's series of injected gas, in kWh PCS."""
    return f"{DOMAIN}:{key}_injection"


def volume_statistic_id(key: str) -> str:
    """Return the id of a meter's volume series, in m³."""
    return f"{DOMAIN}:{key}_volume"
