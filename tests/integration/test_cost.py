"""What gas costs: the series beside the energy, its repair, and the sensors."""

from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, next_day, settle, stored_rows
from .conftest import AddEntry
from .price_flow import choose, period, set_list, start, submit

COST = f"grdf_adict:sandbox_{HOUSE}_cost"
ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


@pytest.fixture
async def house(hass: HomeAssistant, import_meters: AddEntry) -> MockConfigEntry:
    """A house that is imported, at 0.10 EUR since 2024 and 0.20 EUR since November."""
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1), period("2026-11-01", 0.2))
    return entry


async def _costs(hass: HomeAssistant) -> dict[date, float | None]:
    return {day: state for day, state, _ in await stored_rows(hass, COST)}


def _at_list_price(kwh: dict[date, float | None]) -> dict[date, float | None]:
    return {
        day: amount
        and round(amount * (0.2 if day >= date(2026, 11, 1) else 0.1) + 1e-9, 4)
        for day, amount in kwh.items()
    }


def _state(hass: HomeAssistant, name: str) -> str | None:
    state = hass.states.get(f"sensor.meter_0001_{name}")
    return state.state if state else None


@pytest.mark.usefixtures("house")
async def test_every_gas_day_costs_its_energy_at_the_price_of_its_date(
    hass: HomeAssistant,
) -> None:
    assert await _costs(hass) == _at_list_price(await energies(hass, HOUSE))


@pytest.mark.usefixtures("house")
async def test_the_sums_of_the_cost_run_on(hass: HomeAssistant) -> None:
    total = 0.0
    for _, state, running in await stored_rows(hass, COST):
        total += state or 0
        assert running == pytest.approx(total, abs=1e-9)
    assert total > 0


async def test_a_year_of_subscription_costs_as_much_as_on_the_bill(
    hass: HomeAssistant, import_meters: AddEntry, sandbox: Sandbox
) -> None:
    for right in sandbox.rights:
        right.consumption_from = date(2025, 1, 1)
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.0, 250.07))

    of_2025 = [cost for day, cost in (await _costs(hass)).items() if day.year == 2025]

    assert len(of_2025) == 365
    assert sum(cost or 0 for cost in of_2025) == pytest.approx(250.07, abs=1e-6)


@pytest.mark.usefixtures("house")
async def test_the_energy_dashboard_accepts_the_cost_beside_the_energy(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "energy", {})
    client = await hass_ws_client(hass)
    source = {"type": "gas", "stat_energy_from": ENERGY, "stat_cost": COST}

    await client.send_json_auto_id(
        {"type": "energy/save_prefs", "energy_sources": [source]}
    )
    saved = await client.receive_json()
    await client.send_json_auto_id({"type": "energy/validate"})
    validated = await client.receive_json()

    assert saved["success"]
    assert validated["result"]["energy_sources"] == [[]]


@pytest.mark.usefixtures("house")
async def test_the_series_is_in_the_currency_of_home_assistant(
    hass: HomeAssistant,
) -> None:
    (known,) = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {COST}
    )

    assert known["statistics_unit_of_measurement"] == "EUR"
    assert known["unit_class"] is None
    assert known["has_sum"]


