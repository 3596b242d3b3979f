"""Links in a form's text to what a login is needed for."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback

from .internals import Internal

if TYPE_CHECKING:
    from homeassistant.components.http.auth import async_sign_path
else:
    (async_sign_path,) = Internal.SIGNED_PATHS.load()

# As long as a form may stay open.
_SIGNED_FOR: Final = timedelta(hours=1)


@callback
def download_link(hass: HomeAssistant, path: str, text: str) -> str:
    """Return a link to a path of ours, which opens without a login for an hour.

    A new tab keeps the frontend from handling the address as one of its pages. Where
    no path can be signed, it is the text alone.
    """
    if Internal.SIGNED_PATHS.missing:
        return text
    address = async_sign_path(hass, path, _SIGNED_FOR)
    return f'<a href="{address}" target="_blank">{text}</a>'
