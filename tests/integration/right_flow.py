"""The flows of access rights, step by step."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final

from aiohttp import FormData
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import CONF_PCE, SUBENTRY_TYPE_METER
from tests.sandbox import FLAT, Sandbox

from .price_flow import choose, submit

PERSON: Final = {
    "holder_name": "Exemple",
    "postcode": "98999",
    "mail": "sacha@example.com",
    "mobile": "06 12 34 56 78",
}
COMPANY: Final = {
    "company": "Société Exemple",
    "postcode": "98999",
    "mail": "direction@example.com",
}
CONSENT: Final = ["identity", "requester", "dates", "purpose", "data"]
COMPANY_CONSENT: Final = ["identity", "requester", "dates", "transfer", "access"]
DECLARE: Final = {"change": False}


def meter(pce: str = FLAT, **others: str) -> dict[str, Any]:
    """Return the first form of a declaration."""
    form = {"role": "authorised", "flow": "consumption", "holder": "person"}
    return {CONF_PCE: pce, **form, **others}


def scope(today: date, **others: Any) -> dict[str, Any]:
    """Return dates and perimeters: three years ahead, a hundred days back."""
    return {
        "start": today.isoformat(),
        "end": today.replace(year=today.year + 3).isoformat(),
        "data_from": (today - timedelta(days=100)).isoformat(),
        "published": True,
        "informative": True,
        "contractual": True,
        "technical": True,
        **others,
    }


def forget_rights(sandbox: Sandbox, *pces: str) -> None:
    """Take the rights on some PCE away, as if nobody had ever consented."""
    sandbox.rights[:] = [right for right in sandbox.rights if right.pce not in pces]


async def add(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open "Add a meter"."""
    return dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, SUBENTRY_TYPE_METER), context={"source": SOURCE_USER}
        )
    )


async def walk(
    hass: HomeAssistant, result: dict[str, Any], *forms: dict[str, Any]
) -> dict[str, Any]:
    """Send forms one after the other; each but the last must be accepted."""
    for form in forms:
        assert not result.get("errors"), result
        result = await submit(hass, result, form)
    return result


async def review(
    hass: HomeAssistant, entry: MockConfigEntry, today: date, pce: str = FLAT
) -> dict[str, Any]:
    """Fill the forms for a person, up to the review."""
    result = await choose(hass, await add(hass, entry), "declare")
    forms: tuple[dict[str, Any], ...] = (
        meter(pce),
        PERSON,
        scope(today),
        {"checklist": CONSENT},
        {},
    )
    result = await walk(hass, result, *forms)
    assert result["step_id"] == "review", result
    return result


def suggested(result: dict[str, Any]) -> dict[str, Any]:
    """Return what a form suggests."""
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description
    }


async def upload(hass_client: ClientSessionGenerator, name: str, content: bytes) -> str:
    """Upload a file, as a browser does."""
    form = FormData()
    form.add_field("file", content, filename=name)
    client = await hass_client()
    response = await client.post("/api/file_upload", data=form)
    assert response.status == HTTPStatus.OK
    return str((await response.json())["file_id"])
