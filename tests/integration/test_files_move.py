"""A household gets a contract: its meter moves there with its whole history."""

from datetime import date, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import (
    CONF_ENVIRONMENT,
    CONF_METERS,
    CONF_PCE,
    DOMAIN,
)
from tests.exports import build_daily, invented_days
from tests.sandbox import FLAT, HOUSE, Sandbox

from .common import held, settle, stored_rows
from .conftest import AddEntry
from .file_flow import add_files, send
from .price_flow import choose, period, set_list
from .right_flow import CONSENT, DECLARE, PERSON, add, forget_rights, meter, scope, walk

type Form = dict[str, Any]

SERIES: Final = f"grdf_adict:{HOUSE}_energy"


@pytest.fixture
def contract(contract: Form) -> Form:
    """A contract of the real world, as files are; still the sandbox's addresses."""
    return {**contract, CONF_ENVIRONMENT: "production"}


@pytest.fixture
def older(sandbox: Sandbox) -> dict[date, float]:
    """The house's gas days up to the hundred that GRDF keeps here."""
    last = sandbox.today - timedelta(days=101)
    days = invented_days(last - timedelta(days=40), last)
    return {day.gas_day: day.kwh or 0.0 for day in days}


@pytest.fixture
async def files(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    older: dict[date, float],
) -> ConfigEntry:
    """An entry of exported files, with the house as its meter and a price."""
    days = invented_days(min(older), max(older))
    content = build_daily(days, pce=HOUSE, exported_on=date(2026, 11, 19))
    entry = await add_files(hass, hass_client, content)
    (only,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, only, title="Home")
    await set_list(hass, entry, period("2026-01-01", 0.1))  # type: ignore[arg-type]
    return entry


async def _has_moved(
    hass: HomeAssistant, sandbox: Sandbox, files: ConfigEntry, older: dict[date, float]
) -> None:
    """Check what a move leaves and what it brings."""
    contract = next(
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not files
    )
    await settle(hass, contract)  # type: ignore[arg-type]
    assert not files.subentries
    assert not files.runtime_data.meters
    moved = next(s for s in contract.subentries.values() if s.unique_id == HOUSE)
    assert moved.title == "Home"
    assert "price" in str(dict(moved.data))
    rows = await stored_rows(hass, SERIES)
    assert {day: state for day, state, _ in rows} == older | held(sandbox, HOUSE)
    total = sum(state for _, state, _ in rows if state is not None)
    assert rows[-1][2] == pytest.approx(total)
    assert len(await stored_rows(hass, f"grdf_adict:{HOUSE}_cost")) == len(rows)


async def test_a_new_contract_takes_the_meter_over_with_its_whole_history(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: Form,
    files: ConfigEntry,
    older: dict[date, float],
    issue_registry: ir.IssueRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    before = entity_registry.async_get_entity_id("sensor", DOMAIN, f"{HOUSE}_energy")
    flows = hass.config_entries.flow
    result: Form = dict(await flows.async_init(DOMAIN, context={"source": "user"}))
    result = await send(hass, result, {"next_step_id": "contract"})
    result = await send(hass, result, contract)
    options = result["data_schema"].schema[CONF_METERS].config["options"]
    label = next(option["label"] for option in options if option["value"] == HOUSE)
    assert label.endswith("Exported files (GRDF)")

    result = await send(hass, result, {CONF_METERS: [HOUSE, FLAT]})
    assert result["step_id"] == "take_over"
    assert result["description_placeholders"]["meters"] == "Home"
    result = await send(hass, result, {"confirm": False})
    assert result["errors"] == {"confirm": "not_confirmed"}
    assert files.subentries
    result = await send(hass, result, {"confirm": True})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    await _has_moved(hass, sandbox, files, older)
    after = entity_registry.async_get_entity_id("sensor", DOMAIN, f"{HOUSE}_energy")
    assert after == before
    assert before is not None
    state = hass.states.get(before)
    assert state is not None
    assert float(state.state) > sum(older.values())
    assert not [
        issue
        for domain, issue in issue_registry.issues
        if domain == DOMAIN and issue.startswith("meter_deleted")
    ]


async def test_a_contract_that_is_there_takes_the_meter_over_by_its_right(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    files: ConfigEntry,
    older: dict[date, float],
) -> None:
    entry = await add_entry(FLAT)
    result = await choose(hass, await add(hass, entry), "held")

    result = await send(hass, result, {CONF_PCE: HOUSE})
    assert result["step_id"] == "take_over"
    result = await send(hass, result, {"confirm": False})
    assert result["errors"] == {"confirm": "not_confirmed"}
    result = await send(hass, result, {"confirm": True})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    await _has_moved(hass, sandbox, files, older)


async def test_a_declared_right_takes_the_meter_over_too(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    files: ConfigEntry,
) -> None:
    forget_rights(sandbox, HOUSE)
    entry = await add_entry(FLAT)
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(HOUSE),
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
        DECLARE,
    )
    assert result["step_id"] == "take_over", result

    result = await send(hass, result, {"confirm": True})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not files.subentries
    assert HOUSE in {each.unique_id for each in entry.subentries.values()}


async def test_a_meter_moves_out_of_files_that_are_disabled(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    files: ConfigEntry,
    older: dict[date, float],
) -> None:
    entry = await add_entry(FLAT)
    assert await hass.config_entries.async_unload(files.entry_id)
    result = await choose(hass, await add(hass, entry), "held")

    result = await send(hass, result, {CONF_PCE: HOUSE})
    await send(hass, result, {"confirm": True})
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)

    assert not files.subentries
    rows = await stored_rows(hass, SERIES)
    assert {day: state for day, state, _ in rows} == older | held(sandbox, HOUSE)


async def test_a_meter_of_a_contract_does_not_move_to_another(
    hass: HomeAssistant, add_entry: AddEntry, contract: Form
) -> None:
    await add_entry(HOUSE)
    flows = hass.config_entries.flow
    result: Form = dict(await flows.async_init(DOMAIN, context={"source": "user"}))
    result = await send(hass, result, {"next_step_id": "contract"})
    result = await send(hass, result, contract)

    result = await send(hass, result, {CONF_METERS: [HOUSE]})

    assert result["errors"] == {CONF_METERS: "already_a_meter"}
