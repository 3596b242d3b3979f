"""The price of an entity: its history as far as it is kept, each day its own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE

from .common import energies, next_day, settle, stored_rows
from .conftest import NOW, AddEntry
from .price_flow import choose, period, set_entity, set_list, start, submit

COST = f"grdf_adict:sandbox_{HOUSE}_cost"
SENSOR = "sensor.gas_price"
PER_KWH = {"unit_of_measurement": "EUR/kWh"}

pytestmark = pytest.mark.history


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


@pytest.fixture
async def house(import_meters: AddEntry) -> MockConfigEntry:
    """A house that is imported, without a price."""
    return await import_meters(HOUSE)


async def _prices(hass: HomeAssistant) -> dict[date, float]:
    """Return the price of a kWh of each gas day that used gas, to 0.001."""
    kwh = await energies(hass, HOUSE)
    return {
        day: round(cost / energy, 3)
        for day, cost, _ in await stored_rows(hass, COST)
        if cost is not None and (energy := kwh[day])
    }


async def _record(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    changes: list[tuple[datetime, str]],
    attributes: dict[str, Any] | None = None,
) -> None:
    """Let the entity have had these values, and return to the present."""
    for moment, value in changes:
        clock.move_to(moment)
        hass.states.async_set(SENSOR, value, attributes or PER_KWH)
        await async_wait_recording_done(hass)
    clock.move_to(NOW)


async def _import(
    hass: HomeAssistant, days: dict[date, float], unit: str, *, mean: bool = True
) -> None:
    """Give the entity long-term statistics: one hour at noon of each day."""
    metadata = StatisticMetaData(
        has_sum=not mean,
        mean_type=StatisticMeanType.ARITHMETIC if mean else StatisticMeanType.NONE,
        name=None,
        source="recorder",
        statistic_id=SENSOR,
        unit_class=None,
        unit_of_measurement=unit,
    )
    rows = [
        StatisticData(start=noon, mean=price)
        if mean
        else StatisticData(start=noon, state=price, sum=0)
        for day, price in days.items()
        for noon in [datetime(day.year, day.month, day.day, 12, tzinfo=UTC)]
    ]
    async_import_statistics(hass, metadata, rows)
    await async_wait_recording_done(hass)


def ago(days: int, hour: int = 0) -> datetime:
    return (NOW - timedelta(days=days)).replace(hour=hour)


async def test_the_history_prices_its_days_and_those_before_take_its_first(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await _record(hass, clock, [(ago(8, 7), "0.10"), (ago(5), "0.20")])

    reach = await set_entity(hass, house, SENSOR)

    placeholders = reach["description_placeholders"]
    assert placeholders["since"] == ago(8).date().isoformat()
    changed = ago(5).date()
    assert await _prices(hass) == {
        day: 0.20 if day >= changed else 0.10
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }
    assert house.subentries


async def test_each_state_is_a_price_in_the_unit_that_it_had(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await _record(hass, clock, [(ago(8), "0.10")])
    await _record(hass, clock, [(ago(5), "200")], {"unit_of_measurement": "EUR/MWh"})

    await set_entity(hass, house, SENSOR)

    changed = ago(5).date()
    assert await _prices(hass) == {
        day: 0.20 if day >= changed else 0.10
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }


@pytest.mark.parametrize("mean", [True, False])
async def test_long_term_statistics_reach_further_back_in_their_own_unit(
    hass: HomeAssistant, house: MockConfigEntry, *, mean: bool
) -> None:
    first, later = ago(60).date(), ago(30).date()
    hass.states.async_set(SENSOR, "0.30", PER_KWH)
    await _import(hass, {first: 100.0, later: 200.0}, "EUR/MWh", mean=mean)

    reach = await set_entity(hass, house, SENSOR)

    assert reach["description_placeholders"]["since"] == first.isoformat()
    assert await _prices(hass) == {
        day: 0.20 if day >= later else 0.10
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }


async def test_statistics_in_a_unit_that_is_no_price_are_left_alone(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    hass.states.async_set(SENSOR, "0.30", PER_KWH)
    await _import(hass, {ago(60).date(): 100.0}, "ct/kWh")

    reach = await set_entity(hass, house, SENSOR)

    assert reach["description_placeholders"]["since"] == NOW.date().isoformat()


async def test_a_value_that_is_no_price_leaves_the_one_before_in_force(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await _record(
        hass, clock, [(ago(8), "0.10"), (ago(6), "unavailable"), (ago(3), "0.20")]
    )

    await set_entity(hass, house, SENSOR)

    prices = await _prices(hass)
    assert prices[ago(5).date()] == 0.10


async def test_todays_price_never_reprices_last_week(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR)
    before = await _prices(hass)

    hass.states.async_set(SENSOR, "0.50", PER_KWH)
    await next_day(hass, clock, house)

    after = await _prices(hass)
    assert {day: after[day] for day in before} == before


async def test_each_day_keeps_the_price_it_had_when_its_data_come_days_later(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    today = NOW.date()
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR)
    for price in ("0.20", "0.30", "0.40", "0.40", "0.40"):
        clock.tick(timedelta(hours=7))
        hass.states.async_set(SENSOR, price, PER_KWH)
        clock.tick(-timedelta(hours=7))
        await next_day(hass, clock, house)

    prices = await _prices(hass)

    daily = [prices[today + timedelta(days=n)] for n in range(3)]
    assert daily == [0.10, 0.20, 0.30]


async def test_a_price_per_cubic_metre_is_divided_by_the_coefficient_of_the_day(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    hass.states.async_set(SENSOR, "1.10", {"unit_of_measurement": "EUR/m³"})

    await set_entity(hass, house, SENSOR)

    prices = await _prices(hass)
    assert prices
    assert all(1.10 / 11.6 < price < 1.10 / 9.4 for price in prices.values())
    assert len(set(prices.values())) > 1


async def test_an_entity_reprices_no_day_of_the_list_unless_requested(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await _record(hass, clock, [(ago(9, 7), "0.30")])
    await set_list(hass, house, period("2024-01-01", 0.1))

    await set_entity(hass, house, SENSOR)
    assert set((await _prices(hass)).values()) == {0.1}

    result = await choose(hass, await start(hass, house), "reprice")
    await submit(hass, result, {"from": "2020-01-01"})
    await hass.async_block_till_done(wait_background_tasks=True)

    known = ago(9).date()
    assert await _prices(hass) == {
        day: 0.30 if day >= known else 0.1
        for day, kwh in (await energies(hass, HOUSE)).items()
        if kwh
    }


async def test_the_past_is_repriced_with_the_entity_from_a_date_on(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    await _record(hass, clock, [(ago(9, 7), "0.30")])
    await set_list(hass, house, period("2024-01-01", 0.1))

    since = ago(6).date()
    await set_entity(hass, house, SENSOR, since=since.isoformat())

    prices = await _prices(hass)
    assert prices[since - timedelta(days=1)] == 0.1
    assert prices[since] == 0.3


async def test_a_request_to_reprice_the_past_is_met_once(
    hass: HomeAssistant, house: MockConfigEntry, clock: FrozenDateTimeFactory
) -> None:
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR, since="2020-01-01")
    await next_day(hass, clock, house)
    before = await _prices(hass)

    hass.states.async_set(SENSOR, "0.50", PER_KWH)
    await settle(hass, house)

    assert await _prices(hass) == before


async def test_a_lost_entity_is_reported_and_the_last_price_goes_on(
    hass: HomeAssistant,
    house: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    (meter,) = house.runtime_data.meters
    issue_id = f"price_entity_lost_{meter}"
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None

    hass.states.async_remove(SENSOR)
    for _ in range(5):
        await next_day(hass, clock, house)

    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["message"] == SENSOR
    assert set((await _prices(hass)).values()) == {0.1}

    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await settle(hass, house)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_a_renamed_entity_is_followed(
    hass: HomeAssistant,
    house: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    entity_registry: er.EntityRegistry,
    issue_registry: ir.IssueRegistry,
) -> None:
    (meter,) = house.runtime_data.meters
    entity_registry.async_get_or_create(
        "sensor", "test", "gas", suggested_object_id="gas_price"
    )
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR)

    entity_registry.async_update_entity(SENSOR, new_entity_id="sensor.price_of_gas")
    hass.states.async_remove(SENSOR)
    hass.states.async_set("sensor.price_of_gas", "0.20", PER_KWH)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(5):
        await next_day(hass, clock, house)

    assert house.subentries[meter].data["price"]["entity"]["entity"] == (
        "sensor.price_of_gas"
    )
    assert issue_registry.async_get_issue(DOMAIN, f"price_entity_lost_{meter}") is None
    prices = await _prices(hass)
    assert (min(prices.values()), prices[max(prices)]) == (0.1, 0.2)


async def test_a_list_that_takes_the_place_of_a_lost_entity_ends_the_complaint(
    hass: HomeAssistant, house: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    (meter,) = house.runtime_data.meters
    hass.states.async_set(SENSOR, "0.10", PER_KWH)
    await set_entity(hass, house, SENSOR)
    hass.states.async_remove(SENSOR)
    await settle(hass, house)

    await set_list(hass, house, period("2026-01-01", 0.2))

    assert issue_registry.async_get_issue(DOMAIN, f"price_entity_lost_{meter}") is None


async def test_a_lost_file_takes_the_prices_back_from_the_recorder(
    hass: HomeAssistant,
    house: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    await _record(hass, clock, [(ago(8, 7), "0.10"), (ago(5), "0.20")])
    form = {"entity": SENSOR, "subscription": 365, "per": "year"}
    result = await choose(hass, await start(hass, house), "price_entity")
    await submit(hass, await submit(hass, result, form), {"from": "2026-01-01"})
    await hass.async_block_till_done(wait_background_tasks=True)
    before = await stored_rows(hass, COST)
    await hass.config_entries.async_unload(house.entry_id)
    del hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]

    hass.states.async_remove(SENSOR)
    purged = {"entity_id": SENSOR, "keep_days": 0}
    await hass.services.async_call("recorder", "purge_entities", purged, blocking=True)
    await async_wait_recording_done(hass)
    hass.states.async_set(SENSOR, "0.50", PER_KWH)
    await hass.config_entries.async_setup(house.entry_id)
    await settle(hass, house)

    assert await stored_rows(hass, COST) == before
