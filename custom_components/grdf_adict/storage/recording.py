"""A recording of GRDF's answers, masked: its file of answers, and how it is masked.

The answers lie in Home Assistant's cache folder, which its backups leave out: a backup
would outlive the recording. The key of the pseudonyms lies apart, as what is handed out
is the file of answers alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
import os
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..helpers.store import KnownWriteStore
from ..metering import Json, PartReader, of_type, stored_moment

_VERSION: Final = 1
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """How a recording masks, and until when it runs.

    Attributes:
        key: of its pseudonyms.
        scales: whether amounts are scaled.
        until: when it ends and is erased; aware.
        is_full: whether it takes no more answers.
        pces: what stands for each PCE.
    """

    key: bytes
    scales: bool
    until: datetime
    is_full: bool
    pces: Mapping[str, str]


class RecordingStore:
    """The files of one contract's recording."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the files of the config entry with this id."""
        self._hass = hass
        self._store = KnownWriteStore(
            hass, _VERSION, f"{DOMAIN}.recording.{entry_id}", entry_id
        )
        self.path: Final = Path(hass.config.cache_path(DOMAIN, f"{entry_id}.txt"))

    async def async_load(self) -> RecordingFile | None:
        """Return the recording that was begun; None: there is none.

        One that is unreadable is erased: nothing would end it, nor go on masking alike.
        """
        file = await self._store.async_read(recording_from_json)
        if file is not None and not file.key:
            await self.async_remove()
            return None
        return file

    async def async_write(self, file: RecordingFile) -> None:
        """Write how the recording masks; raises as `KnownWriteStore.async_write`."""
        await self._store.async_write(
            {
                "key": file.key.hex(),
                "scales": file.scales,
                "until": file.until.isoformat(),
                "full": file.is_full,
                "pces": dict(file.pces),
            }
        )

    async def async_size(self) -> int:
        """Return how many bytes of answers there are."""
        return await self._hass.async_add_executor_job(_size, self.path)

    async def async_add(self, line: bytes) -> int:
        """Append a line of answers; return how many bytes there are.

        Raises:
            OSError: the disk is full, or read-only.
        """
        return await self._hass.async_add_executor_job(_append, self.path, line)

    async def async_remove(self) -> None:
        """Erase all of the recording."""
        await self._hass.async_add_executor_job(_unlink, self.path)
        await self._store.async_remove()


def recording_from_json(stored: Json, reader: PartReader) -> RecordingFile:
    """Return the recording; without a key where any of it is unreadable."""

    def field[T](name: str, read: Callable[[Any], T], otherwise: T) -> T:
        return reader.field(stored, name, read, otherwise)

    file = RecordingFile(
        key=field("key", _key, b""),
        scales=field("scales", _flag, otherwise=True),
        until=field("until", stored_moment, _NO_TIME),
        is_full=field("full", _flag, otherwise=True),
        pces=reader.table_field(stored, "pces", str, _text),
    )
    return replace(file, key=b"") if reader.unreadable else file


def _key(stored: Any) -> bytes:
    if not (key := bytes.fromhex(stored)):
        raise ValueError(key)
    return key


def _flag(stored: Any) -> bool:
    return of_type(bool, stored)


def _text(stored: Any) -> str:
    return of_type(str, stored)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _append(path: Path, line: bytes) -> int:
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    # The end of the line goes first: one that a crash tore spoils no other.
    begin = b"\n" if _size(path) else b""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _FILE_MODE)
    with os.fdopen(file, "ab") as lines:
        lines.write(begin + line)
        return lines.tell()


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
