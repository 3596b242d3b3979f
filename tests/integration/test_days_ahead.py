"""Days of the future that an earlier version kept: hidden, never deleted."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.helpers.recorder import async_recorder_idle
from custom_components.grdf_adict.metering import gas_day_start
from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, next_day, settle, stored_rows
from .conftest import NOW, AddEntry
from .test_doorstep import diagnosed

FILE: Final = f"grdf_adict.meter.sandbox_{HOUSE}"
ENERGY: Final = f"grdf_adict:sandbox_{HOUSE}_energy"
TODAY: Final = NOW.date()


def _later(days: int) -> date:
    return TODAY + timedelta(days=days)


def _stored_days(storage: Mapping[str, Any]) -> dict[str, float]:
    days = storage[FILE]["data"]["ledger"]["daily"]["informative"]
    return {day: energy for day, energy, *_ in days}


async def _write_rows(hass: HomeAssistant, days: Mapping[date, float]) -> None:
    """Write rows of the future into the recorder, as an earlier version did."""
    total = (await stored_rows(hass, ENERGY))[-1][2] or 0.0
    rows = []
    for day, energy in days.items():
        total += energy
        rows.append({"start": gas_day_start(day), "state": energy, "sum": total})
    metadata = {
        "has_sum": True,
        "mean_type": 0,
        "name": "Meter 0001 (kWh)",
        "source": "grdf_adict",
        "statistic_id": ENERGY,
        "unit_class": "energy",
        "unit_of_measurement": "kWh",
    }
    async_add_external_statistics(hass, metadata, rows)  # type: ignore[arg-type]
    await async_recorder_idle(hass)


async def _kept_by_an_earlier_version(
    hass: HomeAssistant,
    storage: Mapping[str, Any],
    entry: MockConfigEntry,
    days: Mapping[date, float] | None = None,
    block: tuple[date, date, float] | None = None,
) -> None:
    """Change the meter's file and its rows as if days of the future were believed."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    data = storage[FILE]["data"]
    del data["digest"]
    for day, energy in (days or {}).items():
        value = [day.isoformat(), energy, None, None, "measured", False]
        data["ledger"]["daily"]["informative"].append(value)
        data["summary"]["last"] = value
        data["told"]["days"][day.isoformat()] = energy
    if block:
        first, end, energy = block
        bounds = [f"{day}T06:00:00+01:00" for day in (first, end)]
        value = [*bounds, energy, None, None, "measured", True]
        data["ledger"]["blocks"].append(value)
    if days:
        await _write_rows(hass, days)


async def _start(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def _newest_shown(hass: HomeAssistant) -> str:
    state = hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day")
    assert state is not None
    return str(state.attributes["gas_day"])


@pytest.mark.parametrize("ahead", [1, 730])
async def test_an_informative_day_of_the_future_is_hidden_from_the_start_and_kept(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    ahead: int,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    newest = _newest_shown(hass)
    wrong = _later(ahead)
    await _kept_by_an_earlier_version(hass, hass_storage, entry, {wrong: 7})
    sandbox.reset_calls()

    await _start(hass, entry)
    assert _newest_shown(hass) == newest
    assert await energies(hass, HOUSE) == before
    assert sandbox.calls == []
    meter = await diagnosed(hass, entry)
    assert (meter["state"], meter["summary"]["last"][0]) == ("up_to_date", newest)

    await next_day(hass, clock, entry)
    assert _stored_days(hass_storage)[wrong.isoformat()] == 7
    # Tomorrow's answer can judge tomorrow's gas day, and says nothing of it.
    known = held(sandbox, HOUSE) | ({wrong: 7} if ahead == 1 else {})
    rows = await energies(hass, HOUSE)
    assert {day: kwh for day, kwh in rows.items() if kwh is not None} == known
    await next_day(hass, clock, entry)
    await next_day(hass, clock, entry)
    rows = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: rows.get(day) for day in known} == known


async def test_a_published_block_that_reaches_far_ahead_is_hidden_without_a_question(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    await _kept_by_an_earlier_version(
        hass, hass_storage, entry, block=(_later(-5), _later(41), 920)
    )
    await _write_rows(hass, {_later(days): 20 for days in range(41)})
    assert max(await energies(hass, HOUSE)) == _later(40)

    await _start(hass, entry)

    assert await energies(hass, HOUSE) == before
    assert not [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "withdrawal_withheld"
    ]
    await settle(hass, entry)
    assert hass_storage[FILE]["data"]["ledger"]["blocks"][-1][2] == 920


@pytest.mark.parametrize("days", [-3000, -40])
async def test_a_clock_that_is_wrong_at_the_start_hides_no_day_that_grdf_gave(
    hass: HomeAssistant,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    days: int,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    stored = _stored_days(hass_storage)
    assert await hass.config_entries.async_unload(entry.entry_id)

    clock.move_to(NOW + timedelta(days=days))
    await _start(hass, entry)

    assert await energies(hass, HOUSE) == before
    assert _stored_days(hass_storage) == stored


async def test_days_of_the_future_in_the_recorder_alone_are_hidden_and_kept_in_the_file(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await _write_rows(hass, {_later(40): 7})
    del hass_storage[FILE]

    await _start(hass, entry)
    await settle(hass, entry)

    assert await energies(hass, HOUSE) == before == held(sandbox, HOUSE)
    kept = hass_storage[FILE]["data"]["ledger"]["daily"]["recovered"]
    assert [_later(40).isoformat(), 7] in [day[:2] for day in kept]