async def test_without_a_price_there_is_no_series_and_no_sensor(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    assert await _costs(hass) == {}
    assert _state(hass, "cost_this_month") is None


async def test_a_price_costs_no_call(
    hass: HomeAssistant, import_meters: AddEntry, sandbox: Sandbox
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.reset_calls()

    await set_list(hass, entry, period("2024-01-01", 0.1))

    assert await _costs(hass)
    assert sandbox.calls == []


async def test_new_and_corrected_days_have_their_cost(
    hass: HomeAssistant,
    house: MockConfigEntry,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
) -> None:
    days = sandbox.available_days(HOUSE).items()
    corrected = [day for day, row in days if row.kwh is not None][-11]
    sandbox.correct(HOUSE, corrected, kwh=1)

    await next_day(hass, clock, house)

    costs = await _costs(hass)
    assert costs == _at_list_price(await energies(hass, HOUSE))
    assert costs[corrected] == pytest.approx(0.2)
    assert costs.keys() == held(sandbox, HOUSE).keys()


async def test_a_cost_series_cleared_in_home_assistant_comes_back(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    before = await stored_rows(hass, COST)

    get_instance(hass).async_clear_statistics([COST])
    await settle(hass, house)

    assert await stored_rows(hass, COST) == before


async def test_editing_a_price_reprices_from_its_date_on(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    before = await _costs(hass)
    result = await choose(hass, await start(hass, house), "price_list", "edit_period")
    result = await submit(hass, result, {"periods": "2026-11-01"})
    result = await submit(hass, result, period("2026-11-01", 0.4))
    await choose(hass, result, "save_list")
    await hass.async_block_till_done(wait_background_tasks=True)

    after = await _costs(hass)

    since = date(2026, 11, 1)
    assert {d: c for d, c in after.items() if d < since} == {
        d: c for d, c in before.items() if d < since
    }
    assert [c for d, c in after.items() if d >= since and c] == [
        pytest.approx(2 * c) for d, c in before.items() if d >= since and c
    ]


async def test_taking_a_subscription_away_takes_it_from_absent_days_without_asking(
    hass: HomeAssistant, import_meters: AddEntry, sandbox: Sandbox
) -> None:
    absent = [sandbox.today - timedelta(days=days) for days in range(5, 45)]
    for right in sandbox.rights:
        # No published month gives the consumption of these days.
        right.published = False
    for day in absent:
        sandbox.withdraw(HOUSE, day)
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1, 365))
    assert {(await _costs(hass))[day] for day in absent} == {1.0}

    result = await choose(hass, await start(hass, entry), "price_list", "edit_period")
    result = await submit(hass, result, period("2024-01-01", 0.1))
    await choose(hass, result, "save_list")
    await hass.async_block_till_done(wait_background_tasks=True)

    assert {(await _costs(hass))[day] for day in absent} == {None}


@pytest.mark.usefixtures("house")
async def test_the_sensors_show_the_last_day_and_the_month(
    hass: HomeAssistant,
) -> None:
    costs = await _costs(hass)
    newest = max(day for day, cost in costs.items() if cost is not None)
    of_month = [c or 0 for d, c in costs.items() if (d.year, d.month) == (2026, 11)]

    day = hass.states.get("sensor.meter_0001_cost_of_the_last_gas_day")

    assert day is not None
    assert float(day.state) == costs[newest]
    assert day.attributes["gas_day"] == newest.isoformat()
    assert day.attributes["device_class"] == "monetary"
    assert day.attributes["unit_of_measurement"] == "EUR"
    assert "state_class" not in day.attributes
    assert float(_state(hass, "cost_this_month") or "") == pytest.approx(sum(of_month))


async def test_a_months_cost_stays_known_over_its_end_and_becomes_last_months(
    hass: HomeAssistant,
    house: MockConfigEntry,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
) -> None:
    clock.tick(timedelta(days=9))
    shown = []
    for _ in range(5):
        await next_day(hass, clock, house)
        for name in ("this_month", "last_month"):
            state = hass.states.get(f"sensor.meter_0001_cost_{name}")
            assert state is not None
            months = state.attributes["month"], state.attributes["complete"]
            shown.append((*months, round(float(state.state), 2)))

    kwh = held(sandbox, HOUSE)

    def cost(price: float, month: int, last: int = 31) -> float:
        days = [day for day in kwh if (day.year, day.month) == (2026, month)]
        return round(price * sum(kwh[day] or 0 for day in days if day.day <= last), 2)

    # GRDF gives a gas day three days later here: on 30 November, the 27th.
    assert shown == [
        ("2026-11", False, cost(0.2, 11, 27)),
        ("2026-10", True, cost(0.1, 10)),
        *2 * [("2026-11", False, cost(0.2, 11, 28))],
        *2 * [("2026-11", False, cost(0.2, 11, 29))],
        *2 * [("2026-11", True, cost(0.2, 11, 30))],
        ("2026-12", False, cost(0.2, 12, 1)),
        ("2026-11", True, cost(0.2, 11, 30)),
    ]


async def test_the_sensors_have_their_values_right_after_a_restart(
    hass: HomeAssistant, house: MockConfigEntry, sandbox: Sandbox
) -> None:
    before = _state(hass, "cost_this_month"), _state(hass, "cost_of_the_last_gas_day")
    sandbox.reset_calls()

    await hass.config_entries.async_reload(house.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    after = _state(hass, "cost_this_month"), _state(hass, "cost_of_the_last_gas_day")
    assert before == after
    assert sandbox.calls == []


async def test_no_price_takes_the_sensors_and_leaves_the_series(
    hass: HomeAssistant, house: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    before = await stored_rows(hass, COST)

    result = await choose(hass, await start(hass, house), "no_price")
    await submit(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, house)

    assert await stored_rows(hass, COST) == before
    assert not [
        entity.entity_id
        for entity in er.async_entries_for_config_entry(entity_registry, house.entry_id)
        if entity.unique_id.endswith("_cost")
    ]


async def test_a_price_that_comes_back_brings_the_sensors_back(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    before = _state(hass, "cost_this_month")
    result = await choose(hass, await start(hass, house), "no_price")
    await submit(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _state(hass, "cost_this_month") is None

    await set_list(hass, house, period("2024-01-01", 0.1), period("2026-11-01", 0.2))

    assert _state(hass, "cost_this_month") == before


async def test_a_price_taken_away_while_not_loaded_leaves_no_sensor_behind(
    hass: HomeAssistant, house: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    await hass.config_entries.async_unload(house.entry_id)
    result = await choose(hass, await start(hass, house), "no_price")
    await submit(hass, result, {})

    await hass.config_entries.async_setup(house.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entity_registry.async_get("sensor.meter_0001_cost_this_month") is None
    assert _state(hass, "cost_this_month") is None


async def test_prices_set_before_the_first_import_price_what_comes(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    await set_list(hass, entry, period("2027-01-01", 0.1))

    await settle(hass, entry)

    costs = await _costs(hass)
    assert costs == {
        day: kwh and pytest.approx(kwh * 0.1)
        for day, kwh in (await energies(hass, HOUSE)).items()
    }
    assert float(_state(hass, "cost_this_month") or "") > 0


async def test_a_lost_file_is_repriced_by_the_list(
    hass: HomeAssistant, house: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    before = await stored_rows(hass, COST)
    await hass.config_entries.async_unload(house.entry_id)
    del hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]

    await hass.config_entries.async_setup(house.entry_id)
    await settle(hass, house)

    assert await stored_rows(hass, COST) == before


async def test_diagnostics_show_the_source_of_prices_but_not_the_prices(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    diagnostics = await async_get_config_entry_diagnostics(hass, house)

    (meter,) = diagnostics["meters"]
    assert meter["price_source"] == "list"
    assert meter["priced_days"] == len(await stored_rows(hass, COST)) > 0
    assert not any("cost" in key for key in meter)
