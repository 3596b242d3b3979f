"""Client Connect: to GRDF's page and back, over real HTTP."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.config_entry_oauth2_flow import MY_AUTH_CALLBACK_PATH
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
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
from .price_flow import choose as choose_of_meter
from .right_flow import add, forget_rights, suggested

type Form = dict[str, Any]

SACHA = {"first_name": "Sacha", "last_name": "Exemple", "mail": "sacha@example.com"}
HOME = "https://home.example.com"


@pytest.fixture(autouse=True)
def _own_address(hass: HomeAssistant, sandbox: Sandbox) -> None:
    hass.config.external_url = HOME
    forget_rights(sandbox, FLAT)


@pytest.fixture
async def entry(contract: Form, served: Served, add_entry: AddEntry) -> MockConfigEntry:
    """A contract that sends customers to the sandbox's page."""
    contract[CONF_ADDRESSES][CONF_AUTHORIZE_URL] = served.authorise_url
    return await add_entry(HOUSE)


async def _configure(hass: HomeAssistant, result: Form, form: Form | None) -> Form:
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def _open(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    menu = dict(await entry.start_reconfigure_flow(hass))
    return await _configure(hass, menu, {"next_step_id": "client_connect"})


async def _sent(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    result = await _configure(hass, await _open(hass, entry), SACHA)
    assert result["type"] is FlowResultType.EXTERNAL_STEP
    return result


async def _decide(url: str, *pces: str, decision: str = "yes") -> URL:
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


async def _come_back(
    hass_client: ClientSessionGenerator, location: URL
) -> tuple[int, str]:
    """Follow the browser back to Home Assistant; nobody is logged in."""
    client = await hass_client()
    response = await client.get(location.path_qs)
    return response.status, await response.text()


def _notifications(hass: HomeAssistant) -> list[persistent_notification.Notification]:
    held = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001
    return list(held.values())


async def _through(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    *pces: str,
) -> Form:
    result = await _sent(hass, entry)
    location = await _decide(result["url"], *pces or (FLAT,))
    status, _ = await _come_back(hass_client, location)
    assert status == HTTPStatus.OK
    return await _configure(hass, result, None)


async def test_a_customer_goes_to_grdf_and_comes_back_with_a_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    form = await _open(hass, entry)
    assert form["description_placeholders"] == {
        "redirect": f"{HOME}/auth/external/callback"
    }
    result = await _configure(hass, form, SACHA)
    sent = URL(result["url"]).query
    assert sent["client_id"] == "demo"
    assert sent["scope"] == "openid"
    assert sent["redirect_uri"] == f"{HOME}/auth/external/callback"
    assert sent["login_hint"] == "Sacha;Exemple;sacha@example.com;Example"

    location = await _decide(result["url"], FLAT)
    status, page = await _come_back(hass_client, location)
    result = await _configure(hass, result, None)

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


async def test_nobody_has_to_say_who_comes(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await _configure(hass, await _open(hass, entry), {})

    assert "login_hint" not in URL(result["url"]).query


async def test_my_home_assistant_is_the_way_back_where_it_is_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.components.add("my")

    form = await _open(hass, entry)
    result = await _configure(hass, form, {})

    assert form["description_placeholders"] == {"redirect": MY_AUTH_CALLBACK_PATH}
    assert URL(result["url"]).query["redirect_uri"] == MY_AUTH_CALLBACK_PATH


@pytest.mark.usefixtures("current_request_with_host")
async def test_the_address_in_the_browser_is_the_way_back_otherwise(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await _open(hass, entry)

    assert form["description_placeholders"] == {
        "redirect": "https://example.com/auth/external/callback"
    }


async def test_without_an_address_of_its_own_home_assistant_says_what_to_set(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.external_url = None
    hass.config.api = None

    result = await _open(hass, entry)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_address")


async def test_meters_that_are_there_are_said_and_those_of_others_not_taken(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    other = MockConfigEntry(
        domain="grdf_adict",
        title="Neighbour",
        unique_id="sandbox_other",
        data=dict(entry.data) | {"client_id": "other"},
        subentries_data=[
            {
                "subentry_type": "meter",
                "title": "Flat",
                "unique_id": FLAT,
                "data": {"pce": FLAT},
            }
        ],
    )
    other.add_to_hass(hass)
    _let_sacha_have(sandbox, HOUSE)

    result = await _through(hass, entry, hass_client, HOUSE, FLAT)

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
    files = MockConfigEntry(
        domain="grdf_adict",
        title="Exported files",
        data={"environment": "sandbox"},
        subentries_data=[
            {
                "subentry_type": "meter",
                "title": "Under the roof",
                "unique_id": FLAT,
                "data": {"pce": FLAT},
            }
        ],
    )
    files.add_to_hass(hass)

    result = await _through(hass, entry, hass_client, FLAT)

    told = result["description_placeholders"]
    assert (told["added"], told["moved"], told["owned"]) == ("—", "…0002", "—")
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

    result = await _through(hass, entry, hass_client)

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
async def test_what_cannot_be_trusted_is_told_and_can_be_tried_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    bend: Connect,
    error: str,
) -> None:
    sandbox.connect = replace(bend, _grants={})

    result = await _through(hass, entry, hass_client)

    assert (result["step_id"], result["errors"]) == ("client_connect", {"base": error})
    assert suggested(result) == SACHA
    assert len(entry.subentries) == 1

    sandbox.connect = Connect()
    result = await _configure(hass, result, SACHA)
    location = await _decide(result["url"], FLAT)
    await _come_back(hass_client, location)
    result = await _configure(hass, result, None)
    assert result["reason"] == "connected"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.status(503), "cannot_connect"),
        (Fault.status(400, '{"error": "redirect_uri_mismatch"}'), "redirect_refused"),
        (Fault.status(401, '{"error": "invalid_client"}'), "invalid_auth"),
    ],
)
async def test_a_token_server_that_fails_or_refuses_is_told(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    fault: Fault,
    error: str,
) -> None:
    await settle(hass, entry)
    sandbox.fail_next("token", fault, times=9)

    result = await _through(hass, entry, hass_client)

    assert result["errors"] == {"base": error}


async def test_a_code_that_took_too_long_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)
    clock.tick(300)
    await _come_back(hass_client, location)

    result = await _configure(hass, result, None)

    assert result["errors"] == {"base": "code_refused"}


async def test_a_customer_who_says_no_leaves_all_as_it_is(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT, decision="no")
    await _come_back(hass_client, location)

    result = await _configure(hass, result, None)

    assert result["errors"] == {"base": "not_authorized"}
    assert result["description_placeholders"]["error"] == "access_denied"


async def test_a_forged_state_gets_no_further_than_the_door(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.connect.forges_state = True
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)

    status, page = await _come_back(hass_client, location)

    assert status == HTTPStatus.BAD_REQUEST
    assert "Invalid state" in page
    progress = hass.config_entries.flow.async_get(result["flow_id"])
    assert progress["step_id"] == "authorize"
    assert len(entry.subentries) == 1


async def test_a_way_back_is_good_for_one_use(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await settle(hass, entry)
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)
    await _come_back(hass_client, location)
    sandbox.reset_calls()

    # Whoever saw the address comes second, with a code of their own.
    status, _ = await _come_back(hass_client, location.update_query(code="another"))

    assert status == HTTPStatus.OK
    assert {meter.unique_id for meter in entry.subentries.values()} == {HOUSE, FLAT}
    assert (await _configure(hass, result, None))["reason"] == "connected"
    assert not sandbox.token_calls


async def test_a_customer_who_comes_back_to_a_closed_dialog_brings_their_meter(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)
    hass.config_entries.flow.async_abort(result["flow_id"])

    status, page = await _come_back(hass_client, location)

    assert (status, page) == (HTTPStatus.OK, "<script>window.close()</script>")
    assert {meter.unique_id for meter in entry.subentries.values()} == {HOUSE, FLAT}
    (told,) = _notifications(hass)
    assert told["title"] == "Consent through Client Connect (Example)"
    assert "Added: …0002" in told["message"]


async def test_whoever_comes_back_to_a_closed_dialog_is_told_what_failed(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    hass.config.language = "fr"
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT, decision="no")
    hass.config_entries.flow.async_abort(result["flow_id"])

    status, _ = await _come_back(hass_client, location)

    assert status == HTTPStatus.OK
    (told,) = _notifications(hass)
    assert told["message"].startswith("GRDF n'a renvoyé aucun accord (access_denied).")
    assert len(entry.subentries) == 1


async def test_whoever_comes_back_to_a_dialog_that_moved_on_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    first = await _sent(hass, entry)
    late = await _decide(first["url"], FLAT)
    hass.config_entries.flow.async_abort(first["flow_id"])
    again = await _open(hass, entry)

    status, _ = await _come_back(hass_client, late)

    assert status == HTTPStatus.OK
    assert len(_notifications(hass)) == 1
    progress = hass.config_entries.flow.async_get(again["flow_id"])
    assert progress["step_id"] == "client_connect"


async def test_a_contract_that_was_not_loaded_meanwhile_has_the_meter_later(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)
    await hass.config_entries.async_unload(entry.entry_id)

    await _come_back(hass_client, location)

    assert (await _configure(hass, result, None))["reason"] == "connected"
    assert FLAT in {meter.unique_id for meter in entry.subentries.values()}


async def test_a_contract_that_was_removed_meanwhile_is_told(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await settle(hass, entry)
    result = await _sent(hass, entry)
    location = await _decide(result["url"], FLAT)
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.config_entries.async_remove(entry.entry_id)
    sandbox.reset_calls()

    status, _ = await _come_back(hass_client, location)

    assert status == HTTPStatus.OK
    (told,) = _notifications(hass)
    assert told["message"].startswith("The contract was removed")
    assert not sandbox.token_calls


async def test_the_way_back_is_no_discovery_and_holds_no_reauthentication_up(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    result = await _sent(hass, entry)
    hass.config_entries.flow.async_abort(result["flow_id"])
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client()

    await client.send_json_auto_id({"type": "config_entries/flow/progress"})
    shown = await client.receive_json()
    entry.async_start_reauth(hass)
    await hass.async_block_till_done()

    assert shown["result"] == []
    assert list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_a_page_that_was_closed_at_grdf_can_be_opened_again(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    first = await _sent(hass, entry)
    again = await _configure(hass, first, None)
    assert again["type"] is FlowResultType.EXTERNAL_STEP

    location = await _decide(again["url"], FLAT)
    await _come_back(hass_client, location)

    assert (await _configure(hass, again, None))["reason"] == "connected"


async def test_an_address_that_grdf_does_not_know_is_told_by_grdf(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    sandbox.connect.redirect_uris = {"https://elsewhere.example.com/"}
    result = await _sent(hass, entry)

    async with ClientSession() as session, session.get(result["url"]) as answer:
        page = await answer.text()

    assert answer.status == HTTPStatus.BAD_REQUEST
    assert "redirect_uri" in page
    # Home Assistant still waits, and shows the address to declare if one starts again.
    assert (await _open(hass, entry))["description_placeholders"]["redirect"]


async def test_a_contract_that_is_not_loaded_sends_nobody_away(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    result = await _open(hass, entry)

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
async def test_nobody_is_sent_over_an_open_address(
    hass: HomeAssistant, entry: MockConfigEntry, served: Served, address: str
) -> None:
    menu = dict(await entry.start_reconfigure_flow(hass))
    result = await _configure(hass, menu, {"next_step_id": "settings"})

    addresses = {CONF_TOKEN_URL: served.token_url, CONF_AUTHORIZE_URL: address}
    result = await _configure(hass, result, {CONF_ADDRESSES: addresses})

    assert result["errors"] == {"base": "unsafe_address"}


def _let_sacha_have(sandbox: Sandbox, *pces: str) -> None:
    for pce in pces:
        meter = sandbox.meters[pce]
        site = replace(meter.site, mail="sacha@example.com")
        sandbox.meters[pce] = replace(meter, site=site)
