"""Home Assistant's executor, for work that holds Python's interpreter lock."""

import asyncio
from collections.abc import Callable
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

_ONE_AT_A_TIME: Final[HassKey[asyncio.Lock]] = HassKey(f"{DOMAIN}_computing")


async def async_compute[*Ts, R](
    hass: HomeAssistant, work: Callable[[*Ts], R], *args: *Ts
) -> R:
    """Return what pure work gives, done in the executor, one work after another.

    Threads that compute side by side are no faster, and each makes the event loop wait
    for its turn: ten meters that were imported together held it up ten times longer
    than one.

    Args:
        hass: whose executor does the work.
        work: computes alone: what waits for a disk or the recorder would hold up the
            other meters for nothing.
        *args: for the work.
    """
    async with hass.data.setdefault(_ONE_AT_A_TIME, asyncio.Lock()):
        return await hass.async_add_executor_job(work, *args)
