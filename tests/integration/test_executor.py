"""Work in the executor: one after another."""

import asyncio
from threading import Lock
from time import sleep

from homeassistant.core import HomeAssistant
import pytest

from custom_components.grdf_adict.helpers.executor import async_compute


async def test_no_two_meters_compute_side_by_side(hass: HomeAssistant) -> None:
    alone = Lock()

    def work(number: int) -> int:
        assert alone.acquire(blocking=False)
        sleep(0.01)
        alone.release()
        return number

    done = await asyncio.gather(*(async_compute(hass, work, n) for n in range(5)))

    assert done == list(range(5))


async def test_what_fails_or_is_called_off_does_not_stop_what_waits(
    hass: HomeAssistant,
) -> None:
    failing = asyncio.create_task(async_compute(hass, int, "no number"))
    called_off = asyncio.create_task(async_compute(hass, sleep, 0.01))
    waiting = asyncio.create_task(async_compute(hass, int, "7"))
    await asyncio.sleep(0)
    called_off.cancel()

    with pytest.raises(ValueError, match="no number"):
        await failing
    assert await waiting == 7
