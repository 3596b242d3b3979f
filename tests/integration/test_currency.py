"""Home Assistant's currency changes: costs are never relabelled, the user is asked."""

from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.config_entries import SOURCE_USER, SubentryFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN, SUBENTRY_TYPE_GROUP
from custom_components.grdf_adict.meters.coordinator import MeterCoordinator
from custom_components.grdf_adict.meters.currency import async_price_in
from tests.sandbox import FLAT, HOUSE

from .common import amounts, energies, next_day, settle, stored_rows
from .conftest import AddEntry
from .price_flow import (
    choose,
    period,
    reconfigure,
    set_entity,
    set_list,
    start,
    submit,
)
from .repair import repair, shown, start_fix

COST = f"grdf_adict:sandbox_{HOUSE}_cost"
COST_SENSOR = "sensor.meter_0001_cost_this_month"


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


@pytest.fixture
async def house(hass: HomeAssistant, import_meters: AddEntry) -> MockConfigEntry:
    """A house at 0.10 EUR a kWh."""
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1))
    return entry


async def _count_in(hass: HomeAssistant, currency: str) -> None:
    await hass.config.async_update(currency=currency)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _choose(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, choice: str
) -> dict[str, Any]:
    fix = await start_fix(hass, hass_client, "currency_changed")
    assert fix.answer["menu_options"] == ["price_anew", "keep_earlier"]
    done = await fix.submit(next_step_id=choice)
    await hass.async_block_till_done(wait_background_tasks=True)
    return done


async def _change_list(
    hass: HomeAssistant, entry: MockConfigEntry, price: float
) -> None:
    form = await choose(hass, await start(hass, entry), "price_list", "edit_period")
    form = await submit(hass, form, period("2024-01-01", price))
    await choose(hass, form, "save_list")
    await hass.async_block_till_done(wait_background_tasks=True)


async def _unit(hass: HomeAssistant, statistic_id: str) -> tuple[str, str]:
    (known,) = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {statistic_id}
    )
    return known["statistics_unit_of_measurement"], known["name"]


def _at(kwh: dict[date, float | None], price: float) -> dict[date, float | None]:
    return {
        day: None if amount is None else round(amount * price + 1e-9, 4)
        for day, amount in kwh.items()
    }


