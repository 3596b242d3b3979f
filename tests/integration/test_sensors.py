"""What the sensors of a meter show."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE, INDUSTRY, Sandbox

from .common import held
from .conftest import AddEntry

PARIS = ZoneInfo("Europe/Paris")


def _value(hass: HomeAssistant, name: str) -> str:
    state = hass.states.get(f"sensor.meter_0001_{name}")
    assert state is not None, name
    return state.state


@pytest.mark.whole_history
async def test_the_figures_are_those_of_the_gas_days(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    days = sandbox.available_days(HOUSE)
    measured = {day: row for day, row in days.items() if row.kwh is not None}
    newest = max(measured)
    known = held(sandbox, HOUSE)
    of_month = [kwh or 0 for d, kwh in known.items() if (d.year, d.month) == (2026, 11)]
    of_year = [kwh or 0 for day, kwh in known.items() if day.year == 2026]

    assert float(_value(hass, "energy")) == pytest.approx(
        sum(kwh or 0 for kwh in known.values())
    )
    assert float(_value(hass, "energy_of_the_last_gas_day")) == measured[newest].kwh
    assert float(_value(hass, "volume_of_the_last_gas_day")) == measured[newest].m3
    assert float(_value(hass, "energy_this_month")) == pytest.approx(sum(of_month))
    assert float(_value(hass, "energy_this_year")) == pytest.approx(sum(of_year))
    assert _value(hass, "last_gas_day") == newest.isoformat()
    assert 9.5 <= float(_value(hass, "conversion_factor")) <= 11.5
    assert float(_value(hass, "index")) > 0
    assert _value(hass, "first_import") == "100"
    assert datetime.fromisoformat(_value(hass, "next_update")) > dt_util.utcnow()


async def test_attributes_have_the_gas_day_and_the_time_of_the_reading(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)
    newest = max(d for d, r in sandbox.available_days(HOUSE).items() if r.kwh)

    day = hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day")
    index = hass.states.get("sensor.meter_0001_index")

    assert day is not None
    assert day.attributes["gas_day"] == newest.isoformat()
    assert day.attributes["qualification"] == "measured"
    assert index is not None
    read_at = datetime.fromisoformat(index.attributes["read_at"]).astimezone(PARIS)
    assert (read_at.date(), read_at.hour) == (newest + timedelta(days=1), 6)


async def test_only_the_cumulative_sensor_compiles_statistics(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    classes = {
        state.entity_id.removeprefix("sensor.meter_0001_"): state.attributes[
            "state_class"
        ]
        for state in hass.states.async_all("sensor")
        if "state_class" in state.attributes
    }

    assert classes == {"energy": "total"}


async def test_a_new_month_begins_at_midnight_in_france_without_a_call(
    hass: HomeAssistant, import_meters: AddEntry, clock: FrozenDateTimeFactory
) -> None:
    await import_meters(HOUSE)
    assert _value(hass, "energy_this_month") != "unknown"

    clock.move_to(datetime(2026, 12, 1, 0, 0, 1, tzinfo=PARIS))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done()

    assert _value(hass, "energy_this_month") == "unknown"


async def test_before_the_first_answer_values_are_unknown(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)

    assert _value(hass, "energy") == "unknown"
    assert _value(hass, "last_gas_day") == "unknown"
    assert sandbox.calls == []


async def test_older_history_is_not_booked_as_gas_used_today(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    entry = await import_meters(HOUSE)
    before = float(_value(hass, "energy"))
    (meter,) = entry.runtime_data.meters.values()
    file = await meter.book.async_read()
    assert file.counted_from is not None

    for right in sandbox.rights:
        right.consumption_from = sandbox.today - timedelta(days=200)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_CLIENT_SECRET: "demo-secret"}
    )
    await entry.runtime_data.account.async_read_rights()
    await meter.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert float(_value(hass, "energy")) == before


async def test_every_sensor_has_a_name_of_its_own_and_a_stable_id(
    import_meters: AddEntry, entity_registry: er.EntityRegistry
) -> None:
    entry = await import_meters(HOUSE)

    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)

    begin = f"sandbox_{HOUSE}_"
    disabled = {
        entity.unique_id.removeprefix(begin): entity.disabled for entity in entities
    }
    assert {key for key, is_disabled in disabled.items() if not is_disabled} == {
        f"{entry.entry_id}_calls_today",
        "access_right",
        "access_right_end",
        "conversion_coefficient",
        "data_accessible",
        "energy",
        "events",
        "expected_year_energy",
        "import_progress",
        "index",
        "last_day_energy",
        "last_day_volume",
        "last_gas_day",
        "last_gas_day_age",
        "last_month_energy",
        "month_change",
        "month_energy",
        "next_update",
        "proof_awaited",
        "proof_deadline",
        "proof_status",
        "reading_frequency",
        "state",
        "twelve_months_energy",
        "unusual_consumption",
        "week_mean",
        "year_change",
        "year_energy",
    }
    assert {key for key, is_disabled in disabled.items() if is_disabled} == {
        "annual_reference_consumption",
        "calibre",
        "daily_capacity",
        "daily_capacity_daily",
        "daily_capacity_monthly",
        "day_change",
        "day_energy_before",
        "delivery_pressure",
        "delivery_tariff",
        "expected_year_share",
        "final_share",
        "flow_rate",
        "in_service",
        "last_month_change",
        "last_month_energy_before",
        "last_month_volume",
        "modulation",
        "month_energy_before",
        "month_volume",
        "next_annual_reference_consumption",
        "next_profile",
        "profile",
        "published_difference",
        "serial_number",
        "twelve_months_change",
        "twelve_months_energy_before",
        "twelve_months_volume",
        "year_energy_before",
        "year_volume",
    }
    assert len({entity.original_name for entity in entities}) == len(entities)


async def test_what_hardly_changes_is_shown_to_who_asks_for_it(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    meter = sandbox.meters[INDUSTRY]
    await import_meters(INDUSTRY)

    def shown(key: str) -> State:
        unique_id = f"sandbox_{INDUSTRY.lower()}_{key}"
        registry = er.async_get(hass)
        entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
        state = hass.states.get(entity_id or "")
        assert state is not None, key
        return state

    facts = {
        "annual_reference_consumption": "5150000.0",
        "next_annual_reference_consumption": "4995500.0",
        "delivery_tariff": "T4",
        "profile": "P019",
        "next_profile": "unknown",
        "daily_capacity": "25750.0",
        "daily_capacity_daily": "unknown",
        "in_service": meter.since.isoformat(),
        "reading_frequency": "daily",
        "calibre": "G250",
        "flow_rate": "400.0",
        "delivery_pressure": "0.021",
        "serial_number": "2018900007",
    }
    assert {key: shown(key).state for key in facts} == facts
    assert shown("delivery_pressure").attributes["unit_of_measurement"] == "bar"
    assert shown("flow_rate").attributes["unit_of_measurement"] == "m³/h"
    assert shown("daily_capacity").attributes["unit_of_measurement"] == "kWh/d"
