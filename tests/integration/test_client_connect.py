"""Client Connect: to GRDF's page and back, over real HTTP."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.config_entry_oauth2_flow import MY_AUTH_CALLBACK_PATH
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
)
from yarl import URL

from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_AUTHORIZE_URL,
    CONF_TOKEN_URL,
)
from tests.sandbox import FLAT, HOUSE, Fault, Sandbox, Served
from tests.sandbox.connect import Connect

from .common import settle, stored_rows
from .conftest import AddEntry
from .connect_flow import (
    HOME,
    SACHA,
    Form,
    come_back,
    configure,
    contract_of_sacha,
    decide,
    entry_with_the_flat,
    go_through,
    open_dialog,
    send_away,
)
from .price_flow import choose as choose_of_meter
from .right_flow import add, suggested


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: Form,
    served: Served,
    add_entry: AddEntry,
) -> MockConfigEntry:
    """A contract that sends customers to the sandbox's page."""
    return await contract_of_sacha(hass, sandbox, contract, served, add_entry)


def _let_sacha_have(sandbox: Sandbox, *pces: str) -> None:
    for pce in pces:
        meter = sandbox.meters[pce]
        site = replace(meter.site, mail="sacha@example.com")
        sandbox.meters[pce] = replace(meter, site=site)


async def test_a_customer_goes_to_grdf_and_comes_back_with_a_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    form = await open_dialog(hass, entry)
    assert form["description_placeholders"] == {
        "redirect": f"{HOME}/auth/external/callback"
    }
    result = await configure(hass, form, SACHA)
    sent = URL(result["url"]).query
    assert sent["client_id"] == "demo"
    assert sent["scope"] == "openid"
    assert sent["redirect_uri"] == f"{HOME}/auth/external/callback"
    assert sent["login_hint"] == "Sacha;Exemple;sacha@example.com;Example"

    location = await decide(result["url"], FLAT)
    status, page = await come_back(hass_client, location)
    result = await configure(hass, result, None)

    assert (status, page) == (HTTPStatus.OK, "<script>window.close()</script>")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "connected")
    assert result["description_placeholders"] == {
        "added": "…0002",
        "moved": "—",
        "known": "—",
        "owned": "—",
    }
    assert sandbox.right(FLAT).journey == "CLIENT_CONNECT"
    added = [meter for meter in entry.subentries.values() if meter.unique_id == FLAT]
    assert [meter.title for meter in added] == ["Meter …0002"]
    await hass.async_block_till_done()
    await settle(hass, entry)
    assert await stored_rows(hass, f"grdf_adict:sandbox_{FLAT}_energy")


