"""A real Home Assistant with the recorder and our integration, and nothing else.

It starts from the folder's configuration as if it were a given moment, makes the calls
that are due, writes the rows, tells what it came to, and stops.
"""

import asyncio
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import sys
from typing import Final

from aiohttp.resolver import ThreadedResolver
from homeassistant import bootstrap, config_entries, core, loader
from homeassistant.components import (
    homeassistant as _homeassistant,  # noqa: F401 - loaded once for all runs
    persistent_notification as _notification,  # noqa: F401
    recorder as _recorder,  # noqa: F401
    sensor as _sensor,  # noqa: F401
)
from homeassistant.helpers import aiohttp_client, issue_registry as ir
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.grdf_adict import (
    binary_sensor as _binary_sensor,  # noqa: F401
    event as _event,  # noqa: F401
    sensor as _own_sensor,  # noqa: F401
)
from custom_components.grdf_adict.adict import quota
from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.jobs.runner import JobRunner

# A table of this name in the folder is declared.
FLEET: Final = "fleet.xlsx"
_LOOK: Final = 0.01
# What our flows need of Home Assistant, and these runs do not.
_LEFT_OUT: Final = frozenset({"auth", "file_upload", "http"})


class _NoPages:
    """Stands where pages would be registered, in a house that nobody visits."""

    def register_view(self, _: object) -> None:
        """Leave it out."""


def run(folder: Path, now: datetime) -> None:
    """Run once, in a process of its own; its log and its last word stay as files."""
    with (folder / "run.log").open("w") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
        (folder / "told.json").write_text(json.dumps(asyncio.run(_run(folder, now))))


async def _run(folder: Path, now: datetime) -> dict[str, object]:
    _let_it_be(now)
    # Pace has tests of its own: here it would only take time.
    quota.PACE_MARGIN = 0.0
    # Home Assistant's own asks its zeroconf, which is left out.
    aiohttp_client._async_make_resolver = lambda _: ThreadedResolver()  # type: ignore[assignment,return-value]  # noqa: SLF001
    hass = await _started(folder)
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is config_entries.ConfigEntryState.LOADED:
            await entry.runtime_data.account.async_refresh()
            for meter in entry.runtime_data.meters.values():
                await meter.async_refresh()
            if (folder / FLEET).exists():
                await _work_off(hass, entry.runtime_data.jobs, folder / FLEET)
    await get_instance(hass).async_block_till_done()
    told = _told(hass)
    await hass.async_stop(force=True)
    return told


async def _work_off(hass: core.HomeAssistant, fleet: JobRunner, table: Path) -> None:
    """Declare what a table says, or go on with it, to the end."""
    if not fleet.job.tasks:
        hass.config.allowlist_external_dirs = {str(table.parent)}
        await hass.services.async_call(
            DOMAIN,
            "declare_fleet",
            {"path": str(table), "start": True},
            blocking=True,
            return_response=True,
        )
    while fleet.is_busy:  # noqa: ASYNC110 - it tells listeners of steps alone
        await asyncio.sleep(_LOOK)


def _let_it_be(now: datetime) -> None:
    ahead = now - datetime.now(UTC)
    dt_util.utcnow = lambda: datetime.now(UTC) + ahead  # type: ignore[assignment]


async def _started(folder: Path) -> core.HomeAssistant:
    hass = core.HomeAssistant(str(folder))
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    await loader.async_get_custom_components(hass)
    await bootstrap.async_load_base_functionality(hass)
    hass.config.components |= _LEFT_OUT
    hass.http = _NoPages()  # type: ignore[assignment]
    async_initialize_recorder(hass)
    recorder = {"recorder": {"db_url": f"sqlite:///{folder}/home.db"}}
    for domain in ("homeassistant", "persistent_notification", "recorder", DOMAIN):
        assert await async_setup_component(hass, domain, recorder), domain
    await hass.async_start()
    return hass


def _told(hass: core.HomeAssistant) -> dict[str, object]:
    """Return what a run has come to."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    is_loaded = entry.state is config_entries.ConfigEntryState.LOADED
    meters = entry.runtime_data.meters.values() if is_loaded else ()
    return {
        "entry": entry.state.value,
        "error": entry.error_reason_translation_key,
        "calls": entry.runtime_data.account.quota.calls_today if is_loaded else None,
        "fleet": dict(entry.runtime_data.jobs.job.counts) if is_loaded else {},
        "failures": [
            str(getattr(meter.last_exception, "translation_key", meter.last_exception))
            for meter in meters
            if not meter.last_update_success
        ],
        "repairs": sorted(
            str(issue.translation_key) for issue in ir.async_get(hass).issues.values()
        ),
    }
