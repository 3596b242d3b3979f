"""Automations with the integration's own triggers and conditions."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from tests.sandbox import FLAT, HOUSE, Sandbox

from .automation import automate
from .common import next_day
from .conftest import AddEntry


@pytest.fixture
def ran(hass: HomeAssistant) -> list[ServiceCall]:
    """What the automations did."""
    return async_mock_service(hass, "test", "run")


def _device(hass: HomeAssistant, pce: str) -> dict[str, str]:
    entity = er.async_get(hass).async_get(f"sensor.meter_{pce[-4:]}_last_gas_day")
    assert entity is not None
    assert entity.device_id is not None
    return {"device_id": entity.device_id}


def _ran(ran: list[ServiceCall]) -> list[tuple[str, str]]:
    return [(str(call.data["meter"]), str(call.data["day"])) for call in ran]


async def _days(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    *energies: int,
) -> list[str]:
    """Let gas days of these energies arrive, one a day; return their names."""
    days = []
    for energy in energies:
        newest = max(sandbox.available_days(HOUSE)) + timedelta(days=1)
        sandbox.correct(HOUSE, newest, kwh=energy, m3=energy // 11)
        await next_day(hass, clock, entry)
        assert max(sandbox.available_days(HOUSE)) == newest
        days.append(newest.isoformat())
    return days


async def test_a_new_gas_day_triggers_once_though_its_value_is_the_day_before_s(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE)
    target = _device(hass, HOUSE)
    await automate(hass, {"trigger": "grdf_adict.new_gas_day", "target": target})

    days = await _days(hass, sandbox, clock, entry, 40, 40)

    assert _ran(ran) == [("Meter 0001", day) for day in days]


async def test_two_days_above_the_threshold_trigger_twice_and_one_below_does_not(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE)
    await automate(
        hass,
        {
            "trigger": "grdf_adict.consumption_above",
            "target": {"entity_id": "sensor.meter_0001_last_gas_day"},
            "options": {"above": 100},
        },
    )

    days = await _days(hass, sandbox, clock, entry, 150, 150, 100, 101)

    assert [day for _, day in _ran(ran)] == [days[0], days[1], days[3]]


async def test_only_the_targeted_meter_triggers(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    target = _device(hass, FLAT)
    await automate(hass, {"trigger": "grdf_adict.new_gas_day", "target": target})

    await _days(hass, sandbox, clock, entry, 40, 40)

    assert {meter for meter, _ in _ran(ran)} == {f"Meter {FLAT[-4:]}"}


async def test_an_area_names_the_meters_in_it_as_of_now(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE)
    target = {"area_id": "cellar"}
    await automate(hass, {"trigger": "grdf_adict.new_gas_day", "target": target})
    await _days(hass, sandbox, clock, entry, 40)
    assert _ran(ran) == []

    device = _device(hass, HOUSE)["device_id"]
    dr.async_get(hass).async_update_device(device, area_id="cellar")
    days = await _days(hass, sandbox, clock, entry, 41)

    assert [day for _, day in _ran(ran)] == days


async def test_late_data_trigger_once(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE)
    newest = max(sandbox.available_days(HOUSE))
    for ahead in range(1, 60):
        day = newest + timedelta(days=ahead)
        sandbox.delay(HOUSE, day, sandbox.today + timedelta(days=90))
    target = _device(hass, HOUSE)
    late = {"condition": "grdf_adict.data_late", "target": target}
    await automate(hass, {"trigger": "grdf_adict.data_late", "target": target}, late)

    for _ in range(5):
        await next_day(hass, clock, entry)
    assert _ran(ran) == []
    for _ in range(4):
        await next_day(hass, clock, entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await next_day(hass, clock, entry)

    assert _ran(ran) == [("Meter 0001", newest.isoformat())]


async def test_a_condition_on_the_last_gas_day_holds_above_its_threshold_only(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE)
    target = _device(hass, HOUSE)
    await automate(
        hass,
        {"trigger": "grdf_adict.new_gas_day", "target": target},
        {
            "condition": "grdf_adict.consumption_above",
            "target": target,
            "options": {"above": 100},
        },
    )

    days = await _days(hass, sandbox, clock, entry, 90, 150, 100)

    assert [day for _, day in _ran(ran)] == [days[1]]


async def test_a_condition_on_several_meters_can_ask_for_all_of_them(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    both = [_device(hass, pce)["device_id"] for pce in (HOUSE, FLAT)]
    await automate(
        hass,
        {"trigger": "grdf_adict.new_gas_day", "target": _device(hass, HOUSE)},
        {
            "condition": "grdf_adict.consumption_above",
            "target": {"device_id": both},
            "options": {"above": 5000, "behavior": "all"},
        },
    )
    await _days(hass, sandbox, clock, entry, 6000)

    assert _ran(ran) == []


@pytest.mark.parametrize("condition", ["data_late", "consumption_unusual"])
async def test_a_condition_does_not_hold_where_all_is_well(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
    condition: str,
) -> None:
    entry = await import_meters(HOUSE)
    target = _device(hass, HOUSE)
    await automate(
        hass,
        {"trigger": "grdf_adict.new_gas_day", "target": target},
        {"condition": f"grdf_adict.{condition}", "target": target},
    )

    await _days(hass, sandbox, clock, entry, 40)

    assert _ran(ran) == []


async def test_a_trigger_without_a_target_is_refused(
    hass: HomeAssistant, import_meters: AddEntry, ran: list[ServiceCall]
) -> None:
    await import_meters(HOUSE)

    await automate(hass, {"trigger": "grdf_adict.new_gas_day"})

    state = hass.states.get("automation.example")
    assert state is not None
    assert state.state == "unavailable"
    assert er.async_get(hass).async_get("automation.example") is None
    assert ran == []
