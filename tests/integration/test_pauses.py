"""What is switched off, away or put back for a while, and what follows of it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.const import DOMAIN as RECORDER
from homeassistant.components.recorder.db_schema import Statistics, StatisticsMeta
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
)

from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, next_day, restart, settle, stored_rows
from .conftest import AddEntry
from .repair import shown

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
VOLUME = f"grdf_adict:sandbox_{HOUSE}_volume"
STATE = "sensor.meter_0001_state"
NEXT_UPDATE = "sensor.meter_0001_next_update"
DAY = timedelta(days=1)


def state(hass: HomeAssistant, entity_id: str = STATE) -> str:
    """Return what an entity of the house shows."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


async def live(hass: HomeAssistant, clock: FrozenDateTimeFactory, days: int) -> None:
    """Let days pass, with all that Home Assistant does by itself."""
    for _ in range(days * 2):
        clock.tick(DAY / 2)
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)


def calls_of_the_meter(sandbox: Sandbox) -> Counter[str]:
    """Return how often each call for data of a meter was made."""
    return Counter(
        call.path.rpartition("/")[2] for call in sandbox.calls if "pce" in call.path
    )


async def test_polling_switched_off_is_shown_at_once_and_on_again_brings_every_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)

    async def switch(*, is_off: bool) -> None:
        # As the dialog does: components/config/config_entries.py.
        hass.config_entries.async_update_entry(entry, pref_disable_polling=is_off)
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    await switch(is_off=True)
    assert state(hass) == "polling_off"
    assert state(hass, NEXT_UPDATE) == "unknown"
    sandbox.reset_calls()
    await live(hass, clock, 3)
    assert sandbox.calls == []
    assert state(hass) == "polling_off"
    assert state(hass, NEXT_UPDATE) == "unknown"

    await switch(is_off=False)
    assert state(hass) != "polling_off"
    await live(hass, clock, 1)

    assert state(hass) == "up_to_date"
    assert datetime.fromisoformat(state(hass, NEXT_UPDATE)) > dt_util.utcnow()
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert max(calls_of_the_meter(sandbox).values()) <= 2


async def test_a_recorder_that_processes_nothing_is_shown_until_it_does(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    recorder = get_instance(hass)

    with monkeypatch.context() as stuck:
        stuck.setattr("custom_components.grdf_adict.helpers.recorder._LONGEST_WAIT", 0)
        stuck.setattr(recorder, "queue_task", lambda _: None)
        clock.tick(DAY)
        (meter,) = entry.runtime_data.meters.values()
        assert state(hass) == "up_to_date"
        await meter.async_compare_or_log()
        assert state(hass) == "recorder_away"
        await entry.runtime_data.account.async_refresh()
        await meter.async_refresh()
        assert state(hass) == "recorder_away"
    sandbox.reset_calls()

    await live(hass, clock, 1)

    assert state(hass) == "up_to_date"
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert max(calls_of_the_meter(sandbox).values()) <= 2


async def test_rows_are_written_while_the_recorder_records_no_states(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    await hass.services.async_call(RECORDER, "disable", {}, blocking=True)

    await next_day(hass, clock, entry)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


def _empty(session: Any) -> None:
    session.query(Statistics).delete()
    session.query(StatisticsMeta).delete()


def _of_a_month_ago(session: Any) -> None:
    month_ago = (dt_util.utcnow() - 30 * DAY).timestamp()
    session.query(Statistics).filter(Statistics.start_ts > month_ago).delete()


@pytest.mark.parametrize("replace", [_empty, _of_a_month_ago])
async def test_a_database_replaced_while_off_is_filled_without_a_call(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    replace: Callable[[Any], None],
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY), await stored_rows(hass, VOLUME)
    assert await hass.config_entries.async_unload(entry.entry_id)
    recorder = get_instance(hass)

    def put() -> None:
        with session_scope(session=recorder.get_session()) as session:
            replace(session)

    await recorder.async_add_executor_job(put)
    recorder.statistics_meta_manager.reset()
    assert await stored_rows(hass, ENERGY) != before[0]
    sandbox.reset_calls()

    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    after = await stored_rows(hass, ENERGY), await stored_rows(hass, VOLUME)
    assert after == before
    assert sandbox.calls == []
    assert state(hass) == "up_to_date"


async def test_an_entry_disabled_for_forty_days_loses_no_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    disable = hass.config_entries.async_set_disabled_by
    await disable(entry.entry_id, ConfigEntryDisabler.USER)
    sandbox.reset_calls()
    clock.tick(40 * DAY)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sandbox.calls == []

    await disable(entry.entry_id, None)
    await settle(hass, entry)
    await live(hass, clock, 1)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert state(hass) == "up_to_date"
    assert max(calls_of_the_meter(sandbox).values()) <= 2


async def test_days_in_recovery_mode_lose_nothing_and_repairs_come_back(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.right(HOUSE).end = sandbox.today + 200 * DAY
    entry = await import_meters(HOUSE)
    sandbox.right(HOUSE).end = sandbox.today + 5 * DAY
    await next_day(hass, clock, entry)
    repairs = shown(hass)
    assert repairs
    assert await hass.config_entries.async_unload(entry.entry_id)

    restart(hass, recovery=True)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is not ConfigEntryState.LOADED
    sandbox.reset_calls()
    clock.tick(2 * DAY)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass) == set()
    assert sandbox.calls == []

    restart(hass, recovery=False)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)
    await live(hass, clock, 1)

    assert shown(hass) == repairs
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
