"""Unusual consumption and the outdoor temperature, on a real Home Assistant."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.metering.gas_day import gas_day_at
from tests.sandbox import HOUSE, Flow, Sandbox
from tests.sandbox.weather import temperatures

from .automation import automate
from .common import next_day, settle
from .conftest import AddEntry
from .price_flow import choose, reconfigure, submit

UNUSUAL = "binary_sensor.meter_0001_unusual_consumption"
OUTDOOR = "sensor.outdoor"
MEASURES = {
    "device_class": "temperature",
    "state_class": "measurement",
    "unit_of_measurement": "°C",
}


@pytest.fixture(autouse=True)
def _all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def _reach_back(sandbox: Sandbox, days: int) -> None:
    """Let the right cover these last days."""
    for right in sandbox.rights:
        if right.pce == HOUSE and right.flow is Flow.CONSUMPTION:
            right.consumption_from = sandbox.today - timedelta(days=days)


def _unusual(hass: HomeAssistant) -> State:
    state = hass.states.get(UNUSUAL)
    assert state is not None
    return state


def _sensor(hass: HomeAssistant, key: str) -> State | None:
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", "grdf_adict", f"sandbox_{HOUSE}_{key}"
    )
    return hass.states.get(entity_id) if entity_id else None


def _value(hass: HomeAssistant, key: str) -> float:
    state = _sensor(hass, key)
    assert state is not None, key
    return float(state.state)


def _mean(sandbox: Sandbox, day: date) -> float:
    return temperatures(sandbox.seed, day.year)[day.timetuple().tm_yday - 1]


async def _measure(hass: HomeAssistant, sandbox: Sandbox, days: int) -> None:
    """Let a sensor have measured the sandbox's weather for some days, and to come."""
    hass.states.async_set(OUTDOOR, "8", MEASURES)
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=OUTDOOR,
        unit_class="temperature",
        unit_of_measurement="°C",
    )
    first = datetime.combine(
        sandbox.today - timedelta(days=days), datetime.min.time(), UTC
    )
    hours = [first + timedelta(hours=hour) for hour in range(24 * (days + 20))]
    rows = [
        StatisticData(start=hour, mean=mean, min=mean - 1, max=mean + 1)
        for hour in hours
        for mean in [_mean(sandbox, gas_day_at(hour))]
    ]
    async_import_statistics(hass, metadata, rows)
    await async_wait_recording_done(hass)


async def _set_outdoor(
    hass: HomeAssistant, entry: MockConfigEntry, form: dict[str, Any]
) -> dict[str, Any]:
    shown = await choose(hass, await reconfigure(hass, entry), "outdoor")
    result = await submit(hass, shown, form)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def _burn_more(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    days: int,
) -> date:
    """Let twice and more of the usual be used on the coming days; return the first."""
    newest = max(sandbox.available_days(HOUSE))
    first = newest + timedelta(days=1)
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        sandbox.correct(HOUSE, day, kwh=260, m3=24)
    clock.tick(timedelta(days=days - 1))
    await next_day(hass, clock, entry)
    return first


async def test_before_a_year_of_data_nothing_is_judged(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _reach_back(sandbox, 340)

    await import_meters(HOUSE)

    assert _unusual(hass).state == "unavailable"


@pytest.mark.timeout(180)
async def test_a_week_of_much_more_is_unusual_announced_once_and_explained(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    ran = async_mock_service(hass, "test", "run")
    _reach_back(sandbox, 390)
    await _measure(hass, sandbox, 400)
    entry = await import_meters(HOUSE)
    await _set_outdoor(hass, entry, {"outdoor": OUTDOOR})
    assert _unusual(hass).state == "off"
    entity = er.async_get(hass).async_get(UNUSUAL)
    assert entity is not None
    target = {"device_id": entity.device_id}
    is_unusual = {"condition": "grdf_adict.consumption_unusual", "target": target}
    await automate(
        hass,
        {"trigger": "grdf_adict.consumption_unusual", "target": target},
        is_unusual,
    )

    first = await _burn_more(hass, sandbox, clock, entry, 10)

    state = _unusual(hass)
    assert state.state == "on"
    assert state.attributes["kind"] == "sustained"
    assert abs(date.fromisoformat(state.attributes["since"]) - first) <= timedelta(3)
    assert state.attributes["actual"] > 1.3 * state.attributes["expected"]
    assert state.attributes["confidence"] in {"low", "medium", "high"}
    announced = [call.data["kind"] for call in ran]
    assert announced.count("sustained") == 1

    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    assert _unusual(hass).state == "on"
    assert [call.data["kind"] for call in ran] == announced


async def test_what_was_unusual_before_the_first_import_is_shown_and_not_announced(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
) -> None:
    _reach_back(sandbox, 390)
    for ahead in range(14):
        sandbox.correct(HOUSE, sandbox.today - timedelta(days=ahead), kwh=260, m3=24)
    await _measure(hass, sandbox, 400)
    entry = await add_entry(HOUSE, set_up=False)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "outdoor": OUTDOOR}
    )

    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert _unusual(hass).state == "on"
    events = hass.states.get("event.meter_0001_events")
    assert events is not None
    assert events.state == "unknown"


