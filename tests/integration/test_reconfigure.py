"""Changing the settings of a contract that is set up."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_CALLS_PER_DAY,
    CONF_TOKEN_URL,
)
from tests.sandbox import HOUSE, Sandbox, Served

from .conftest import AddEntry

type Form = dict[str, Any]


@pytest.fixture
def addresses(contract: Form) -> Form:
    """The part of the form that says where the sandbox is."""
    return {CONF_ADDRESSES: contract[CONF_ADDRESSES]}


async def _open(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    menu = await entry.start_reconfigure_flow(hass)
    return await _submit(hass, dict(menu), {"next_step_id": "settings"})


async def _submit(hass: HomeAssistant, result: Form, form: Form) -> Form:
    result = dict(
        await hass.config_entries.flow.async_configure(result["flow_id"], form)
    )
    await hass.async_block_till_done()
    return result


async def test_fewer_calls_a_day_hold_at_once(
    hass: HomeAssistant, add_entry: AddEntry, addresses: Form
) -> None:
    entry = await add_entry(HOUSE)
    result = await _open(hass, entry)
    assert result["step_id"] == "settings"

    result = await _submit(hass, result, {CONF_CALLS_PER_DAY: 500.0, **addresses})

    assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_CALLS_PER_DAY] == 500
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.account.quota.allowance.calls_per_day == 500


async def test_an_empty_form_keeps_the_secret_and_lifts_the_limit(
    hass: HomeAssistant, contract: Form, add_entry: AddEntry, addresses: Form
) -> None:
    as_it_was = dict(contract)
    contract[CONF_CALLS_PER_DAY] = 500
    entry = await add_entry()
    result = await _open(hass, entry)

    await _submit(hass, result, addresses)

    assert dict(entry.data) == as_it_was
    assert entry.runtime_data.account.quota.allowance.calls_per_day == 6_000


async def test_the_form_shows_the_limit_and_never_the_secret(
    hass: HomeAssistant, contract: Form, add_entry: AddEntry
) -> None:
    contract[CONF_CALLS_PER_DAY] = 500
    entry = await add_entry()

    result = await _open(hass, entry)

    form = result["data_schema"]
    suggested = {str(key): key.description for key in form.schema if key.description}
    assert suggested[CONF_CALLS_PER_DAY] == {"suggested_value": 500}
    assert CONF_CLIENT_SECRET not in suggested
    assert "demo-secret" not in str(suggested)


async def test_a_new_secret_is_tried_before_it_is_kept(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry, addresses: Form
) -> None:
    entry = await add_entry()
    sandbox.client_secret = "second-secret"
    result = await _open(hass, entry)

    result = await _submit(hass, result, {CONF_CLIENT_SECRET: "wrong", **addresses})
    assert result["errors"] == {"base": "invalid_auth"}
    assert entry.data[CONF_CLIENT_SECRET] == "demo-secret"
    form = {CONF_CLIENT_SECRET: " second-secret\n", **addresses}
    result = await _submit(hass, result, form)

    assert result["type"] is FlowResultType.ABORT
    assert entry.data[CONF_CLIENT_SECRET] == "second-secret"


async def test_a_secret_is_never_sent_over_an_open_address_later_either(
    hass: HomeAssistant, served: Served, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    result = await _open(hass, entry)
    open_address = {
        CONF_API_URL: served.api_url,
        CONF_TOKEN_URL: "http://example.com/token",
    }

    result = await _submit(hass, result, {CONF_ADDRESSES: open_address})

    assert result["errors"] == {"base": "unsafe_address"}


async def test_a_contract_that_is_not_loaded_is_loaded_with_its_new_settings(
    hass: HomeAssistant, add_entry: AddEntry, addresses: Form
) -> None:
    entry = await add_entry()
    await hass.config_entries.async_unload(entry.entry_id)
    result = await _open(hass, entry)

    await _submit(hass, result, {CONF_CALLS_PER_DAY: 7, **addresses})

    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.account.quota.allowance.calls_per_day == 7
