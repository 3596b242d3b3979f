"""A backup of our files that is older than the database, or than the last call."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.grdf_adict.storage.meter_file import MeterStore
from tests.sandbox import HOUSE, PRODUCER, Fault, Sandbox
from tests.sandbox.faults import Faults

from .common import energies, held, next_day, settle, stored_rows
from .conftest import AddEntry


@pytest.mark.parametrize(
    ("pce", "series"), [(HOUSE, "energy"), (PRODUCER, "injection")]
)
async def test_days_beyond_an_older_file_are_taken_back_from_the_recorder(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    clock: FrozenDateTimeFactory,
    pce: str,
    series: str,
) -> None:
    entry = await import_meters(pce)
    file = f"grdf_adict.meter.sandbox_{pce.lower()}"
    older = deepcopy(hass_storage[file])
    for _ in range(20):
        await next_day(hass, clock, entry)
    statistic = f"grdf_adict:sandbox_{pce.lower()}_{series}"
    before = await stored_rows(hass, statistic)
    await hass.config_entries.async_unload(entry.entry_id)
    hass_storage[file] = older
    sandbox.fail_next("donnees_", Fault.status(500), times=1000)

    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert await stored_rows(hass, statistic) == before
    sandbox.faults = Faults()
    clock.tick(timedelta(days=1))
    await next_day(hass, clock, entry)
    days = {day: kwh for day, kwh, _ in await stored_rows(hass, statistic)}
    assert {day: days[day] for day, _, _ in before} == {
        day: kwh for day, kwh, _ in before
    }


async def test_after_two_hundred_days_the_first_call_begins_at_the_last_known_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    await hass.config_entries.async_unload(entry.entry_id)
    clock.tick(timedelta(days=200))
    sandbox.reset_calls()

    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    calls = [call for call in sandbox.calls if "informatives" in call.path]
    assert len(calls) == 1


async def test_a_file_that_lacks_nothing_is_not_written_at_a_start(
    hass: HomeAssistant, import_meters: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await import_meters(HOUSE)
    await settle(hass, entry)
    written: list[object] = []

    async def count(_: object, file: object) -> None:
        written.append(file)

    monkeypatch.setattr(MeterStore, "async_write", count)

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await entry.runtime_data.meters.popitem()[1].async_compare()

    assert written == []
