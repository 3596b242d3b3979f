"""TODO."""

from datetime import date, datetime
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..metering import Json
from ..metering.schedule import CallRecord


class WriteFailedError(HomeAssistantError):
    """A file could not be written: the disk is full, or read-only."""


class KnownWriteStore(Store[Json]):
    """A private store whose failed write is raised, not only logged.

    A file of a newer version is left as it is, and nobody goes on without it.
    """

    def __init__(self, hass: HomeAssistant, version: int, key: str) -> None:
        """Prepare the file of this key; `version` is that of its shape."""
        super().__init__(
            hass,
            version,
            key,
            private=True,
            atomic_writes=True,
            serialize_in_event_loop=False,
        )
        self._failure: Exception | None = None

    @override
    async def async_load(self) -> Json | None:
        """Return what was kept, None where nothing was.

        Raises:
            ConfigEntryError: by a newer version of the integration.
        """
        try:
            return await super().async_load()
        except UnsupportedStorageVersionError as err:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="newer_storage"
            ) from err

    @override
    async def _async_write_data(self, data: Json) -> None:
        try:
            await super()._async_write_data(data)
        except Exception as err:
            self._failure = err
            raise

    async def async_write(self, data: Json) -> None:
        """Write now.

        Raises:
            WriteFailedError: nothing was written; the file is as it was before.
        """
        self._failure = None
        await self.async_save(data)
        if self._failure is not None:
            raise WriteFailedError(
                translation_domain=DOMAIN, translation_key="write_failed"
            ) from self._failure


def record_from_json(stored: Json) -> CallRecord:
    """Return how a call fared, as it was kept."""
    return CallRecord(
        answered=_instant(stored["answered"]),
        whole=stored["whole"],
        since=date_from_json(stored["since"]),
        cut=stored["cut"],
        not_before=_instant(stored["not_before"]),
        refused=stored["refused"],
        code=stored.get("code"),
    )


def record_to_json(mark: CallRecord) -> Json:
    """Return how a call fared, as it is kept."""
    return {
        "answered": _text(mark.answered),
        "whole": mark.whole,
        "since": mark.since and mark.since.isoformat(),
        "cut": mark.cut,
        "not_before": _text(mark.not_before),
        "refused": mark.refused,
        "code": mark.code,
    }


def _instant(stored: Any) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def date_from_json(stored: Any) -> date | None:
    """Return a date that was kept as text, or None."""
    return date.fromisoformat(stored) if stored else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
