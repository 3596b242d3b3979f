"""What happens to a meter is told by its event entity."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.sandbox import HOUSE, Frequency, Sandbox

from .common import next_day, settle
from .conftest import AddEntry

EVENTS = "event.meter_0001_events"


def _told(hass: HomeAssistant) -> Mapping[str, Any] | None:
    """Return the newest event, without what every event entity shows."""
    state = hass.states.get(EVENTS)
    assert state is not None
    if state.state == STATE_UNKNOWN:
        return None
    common = {"event_types", "friendly_name", "icon", "device_class"}
    return {key: value for key, value in state.attributes.items() if key not in common}


async def _read_technical_data(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let every call of the meter fall due, the monthly ones too."""
    (meter,) = entry.runtime_data.meters.values()
    await meter.async_forget_answers()
    await settle(hass, entry)


async def test_the_first_import_tells_of_nothing(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    day = sorted(sandbox.available_days(HOUSE))[-30]
    sandbox.raw(HOUSE, day, releve_fin__raison_releve="COM")

    await import_meters(HOUSE)

    assert _told(hass) is None


async def test_another_meter_number_is_a_change_of_meter(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)

    await _read_technical_data(hass, entry)

    assert _told(hass) == {
        "event_type": "meter_changed",
        "date": "2026-11-20",
        "noticed_by": "serial_number",
        "previous_serial_number": "…0001",
        "serial_number": "…0777",
    }


async def test_another_reading_frequency_is_told_and_brings_other_calls(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    sandbox.meters[HOUSE] = replace(
        meter, phases=(*meter.phases, (sandbox.today, Frequency.HALF_YEARLY))
    )

    await _read_technical_data(hass, entry)

    assert _told(hass) == {
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
) -> None:
    entry = await import_meters(HOUSE)
    clock.tick(86_400)
    newest = max(sandbox.available_days(HOUSE))
    clock.tick(-86_400)
    sandbox.raw(HOUSE, newest, releve_fin__raison_releve="COM")

    await next_day(hass, clock, entry)

    told = _told(hass)
    assert told is not None
    assert (told["event_type"], told["noticed_by"]) == ("meter_changed", "reading")
    assert "serial_number" not in told


async def test_one_change_is_told_once_however_many_signs_it_gives(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)
    await _read_technical_data(hass, entry)
    first = hass.states.get(EVENTS)
    clock.tick(86_400)
    newest = max(sandbox.available_days(HOUSE))
    clock.tick(-86_400)
    sandbox.raw(HOUSE, newest, releve_fin__raison_releve="COM")

    await next_day(hass, clock, entry)

    assert hass.states.get(EVENTS) == first


async def test_an_event_outlives_a_restart_and_is_not_told_again(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    meter = sandbox.meters[HOUSE]
    site = replace(meter.site, serial_number="2026900777")
    sandbox.meters[HOUSE] = replace(meter, site=site)
    await _read_technical_data(hass, entry)
    told = _told(hass)

    await hass.config_entries.async_reload(entry.entry_id)
    await _read_technical_data(hass, entry)

    assert _told(hass) == told
