"""Which paths may be opened, and the folder for files that users read."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import DOMAIN

# Served without a login.
_SERVED: Final = "www"


def is_allowed(hass: HomeAssistant, path: Path | str) -> bool:
    """Whether a path lies in a folder that Home Assistant allows. Blocking."""
    return hass.config.is_allowed_path(str(path))


def is_served(hass: HomeAssistant, path: Path) -> bool:
    """Whether a path can be read without a login. Blocking."""
    return path.resolve().is_relative_to(Path(hass.config.path(_SERVED)).resolve())


def media_folder(hass: HomeAssistant) -> Path:
    """Return our folder in the media folder, whose files need a login."""
    folders = hass.config.media_dirs
    media = folders.get("local") or next(iter(folders.values()), None)
    return Path(media or hass.config.path("media"), DOMAIN)
