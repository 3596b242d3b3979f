"""Client Connect: whoever comes back late, twice, or to a dialog that is gone."""

from http import HTTPStatus

from homeassistant.components import persistent_notification
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from tests.sandbox import FLAT, HOUSE, Sandbox, Served

from .common import settle
from .conftest import AddEntry
from .connect_flow import (
    Form,
    come_back,
    configure,
    contract_of_sacha,
    decide,
    open_dialog,
    send_away,
)


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


def _notifications(hass: HomeAssistant) -> list[persistent_notification.Notification]:
    held = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001
    return list(held.values())


async def test_a_forged_state_gets_no_further_than_the_door(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.connect.forges_state = True
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)

    status, page = await come_back(hass_client, location)

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
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)
    await come_back(hass_client, location)
    sandbox.reset_calls()

    # Whoever saw the address comes second, with a code of their own.
    status, _ = await come_back(hass_client, location.update_query(code="another"))

    assert status == HTTPStatus.OK
    assert {meter.unique_id for meter in entry.subentries.values()} == {HOUSE, FLAT}
    assert (await configure(hass, result, None))["reason"] == "connected"
    assert not sandbox.token_calls


async def test_a_customer_who_comes_back_to_a_closed_dialog_brings_their_meter(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)
    hass.config_entries.flow.async_abort(result["flow_id"])

    status, page = await come_back(hass_client, location)

    assert (status, page) == (HTTPStatus.OK, "<script>window.close()</script>")
    assert {meter.unique_id for meter in entry.subentries.values()} == {HOUSE, FLAT}
    (told,) = _notifications(hass)
    assert told["title"] == "Consent through Client Connect (Example)"
    assert "Added: …0002" in told["message"]


async def test_whoever_comes_back_to_a_closed_dialog_is_told_what_failed(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    hass.config.language = "fr"
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT, decision="no")
    hass.config_entries.flow.async_abort(result["flow_id"])

    status, _ = await come_back(hass_client, location)

    assert status == HTTPStatus.OK
    (told,) = _notifications(hass)
    assert told["message"].startswith("GRDF n'a renvoyé aucun accord (access_denied).")
    assert len(entry.subentries) == 1


async def test_whoever_comes_back_to_a_dialog_that_moved_on_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    first = await send_away(hass, entry)
    late = await decide(first["url"], FLAT)
    hass.config_entries.flow.async_abort(first["flow_id"])
    again = await open_dialog(hass, entry)

    status, _ = await come_back(hass_client, late)

    assert status == HTTPStatus.OK
    assert len(_notifications(hass)) == 1
    progress = hass.config_entries.flow.async_get(again["flow_id"])
    assert progress["step_id"] == "client_connect"


async def test_a_contract_that_was_not_loaded_meanwhile_has_the_meter_later(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)
    await hass.config_entries.async_unload(entry.entry_id)

    await come_back(hass_client, location)

    assert (await configure(hass, result, None))["reason"] == "connected"
    assert FLAT in {meter.unique_id for meter in entry.subentries.values()}


async def test_a_contract_that_was_removed_meanwhile_is_told(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await settle(hass, entry)
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT)
    hass.config_entries.flow.async_abort(result["flow_id"])
    await hass.config_entries.async_remove(entry.entry_id)
    sandbox.reset_calls()

    status, _ = await come_back(hass_client, location)

    assert status == HTTPStatus.OK
    (told,) = _notifications(hass)
    assert told["message"].startswith("The contract was removed")
    assert not sandbox.token_calls


async def test_the_way_back_is_no_discovery_and_holds_no_reauthentication_up(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    result = await send_away(hass, entry)
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
    first = await send_away(hass, entry)
    again = await configure(hass, first, None)
    assert again["type"] is FlowResultType.EXTERNAL_STEP

    location = await decide(again["url"], FLAT)
    await come_back(hass_client, location)

    assert (await configure(hass, again, None))["reason"] == "connected"
