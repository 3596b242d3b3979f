"""Groups of meters: a building's gas days, as sensors and as series."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.sandbox import FARM, FLAT, HOUSE, PRODUCER, Sandbox

from .actions import act
from .common import amounts, energies, next_day, stored_rows
from .conftest import AddEntry
from .grouping import BUILDING, grouped, ids_of, open_group
from .price_flow import choose, period, reconfigure, submit


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


@pytest.fixture
async def house_and_flat(import_meters: AddEntry) -> MockConfigEntry:
    return await import_meters(HOUSE, FLAT)


async def _gather(hass: HomeAssistant, clock: FrozenDateTimeFactory) -> None:
    """Let the minute pass in which a group waits for its other meters."""
    clock.tick(timedelta(minutes=2))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)


def _statistic(group: str, series: str) -> str:
    return f"grdf_adict:group_{group.lower()}_{series}"


async def _series(
    hass: HomeAssistant, group: str, series: str = "energy"
) -> dict[date, float | None]:
    rows = await stored_rows(hass, _statistic(group, series))
    return {day: state for day, state, _ in rows}


async def _expected(
    hass: HomeAssistant, *pces: str, series: str = "energy"
) -> dict[date, float | None]:
    """Return the sums of the meters' own series, by day."""
    members = [await amounts(hass, pce, series) for pce in pces]
    whole = {
        day: round(sum(of[day] or 0 for of in members), 4)
        for day in set.intersection(*map(set, members))
        if all(of[day] is not None for of in members)
    }
    newest = max(day for of in members for day in of)
    days = (newest - min(whole)).days + 1
    return {
        day: whole.get(day)
        for place in range(days)
        for day in [min(whole) + timedelta(days=place)]
    }


def _state(hass: HomeAssistant, group: str, key: str) -> Any:
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"group_{group.lower()}_{key}"
    )
    assert entity_id is not None, key
    state = hass.states.get(entity_id)
    assert state is not None, key
    return state


async def test_a_groups_series_is_the_sum_of_its_meters_day_by_day(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)

    for series in ("energy", "volume"):
        stored = await _series(hass, group, series)
        assert stored == await _expected(hass, HOUSE, FLAT, series=series)
    total = 0.0
    for _, state, running in await stored_rows(hass, _statistic(group, "energy")):
        total += state or 0.0
        assert running == pytest.approx(total)
    assert total > 0


async def test_a_group_is_a_device_with_its_totals(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)

    expected = await _expected(hass, HOUSE, FLAT)
    newest = max(day for day, kwh in expected.items() if kwh is not None)
    last = _state(hass, group, "last_day_energy")
    assert float(last.state) == expected[newest]
    assert last.attributes["gas_day"] == newest.isoformat()
    assert (last.attributes["meters"], last.attributes["meters_lacking"]) == (2, 0)
    october = sum(kwh or 0 for day, kwh in expected.items() if day.month == 10)
    month = _state(hass, group, "last_month_energy")
    assert float(month.state) == pytest.approx(october)
    assert "state_class" not in month.attributes
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"group_{group.lower()}"), house_and_flat.entry_id
    )
    assert device is not None
    assert device.name == "Les Lilas"
    assert HOUSE not in str(last.attributes)


async def test_a_gas_day_waits_for_the_last_meter_that_has_it(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    sandbox: Sandbox,
    house_and_flat: MockConfigEntry,
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)
    before = await _series(hass, group)
    newest = max(before)
    tomorrow = newest + timedelta(days=1)
    sandbox.delay(FLAT, tomorrow, sandbox.today + timedelta(days=9))

    await next_day(hass, clock, house_and_flat)
    await _gather(hass, clock)

    assert (await energies(hass, HOUSE))[tomorrow] is not None
    stored = await _series(hass, group)
    assert stored == before | {tomorrow: None}
    lacking = _state(hass, group, "last_day_energy").attributes["meters_lacking"]
    assert lacking == 1


