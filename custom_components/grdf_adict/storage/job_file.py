"""What is stored of a contract's fleet job: one private file, written whole.

It names customers only while there is something to declare for them.
"""

from typing import Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN, LOGGER
from ..fleet import Job, job_from_json, job_to_json
from ..helpers.executor import async_compute
from ..helpers.store import KnownWriteStore

_VERSION: Final = 1


class JobStore:
    """The file of one contract's job."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file of the config entry with this id."""
        self._hass = hass
        self._store = KnownWriteStore(hass, _VERSION, f"{DOMAIN}.fleet.{entry_id}")

    async def async_load(self) -> Job | None:
        """Return the newest job; None: there is none, or it is unreadable."""
        stored = await self._store.async_load()
        if stored is None:
            return None
        try:
            return await async_compute(self._hass, job_from_json, stored)
        except (KeyError, TypeError, ValueError) as err:
            LOGGER.error("A fleet's file holds what is no job: %s", type(err).__name__)
            return None

    async def async_write(self, job: Job) -> None:
        """Write the whole job; raises as `KnownWriteStore.async_write`."""
        await self._store.async_write(await async_compute(self._hass, job_to_json, job))

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove_for_good()
