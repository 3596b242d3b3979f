"""The names of what is on disk of meters, whoever wrote it and when."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN

_OF_METERS: Final = tuple(f"{DOMAIN}.{kind}." for kind in ("meter", "settings"))


async def async_keys_on_disk(hass: HomeAssistant) -> frozenset[str]:
    """Return the keys of the meters of which a file is stored."""
    return await hass.async_add_executor_job(_keys, _storage(hass))


async def async_erase_copies(hass: HomeAssistant, key: str) -> None:
    """Delete every copy of a meter's files, as is kept of one that was unreadable."""
    await hass.async_add_executor_job(_erase, _storage(hass), key)


def _storage(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(STORAGE_DIR))


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


def _keys(folder: Path) -> frozenset[str]:
    return frozenset(
        name.removeprefix(kind).partition(".")[0]
        for name in _names(folder)
        for kind in _OF_METERS
        if name.startswith(kind)
    )


def _erase(folder: Path, key: str) -> None:
    for name in _names(folder):
        if any(f"{name}.".startswith(f"{kind}{key}.") for kind in _OF_METERS):
            (folder / name).unlink(missing_ok=True)
