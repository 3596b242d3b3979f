"""Storage that raises failed writes: it overrides a private method of Store.

Should a release no longer call that method, each file is read again after it was
written.

What is stored is read part by part. Where some of it is unreadable, the file is copied
first, and the user is told.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
import shutil
from typing import Any, Final, override

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import json_loads, load_json, load_json_object

from ..const import DOMAIN, LOGGER, Issue
from ..metering import Json, PartReader
from .executor import async_compute
from .issues import Repair, async_show_issue
from .texts import escaped

_COPY: Final = "unreadable"
# Home Assistant's own copies of files that are no JSON.
_CORRUPT: Final = "corrupt.*"
_FILE_MODE: Final = 0o600
# Of all else in a file: what was changed or removed is noticed, whatever it is now.
_DIGEST: Final = "digest"
_DIGEST_BYTES: Final = 16
_ALL: Final = "all"

_REMOVED: HassKey[set[str]] = HassKey(f"{DOMAIN}_removed_files")


class WriteFailedError(HomeAssistantError):
    """A file could not be written: the disk is full, or read-only."""


class KnownWriteStore(Store[Json]):
    """A private store that raises failed writes and the load of a newer version."""

    def __init__(
        self,
        hass: HomeAssistant,
        version: int,
        key: str,
        entry_id: str | None = None,
        subentry_id: str | None = None,
    ) -> None:
        """Prepare a file.

        Args:
            hass: Home Assistant.
            version: that of the file's shape.
            key: the file's name.
            entry_id: the config entry that a repair about the file is shown for; None:
                none is shown.
            subentry_id: the meter that the file is of; None: it is of all of the entry.
        """
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
        self._entry_id = entry_id
        self._subentry_id = subentry_id
        self._is_told = False

    @override
    async def async_load(self) -> Json | None:
        """Return what is stored, of any shape; None: nothing.

        Raises:
            ConfigEntryError: a newer version of the integration wrote it.
        """
        try:
            return await super().async_load()
        except UnsupportedStorageVersionError as err:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="newer_storage"
            ) from err
        except AttributeError, KeyError, TypeError, ValueError:
            # What Home Assistant writes around the data is unreadable.
            return await self.hass.async_add_executor_job(_data_of, self.path)

    async def async_read[T](self, read: Callable[[Json, PartReader], T]) -> T | None:
        """Return what is made of the file; None: there is none.

        The first time that a part of it is unreadable, the file is copied, and the user
        is told.

        Args:
            read: makes it of what is stored; pure, runs in an executor.

        Raises:
            ConfigEntryError: a newer version of the integration wrote it.
        """
        stored: Any = await self.async_load()
        if stored is None and not await self.hass.async_add_executor_job(
            Path(self.path).exists
        ):
            return None
        if stored is None:
            # It may just have been written for the first time.
            stored = await self.async_load()
        value, unreadable = await async_compute(self.hass, read_stored, read, stored)
        if unreadable and not self._is_told:
            self._is_told = True
            await self._async_tell(unreadable)
        return value

    def upgraded(self, data: Json) -> Json:
        """Return what an earlier version stored as this one stores it.

        What of it is unreadable may stay as it is.
        """
        return data

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Json
    ) -> Json:
        if old_major_version >= self.version or not isinstance(old_data, dict):
            return old_data
        return self.upgraded(_without_digest(old_data))

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
        sealed = await async_compute(self.hass, _with_digest, data)
        await self.async_save(sealed)
        # While Home Assistant stops, it writes at the end.
        if not self._is_watched and self.hass.state is not CoreState.stopping:
            await self.hass.async_add_executor_job(self._compare, sealed)
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

    @override
    async def async_remove(self) -> None:
        """Remove the file, and the copies of what of it was unreadable."""
        await super().async_remove()
        await self.hass.async_add_executor_job(_remove_copies, Path(self.path))

    async def _async_tell(self, unreadable: str) -> None:
        """Keep one copy of the file, and tell what of it is unreadable.

        Nothing is told of a file that is still as it was copied before.
        """
        if not await self.hass.async_add_executor_job(_copy, Path(self.path)):
            return
        LOGGER.error(
            "A stored file (%s) is unreadable in part: %s. The rest of it is used; a"
            " copy that ends in .%s lies beside it",
            self.key.split(".")[1],
            unreadable,
            _COPY,
        )
        entry = self.hass.config_entries.async_get_entry(self._entry_id or "")
        if entry is None:
            return
        meter = entry.subentries.get(self._subentry_id or "")
        repair = Repair(
            Issue.STORAGE_UNREADABLE,
            self._subentry_id or self.key.removeprefix(f"{DOMAIN}."),
            {"name": escaped((meter or entry).title), "parts": unreadable},
            {"subentry_id": meter.subentry_id if meter else None},
            is_persistent=True,
        )
        async_show_issue(self.hass, entry, repair)


def read_stored[T](read: Callable[[Json, PartReader], T], stored: Any) -> tuple[T, str]:
    """Return what is made of what is stored, and the names of what is unreadable."""
    if not isinstance(stored, dict):
        return read({}, PartReader()), _ALL
    is_changed = _DIGEST in stored and stored != _with_digest(_without_digest(stored))
    reader = PartReader([_DIGEST] if is_changed else [])
    value = read(stored, reader)
    named = (
        name if count == 1 else f"{name} ({count})"
        for name, count in reader.unreadable.items()
    )
    return value, ", ".join(named)


def _with_digest(data: Json) -> Json:
    """Return data that show whether any of them is changed later."""
    digest = blake2b(json_bytes(data), digest_size=_DIGEST_BYTES)
    return {**data, _DIGEST: digest.hexdigest()}


def _without_digest(data: Json) -> Json:
    return {name: value for name, value in data.items() if name != _DIGEST}


def _data_of(path: str) -> Any:
    """Return the data of a file, whatever stands around them; None where it has none.

    A file that is no JSON is Home Assistant's to report.
    """
    content = load_json(path)
    return content.get("data") if isinstance(content, dict) else None


def _copy(path: Path) -> bool:
    """Copy a file; return whether it is another than was copied before."""
    if not path.exists():
        return True
    copy = path.with_name(f"{path.name}.{_COPY}")
    if copy.exists() and copy.read_bytes() == path.read_bytes():
        return False
    copy.touch(mode=_FILE_MODE)
    shutil.copyfile(path, copy)
    return True


def _remove_copies(path: Path) -> None:
    for ending in (_COPY, _CORRUPT):
        for copy in path.parent.glob(f"{path.name}.{ending}"):
            copy.unlink(missing_ok=True)
