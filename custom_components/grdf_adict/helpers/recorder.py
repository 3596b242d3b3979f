"""Waiting for the recorder: its queue, and the erasure of whole series."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from .internals import Internal

if TYPE_CHECKING:
    from homeassistant.components.recorder.tasks import SynchronizeTask
else:
    (SynchronizeTask,) = Internal.QUEUE.load()

_LONGEST_WAIT: Final = 600.0


class RecorderBusyError(Exception):
    """The recorder did not process its queue in time."""


async def async_recorder_idle(hass: HomeAssistant) -> None:
    """Wait until all that was queued to the recorder so far is in the database.

    Raises:
        RecorderBusyError: that takes longer than ten minutes.
    """
    if Internal.QUEUE.missing:
        # In its turn, it deletes nothing.
        await async_clear_series(hass)
        return
    done: asyncio.Future[None] = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await _async_wait(done)


async def async_clear_series(hass: HomeAssistant, *statistic_ids: str) -> None:
    """Erase series with all their rows; a busy recorder does so later.

    Raises:
        RecorderBusyError: that takes longer than ten minutes.
    """
    done = asyncio.Event()

    def finished() -> None:
        hass.loop.call_soon_threadsafe(done.set)

    get_instance(hass).async_clear_statistics(list(statistic_ids), on_done=finished)
    await _async_wait(done.wait())


async def _async_wait(done: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            await done
    except TimeoutError as err:
        raise RecorderBusyError from err
