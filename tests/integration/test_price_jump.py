"""A price that jumps: told, asked about, and never applied without a word."""

from datetime import date, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE

from .common import energies, next_day, settle, stored_rows
from .conftest import NOW, AddEntry
from .price_flow import YEARLY, choose, period, set_entity, set_list, start, submit

COST = f"grdf_adict:sandbox_{HOUSE}_cost"
SENSOR = "sensor.gas_price"

pytestmark = pytest.mark.history


@pytest.fixture(autouse=True)
async def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"
    assert await async_setup_component(hass, REPAIRS, {})


@pytest.fixture
async def house(import_meters: AddEntry) -> MockConfigEntry:
    return await import_meters(HOUSE)


def _show(hass: HomeAssistant, value: str, unit: str = "EUR/MWh") -> None:
    hass.states.async_set(SENSOR, value, {"unit_of_measurement": unit})


async def _prices(hass: HomeAssistant) -> dict[date, float]:
    """Return the price of a kWh of each gas day that used gas, to 0.00001."""
    kwh = await energies(hass, HOUSE)
    return {
        day: round(cost / energy, 5)
        for day, cost, _ in await stored_rows(hass, COST)
        if cost is not None and (energy := kwh[day])
    }


def _repair(hass: HomeAssistant, kind: str = "price_doubted") -> ir.IssueEntry | None:
    found = [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.translation_key == kind
    ]
    return found[0] if found else None


async def _answer(hass: HomeAssistant, answer: str) -> None:
    issue = _repair(hass)
    assert issue is not None
    manager = hass.data[REPAIRS]["flow_manager"]
    menu = await manager.async_init(DOMAIN, data={"issue_id": issue.issue_id})
    assert menu["menu_options"] == ["believe_price", "keep_price"]
    assert menu["description_placeholders"]["after"] == "0.0001 EUR/kWh"
    await manager.async_configure(menu["flow_id"], {"next_step_id": answer})
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def jumped(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> MockConfigEntry:
    """A house whose price entity gives EUR/kWh as EUR/MWh since yesterday."""
    _show(hass, "100")
    await set_entity(hass, house, SENSOR)
    await async_wait_recording_done(hass)
    clock.tick(timedelta(hours=7))
    _show(hass, "0.1")
    await async_wait_recording_done(hass)
    clock.tick(timedelta(hours=-7))
    for _ in range(5):
        await next_day(hass, clock, house)
    return house


JUMP = NOW.date() + timedelta(days=1)


async def test_a_number_that_jumps_is_told_and_prices_no_day(
    hass: HomeAssistant, jumped: MockConfigEntry
) -> None:
    assert max(await _prices(hass)) > JUMP
    assert set((await _prices(hass)).values()) == {0.1}
    issue = _repair(hass)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "account": "Example",
        "meter": "Meter 0001",
        "pce": "…0001",
        "entity": SENSOR,
        "date": JUMP.isoformat(),
        "before": "0.1 EUR/kWh",
        "after": "0.0001 EUR/kWh",
    }

    await hass.config_entries.async_reload(jumped.entry_id)
    await settle(hass, jumped)

    assert _repair(hass) is not None
    assert set((await _prices(hass)).values()) == {0.1}


@pytest.mark.parametrize(
    ("answer", "price"), [("believe_price", 0.0001), ("keep_price", 0.1)]
)
async def test_the_users_answer_prices_the_days_since_the_jump(
    hass: HomeAssistant, jumped: MockConfigEntry, answer: str, price: float
) -> None:
    await _answer(hass, answer)

    assert _repair(hass) is None
    assert await _prices(hass) == {
        day: price if day >= JUMP else 0.1
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }
    assert jumped.subentries


async def test_an_entity_put_right_ends_the_repair_and_the_price_before_holds(
    hass: HomeAssistant, jumped: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    _show(hass, "120")
    for _ in range(5):
        await next_day(hass, clock, jumped)

    assert _repair(hass) is None
    prices = await _prices(hass)
    assert set(prices.values()) == {0.1, 0.12}
    assert prices[max(prices)] == 0.12


async def test_a_unit_that_changes_with_its_number_is_no_jump(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    _show(hass, "0.1", "EUR/kWh")
    await set_entity(hass, house, SENSOR)

    _show(hass, "100", "EUR/MWh")
    for _ in range(4):
        await next_day(hass, clock, house)

    assert _repair(hass) is None
    assert set((await _prices(hass)).values()) == {0.1}


async def test_a_number_that_gas_cannot_cost_is_told_and_prices_no_day(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    _show(hass, "0.1", "EUR/kWh")
    await set_entity(hass, house, SENSOR)

    _show(hass, "100", "EUR/kWh")
    for _ in range(4):
        await next_day(hass, clock, house)

    assert _repair(hass, "price_entity_lost") is not None
    assert set((await _prices(hass)).values()) == {0.1}


async def _record(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    changes: list[tuple[datetime, str]],
) -> None:
    for moment, value in changes:
        clock.move_to(moment)
        _show(hass, value)
        await async_wait_recording_done(hass)
    clock.move_to(NOW)


async def test_past_days_whose_price_jumps_are_priced_anew_only_once_confirmed(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    jump = NOW - timedelta(days=5)
    await _record(hass, clock, [(NOW - timedelta(days=9), "100"), (jump, "0.1")])
    await set_list(hass, house, period("2024-01-01", 0.1))
    result = await choose(hass, await start(hass, house), "price_entity")
    form = await submit(hass, result, {"entity": SENSOR, **YEARLY})
    result = await submit(hass, form, {"from": "2026-11-10"})
    assert result["step_id"] == "confirm_jump"
    assert result["description_placeholders"] == {
        "date": (jump.date() + timedelta(days=1)).isoformat(),
        "before": "0.1 EUR/kWh",
        "after": "0.0001 EUR/kWh",
    }

    result = await submit(hass, result, {"confirm": False})
    assert result["errors"] == {"confirm": "not_confirmed"}
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set((await _prices(hass)).values()) == {0.1}
    await submit(hass, result, {"confirm": True})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _prices(hass) == {
        day: 0.0001 if day > jump.date() else 0.1
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }
    assert _repair(hass) is None


async def test_a_new_entity_far_from_the_list_is_asked_about_once(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await set_list(hass, house, period("2024-01-01", 0.1))
    _show(hass, "0.1")
    result = await choose(hass, await start(hass, house), "price_entity")
    form = await submit(hass, result, {"entity": SENSOR, **YEARLY})
    result = await submit(hass, form, {})
    assert result["step_id"] == "confirm_jump"
    newest = max(await energies(hass, HOUSE))

    await submit(hass, result, {"confirm": True})
    for _ in range(4):
        await next_day(hass, clock, house)

    assert _repair(hass) is None
    prices = await _prices(hass)
    assert {price for day, price in prices.items() if day <= newest} == {0.1}
    assert prices[max(prices)] == 0.0001


async def test_a_price_of_the_list_that_jumps_is_saved_only_once_confirmed(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2024-01-01", 0.1))
    result = await choose(hass, await start(hass, house), "price_list", "edit_period")
    result = await submit(hass, result, period("2024-01-01", 1.1))
    result = await choose(hass, result, "save_list")
    assert result["step_id"] == "confirm_jump"
    assert set((await _prices(hass)).values()) == {0.1}

    result = await submit(hass, result, {"confirm": True})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["type"] is FlowResultType.ABORT
    assert set((await _prices(hass)).values()) == {1.1}
