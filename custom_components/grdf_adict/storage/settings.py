"""What a user set of a meter, kept beside its file: it outlives the meter.

One small file a PCE, whichever holder's series is being written. A meter is deleted in
Home Assistant's own dialog, or with its entry, or while nothing of ours is loaded: so
the file is written whenever a setting changes.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..helpers.store import KnownWriteStore, WriteFailedError
from .base import to_json

_VERSION: Final = 1
_LOCK: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_settings")


@dataclass(frozen=True, slots=True)
class MeterSettings:
    """What a user set of a meter.

    Attributes:
        subentry_id: of its config subentry; another one's is a meter added again.
        title: the name that its owner gave it.
        data: those of its subentry: PCE, series, prices, outdoor sensor.
        groups: the subentry ids of the groups that it is in.
        entity_ids: those of its entities, once it is deleted: the recorder keeps their
            statistics for longer than Home Assistant remembers whose they were.
    """

    subentry_id: str
    title: str
    data: Mapping[str, Any]
    groups: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()


class SettingsStore:
    """The file of one PCE's settings."""

    def __init__(self, hass: HomeAssistant, key: str) -> None:
        """Prepare the file of the PCE whose first series has this key."""
        self._lock = hass.data.setdefault(_LOCK, asyncio.Lock())
        self._store = KnownWriteStore(hass, _VERSION, f"{DOMAIN}.settings.{key}")

    async def async_load(self) -> MeterSettings | None:
        """Return what is stored; None: nothing, or nothing that can be read."""
        try:
            stored = await self._store.async_load()
        except ConfigEntryError:
            return None
        match stored:
            case {
                "subentry_id": str(subentry_id),
                "title": str(title),
                "data": dict(data),
                "groups": list(groups),
                "entity_ids": list(entity_ids),
            }:
                return MeterSettings(
                    subentry_id, title, data, _texts(groups), _texts(entity_ids)
                )
        return None

    async def async_keep(self, present: Callable[[], MeterSettings | None]) -> None:
        """Write the settings where they differ; a full disk is logged.

        Args:
            present: returns them, as they are once nobody else writes or removes the
                file; None: it stays as it is.
        """
        async with self._lock:
            known, settings = await self.async_load(), present()
            if settings is None or (known and to_json(known) == to_json(settings)):
                return
            try:
                await self._store.async_write(to_json(settings))
            except WriteFailedError:
                LOGGER.warning("A meter's settings could not be kept for its return")

    async def async_remove(self) -> None:
        """Remove the file."""
        async with self._lock:
            await self._store.async_remove()


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(each for each in values if isinstance(each, str))
