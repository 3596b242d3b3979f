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
    """Return the result of pure work done in the executor, one job at a time.

    Threads that compute in parallel are no faster, and delay the event loop: ten meters
    imported together held it up ten times longer than one. `work` must not wait for a
    disk or the recorder: the other meters would wait too.
    """
    async with hass.data.setdefault(_ONE_AT_A_TIME, asyncio.Lock()):
        return await hass.async_add_executor_job(work, *args)
