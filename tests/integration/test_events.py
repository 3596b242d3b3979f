"""What happens to a meter is told by its event entity."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.helpers.recorder import RecorderBusyError
from custom_components.grdf_adict.meters import projection
from tests.sandbox import HOUSE, Frequency, Sandbox

from .common import next_day, settle
from .conftest import AddEntry

EVENTS = "event.meter_0001_events"


COMMON = {"event_types", "friendly_name", "icon", "device_class"}


@pytest.fixture
def told(hass: HomeAssistant) -> list[dict[str, Any]]:
    """What the event entity tells, without what every event entity shows."""
    told: list[dict[str, Any]] = []

    @callback
    def on_change(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if new is None or new.state in {STATE_UNKNOWN, STATE_UNAVAILABLE}:
            return
        if old is not None and old.state not in {new.state, STATE_UNAVAILABLE}:
            shown = new.attributes.items()
            told.append({key: value for key, value in shown if key not in COMMON})

    async_track_state_change_event(hass, EVENTS, on_change)
    return told


def _of(told: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in told if event["event_type"] == kind]


async def _read_technical_data(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let every call of the meter fall due, the monthly ones too."""
    (meter,) = entry.runtime_data.meters.values()
    await meter.book.async_forget_answers()
    await settle(hass, entry)


async def test_the_first_import_tells_of_nothing(
    sandbox: Sandbox,
    import_meters: AddEntry,
    told: list[dict[str, Any]],
) -> None:
    day = sorted(sandbox.available_days(HOUSE))[-30]
    sandbox.raw(HOUSE, day, releve_fin__raison_releve="COM")

    await import_meters(HOUSE)

    assert told == []


async def test_another_meter_number_is_a_change_of_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)

    await _read_technical_data(hass, entry)

    assert told[-1] == {
        "event_type": "meter_changed",
        "date": "2026-11-20",
        "noticed_by": "serial_number",
        "previous_serial_number": "…0001",
        "serial_number": "…0777",
    }


async def test_another_reading_frequency_is_told_and_brings_other_calls(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    sandbox.meters[HOUSE] = replace(
        meter, phases=(*meter.phases, (sandbox.today, Frequency.HALF_YEARLY))
    )

    await _read_technical_data(hass, entry)

    assert told[-1] == {
        "event_type": "frequency_changed",
        "previous_frequency": "monthly",
        "frequency": "six_monthly",
    }
    frequency = hass.states.get("sensor.meter_0001_reading_frequency")
    assert frequency is not None
    assert frequency.state == "six_monthly"


async def test_a_reading_that_gives_the_reason_is_a_change_of_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    clock.tick(86_400)
    newest = max(sandbox.available_days(HOUSE))
    clock.tick(-86_400)
    sandbox.raw(HOUSE, newest, releve_fin__raison_releve="COM")

    await next_day(hass, clock, entry)

    (changed,) = _of(told, "meter_changed")
    assert changed["noticed_by"] == "reading"
    assert "serial_number" not in changed


async def test_one_change_is_told_once_however_many_signs_it_gives(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)
    await _read_technical_data(hass, entry)
    assert len(_of(told, "meter_changed")) == 1
    clock.tick(86_400)
    newest = max(sandbox.available_days(HOUSE))
    clock.tick(-86_400)
    sandbox.raw(HOUSE, newest, releve_fin__raison_releve="COM")

    await next_day(hass, clock, entry)

    assert len(_of(told, "meter_changed")) == 1


async def test_an_event_outlives_a_restart_and_is_not_told_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)
    await _read_technical_data(hass, entry)
    shown = hass.states.get(EVENTS)

    await hass.config_entries.async_reload(entry.entry_id)
    await _read_technical_data(hass, entry)

    assert shown is not None
    again = hass.states.get(EVENTS)
    assert again is not None
    assert (again.state, again.attributes) == (shown.state, shown.attributes)
    assert len(_of(told, "meter_changed")) == 1


async def test_each_new_gas_day_is_told_once_with_what_it_brought(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)

    for _ in range(2):
        await next_day(hass, clock, entry)
        await settle(hass, entry)

    days = sorted(sandbox.available_days(HOUSE).items())[-2:]
    assert [
        (event["gas_day"], event["energy"], event["volume"], event["count"])
        for event in _of(told, "new_gas_day")
    ] == [(day.isoformat(), row.kwh, row.m3, 1) for day, row in days]
    assert _of(told, "correction") == []


async def test_days_that_come_together_are_told_each_and_after_a_pause_only_one(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)

    clock.tick(timedelta(days=2))
    await next_day(hass, clock, entry)
    few = _of(told, "new_gas_day")
    clock.tick(timedelta(days=20))
    await next_day(hass, clock, entry)

    newest = max(sandbox.available_days(HOUSE))
    assert [event["count"] for event in few] == [3, 3, 3]
    (last,) = _of(told, "new_gas_day")[3:]
    assert (last["gas_day"], last["count"]) == (newest.isoformat(), 21)


async def test_corrections_that_come_together_are_one_event(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    days = [
        day for day, row in sorted(sandbox.available_days(HOUSE).items()) if row.kwh
    ][-8:-6]
    before = [sandbox.available_days(HOUSE)[day].kwh or 0 for day in days]
    for day, kwh in zip(days, before, strict=True):
        sandbox.correct(HOUSE, day, kwh=kwh + 5)

    await next_day(hass, clock, entry)
    await next_day(hass, clock, entry)

    (event,) = _of(told, "correction")
    assert event == {
        "event_type": "correction",
        "first": days[0].isoformat(),
        "last": days[1].isoformat(),
        "count": 2,
        "withdrawn": 0,
        "before": sum(before),
        "after": sum(before) + 10,
        "difference": 10,
    }


async def test_a_published_month_is_told_with_its_difference(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    known = sandbox.available_published(HOUSE)

    for _ in range(35):
        if len(sandbox.available_published(HOUSE)) > len(known):
            break
        clock.tick(timedelta(days=1))
    for _ in range(3):
        await next_day(hass, clock, entry)

    block = sandbox.available_published(HOUSE)[-1]
    (event,) = _of(told, "published_month")
    days = [
        row.kwh
        for day, row in sandbox.available_days(HOUSE).items()
        if block.start <= day < block.end
    ]
    assert (event["first"], event["energy"]) == (block.start.isoformat(), block.kwh)
    assert event["last"] == (block.end - timedelta(days=1)).isoformat()
    informative = sum(day or 0 for day in days)
    expected = None if None in days else (block.kwh or 0) - informative
    assert event["difference"] == expected


async def test_what_came_before_a_restart_and_was_not_told_is_told_after_it(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    told: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)

    async def busy(*_: object, **__: object) -> None:
        raise RecorderBusyError

    with monkeypatch.context() as patch:
        patch.setattr(projection, "async_project", busy)
        await next_day(hass, clock, entry)
        assert _of(told, "new_gas_day") == []
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    newest = max(sandbox.available_days(HOUSE))
    (event,) = _of(told, "new_gas_day")
    assert event["gas_day"] == newest.isoformat()


async def test_older_history_and_a_right_that_reaches_further_back_are_no_news(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    told: list[dict[str, Any]],
) -> None:
    entry = await import_meters(HOUSE)
    for right in sandbox.rights:
        if right.pce == HOUSE and right.consumption_from:
            right.consumption_from = sandbox.today - timedelta(days=200)
    await entry.runtime_data.account.async_read_rights()
    await _read_technical_data(hass, entry)

    assert entry.runtime_data.meters.popitem()[1].data.days > 150
    assert told == []
