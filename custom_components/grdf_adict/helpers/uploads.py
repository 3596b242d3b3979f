"""Files that the frontend uploads for a form."""

from collections.abc import Callable
from pathlib import Path

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant


class UploadGoneError(Exception):
    """The upload was used before, or Home Assistant was restarted since."""


async def async_read_upload[T](
    hass: HomeAssistant, upload_id: str, read: Callable[[Path], T]
) -> T:
    """Return what `read` makes of an upload, which is deleted afterwards.

    Args:
        hass: whose executor runs `read`.
        upload_id: of the file selector.
        read: reads all that is needed: an upload can be used once.

    Raises:
        UploadGoneError: there is no such upload.
        Exception: whatever `read` raises.
    """

    def process() -> T:
        try:
            with process_uploaded_file(hass, upload_id) as path:
                return read(path)
        except ValueError:
            raise UploadGoneError from None

    return await hass.async_add_executor_job(process)
