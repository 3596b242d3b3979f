"""The Energy dashboard offer: in the flows, as a repair, and what it never does."""

from copy import deepcopy
from typing import Any

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import CONF_METERS, CONF_PCE, DOMAIN
from custom_components.grdf_adict.helpers.internals import _found
from custom_components.grdf_adict.watch import issue_keeper as right_issues
from tests.sandbox import BUSINESS, FLAT, HOUSE, PRODUCER

from .common import series_of, settle
from .conftest import AddEntry
from .energy import gas, save, sources
from .price_flow import period, set_list

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
VOLUME = f"grdf_adict:sandbox_{HOUSE}_volume"
COST = f"grdf_adict:sandbox_{HOUSE}_cost"

OTHERS: list[dict[str, Any]] = [
    {
        "type": "solar",
        "stat_energy_from": "sensor.roof",
        "config_entry_solar_forecast": None,
    },
    {
        "type": "water",
        "stat_energy_from": "sensor.water",
        "stat_cost": None,
        "entity_energy_price": None,
        "number_energy_price": 0.004,
    },
]


@pytest.fixture(autouse=True)
async def _dashboard(hass: HomeAssistant, _home_in_france: None) -> None:
    assert await async_setup_component(hass, "energy", {})
    assert await async_setup_component(hass, REPAIRS, {})


async def _up_to_offer(
    hass: HomeAssistant, contract: dict[str, Any], *pces: str
) -> dict[str, Any]:
    flows = hass.config_entries.flow
    form = {"addresses": {}, **contract}
    result = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    await flows.async_configure(result["flow_id"], {"next_step_id": "contract"})
    result = await flows.async_configure(result["flow_id"], form)
    return dict(
        await flows.async_configure(result["flow_id"], {CONF_METERS: list(pces)})
    )


