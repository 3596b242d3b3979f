"""Steps of Client Connect, to GRDF's page and back, for its tests."""

from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.grdf_adict.const import CONF_ADDRESSES, CONF_AUTHORIZE_URL
from tests.sandbox import FLAT, HOUSE, Sandbox, Served

from .conftest import AddEntry
from .right_flow import forget_rights

type Form = dict[str, Any]

SACHA = {"first_name": "Sacha", "last_name": "Exemple", "mail": "sacha@example.com"}
HOME = "https://home.example.com"


async def contract_of_sacha(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: Form,
    served: Served,
    add_entry: AddEntry,
) -> MockConfigEntry:
    """Add a contract with the house; Sacha's flat waits for them at the sandbox's."""
    hass.config.external_url = HOME
    forget_rights(sandbox, FLAT)
    contract[CONF_ADDRESSES][CONF_AUTHORIZE_URL] = served.authorise_url
    return await add_entry(HOUSE)


def entry_with_the_flat(
    hass: HomeAssistant, title: str, data: dict[str, Any]
) -> MockConfigEntry:
    """Add another entry that has Sacha's flat as a meter."""
    other = MockConfigEntry(
        domain="grdf_adict",
        title=title,
        unique_id=f"of {title}",
        data=data,
        subentries_data=[
            {
                "subentry_type": "meter",
                "title": "Under the roof",
                "unique_id": FLAT,
                "data": {"pce": FLAT},
            }
        ],
    )
    other.add_to_hass(hass)
    return other


async def configure(hass: HomeAssistant, result: Form, form: Form | None) -> Form:
    """Fill in a step of the dialog."""
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def open_dialog(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Open the contract's Client Connect step."""
    menu = dict(await entry.start_reconfigure_flow(hass))
    return await configure(hass, menu, {"next_step_id": "client_connect"})


async def send_away(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Send Sacha to GRDF."""
    result = await configure(hass, await open_dialog(hass, entry), SACHA)
    assert result["type"] is FlowResultType.EXTERNAL_STEP
    return result


async def decide(url: str, *pces: str, decision: str = "yes") -> URL:
    """Answer GRDF's page as the customer; return where it sends the browser."""
    asked = dict(URL(url).query)
    form = [
        *asked.items(),
        ("customer", "sacha@example.com"),
        ("decision", decision),
        *(("pce", pce) for pce in pces),
        *((name, "on") for name in ("published", "informative", "technical")),
        ("start", "2026-11-20"),
        ("end", "2029-11-20"),
        ("history_from", "2026-09-01"),
    ]
    async with (
        ClientSession() as session,
        session.post(
            URL(url).with_query(None), data=form, allow_redirects=False
        ) as answer,
    ):
        assert answer.status == HTTPStatus.FOUND, await answer.text()
        return URL(answer.headers["Location"])


async def come_back(
    hass_client: ClientSessionGenerator, location: URL
) -> tuple[int, str]:
    """Follow the browser back to Home Assistant; nobody is logged in."""
    client = await hass_client()
    response = await client.get(location.path_qs)
    return response.status, await response.text()


async def go_through(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    *pces: str,
) -> Form:
    """Send Sacha to GRDF and back; return what the dialog says then."""
    result = await send_away(hass, entry)
    location = await decide(result["url"], *pces or (FLAT,))
    status, _ = await come_back(hass_client, location)
    assert status == HTTPStatus.OK
    return await configure(hass, result, None)
