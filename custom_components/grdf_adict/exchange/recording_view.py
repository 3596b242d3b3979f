"""The download of a recording of GRDF's answers, for administrators."""

from datetime import timedelta
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.decorators import require_admin
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..runtime import loaded_recording

_URL: Final = f"/api/{DOMAIN}/recording/"
# As text, so that a double click opens it: whoever hands it out can read it before.
_NAME: Final = f"{DOMAIN}_answers.txt"
# As long as a form may stay open.
_SIGNED_FOR: Final = timedelta(hours=1)


@callback
def async_setup_recording_view(hass: HomeAssistant) -> None:
    """Offer recordings for download."""
    hass.http.register_view(_RecordingView)


@callback
def recording_link(hass: HomeAssistant, entry_id: str) -> str:
    """Return a link to the recording of a contract, for a form's text.

    A new tab keeps the frontend from handling the address as one of its pages.
    """
    address = async_sign_path(hass, f"{_URL}{entry_id}", _SIGNED_FOR)
    return f'<a href="{address}" target="_blank">{_NAME}</a>'


class _RecordingView(HomeAssistantView):
    """Serves a recording as far as it has come."""

    url = f"{_URL}{{entry_id}}"
    name = f"api:{DOMAIN}:recording"

    @require_admin
    async def get(self, request: web.Request, entry_id: str) -> web.StreamResponse:
        """Return the file of answers; 404 where there is none."""
        recording = loaded_recording(request.app[KEY_HASS], entry_id)
        if recording is None or recording.path is None:
            raise web.HTTPNotFound
        return web.FileResponse(
            recording.path,
            headers={
                hdrs.CONTENT_DISPOSITION: f'attachment; filename="{_NAME}"',
                hdrs.CACHE_CONTROL: "no-store",
            },
        )
