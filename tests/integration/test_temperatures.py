"""Temperatures of exported files: from the workbook to the comparison of two years."""

from datetime import date, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.grdf_adict.storage.meter_file import MeterStore
from tests.exports import Day, build_daily
from tests.sandbox.weather import temperatures

from .common import stored_rows
from .file_flow import add_files, send, send_files
from .price_flow import choose, reconfigure

HOME: Final = "09999999911111"
FILE: Final = f"grdf_adict.meter.{HOME}"
LAST: Final = date(2026, 11, 16)
CHANGE: Final = "sensor.meter_1111_weather_corrected_change_on_a_year_before"
KEYS: Final = (
    *("heating_base_load", "heating_slope", "degree_days"),
    "weather_corrected_change",
)


@pytest.fixture(autouse=True)
def _all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def _mean(day: date) -> float:
    return temperatures(3, day.year)[day.timetuple().tm_yday - 1]


def _days(*, with_temperatures: bool) -> list[Day]:
    """Return two years of a home that uses 8 kWh a day, and 6 a degree below 18 °C.

    In the newer one it uses a tenth less.
    """
    days = []
    for ago in reversed(range(730)):
        day = LAST - timedelta(days=ago)
        mean = _mean(day)
        usual = 8 + 6 * max(0.0, 18 - mean)
        kwh = round(usual * (0.9 if ago < 365 else 1), 1)
        shown = round(mean, 1) if with_temperatures else None
        days.append(Day(gas_day=day, kwh=kwh, m3=round(kwh / 11, 1), temperature=shown))
    return days


def _workbook(days: list[Day], exported_on: date) -> bytes:
    return build_daily(days, pce=HOME, exported_on=exported_on)


def _shown(hass: HomeAssistant) -> set[str]:
    registry = er.async_get(hass)
    return {
        key
        for key in KEYS
        if registry.async_get_entity_id("sensor", "grdf_adict", f"{HOME}_{key}")
    }


async def _rows(hass: HomeAssistant) -> list[Any]:
    return [
        await stored_rows(hass, f"grdf_adict:{HOME}_{kind}")
        for kind in ("energy", "volume")
    ]


async def test_temperatures_of_two_years_of_files_compare_them_and_change_no_row(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    without = _workbook(_days(with_temperatures=False), LAST + timedelta(days=2))
    entry: Any = await add_files(hass, hass_client, without)
    before = await _rows(hass)
    assert len(before[0]) == 730
    assert _shown(hass) == set()

    form = await choose(hass, await reconfigure(hass, entry), "files")
    content = _workbook(_days(with_temperatures=True), LAST + timedelta(days=3))
    result = await send_files(hass, hass_client, form, content)
    preview = result["description_placeholders"]["preview"]
    assert "local temperatures of days: kept" in preview
    assert "equally cold · 730" in preview
    await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _rows(hass) == before
    assert _shown(hass) == set(KEYS)
    state = hass.states.get(CHANGE)
    assert state is not None
    assert float(state.state) == pytest.approx(-10, abs=1)
    assert state.attributes["source"] == "files"
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told["meters"][0]["temperatures"] == 730

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    again = hass.states.get(CHANGE)
    assert again is not None
    assert (again.state, again.attributes["source"]) == (state.state, "files")
    assert await _rows(hass) == before


async def test_a_file_of_before_temperatures_were_kept_is_read_and_not_rewritten(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = _days(with_temperatures=False)[-40:]
    content = _workbook(days, LAST + timedelta(days=3))
    entry = await add_files(hass, hass_client, content)
    before = await _rows(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[FILE]["data"]
    # That version's own digest would fit; no file has to have one.
    del stored["digest"]
    assert stored["ledger"].pop("temperatures") == []
    written: list[object] = []

    async def count(_: object, file: object) -> None:
        written.append(file)

    monkeypatch.setattr(MeterStore, "async_write", count)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    (meter,) = entry.runtime_data.meters.values()
    await meter.async_compare()

    assert written == []
    assert await _rows(hass) == before
    assert _shown(hass) == set()
