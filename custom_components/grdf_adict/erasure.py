"""Erasing a meter for good: its statistics, its ledger, its files."""

import asyncio
from typing import Final

from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from .const import DOMAIN
from .proof_files import async_forget_proofs
from .store import MeterStore

_CLEARED_WITHIN: Final = 600.0


async def async_erase_meter(hass: HomeAssistant, key: str) -> None:
    """Delete everything that is kept of a meter; nothing brings it back.

    The meter must have stopped: what still refreshes it would write it anew. Rows that
    a busy recorder has not deleted on return are deleted when it comes to them.

    Args:
        hass: whose recorder and storage hold it.
        key: the meter's.
    """
    await MeterStore(hass, key).async_remove()
    await async_forget_proofs(hass, key)
    recorder = get_instance(hass)
    known = await recorder.async_add_executor_job(
        lambda: get_metadata(hass, statistic_source=DOMAIN)
    )
    series = [name for name in known if name.startswith(f"{DOMAIN}:{key}_")]
    if not series:
        return
    cleared = asyncio.Event()

    def done() -> None:
        hass.loop.call_soon_threadsafe(cleared.set)

    recorder.async_clear_statistics(series, on_done=done)
    try:
        async with asyncio.timeout(_CLEARED_WITHIN):
            await cleared.wait()
    except TimeoutError:
        return
