"""Repairs and their fixes over HTTP, as the frontend asks for them."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN


def shown(hass: HomeAssistant) -> set[str]:
    """Return the texts of our repairs that are shown."""
    return {
        str(issue.translation_key)
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


def repair(hass: HomeAssistant, text: str) -> ir.IssueEntry:
    """Return the one repair with a text."""
    (found,) = (
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active and issue.translation_key == text
    )
    return found


class Fix:
    """The fix of a repair, step by step."""

    def __init__(self, client: TestClient[Any, Any], answer: dict[str, Any]) -> None:
        """Take over a flow that was started."""
        self._client = client
        self.answer = answer

    async def submit(self, **form: Any) -> dict[str, Any]:
        """Send a form, or the choice of a menu."""
        address = f"/api/repairs/issues/fix/{self.answer['flow_id']}"
        response = await self._client.post(address, json=form)
        assert response.status == HTTPStatus.OK, await response.text()
        self.answer = await response.json()
        return self.answer


async def start_fix(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, text: str
) -> Fix:
    """Start the fix of the one repair with a text."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    issue_id = repair(hass, text).issue_id
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert response.status == HTTPStatus.OK, await response.text()
    return Fix(client, await response.json())