async def _answer(
    hass: HomeAssistant, result: dict[str, Any], *, show: bool
) -> dict[str, Any]:
    flows = hass.config_entries.flow
    result = dict(await flows.async_configure(result["flow_id"], {"show": show}))
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def _repairs(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    return {
        str(issue.translation_key): issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
        and issue.active
        and str(issue.translation_key).startswith("energy_")
    }


async def _fix(hass: HomeAssistant, issue: ir.IssueEntry) -> dict[str, Any]:
    manager = hass.data[REPAIRS]["flow_manager"]
    form = await manager.async_init(DOMAIN, data={"issue_id": issue.issue_id})
    assert form["type"] is FlowResultType.FORM, form
    return dict(await manager.async_configure(form["flow_id"], {}))


async def test_yes_adds_the_meter_and_touches_nothing_else(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    await save(hass, deepcopy(OTHERS))

    result = await _up_to_offer(hass, contract, HOUSE)
    assert result["step_id"] == "energy"
    assert "(kWh)" in result["description_placeholders"]["series"]
    result = await _answer(hass, result, show=True)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await sources(hass) == [*OTHERS, gas(ENERGY)]


async def test_a_dashboard_that_was_never_set_up_is_begun(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    assert (await async_get_manager(hass)).data is None

    await _answer(hass, await _up_to_offer(hass, contract, HOUSE), show=True)

    assert await sources(hass) == [gas(ENERGY)]
    await async_wait_recording_done(hass)
    assert "energy" in await series_of(hass, HOUSE)


async def test_no_adds_nothing_and_the_repair_waits_for_the_first_import(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    result = await _up_to_offer(hass, contract, HOUSE)
    result = await _answer(hass, result, show=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await sources(hass) == []

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await settle(hass, entry)  # type: ignore[arg-type]

    assert set(_repairs(hass)) == {"energy_not_shown"}


async def test_beside_a_source_in_cubic_metres_the_volume_is_offered(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    hass.states.async_set("sensor.old", "5", {"unit_of_measurement": "m³"})
    await save(hass, [gas("sensor.old")])

    result = await _up_to_offer(hass, contract, HOUSE)
    assert "(m³)" in result["description_placeholders"]["series"]
    await _answer(hass, result, show=True)

    assert await sources(hass) == [gas("sensor.old"), gas(VOLUME)]


async def test_without_the_dashboard_there_is_no_offer(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    hass.config.components.remove("energy")

    result = await _up_to_offer(hass, contract, HOUSE)

    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_dashboard_of_another_kind_makes_no_offer_and_no_fault(
    hass: HomeAssistant,
    contract: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As at a start: what was found before is not remembered.
    look = "custom_components.grdf_adict.helpers.internals._found"
    monkeypatch.setattr(look, _found.__wrapped__)
    monkeypatch.delattr("homeassistant.components.energy.data.ENERGY_SOURCE_SCHEMA")

    result = await _up_to_offer(hass, contract, HOUSE)

    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_meter_added_later_is_offered_too(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await save(hass, [gas(ENERGY)])
    flows = hass.config_entries.subentries

    menu = await flows.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )
    await flows.async_configure(menu["flow_id"], {"next_step_id": "held"})
    result = await flows.async_configure(menu["flow_id"], {CONF_PCE: FLAT})
    assert result["step_id"] == "energy"
    result = await flows.async_configure(menu["flow_id"], {"show": True})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    flat = f"grdf_adict:sandbox_{FLAT}_energy"
    assert await sources(hass) == [gas(ENERGY), gas(flat)]


async def test_who_only_gives_gas_gets_no_offer_and_no_repair(
    hass: HomeAssistant, contract: dict[str, Any]
) -> None:
    result = await _up_to_offer(hass, contract, PRODUCER)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await settle(hass, entry)  # type: ignore[arg-type]

    assert _repairs(hass) == {}


async def test_the_repair_shows_the_meter_once_and_goes(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await save(hass, deepcopy(OTHERS))
    await import_meters(HOUSE)
    issue = _repairs(hass)["energy_not_shown"]
    assert issue.severity is ir.IssueSeverity.WARNING

    result = await _fix(hass, issue)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await sources(hass) == [*OTHERS, gas(ENERGY)]
    assert _repairs(hass) == {}


@pytest.mark.parametrize("shown_as", [ENERGY, VOLUME, "sensor.meter_0001_energy"])
async def test_the_repair_is_removed_when_the_user_adds_the_meter(
    hass: HomeAssistant, import_meters: AddEntry, shown_as: str
) -> None:
    await import_meters(HOUSE)
    assert _repairs(hass)

    await save(hass, [gas(shown_as)])
    assert _repairs(hass) == {}

    await save(hass, [])
    assert _repairs(hass)


async def test_what_is_ignored_stays_ignored_after_a_reload(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    issue = _repairs(hass)["energy_not_shown"]
    ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, ignore=True)

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    assert _repairs(hass)["energy_not_shown"].dismissed_version is not None


@pytest.fixture
def _two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(right_issues, "MOST_SINGLE_REPAIRS", 1)


@pytest.mark.usefixtures("_two_are_many")
async def test_many_meters_have_one_repair_that_shows_them_all(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE, FLAT)
    assert set(_repairs(hass)) == {"energy_not_shown_many"}

    await _fix(hass, _repairs(hass)["energy_not_shown_many"])

    assert {source["stat_energy_from"] for source in await sources(hass)} == {
        ENERGY,
        f"grdf_adict:sandbox_{FLAT}_energy",
    }
    assert _repairs(hass) == {}


@pytest.mark.usefixtures("_two_are_many")
async def test_a_meter_that_was_ignored_is_not_named_among_many(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    ignored = _repairs(hass)["energy_not_shown"]
    ir.async_ignore_issue(hass, DOMAIN, ignored.issue_id, ignore=True)

    for pce in (FLAT, BUSINESS):
        await _add(hass, entry, pce)

    assert _repairs(hass)["energy_not_shown"].issue_id == ignored.issue_id
    assert _repairs(hass)["energy_not_shown"].dismissed_version is not None
    many = _repairs(hass)["energy_not_shown_many"].translation_placeholders
    assert many is not None
    assert many["count"] == "2"


async def test_a_price_given_later_brings_the_cost_by_a_repair(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await save(hass, [gas(ENERGY)])
    assert _repairs(hass) == {}

    await set_list(hass, entry, period("2024-01-01", 0.1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(_repairs(hass)) == {"energy_cost_missing"}
    await _fix(hass, _repairs(hass)["energy_cost_missing"])

    assert await sources(hass) == [gas(ENERGY, stat_cost=COST)]
    assert _repairs(hass) == {}


async def test_a_cost_chosen_by_the_user_is_kept(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    chosen = gas(ENERGY, stat_cost="sensor.my_cost")
    await save(hass, [chosen])

    await set_list(hass, entry, period("2024-01-01", 0.1))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert _repairs(hass) == {}
    assert await sources(hass) == [chosen]


async def test_a_refusal_of_the_dashboard_is_shown_and_changes_nothing(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)
    odd = [{"type": "gas", "stat_energy_from": "sensor.old", "odd": 1}]
    await save(hass, odd)

    result = await _fix(hass, _repairs(hass)["energy_not_shown"])

    assert result["reason"] == "energy_refused"
    assert await sources(hass) == odd


async def _add(hass: HomeAssistant, entry: MockConfigEntry, pce: str) -> None:
    flows = hass.config_entries.subentries
    menu = await flows.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )
    await flows.async_configure(menu["flow_id"], {"next_step_id": "held"})
    await flows.async_configure(menu["flow_id"], {CONF_PCE: pce})
    await flows.async_configure(menu["flow_id"], {"show": False})
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)