async def test_a_new_currency_is_asked_about_and_costs_go_on_in_the_one_before(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    assert "currency_changed" not in shown(hass)

    await _count_in(hass, "CHF")

    placeholders = repair(hass, "currency_changed").translation_placeholders or {}
    assert (placeholders["before"], placeholders["currency"]) == ("EUR", "CHF")
    for _ in range(3):
        await next_day(hass, clock, house)
    assert (await _unit(hass, COST))[0] == "EUR"
    assert await amounts(hass, HOUSE, "cost") == _at(await energies(hass, HOUSE), 0.1)
    state = hass.states.get(COST_SENSOR)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "EUR"
    assert "currency_changed" in shown(hass)


@pytest.mark.usefixtures("house")
async def test_a_currency_that_is_put_back_ends_the_question(
    hass: HomeAssistant,
) -> None:
    before = await stored_rows(hass, COST)

    await _count_in(hass, "CHF")
    await _count_in(hass, "EUR")

    assert "currency_changed" not in shown(hass)
    assert await stored_rows(hass, COST) == before


async def test_all_gas_days_are_priced_anew_in_the_new_currency(
    hass: HomeAssistant, house: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    await _count_in(hass, "CHF")

    done = await _choose(hass, hass_client, "price_anew")

    assert done["type"] == "create_entry"
    assert "currency_changed" not in shown(hass)
    unit, name = await _unit(hass, COST)
    assert unit == "CHF"
    assert name.endswith("(CHF)")
    assert await amounts(hass, HOUSE, "cost") == _at(await energies(hass, HOUSE), 0.1)
    await _change_list(hass, house, 0.2)
    assert await amounts(hass, HOUSE, "cost") == _at(await energies(hass, HOUSE), 0.2)
    state = hass.states.get(COST_SENSOR)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "CHF"


async def test_the_costs_so_far_are_kept_and_new_ones_begin_in_the_new_currency(
    hass: HomeAssistant,
    house: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    before = await stored_rows(hass, COST)
    newest = max(day for day, _, _ in before)
    await _count_in(hass, "CHF")

    await _choose(hass, hass_client, "keep_earlier")
    await _change_list(hass, house, 0.2)
    for _ in range(4):
        await next_day(hass, clock, house)

    assert "currency_changed" not in shown(hass)
    assert await stored_rows(hass, f"{COST}_eur") == before
    assert (await _unit(hass, f"{COST}_eur"))[0] == "EUR"
    assert (await _unit(hass, COST))[0] == "CHF"
    kwh = await energies(hass, HOUSE)
    expected = {
        day: cost if day > newest else None for day, cost in _at(kwh, 0.2).items()
    }
    assert await amounts(hass, HOUSE, "cost") == expected
    assert max(expected) > newest
    last = (await stored_rows(hass, COST))[-1]
    total = sum(cost or 0 for cost in expected.values())
    assert last[2] == pytest.approx(total, abs=1e-4)


async def test_costs_that_are_kept_twice_go_on_where_they_ended(
    hass: HomeAssistant,
    house: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    first = await stored_rows(hass, COST)
    await _count_in(hass, "CHF")
    await _choose(hass, hass_client, "keep_earlier")
    meter = next(iter(house.runtime_data.meters.values()))
    for currency in ("EUR", "CHF"):
        for _ in range(4):
            await next_day(hass, clock, house)
        await _count_in(hass, currency)
        await _keep(hass, meter, currency)

    rows = await stored_rows(hass, f"{COST}_eur")
    assert rows[: len(first)] == first
    days = [day for day, _, _ in rows]
    assert len(days) == len(set(days)) > len(first)
    total = 0.0
    for _, cost, running in rows:
        total += cost or 0
        assert running == pytest.approx(total, abs=1e-3)


@pytest.mark.parametrize("keep_first", [True, False])
async def test_a_currency_that_comes_back_prices_all_days_again_and_is_at_rest(
    hass: HomeAssistant, house: MockConfigEntry, *, keep_first: bool
) -> None:
    before = await stored_rows(hass, COST)
    meter = next(iter(house.runtime_data.meters.values()))
    await _count_in(hass, "CHF")
    await async_price_in(meter, "CHF", keep_earlier=keep_first)
    await _count_in(hass, "EUR")
    await async_price_in(meter, "EUR", keep_earlier=False)

    for _ in range(2):
        await meter.async_compare()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert await stored_rows(hass, COST) == before
        assert (await _unit(hass, COST))[0] == "EUR"
        kept = await stored_rows(hass, f"{COST}_eur")
        assert kept == (before if keep_first else [])


async def _keep(hass: HomeAssistant, meter: MeterCoordinator, currency: str) -> None:
    """Answer the question as its form does, a day later than a login lasts."""
    await async_price_in(meter, currency, keep_earlier=True)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_group_keeps_its_costs_too(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    meters = list(entry.subentries)
    for meter in meters:
        form = await choose(hass, await reconfigure(hass, entry, meter), "price")
        form = await choose(hass, form, "price_list", "add_period")
        form = await submit(hass, form, period("2024-01-01", 0.1))
        await choose(hass, form, "save_list")
    await hass.async_block_till_done(wait_background_tasks=True)
    begun = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_TYPE_GROUP),
        context=SubentryFlowContext(source=SOURCE_USER),
    )
    await submit(hass, dict(begun), {"name": "Les Lilas", "meters": meters})
    await hass.async_block_till_done(wait_background_tasks=True)
    (group,) = entry.runtime_data.groups.values()
    cost = f"grdf_adict:{group.key}_cost"
    before = await stored_rows(hass, cost)
    assert any(amount for _, amount, _ in before)

    await _count_in(hass, "CHF")
    await settle(hass, entry)
    assert await stored_rows(hass, cost) == before
    await _choose(hass, hass_client, "keep_earlier")
    for _ in range(4):
        await next_day(hass, clock, entry)
    await group.async_refresh()

    assert await stored_rows(hass, f"{cost}_eur") == before
    assert (await _unit(hass, cost))[0] == "CHF"
    after = await stored_rows(hass, cost)
    newest = max(day for day, _, _ in before)
    assert {day for day, amount, _ in after if amount is not None} == {
        day
        for day, amount in (await energies(hass, HOUSE)).items()
        if day > newest and amount is not None
    }

    hass.config_entries.async_remove_subentry(entry, group.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await stored_rows(hass, f"{cost}_eur") == []


async def test_a_price_entity_is_read_in_the_currency_before_until_an_answer(
    hass: HomeAssistant,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    hass.states.async_set("sensor.gas", "0.1", {"unit_of_measurement": "EUR/kWh"})
    entry = await import_meters(HOUSE)
    await set_entity(hass, entry, "sensor.gas")
    newest = max(await energies(hass, HOUSE))

    await _count_in(hass, "CHF")
    for _ in range(5):
        await next_day(hass, clock, entry)

    kwh = await energies(hass, HOUSE)
    costs = await amounts(hass, HOUSE, "cost")
    later = {day for day in kwh if day > newest + timedelta(days=3)}
    assert later
    assert {day: costs[day] for day in later} == {
        day: _at(kwh, 0.1)[day] for day in later
    }
    assert "price_entity_lost" not in shown(hass)


@pytest.mark.usefixtures("house")
async def test_an_answer_that_is_not_needed_any_more_changes_nothing(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    before = await stored_rows(hass, COST)
    await _count_in(hass, "CHF")
    fix = await start_fix(hass, hass_client, "currency_changed")
    await _count_in(hass, "EUR")

    await fix.submit(next_step_id="price_anew")

    assert await stored_rows(hass, COST) == before


async def test_a_lost_file_goes_on_in_the_currency_of_the_recorder(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    before = await stored_rows(hass, COST)
    (meter,) = house.runtime_data.meters.values()
    await hass.config_entries.async_unload(house.entry_id)
    await meter.book.store.async_remove()
    await _count_in(hass, "CHF")

    await hass.config_entries.async_setup(house.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, house)

    assert (await _unit(hass, COST))[0] == "EUR"
    assert await stored_rows(hass, COST) == before
    assert "currency_changed" in shown(hass)


async def test_forgetting_a_meter_erases_the_costs_that_were_kept(
    hass: HomeAssistant, house: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    await _count_in(hass, "CHF")
    await _choose(hass, hass_client, "keep_earlier")
    assert await stored_rows(hass, f"{COST}_eur")
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{HOUSE}"), house.entry_id
    )
    assert device is not None

    await hass.services.async_call(
        DOMAIN, "forget_meter", {"device_id": device.id, "confirm": True}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await stored_rows(hass, f"{COST}_eur") == []
