"""The download of a recording of GRDF's answers, for administrators."""

from typing import Final

from aiohttp import hdrs, web
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..helpers.downloads import download_link
from ..runtime import loaded_recording

_URL: Final = f"/api/{DOMAIN}/recording/"
# As text, so that a double click opens it: whoever hands it out can read it before.
_NAME: Final = f"{DOMAIN}_answers.txt"


@callback
def async_setup_recording_view(hass: HomeAssistant) -> None:
    """Offer recordings for download."""
    hass.http.register_view(_RecordingView)


@callback
def recording_link(hass: HomeAssistant, entry_id: str) -> str:
    """Return a link to the recording of a contract, for a form's text."""
    return download_link(hass, f"{_URL}{entry_id}", _NAME)


class _RecordingView(HomeAssistantView):
    """Serves a recording as far as it has come."""

    url = f"{_URL}{{entry_id}}"
    name = f"api:{DOMAIN}:recording"

    async def get(self, request: web.Request, entry_id: str) -> web.StreamResponse:
        """Return the file of answers; 404 where there is none."""
        if not request["hass_user"].is_admin:
            raise Unauthorized
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
