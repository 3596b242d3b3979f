"""What is on disk of meters and entries, by name, of any version."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN, LOGGER

_OF_ENTRIES: Final = tuple(
    f"{DOMAIN}.{kind}." for kind in ("account", "fleet", "recording")
)
_OF_METERS: Final = tuple(f"{DOMAIN}.{kind}." for kind in ("meter", "settings"))


async def async_keys_on_disk(hass: HomeAssistant) -> frozenset[str]:
    """Return the keys of the meters of which a file is stored."""
    return await hass.async_add_executor_job(_keys, _storage(hass))


async def async_erase_copies(hass: HomeAssistant, key: str) -> None:
    """Delete every copy of a meter's files, as is kept of one that was unreadable."""
    await hass.async_add_executor_job(_erase, _storage(hass), key)


async def async_erase_files_of_entries(
    hass: HomeAssistant, present: AbstractSet[str]
) -> None:
    """Delete the files of config entries that are not present any more.

    An entry that is removed in recovery mode, where nothing of ours is loaded, leaves
    them: rights, jobs and recordings may name people.

    Args:
        hass: Home Assistant.
        present: the ids of all config entries.
    """
    try:
        await hass.async_add_executor_job(_erase_others, _storage(hass), present)
    except OSError as err:
        LOGGER.warning("Files of a removed entry are not erased: %s", err.strerror)


def _storage(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(STORAGE_DIR))


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


def _keys(folder: Path) -> frozenset[str]:
    return frozenset(
        _key(name, kind)
        for name in _names(folder)
        for kind in _OF_METERS
        if name.startswith(kind)
    )


def _erase(folder: Path, key: str) -> None:
    for name in _names(folder):
        if any(f"{name}.".startswith(f"{kind}{key}.") for kind in _OF_METERS):
            (folder / name).unlink(missing_ok=True)


def _erase_others(folder: Path, present: AbstractSet[str]) -> None:
    for name in _names(folder):
        of_entry = {_key(name, kind) for kind in _OF_ENTRIES if name.startswith(kind)}
        if of_entry and not of_entry & present:
            (folder / name).unlink(missing_ok=True)


def _key(name: str, kind: str) -> str:
    return name.removeprefix(kind).partition(".")[0]
