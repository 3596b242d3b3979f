"""What is stored of a contract's fleet job: one private file, written whole.

It names customers only while there is something to declare for them.
"""

from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.dt import utcnow

from ..const import DOMAIN
from ..fleet import Job, job_from_json, job_to_json
from ..helpers.executor import async_compute
from ..helpers.store import KnownWriteStore

_VERSION: Final = 1


class JobStore:
    """The file of one contract's job."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file of the config entry with this id."""
        self._hass = hass
        key = f"{DOMAIN}.fleet.{entry_id}"
        self._store = KnownWriteStore(hass, _VERSION, key, entry_id)

    async def async_load(self) -> Job | None:
        """Return what can be read of the newest job; None: there is none."""
        return await self._store.async_read(partial(job_from_json, now=utcnow()))

    async def async_write(self, job: Job) -> None:
        """Write the whole job; raises as `KnownWriteStore.async_write`."""
        await self._store.async_write(await async_compute(self._hass, job_to_json, job))

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove_for_good()
