"""The table to fill in, to download from the form or to be written by an action."""

from typing import Final

from aiohttp import web
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from ..const import DOMAIN
from ..fleet import template
from ..helpers.clock import paris_today
from ..helpers.downloads import download_link

_URL: Final = f"/api/{DOMAIN}/fleet_template."
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@callback
def async_setup_template(hass: HomeAssistant) -> None:
    """Offer the table for download to all users who are logged in."""
    hass.http.register_view(_TemplateView)


@callback
def template_links(hass: HomeAssistant) -> dict[str, str]:
    """Return links to the table as a workbook and as text, for a form's text."""
    return {
        f"template_{kind}": download_link(hass, f"{_URL}{kind}", kind)
        for kind in _TYPES
    }


async def async_template(hass: HomeAssistant, kind: str) -> bytes:
    """Return the table in Home Assistant's language; `kind` is xlsx or csv."""
    today = paris_today()
    return await hass.async_add_executor_job(
        lambda: template(
            french=hass.config.language == "fr", today=today, as_csv=kind == "csv"
        )
    )


class _TemplateView(HomeAssistantView):
    """Serves the table."""

    url = f"{_URL}{{kind:xlsx|csv}}"
    name = f"api:{DOMAIN}:fleet_template"

    async def get(self, request: web.Request, kind: str) -> web.Response:
        """Return the table as a file."""
        hass = request.app[KEY_HASS]
        return web.Response(
            body=await async_template(hass, kind),
            content_type=_TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{DOMAIN}.{kind}"'},
        )
