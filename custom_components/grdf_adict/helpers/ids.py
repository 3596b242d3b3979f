"""The ids of meters, of groups of meters and of their statistics."""

from enum import StrEnum
import re
from typing import Final, NamedTuple

from ..const import DOMAIN, GrdfEnvironment

_KEY: Final = r"(?P<key>(?P<first>(?:sandbox_)?(?P<pce>\d{14}|gi\d{6}))(?:_\d+)?)"
_A_METER: Final = re.compile(_KEY)
_OF_A_METER: Final = re.compile(rf"{_KEY}_[a-z][a-z_]*")


class PceKey(NamedTuple):
    """What a meter's key says: the key of its PCE's first series, and the PCE."""

    first: str
    pce: str


class Statistic(StrEnum):
    """The statistics of a meter, or of a group of meters."""

    ENERGY = "energy"
    VOLUME = "volume"
    COST = "cost"
    INJECTION = "injection"


def statistic_id(key: str, statistic: Statistic) -> str:
    """Return the id of one statistic of a meter or a group."""
    return f"{DOMAIN}:{key}_{statistic}"


def meter_key(environment: GrdfEnvironment, pce: str, series: int = 1) -> str:
    """Return a meter's key in statistic, unique and storage ids.

    Those of the sandbox begin with its name, so that test data never mix with real
    data. A later holder's series may be separate: its number ends the key.
    """
    number = f"_{series}" if series > 1 else ""
    if environment is GrdfEnvironment.PRODUCTION:
        return f"{pce.lower()}{number}"
    return f"{environment}_{pce.lower()}{number}"


def series_keys(environment: GrdfEnvironment, pce: str, series: int) -> tuple[str, ...]:
    """Return the keys of all series of a meter, up to the present one."""
    return tuple(meter_key(environment, pce, number) for number in range(1, series + 1))


def group_key(subentry_id: str) -> str:
    """Return the key of a group of meters in statistic and unique ids."""
    return f"group_{subentry_id.lower()}"


def key_of_statistic(statistic_id: str) -> str | None:
    """Return the key of the meter whose statistic this is; None: it is no meter's."""
    source, _, name = statistic_id.partition(":")
    return _key(name) if source == DOMAIN else None


def pce_key(key: str) -> PceKey | None:
    """Return whose key this is, of whichever series; None: it is no meter's key."""
    found = _A_METER.fullmatch(key)
    return PceKey(found["first"], found["pce"].upper()) if found else None


def is_under_key(unique_id: str, key: str) -> bool:
    """Whether a unique id belongs to the meter with this key, and no other series."""
    return _key(unique_id) == key


def _key(name: str) -> str | None:
    found = _OF_A_METER.fullmatch(name)
    return found["key"] if found else None