async def test_the_customer_need_not_be_named(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await configure(hass, await open_dialog(hass, entry), {})

    assert "login_hint" not in URL(result["url"]).query


async def test_my_home_assistant_is_the_way_back_where_it_is_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.components.add("my")

    form = await open_dialog(hass, entry)
    result = await configure(hass, form, {})

    assert form["description_placeholders"] == {"redirect": MY_AUTH_CALLBACK_PATH}
    assert URL(result["url"]).query["redirect_uri"] == MY_AUTH_CALLBACK_PATH


@pytest.mark.usefixtures("current_request_with_host")
async def test_the_address_in_the_browser_is_the_way_back_otherwise(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await open_dialog(hass, entry)

    assert form["description_placeholders"] == {
        "redirect": "https://example.com/auth/external/callback"
    }


async def test_without_an_address_the_flow_shows_what_to_set(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.external_url = None
    hass.config.api = None

    result = await open_dialog(hass, entry)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_address")


async def test_present_meters_are_reported_and_those_of_others_not_taken(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    data = dict(entry.data) | {"client_id": "other"}
    entry_with_the_flat(hass, title="Neighbour", data=data)
    _let_sacha_have(sandbox, HOUSE)

    result = await go_through(hass, entry, hass_client, HOUSE, FLAT)

    assert result["description_placeholders"] == {
        "added": "—",
        "moved": "—",
        "known": "…0001",
        "owned": "…0002 (Neighbour)",
    }
    assert len(entry.subentries) == 1


async def test_a_meter_of_exported_files_moves_to_the_contract(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    data = {"environment": "sandbox"}
    files = entry_with_the_flat(hass, title="Exported files", data=data)

    result = await go_through(hass, entry, hass_client, FLAT)

    texts = result["description_placeholders"]
    assert texts["moved"] == "…0002"
    assert (texts["added"], texts["owned"]) == ("—", "—")
    assert not files.subentries
    (moved,) = [each for each in entry.subentries.values() if each.unique_id == FLAT]
    assert moved.title == "Under the roof"


async def test_a_consent_counts_even_if_the_rights_cannot_be_read_right_after(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.fail_next("droits_acces", Fault.status(503), times=9)

    result = await go_through(hass, entry, hass_client)

    assert result["reason"] == "connected"
    assert FLAT in {meter.unique_id for meter in entry.subentries.values()}


@pytest.mark.parametrize(
    ("bend", "error"),
    [
        (Connect(replays_code=True), "code_refused"),
        (Connect(omits_claim=True), "no_consents"),
        (Connect(omits_token=True), "id_token_invalid"),
        (Connect(wrong_key=True), "id_token_invalid"),
        (Connect(unsigned=True), "id_token_invalid"),
        (Connect(expired=True), "id_token_expired"),
        (Connect(other_audience=True), "id_token_audience"),
    ],
)
async def test_what_cannot_be_trusted_is_reported_and_can_be_tried_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    bend: Connect,
    error: str,
) -> None:
    sandbox.connect = replace(bend, _grants={})

    result = await go_through(hass, entry, hass_client)

    assert (result["step_id"], result["errors"]) == ("client_connect", {"base": error})
    assert suggested(result) == SACHA
    assert len(entry.subentries) == 1

    sandbox.connect = Connect()
    result = await configure(hass, result, SACHA)
    location = await decide(result["url"], FLAT)
    await come_back(hass_client, location)
    result = await configure(hass, result, None)
    assert result["reason"] == "connected"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.status(503), "cannot_connect"),
        (Fault.status(400, '{"error": "redirect_uri_mismatch"}'), "redirect_refused"),
        (Fault.status(401, '{"error": "invalid_client"}'), "invalid_auth"),
    ],
)
async def test_a_token_server_that_fails_or_refuses_is_reported(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    fault: Fault,
    error: str,
) -> None:
    await settle(hass, entry)
    sandbox.fail_next("token", fault, times=9)

    result = await go_through(hass, entry, hass_client)

    assert result["errors"] == {"base": error}


async def test_a_code_that_took_too_long_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)
    clock.tick(300)
    await come_back(hass_client, location)

    result = await configure(hass, result, None)

    assert result["errors"] == {"base": "code_refused"}


async def test_a_customers_refusal_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT, decision="no")
    await come_back(hass_client, location)

    result = await configure(hass, result, None)

    assert result["errors"] == {"base": "not_authorized"}
    assert result["description_placeholders"]["error"] == "access_denied"


async def test_an_address_that_is_not_registered_is_reported_by_grdf(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    sandbox.connect.redirect_uris = {"https://elsewhere.example.com/"}
    result = await send_away(hass, entry)

    async with ClientSession() as session, session.get(result["url"]) as answer:
        page = await answer.text()

    assert answer.status == HTTPStatus.BAD_REQUEST
    assert "redirect_uri" in page
    # Home Assistant still waits, and shows the address to declare if one starts again.
    assert (await open_dialog(hass, entry))["description_placeholders"]["redirect"]


async def test_a_contract_that_is_not_loaded_redirects_no_customer(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    result = await open_dialog(hass, entry)

    assert result["reason"] == "entry_not_loaded"


async def test_adding_a_meter_leads_to_the_contract(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await choose_of_meter(hass, await add(hass, entry), "client_connect")

    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "client_connect",
    )
    assert result["description_placeholders"] == {"account": "Example"}


@pytest.mark.parametrize("address", ["http://example.com/authorize", "nonsense"])
async def test_no_customer_is_sent_over_an_insecure_address(
    hass: HomeAssistant, entry: MockConfigEntry, served: Served, address: str
) -> None:
    menu = dict(await entry.start_reconfigure_flow(hass))
    result = await configure(hass, menu, {"next_step_id": "settings"})

    addresses = {CONF_TOKEN_URL: served.token_url, CONF_AUTHORIZE_URL: address}
    result = await configure(hass, result, {CONF_ADDRESSES: addresses})

    assert result["errors"] == {"base": "unsafe_address"}
