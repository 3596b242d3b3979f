"""Storage that raises failed writes: it overrides a private method of Store.

Should a release no longer call that method, each file is read again after it was
written.
"""

from typing import override

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import json_loads, load_json_object

from ..const import DOMAIN
from ..metering import Json

_REMOVED: HassKey[set[str]] = HassKey(f"{DOMAIN}_removed_files")


class WriteFailedError(HomeAssistantError):
    """A file could not be written: the disk is full, or read-only."""


class KnownWriteStore(Store[Json]):
    """A private store that raises failed writes and the load of a newer version."""

    def __init__(self, hass: HomeAssistant, version: int, key: str) -> None:
        """Prepare the file with this key; `version` is that of its shape."""
        self._removed = hass.data.setdefault(_REMOVED, set())
        super().__init__(
            hass,
            version,
            key,
            private=True,
            atomic_writes=True,
            serialize_in_event_loop=False,
        )
        self._failure: Exception | None = None
        self._is_watched = False

    @override
    async def async_load(self) -> Json | None:
        """Return what is stored; None: nothing.

        Raises:
            ConfigEntryError: a newer version of the integration wrote it.
        """
        try:
            return await super().async_load()
        except UnsupportedStorageVersionError as err:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="newer_storage"
            ) from err

    @override
    async def _async_write_data(self, data: Json) -> None:
        self._is_watched = True
        try:
            await super()._async_write_data(data)
        except Exception as err:
            self._failure = err
            raise

    async def async_remove_for_good(self) -> None:
        """Remove the file; what is still under way does not write it again.

        Only for a key that never returns, such as that of a removed config entry.
        """
        self._removed.add(self.key)
        await self.async_remove()

    async def async_write(self, data: Json) -> None:
        """Write now.

        Raises:
            WriteFailedError: nothing was written; the file is as it was before.
        """
        if self.key in self._removed:
            return
        self._failure, self._is_watched = None, False
        await self.async_save(data)
        # While Home Assistant stops, it writes at the end.
        if not self._is_watched and self.hass.state is not CoreState.stopping:
            await self.hass.async_add_executor_job(self._compare, data)
        if self._failure is not None:
            raise WriteFailedError(
                translation_domain=DOMAIN, translation_key="write_failed"
            ) from self._failure

    def _compare(self, data: Json) -> None:
        """Find a failed write by the file itself. Blocking."""
        try:
            if load_json_object(self.path)["data"] != json_loads(json_bytes(data)):
                self._failure = OSError("The file is not what was written")
        except (HomeAssistantError, KeyError) as err:
            self._failure = err
