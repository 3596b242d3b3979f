"""An integration of Home Assistant for the benchmark: it measures from within.

It is put into the configuration of the benchmark's own Home Assistants, never into
anybody else's.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
import gc
from time import CLOCK_PROCESS_CPUTIME_ID, clock_gettime, perf_counter
import tracemalloc
from typing import Any, Final

from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from custom_components.grdf_adict.adict import quota
from custom_components.grdf_adict.const import DOMAIN as GRDF
from custom_components.grdf_adict.external_statistics.rows import async_erase_statistics
from custom_components.grdf_adict.metering.schedule.calls import DataFamily
from custom_components.grdf_adict.meters.coordinator import MeterCoordinator
from custom_components.grdf_adict.storage.meter_file import MeterStore

from .watchdog import Watchdog

DOMAIN: Final = "grdf_bench"
CONFIG_SCHEMA = vol.Schema(
    {DOMAIN: vol.Schema({vol.Optional("pace", default=True): bool})},
    extra=vol.ALLOW_EXTRA,
)
_WHOLE: Final = 100
_A_WHILE_AGO: Final = timedelta(days=2)

_WATCHDOG: HassKey[Watchdog] = HassKey(f"{DOMAIN}_watchdog")
_STARTED: HassKey[float] = HassKey(f"{DOMAIN}_started")


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the commands of the benchmark."""
    if not config[DOMAIN]["pace"]:
        quota.PACE_MARGIN = 0.0
    for command in (_watch, _held, _progress, _refresh, _project, _memory, _start):
        async_register_command(hass, command)

    @callback
    def started(_: HomeAssistant) -> None:
        hass.data[_STARTED] = clock_gettime(CLOCK_PROCESS_CPUTIME_ID)

    async_at_started(hass, started)
    return True


def _meters(hass: HomeAssistant) -> Iterator[MeterCoordinator]:
    for entry in hass.config_entries.async_loaded_entries(GRDF):
        yield from entry.runtime_data.meters.values()


@websocket_command({"type": f"{DOMAIN}/watch"})
@callback
def _watch(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Begin to watch the event loop."""
    hass.data[_WATCHDOG] = Watchdog()
    connection.send_result(msg["id"])


@websocket_command({"type": f"{DOMAIN}/held"})
@callback
def _held(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Stop watching, and tell how long the event loop was held up."""
    held = hass.data.pop(_WATCHDOG).stop()
    connection.send_result(
        msg["id"],
        {
            "lags": held.lags,
            "collecting": held.collecting,
            "busy": held.busy,
            "stack": held.stack,
        },
    )


@websocket_command({"type": f"{DOMAIN}/progress"})
@callback
def _progress(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell how many meters there are, and how many are done with all they do."""
    meters = list(_meters(hass))
    done = [
        meter
        for meter in meters
        if meter.data.progress == _WHOLE and not meter.book._lock.locked()  # noqa: SLF001
    ]
    connection.send_result(msg["id"], {"meters": len(meters), "done": len(done)})


@websocket_command({"type": f"{DOMAIN}/refresh"})
@async_response
async def _refresh(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Let a day pass for each meter, and refresh all; tell the seconds that takes."""
    meters = list(_meters(hass))
    for meter in meters:
        await _let_a_day_pass(hass, meter)
    async with _timed() as taken:
        await _all(meter.async_refresh() for meter in meters)
    connection.send_result(
        msg["id"],
        {**taken, "failed": sum(not meter.last_update_success for meter in meters)},
    )


async def _let_a_day_pass(hass: HomeAssistant, meter: MeterCoordinator) -> None:
    """Make the daily call due: as if GRDF had answered it days ago."""
    store = MeterStore(hass, meter.key)
    file = await store.async_load()
    if file is None:
        return
    mark = file.records[DataFamily.INFORMATIVE]
    assert mark.answered is not None
    earlier = replace(mark, answered=mark.answered - _A_WHILE_AGO)
    await store.async_write(
        replace(file, records={**file.records, DataFamily.INFORMATIVE: earlier})
    )


@websocket_command(
    {"type": f"{DOMAIN}/project", vol.Optional("clear", default=False): bool}
)
@async_response
async def _project(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Make the recorder's rows those of the ledgers; tell the seconds that takes."""
    meters = list(_meters(hass))
    if msg["clear"]:
        for meter in meters:
            await async_erase_statistics(hass, meter.key, [])
    async with _timed() as taken:
        for meter in meters:
            await meter.async_compare()
        await _recorded(hass)
    connection.send_result(msg["id"], taken)


@websocket_command({"type": f"{DOMAIN}/memory"})
@async_response
async def _memory(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell the bytes that Python holds for the meters, once they are loaded anew."""
    entries = hass.config_entries.async_loaded_entries(GRDF)
    for entry in entries:
        await hass.config_entries.async_unload(entry.entry_id)
    gc.collect()
    tracemalloc.start()
    for entry in entries:
        await hass.config_entries.async_setup(entry.entry_id)
    for meter in _meters(hass):
        await meter.async_compare()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    connection.send_result(msg["id"], {"bytes": held})


@websocket_command({"type": f"{DOMAIN}/start"})
@callback
def _start(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell the CPU seconds until Home Assistant had started."""
    connection.send_result(msg["id"], {"seconds": hass.data[_STARTED]})


@asynccontextmanager
async def _timed() -> AsyncIterator[dict[str, float]]:
    taken: dict[str, float] = {}
    begin = perf_counter()
    cpu = clock_gettime(CLOCK_PROCESS_CPUTIME_ID)
    yield taken
    taken["seconds"] = perf_counter() - begin
    taken["cpu"] = clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - cpu


async def _recorded(hass: HomeAssistant) -> None:
    done: asyncio.Future[None] = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await done


async def _all(work: Iterator[Awaitable[None]]) -> None:
    await asyncio.gather(*work)
