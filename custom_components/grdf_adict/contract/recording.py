"""A recording of GRDF's answers: off until asked for, masked, bounded, ended by time.

It is how a holder of a contract can show what GRDF really sends. Each answer is masked
before it is written.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
import json
from pathlib import Path
import secrets
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import __version__ as ha_version
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..adict import VERSION, AdictClient, Exchange, Masker
from ..const import LOGGER
from ..helpers.executor import async_compute
from ..helpers.signals import recording_signal
from ..helpers.store import WriteFailedError
from ..storage.recording import RecordingFile, RecordingStore

LONGEST: Final = timedelta(days=7)
# Of the file of answers, in bytes. The first answers are the ones to keep: those that
# no longer fit are left out, and it is shown.
_MOST: int = 20_000_000
_FORMAT: Final = 1
_KEY_BYTES: Final = 32


class AnswerRecording:
    """The recording of one contract's answers, if there is one.

    Attributes:
        size: of the file of answers, in bytes.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: AdictClient
    ) -> None:
        """Prepare for a contract; `async_restore` comes next."""
        self._hass = hass
        self._signal = recording_signal(entry.entry_id)
        self._client = client
        self._store = RecordingStore(hass, entry.entry_id)
        self._writing = asyncio.Lock()
        self._file: RecordingFile | None = None
        self._stop_timer: CALLBACK_TYPE | None = None
        self.size = 0

    @property
    def until(self) -> datetime | None:
        """When the recording ends and is erased; None: there is none."""
        return None if self._file is None else self._file.until

    @property
    def is_full(self) -> bool:
        """Whether further answers are left out: of 20 MB, or of a full disk."""
        return self._file is not None and self._file.is_full

    @property
    def path(self) -> Path | None:
        """The file of answers; None: there is no recording, or none has come."""
        return self._store.path if self._file is not None and self.size else None

    async def async_restore(self) -> None:
        """Go on with a recording of the last run, or erase one whose time has come."""
        if (file := await self._store.async_load()) is None:
            return
        now = dt_util.utcnow()
        if file.until <= now:
            await self._store.async_remove()
            return
        # A later time was set while the clock was ahead.
        self._begin(replace(file, until=min(file.until, now + LONGEST)))
        self.size = await self._store.async_size()

    async def async_start(self, duration: timedelta, *, scales: bool) -> None:
        """Begin a recording.

        Raises:
            WriteFailedError: the disk is full, or read-only.
        """
        await self.async_end()
        key = secrets.token_bytes(_KEY_BYTES)
        until = dt_util.utcnow() + duration
        file = RecordingFile(key, scales, until, is_full=False, pces={})
        await self._store.async_write(file)
        self._begin(file)
        LOGGER.info("Recording GRDF's answers, masked, until %s", until)
        async_dispatcher_send(self._hass, self._signal)

    async def async_end(self, _: datetime | None = None) -> None:
        """End the recording, and erase it."""
        self.async_pause()
        async with self._writing:
            was_on, self._file = self._file is not None, None
            await self._store.async_remove()
            self.size = 0
        if was_on:
            LOGGER.info("The recording of GRDF's answers has ended, and is erased")
            async_dispatcher_send(self._hass, self._signal)

    @callback
    def async_pause(self) -> None:
        """Observe no longer: the entry is unloaded, or the recording has ended."""
        self._client.observe(None)
        if self._stop_timer is not None:
            self._stop_timer()
            self._stop_timer = None

    def _begin(self, file: RecordingFile) -> None:
        self._file = file
        self._stop_timer = async_track_point_in_utc_time(
            self._hass, self.async_end, file.until
        )
        if not file.is_full:
            self._client.observe(self._async_observe)

    async def _async_observe(self, exchange: Exchange) -> None:
        """Mask an exchange and write it; whatever goes wrong fails no call."""
        at = dt_util.utcnow()
        async with self._writing:
            if (file := self._file) is None or file.is_full:
                # It ended while this answer came.
                return
            try:
                fits = await self._async_add(file, exchange, at)
            except Exception as err:  # noqa: BLE001 - the call has its answer anyway
                LOGGER.error("The recording cannot go on: %s", type(err).__name__)
                fits = False
            if not fits:
                await self._async_fill(file)

    async def _async_add(
        self, file: RecordingFile, exchange: Exchange, at: datetime
    ) -> bool:
        """Add an exchange; return whether there was enough room."""
        pces = dict(file.pces)
        masker = Masker(file.key, pces, scales=file.scales)
        line = await async_compute(self._hass, _line, masker, exchange, at)
        if not self.size:
            line = b"%b\n%b" % (_header(file), line)
        if self.size + len(line) >= _MOST:
            return False
        if len(pces) > len(file.pces):
            # First, so that a restart finds what the answers say.
            self._file = replace(file, pces=pces)
            await self._store.async_write(self._file)
        self.size = await self._store.async_add(line)
        return True

    async def _async_fill(self, file: RecordingFile) -> None:
        """Take no further answer; those that came stay until the end."""
        self._client.observe(None)
        self._file = replace(file, is_full=True)
        with suppress(WriteFailedError):
            await self._store.async_write(self._file)
        async_dispatcher_send(self._hass, self._signal)


def _header(file: RecordingFile) -> bytes:
    """Return the first line of a file of answers."""
    amounts = "scaled" if file.scales else "kept"
    facts = {"recording": _FORMAT, "integration": VERSION, "amounts": amounts}
    return json.dumps({**facts, "home_assistant": ha_version}).encode()


def _line(masker: Masker, exchange: Exchange, at: datetime) -> bytes:
    """Return an exchange as it is written."""
    record = {"at": at.isoformat(timespec="seconds"), **masker.record(exchange)}
    # An answer that is no UTF-8 has lone surrogates, which become JSON's escapes.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
