"""A contract with meters of all kinds, and what happens to them in some weeks."""

from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import cos, pi
from pathlib import Path
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import BUSINESS, FARM, FLAT, HOUSE, PRODUCER, Fault, Sandbox

from .actions import act, device_of
from .common import next_day, settle
from .conftest import AddEntry
from .fleet import build, row_of, table
from .names import Facts, Places, StoredFiles, repairs
from .price_flow import YEARLY, choose, period, reconfigure, submit

REFUSAL: Final = '{"code": "1000009", "message": "REFUS"}'
GAS_PRICE: Final = "sensor.gas_price"
OUTDOOR: Final = "sensor.outdoor"
MEASURES: Final = {
    "device_class": "temperature",
    "state_class": "measurement",
    "unit_of_measurement": "°C",
}


async def varied_contract(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> MockConfigEntry:
    """Import meters of all kinds, with prices, an outdoor sensor and a group."""
    sandbox.right(HOUSE).consumption_from = sandbox.today - timedelta(days=400)
    hass.states.async_set(GAS_PRICE, "0.2", {"unit_of_measurement": "EUR/kWh"})
    await _measure(hass, sandbox)
    entry = await add_entry(HOUSE, FLAT, FARM, PRODUCER, BUSINESS, set_up=False)
    # What a new holder of the PCE uses can be a series of its own.
    subentry = entry.subentries[_meter(entry, BUSINESS)]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "series": 2}
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await settle(hass, entry)

    menu = await reconfigure(hass, entry, _meter(entry, HOUSE))
    form = await choose(hass, menu, "price", "price_list", "add_period")
    form = await submit(hass, form, period("2024-01-01", 0.1, 100))
    await choose(hass, form, "save_list")
    menu = await reconfigure(hass, entry, _meter(entry, FLAT))
    form = await choose(hass, menu, "price", "price_entity")
    form = await submit(hass, form, {"entity": GAS_PRICE, **YEARLY})
    await submit(hass, form, {"from": "2026-11-01"})
    menu = await reconfigure(hass, entry, _meter(entry, HOUSE))
    await submit(hass, await choose(hass, menu, "outdoor"), {"outdoor": OUTDOOR})
    await hass.async_block_till_done(wait_background_tasks=True)

    members = [_meter(entry, pce) for pce in (HOUSE, FLAT)]
    form = dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, "group"), context={"source": SOURCE_USER}
        )
    )
    await submit(hass, form, {"name": "Les Lilas", "meters": members})
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def _measure(hass: HomeAssistant, sandbox: Sandbox) -> None:
    """Let a sensor have measured a year, and weeks to come."""
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
    first = datetime.combine(sandbox.today, datetime.min.time(), UTC)
    hours = [first + timedelta(hours=hour) for hour in range(-400 * 24, 60 * 24)]
    rows = [
        StatisticData(start=hour, mean=mean, min=mean - 1, max=mean + 1)
        for hour in hours
        for mean in [12 - 10 * cos(2 * pi * hour.timetuple().tm_yday / 365)]
    ]
    async_import_statistics(hass, metadata, rows)
    await async_wait_recording_done(hass)


async def live_through_weeks(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    stored: StoredFiles,
) -> None:
    """Let every kind of event happen to the house."""
    newest = max(sandbox.available_days(HOUSE))
    sandbox.start_campaign([FLAT])
    sandbox.correct(HOUSE, newest - timedelta(days=5), kwh=1)
    for ahead in range(1, 25):
        sandbox.correct(HOUSE, newest + timedelta(days=ahead), kwh=260, m3=24)
    for days in (1, 9, 14):
        clock.tick(timedelta(days=days - 1))
        await next_day(hass, clock, entry)
        stored.look()
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)
    await hass.services.async_call(
        DOMAIN,
        "rebuild_statistics",
        {"device_id": device_of(hass, entry, HOUSE), "from_grdf": True},
        blocking=True,
    )
    withhold(sandbox, HOUSE)
    # More than the meter can pass waits until it is repeated.
    day = max(sandbox.available_days(FARM)) - timedelta(days=9)
    sandbox.correct(FARM, day, kwh=900_000)
    await next_day(hass, clock, entry)
    stored.look()
    await let_be_late(hass, clock, entry)
    stored.look()


async def declare_two(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Path,
    stored: StoredFiles,
) -> None:
    """Declare two rights, one of which GRDF refuses; look while the job waits."""
    one, other = build(sandbox, 2)
    rows = [row_of(sandbox, one), row_of(sandbox, other, 1)]
    (folder / "fleet.xlsx").write_bytes(table(rows))
    sandbox.fail_next("droit_acces", Fault.status(429))
    sandbox.fail_next("droit_acces", Fault.status(400, REFUSAL))
    await act(
        hass,
        "declare_fleet",
        path=str(folder / "fleet.xlsx"),
        action="declare",
        start=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    stored.look()
    clock.tick(timedelta(minutes=6))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)
    stored.look()


async def change_meters(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
) -> Facts:
    """Let an unknown customer consent, and delete meters; return the repairs."""
    places = Places(entry)
    right = copy(sandbox.right(HOUSE))
    (right.pce,) = build(sandbox, 1)
    sandbox.grant(right)
    await next_day(hass, clock, entry)
    raised = repairs(hass, places)
    for pce in (PRODUCER, FLAT):
        hass.config_entries.async_remove_subentry(entry, _meter(entry, pce))
    await hass.async_block_till_done(wait_background_tasks=True)
    return {**raised, **repairs(hass, places)}


def withhold(sandbox: Sandbox, pce: str) -> None:
    """Let GRDF publish no newer gas day for two months."""
    newest = max(sandbox.available_days(pce))
    for ahead in range(1, 40):
        late = newest + timedelta(days=60)
        sandbox.delay(pce, newest + timedelta(days=ahead), late)


async def let_be_late(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Let so much time pass that what is withheld is late."""
    for days in (1, 7):
        clock.tick(timedelta(days=days - 1))
        await next_day(hass, clock, entry)


def _meter(entry: ConfigEntry, pce: str) -> str:
    """Return the id of a meter's subentry."""
    (found,) = (key for key, each in entry.subentries.items() if each.unique_id == pce)
    return found
