"""Adding a contract: what people type, what they are told."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_ENVIRONMENT,
    CONF_METERS,
    CONF_TOKEN_URL,
    DOMAIN,
)
from tests.sandbox import BUSINESS, FLAT, FORMER, HOUSE, WAITING, Fault, Sandbox, Served
from tests.sandbox.faults import Faults

from .conftest import AddEntry

type Form = dict[str, Any]


async def _submit_contract(hass: HomeAssistant, form: Form) -> Form:
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["contract", "files"]
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "contract"}
    )
    assert result["type"] is FlowResultType.FORM
    assert not result["errors"]
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def _configure(hass: HomeAssistant, result: Form, form: Form) -> Form:
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def test_a_contract_and_two_meters_become_an_entry_with_two_subentries(
    hass: HomeAssistant, contract: Form
) -> None:
    result = await _submit_contract(hass, contract)
    assert result["step_id"] == "meters"

    result = await _configure(hass, result, {CONF_METERS: [HOUSE, BUSINESS]})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == contract
    entry = result["result"]
    assert entry.unique_id == "sandbox_demo"
    assert {
        (meter.unique_id, meter.data["pce"]) for meter in entry.subentries.values()
    } == {(HOUSE, HOUSE), (BUSINESS, BUSINESS)}
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_only_pce_with_a_right_that_has_not_ended_are_offered(
    hass: HomeAssistant, contract: Form
) -> None:
    result = await _submit_contract(hass, contract)

    schema = result["data_schema"].schema
    options = schema[CONF_METERS].config["options"]
    offered = {option["value"] for option in options}

    assert {HOUSE, FLAT, BUSINESS} <= offered
    assert WAITING in offered
    assert FORMER not in offered
    house = next(option for option in options if option["value"] == HOUSE)
    assert house["label"].startswith(f"{HOUSE} · ")


async def test_titles_hold_no_persons_name(hass: HomeAssistant, contract: Form) -> None:
    result = await _submit_contract(hass, contract)
    result = await _configure(hass, result, {CONF_METERS: [HOUSE]})

    (meter,) = result["result"].subentries.values()

    assert meter.title == f"Meter …{HOUSE[-4:]}"


async def test_titles_are_french_in_a_french_home(
    hass: HomeAssistant, contract: Form
) -> None:
    hass.config.language = "fr"
    result = await _submit_contract(hass, contract)
    result = await _configure(hass, result, {CONF_METERS: [HOUSE]})

    (meter,) = result["result"].subentries.values()

    assert meter.title == f"Compteur …{HOUSE[-4:]}"


async def test_blanks_around_what_was_pasted_do_not_count(
    hass: HomeAssistant, contract: Form
) -> None:
    form = {
        **contract,
        CONF_CLIENT_ID: " demo\t",
        CONF_CLIENT_SECRET: "demo-secret \n",
    }

    result = await _submit_contract(hass, form)
    result = await _configure(hass, result, {CONF_METERS: []})

    assert result["data"] == contract


async def test_a_wrong_secret_is_told_and_the_right_one_goes_on(
    hass: HomeAssistant, contract: Form
) -> None:
    result = await _submit_contract(hass, {**contract, CONF_CLIENT_SECRET: "wrong"})
    assert result["errors"] == {"base": "invalid_auth"}

    result = await _configure(hass, result, contract)
    assert result["step_id"] == "meters"


@pytest.mark.parametrize(
    ("path", "fault", "error"),
    [
        ("token", Fault.status(503), "cannot_connect"),
        ("droits_acces", Fault.status(503), "cannot_connect"),
        ("droits_acces", Fault.html(), "bad_answer"),
        ("droits_acces", Fault.status(429), "quota_reached"),
        (
            "droits_acces",
            Fault.status(
                200,
                body='{"code_statut_traitement": "1000000099",'
                ' "message_retour_traitement": "Votre contrat GRDF ADICT est expiré."}',
            ),
            "contract_over",
        ),
        (
            "droits_acces",
            Fault.status(
                403,
                body='{"code_statut_traitement": "1000000001",'
                ' "message_retour_traitement": "Accès refusé."}',
            ),
            "no_access_right",
        ),
        (
            "droits_acces",
            Fault.status(400, body='{"message": "Paramètre invalide"}'),
            "bad_request",
        ),
    ],
)
async def test_what_fails_is_told_and_can_be_tried_again(
    hass: HomeAssistant,
    contract: Form,
    sandbox: Sandbox,
    path: str,
    fault: Fault,
    error: str,
) -> None:
    sandbox.fail_next(path, fault, times=3)
    result = await _submit_contract(hass, contract)
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["code"]

    sandbox.faults = Faults()
    result = await _configure(hass, result, contract)
    assert result["step_id"] == "meters"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, ""),
        (200, "[]"),
        (204, ""),
        (200, '{"code_statut_traitement": "0000000000"}'),
    ],
)
async def test_a_list_with_nothing_in_it_is_a_contract_without_rights_yet(
    hass: HomeAssistant, contract: Form, sandbox: Sandbox, status: int, body: str
) -> None:
    sandbox.fail_next("droits_acces", Fault.status(status, body=body), times=3)

    result = await _submit_contract(hass, contract)

    assert result["step_id"] == "meters"
    assert result["description_placeholders"] == {"count": "0"}
    sandbox.faults = Faults()
    result = await _configure(hass, result, {CONF_METERS: []})
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "address", ["http://example.com/adict", "nonsense", "https://"]
)
async def test_a_secret_is_never_sent_over_an_open_address(
    hass: HomeAssistant, contract: Form, served: Served, address: str
) -> None:
    form = {
        **contract,
        CONF_ADDRESSES: {CONF_API_URL: served.api_url, CONF_TOKEN_URL: address},
    }

    result = await _submit_contract(hass, form)

    assert result["errors"] == {"base": "unsafe_address"}


async def test_the_same_contract_twice_aborts(
    hass: HomeAssistant, contract: Form, add_entry: AddEntry
) -> None:
    await add_entry(set_up=False)

    result = await _submit_contract(hass, contract)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_contract_can_be_begun_again_after_a_tab_was_closed(
    hass: HomeAssistant, contract: Form
) -> None:
    await _submit_contract(hass, contract)

    result = await _submit_contract(hass, contract)
    result = await _configure(hass, result, {CONF_METERS: [HOUSE]})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert not hass.config_entries.flow.async_progress()


async def test_a_pce_can_be_typed_with_spaces(
    hass: HomeAssistant, contract: Form
) -> None:
    spaced = f"{HOUSE[:4]} {HOUSE[4:]}"
    result = await _submit_contract(hass, contract)

    result = await _configure(hass, result, {CONF_METERS: [spaced]})

    (meter,) = result["result"].subentries.values()
    assert meter.unique_id == HOUSE


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("1234", "invalid_pce"),
        ("09999999999999", "no_right_on_contract"),
        (FORMER, "right_not_active"),
    ],
)
async def test_a_typed_pce_is_checked_against_the_rights(
    hass: HomeAssistant, contract: Form, typed: str, error: str
) -> None:
    result = await _submit_contract(hass, contract)

    result = await _configure(hass, result, {CONF_METERS: [HOUSE, typed]})

    assert result["errors"] == {CONF_METERS: error}
    result = await _configure(hass, result, {CONF_METERS: [HOUSE]})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_pce_has_one_owner_among_all_entries(
    hass: HomeAssistant, contract: Form, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    hass.config_entries.async_update_entry(entry, unique_id="sandbox_other")

    result = await _submit_contract(hass, contract)
    options = result["data_schema"].schema[CONF_METERS].config["options"]
    assert HOUSE not in {option["value"] for option in options}

    result = await _configure(hass, result, {CONF_METERS: [HOUSE]})
    assert result["errors"] == {CONF_METERS: "already_a_meter"}
    assert result["description_placeholders"]["account"] == "Example"


async def test_a_contract_in_production_is_another_than_the_sandboxs(
    hass: HomeAssistant, contract: Form
) -> None:
    form = {**contract, CONF_ENVIRONMENT: "production"}

    result = await _submit_contract(hass, form)
    result = await _configure(hass, result, {CONF_METERS: []})

    assert result["result"].unique_id == "production_demo"
    assert "sandbox" not in result["title"]


async def test_a_new_secret_brings_the_data_back(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    sandbox.client_secret = "second-secret"
    result = dict(await entry.start_reauth_flow(hass))
    assert result["step_id"] == "reauth_confirm"

    result = await _configure(hass, result, {CONF_CLIENT_SECRET: "wrong"})
    assert result["errors"] == {"base": "invalid_auth"}
    result = await _configure(hass, result, {CONF_CLIENT_SECRET: "second-secret"})

    assert result["reason"] == "reauth_successful"
    assert entry.data[CONF_CLIENT_SECRET] == "second-secret"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.configured[CONF_CLIENT_SECRET] == "second-secret"


async def test_the_same_secret_again_reloads_the_contract(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    before = entry.runtime_data
    result = dict(await entry.start_reauth_flow(hass))

    result = await _configure(hass, result, {CONF_CLIENT_SECRET: "demo-secret"})

    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.runtime_data is not before
