"""Sensors that set a meter's periods against each other."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.grdf_adict.entities.comparison_sensors import COMPARISON_SENSORS
from tests.sandbox import HOUSE, Sandbox

from .common import held, next_day
from .conftest import AddEntry

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def _state(hass: HomeAssistant, key: str) -> str:
    registry = er.async_get(hass)
    unique_id = f"sandbox_{HOUSE}_{key}"
    entity_id = registry.async_get_entity_id("sensor", "grdf_adict", unique_id)
    state = hass.states.get(entity_id or "")
    assert state is not None, key
    return state.state


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _before(days: Iterable[date]) -> list[date]:
    return [day.replace(year=day.year - 1) for day in days]


def _sum(known: dict[date, float | None], days: Iterable[date]) -> float:
    return sum(known.get(day) or 0 for day in days)


@pytest.mark.whole_history
async def test_periods_match_the_sandbox_this_year_and_the_year_before(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    known = dict(held(sandbox, HOUSE))
    volumes = dict(held(sandbox, HOUSE, "m3"))
    newest = max(
        day for day, row in sandbox.available_days(HOUSE).items() if row.kwh is not None
    )
    month = _days(date(2026, 11, 1), newest)
    last_month = _days(date(2026, 10, 1), date(2026, 10, 31))
    year = _days(date(2026, 1, 1), newest)
    twelve = _days(newest.replace(year=2025) + timedelta(days=1), newest)
    for key, days in (
        ("last_month_energy", last_month),
        ("twelve_months_energy", twelve),
        ("month_energy_before", _before(month)),
        ("last_month_energy_before", _before(last_month)),
        ("year_energy_before", _before(year)),
        ("day_energy_before", _before([newest])),
    ):
        assert float(_state(hass, key)) == pytest.approx(_sum(known, days)), key
    for key, days in (
        ("month_volume", month),
        ("last_month_volume", last_month),
        ("year_volume", year),
        ("twelve_months_volume", twelve),
    ):
        assert float(_state(hass, key)) == pytest.approx(_sum(volumes, days)), key
    for key, days in (("month_change", month), ("year_change", year)):
        both = [
            (known[day], known[before])
            for day, before in zip(days, _before(days), strict=True)
            if known.get(day) is not None and known.get(before) is not None
        ]
        now, was = (sum(map(float, each)) for each in zip(*both, strict=True))
        assert float(_state(hass, key)) == pytest.approx(
            100 * (now / was - 1), abs=0.06
        ), key
    week = [known[day] for day in _days(newest - timedelta(days=6), newest)]
    measured = [energy for energy in week if energy is not None]
    assert float(_state(hass, "week_mean")) == pytest.approx(
        sum(measured) / len(measured), abs=0.001
    )
    expected = float(_state(hass, "expected_year_energy"))
    assert _sum(known, year) < expected < 2 * _sum(known, year)
    assert _state(hass, "last_gas_day_age") == str((sandbox.today - newest).days)


@pytest.mark.whole_history
async def test_a_published_month_is_set_against_its_informative_days(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    block = sandbox.available_published(HOUSE)[-1]
    days = [
        row.kwh
        for day, row in sandbox.available_days(HOUSE).items()
        if block.start <= day < block.end
    ]

    if None in days:
        assert _state(hass, "published_difference") == "unknown"
    else:
        difference = (block.kwh or 0) - sum(day or 0 for day in days)
        assert float(_state(hass, "published_difference")) == difference


@pytest.mark.whole_history
async def test_a_restart_shows_the_same_figures_without_a_call(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = {sensor.key: _state(hass, sensor.key) for sensor in COMPARISON_SENSORS}
    sandbox.reset_calls()

    await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)

    assert {
        sensor.key: _state(hass, sensor.key) for sensor in COMPARISON_SENSORS
    } == before
    assert sum(state == "unknown" for state in before.values()) <= 2
    assert sandbox.calls == []


@pytest.mark.whole_history
async def test_a_new_month_turns_this_month_into_last_month_at_midnight(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    clock.move_to(datetime(2026, 11, 30, 21, 30, tzinfo=PARIS))
    await import_meters(HOUSE)
    october = _state(hass, "last_month_energy")
    age = int(_state(hass, "last_gas_day_age"))
    sandbox.reset_calls()

    clock.move_to(datetime(2026, 12, 1, 0, 0, 1, tzinfo=PARIS))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)

    # Three days of November are still to come: a sum without them would be wrong.
    assert october != "unknown"
    assert _state(hass, "last_month_energy") == "unknown"
    assert _state(hass, "month_volume") == "unknown"
    assert _state(hass, "last_gas_day_age") == str(age + 1)
    assert sandbox.calls == []


async def test_with_less_than_a_year_nothing_is_compared(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    for key in ("month_change", "year_change", "twelve_months_energy"):
        assert _state(hass, key) == "unknown"
    assert _state(hass, "last_month_energy") != "unknown"


async def test_no_sensor_of_a_period_has_a_state_class(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    await next_day(hass, clock, entry)

    classes = {
        state.entity_id
        for state in hass.states.async_all("sensor")
        if "state_class" in state.attributes and "meter_0001" in state.entity_id
    }

    assert classes == {"sensor.meter_0001_energy"}
    assert sandbox.meters[HOUSE] is not None