@pytest.mark.timeout(180)
async def test_the_outdoor_temperature_gives_base_load_slope_and_corrected_change(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _reach_back(sandbox, 740)
    entry = await import_meters(HOUSE)
    assert _sensor(hass, "heating_slope") is None
    await _measure(hass, sandbox, 760)

    result = await _set_outdoor(hass, entry, {"outdoor": OUTDOOR})

    assert result["reason"] == "reconfigure_successful"
    slope = _sensor(hass, "heating_slope")
    assert slope is not None
    assert slope.attributes["r_squared"] > 0.8
    cold: list[tuple[float, float]] = []
    mild: list[tuple[float, float]] = []
    for day, row in sandbox.available_days(HOUSE).items():
        if row.kwh is not None and day >= sandbox.today - timedelta(days=730):
            lacks = 18 - _mean(sandbox, day)
            (cold if lacks > 8 else mild if lacks < 0 else []).append((lacks, row.kwh))
    usual = sorted(kwh for _, kwh in mild)[len(mild) // 2]
    slopes = sorted((kwh - usual) / lacks for lacks, kwh in cold)
    assert _value(hass, "heating_base_load") == pytest.approx(usual, rel=0.3, abs=3)
    assert float(slope.state) == pytest.approx(slopes[len(slopes) // 2], rel=0.15)
    newest = max(d for d, r in sandbox.available_days(HOUSE).items() if r.kwh)
    year = [newest - timedelta(days=ago) for ago in range(365)]
    degrees = sum(max(0, 18 - _mean(sandbox, day)) for day in year)
    assert _value(hass, "degree_days") == pytest.approx(degrees, rel=0.03)
    assert abs(_value(hass, "weather_corrected_change")) < 25


async def test_an_emptied_field_removes_the_outdoor_temperature_and_its_sensors(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _measure(hass, sandbox, 3)
    await _set_outdoor(hass, entry, {"outdoor": OUTDOOR})
    slope = _sensor(hass, "heating_slope")
    assert slope is not None
    assert slope.state == "unknown"

    await _set_outdoor(hass, entry, {})

    assert _sensor(hass, "heating_slope") is None
    (subentry,) = entry.subentries.values()
    assert "outdoor" not in subentry.data


async def test_a_lost_outdoor_sensor_has_a_repair_until_it_is_back_or_removed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.subentries
    issue_id = f"outdoor_lost_{meter}"
    await _measure(hass, sandbox, 3)
    await _set_outdoor(hass, entry, {"outdoor": OUTDOOR})
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None

    hass.states.async_remove(OUTDOOR)
    await settle(hass, entry)
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["message"] == OUTDOOR

    hass.states.async_set(OUTDOOR, "8", MEASURES)
    await settle(hass, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None

    hass.states.async_remove(OUTDOOR)
    await settle(hass, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None
    await _set_outdoor(hass, entry, {})
    await settle(hass, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        (None, "outdoor_gone"),
        ({**MEASURES, "device_class": "humidity"}, "outdoor_no_temperature"),
        ({"device_class": "temperature"}, "outdoor_no_statistics"),
    ],
)
async def test_a_sensor_that_cannot_be_used_is_refused_with_what_to_do(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    attributes: dict[str, str] | None,
    error: str,
) -> None:
    entry = await import_meters(HOUSE)
    if attributes is not None:
        hass.states.async_set(OUTDOOR, "8", attributes)

    result = await _set_outdoor(hass, entry, {"outdoor": OUTDOOR})

    assert result["errors"] == {"outdoor": error}
    await _measure(hass, sandbox, 1)
    again = await submit(hass, result, {"outdoor": OUTDOOR})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert again["reason"] == "reconfigure_successful"