async def test_the_cost_needs_a_price_for_every_meter(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, house_and_flat: MockConfigEntry
) -> None:
    entry = house_and_flat
    group = await grouped(hass, entry, HOUSE, FLAT)
    for pce, price in ((HOUSE, 0.1), (FLAT, 0.2)):
        (meter,) = ids_of(entry, pce)
        assert await _series(hass, group, "cost") == {}
        assert _state(hass, group, "last_month_cost").state == "unknown"
        menu = await reconfigure(hass, entry, meter)
        result = await choose(hass, menu, "price", "price_list", "add_period")
        result = await submit(hass, result, period("2024-01-01", price))
        await choose(hass, result, "save_list")
        await hass.async_block_till_done(wait_background_tasks=True)
        await _gather(hass, clock)

    stored = await _series(hass, group, "cost")
    expected = await _expected(hass, HOUSE, FLAT, series="cost")
    assert stored == pytest.approx(
        {day: stored[day] and expected[day] for day in stored}
    )
    cost = _state(hass, group, "last_month_cost")
    october = sum(cost or 0 for day, cost in stored.items() if day.month == 10)
    assert float(cost.state) == pytest.approx(october)
    assert cost.attributes["unit_of_measurement"] == "EUR"
    assert cost.attributes["complete"]

    clock.move_to("2026-12-01 00:00:00+01:00")
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done()
    november = sum(cost or 0 for day, cost in stored.items() if day.month == 11)
    for name in ("month_cost", "last_month_cost"):
        state = _state(hass, group, name)
        assert float(state.state) == pytest.approx(november)
        assert state.attributes["month"] == "2026-11"
        assert not state.attributes["complete"]

    (meter,) = ids_of(entry, FLAT)
    menu = await reconfigure(hass, entry, meter)
    await submit(hass, await choose(hass, menu, "price", "no_price"), {})
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.config_entries.async_update_subentry(
        entry, entry.subentries[group], title="Les Roses"
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _series(hass, group, "cost") == {}


async def test_rows_changed_by_hand_are_corrected_after_a_restart(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)
    before = await stored_rows(hass, _statistic(group, "energy"))
    metadata = {
        "has_sum": True,
        "mean_type": 0,
        "name": "mine",
        "source": DOMAIN,
        "statistic_id": _statistic(group, "energy"),
        "unit_class": "energy",
        "unit_of_measurement": "kWh",
    }
    day, *_ = before[5]
    start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    # Loaded, the group may correct it before the test does.
    assert await hass.config_entries.async_unload(house_and_flat.entry_id)
    async_add_external_statistics(
        hass,
        metadata,  # type: ignore[arg-type]
        [{"start": start, "state": 9999.0, "sum": 9999.0}],
    )
    await async_wait_recording_done(hass)
    assert await stored_rows(hass, _statistic(group, "energy")) != before

    assert await hass.config_entries.async_setup(house_and_flat.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await stored_rows(hass, _statistic(group, "energy")) == before


async def test_other_meters_and_another_name_rewrite_the_series(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE, FLAT, FARM)
    group = await grouped(hass, entry, HOUSE, FLAT)

    form = await open_group(hass, entry, group)
    result = await submit(
        hass, form, {"name": "Les Roses", "meters": ids_of(entry, HOUSE, FARM)}
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["reason"] == "reconfigure_successful"
    assert await _series(hass, group) == await _expected(hass, HOUSE, FARM)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"group_{group.lower()}"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Les Roses"


async def test_a_meter_that_is_deleted_leaves_its_group(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE, FLAT, FARM)
    group = await grouped(hass, entry, HOUSE, FLAT, FARM)
    house, flat, farm = ids_of(entry, HOUSE, FLAT, FARM)
    issue = (DOMAIN, f"group_too_small_{group}")

    hass.config_entries.async_remove_subentry(entry, farm)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.subentries[group].data["meters"] == [house, flat]
    assert await _series(hass, group) == await _expected(hass, HOUSE, FLAT)
    assert ir.async_get(hass).async_get_issue(*issue) is None

    hass.config_entries.async_remove_subentry(entry, flat)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _series(hass, group) == await energies(hass, HOUSE)
    assert ir.async_get(hass).async_get_issue(*issue) is not None

    hass.config_entries.async_remove_subentry(entry, group)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert ir.async_get(hass).async_get_issue(*issue) is None


async def test_a_group_that_is_deleted_takes_its_series_along(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)
    of_meters = await energies(hass, HOUSE)

    hass.config_entries.async_remove_subentry(house_and_flat, group)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _series(hass, group) == {}
    assert await energies(hass, HOUSE) == of_meters
    assert not [
        entity
        for entity in er.async_get(hass).entities.values()
        if entity.unique_id.startswith("group_")
    ]


async def test_a_contract_that_is_removed_takes_its_groups_series_along(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)

    await hass.config_entries.async_remove(house_and_flat.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _series(hass, group) == {}
    assert await energies(hass, HOUSE)


async def test_a_meter_that_only_injects_does_not_count(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE, FLAT, PRODUCER)

    group = await grouped(hass, entry, HOUSE, FLAT, PRODUCER)

    assert await _series(hass, group) == await _expected(hass, HOUSE, FLAT)


async def test_a_group_needs_a_name_and_two_meters(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    form = await open_group(hass, house_and_flat)

    (house,) = ids_of(house_and_flat, HOUSE)
    again = await submit(hass, form, {"name": "  ", "meters": [house]})

    assert again["errors"] == {"name": "name_missing", "meters": "meters_missing"}
    created = await submit(
        hass, again, {**BUILDING, "meters": ids_of(house_and_flat, HOUSE, FLAT)}
    )
    assert created["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_change_needs_a_name_and_two_meters_too(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    group = await grouped(hass, house_and_flat, HOUSE, FLAT)

    form = await open_group(hass, house_and_flat, group)
    again = await submit(hass, form, {"name": "Les Roses", "meters": []})

    assert again["errors"] == {"meters": "meters_missing"}
    assert house_and_flat.subentries[group].title == "Les Lilas"


async def test_a_contract_with_one_meter_has_no_group(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)

    assert (await open_group(hass, entry))["reason"] == "too_few_meters"


async def test_a_meter_whose_right_is_over_is_named_at_its_group(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    sandbox: Sandbox,
    house_and_flat: MockConfigEntry,
) -> None:
    entry = house_and_flat
    flat = entry.subentries[ids_of(entry, FLAT)[0]]
    hass.config_entries.async_update_subentry(entry, flat, title="2nd *floor*")
    group = await grouped(hass, entry, HOUSE, FLAT)
    issue = (DOMAIN, f"group_member_ended_{group}")
    newest = max(await energies(hass, FLAT))
    assert ir.async_get(hass).async_get_issue(*issue) is None

    right = sandbox.right(FLAT)
    right.state = "Révoquée"
    await next_day(hass, clock, entry)
    await _gather(hass, clock)

    repair = ir.async_get(hass).async_get_issue(*issue)
    assert repair is not None
    assert repair.translation_placeholders == {
        "account": "Example",
        "group": "Les Lilas",
        "meters": r"- 2nd \*floor\* (…0002)",
        "date": newest.isoformat(),
    }
    assert repair.is_fixable is False
    stored = await _series(hass, group)
    assert max(day for day, kwh in stored.items() if kwh is not None) <= newest

    # Renewed: the group goes on.
    right.state = "Active"
    await next_day(hass, clock, entry)
    await _gather(hass, clock)

    assert ir.async_get(hass).async_get_issue(*issue) is None
    assert await _series(hass, group) == await _expected(hass, HOUSE, FLAT)


async def test_a_meter_whose_right_is_over_can_be_taken_out_of_its_group(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    entry = await import_meters(HOUSE, FLAT, FARM)
    group = await grouped(hass, entry, HOUSE, FLAT, FARM)
    issue = (DOMAIN, f"group_member_ended_{group}")
    sandbox.rights.remove(sandbox.right(FLAT))
    await next_day(hass, clock, entry)
    assert ir.async_get(hass).async_get_issue(*issue) is not None

    form = await open_group(hass, entry, group)
    await submit(hass, form, {**BUILDING, "meters": ids_of(entry, HOUSE, FARM)})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert ir.async_get(hass).async_get_issue(*issue) is None
    assert await _series(hass, group) == await _expected(hass, HOUSE, FARM)


async def test_a_groups_meters_can_be_exported_by_its_device(
    hass: HomeAssistant, import_meters: AddEntry, tmp_path: Any
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    entry = await import_meters(HOUSE, FLAT, FARM)
    group = await grouped(hass, entry, HOUSE, FLAT)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"group_{group.lower()}"), entry.entry_id
    )
    assert device is not None

    response = await act(
        hass, "export", path=str(tmp_path / "gas.csv"), device_id=[device.id]
    )

    assert response["meters"] == 2


async def test_diagnostics_count_groups(
    hass: HomeAssistant, house_and_flat: MockConfigEntry
) -> None:
    await grouped(hass, house_and_flat, HOUSE, FLAT)

    diagnostics = await async_get_config_entry_diagnostics(hass, house_and_flat)

    assert diagnostics["groups"] == [
        {"meters": 2, "meters_lacking": 0, "updated": True}
    ]
