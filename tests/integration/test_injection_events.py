"""What happens to injected gas is told by events and triggers, as of gas used."""

from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.grdf_adict.helpers.signals import event_signal
from custom_components.grdf_adict.metering import Announced, MeterEvent, Summary
from custom_components.grdf_adict.meters.news import lateness_news
from custom_components.grdf_adict.storage.meter_file import GasHistory, MeterFile
from tests.sandbox import FARM, PRODUCER, Flow, Sandbox

from .automation import automate
from .common import next_day
from .conftest import AddEntry

type Told = list[dict[str, Any]]

_DAY: Final = timedelta(days=1)
_FAR: Final = date(2099, 1, 1)


def _listen(hass: HomeAssistant, pce: str) -> Told:
    told: Told = []

    @callback
    def on_event(event: MeterEvent) -> None:
        told.append({"event_type": event.type.value, **event.details})

    async_dispatcher_connect(hass, event_signal(f"sandbox_{pce.lower()}"), on_event)
    return told


def _of(told: Told, kind: str) -> Told:
    return [event for event in told if event["event_type"] == kind]


def _newest(sandbox: Sandbox, pce: str = PRODUCER) -> date:
    return max(sandbox.available_days(pce, Flow.INJECTION))


@pytest.fixture
def ran(hass: HomeAssistant) -> list[ServiceCall]:
    """What the automations did."""
    return async_mock_service(hass, "test", "run")


async def _automate(
    hass: HomeAssistant, pce: str, trigger: str, **more: object
) -> None:
    entity = er.async_get(hass).async_get(f"sensor.meter_{pce[-4:]}_last_gas_day")
    assert entity is not None
    target = {"device_id": entity.device_id}
    await automate(hass, {"trigger": f"grdf_adict.{trigger}", "target": target, **more})


def _ran(ran: list[ServiceCall]) -> list[str]:
    return [str(call.data["day"]) for call in ran]


async def test_a_producers_days_corrections_and_withdrawals_are_told(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    told = _listen(hass, PRODUCER)
    entry = await import_meters(PRODUCER)
    assert told == []
    await _automate(hass, PRODUCER, "new_gas_day")
    known = sandbox.available_days(PRODUCER, Flow.INJECTION)
    corrected, withdrawn = sorted(known)[-8], sorted(known)[-6]
    before = [known[day].kwh or 0 for day in (corrected, withdrawn)]

    await next_day(hass, clock, entry)

    newest = _newest(sandbox)
    row = sandbox.available_days(PRODUCER, Flow.INJECTION)[newest]
    assert told == [
        {
            "event_type": "new_gas_day",
            "gas_day": newest.isoformat(),
            "energy": row.kwh,
            "volume": row.m3,
            "qualification": "measured",
            "final": False,
            "count": 1,
            "direction": "injection",
        }
    ]
    assert _ran(ran) == [newest.isoformat()]
    shown = hass.states.get("event.meter_0063_events")
    assert shown is not None
    assert {key: shown.attributes[key] for key in told[0]} == told[0]

    sandbox.correct(PRODUCER, corrected, kwh=before[0] + 7, flow=Flow.INJECTION)
    sandbox.withdraw(PRODUCER, withdrawn, Flow.INJECTION)
    await next_day(hass, clock, entry)

    (event,) = _of(told, "correction")
    assert event == {
        "event_type": "correction",
        "first": corrected.isoformat(),
        "last": withdrawn.isoformat(),
        "count": 2,
        "withdrawn": 1,
        "before": sum(before),
        "after": before[0] + 7,
        "difference": 7 - before[1],
        "direction": "injection",
    }
    # What was told is not told again after a restart.
    seen = list(told)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert told == seen


async def test_a_producers_month_is_told_once_it_is_final(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    told = _listen(hass, PRODUCER)
    entry = await import_meters(PRODUCER)

    clock.tick(timedelta(days=11))
    await next_day(hass, clock, entry)

    days = sandbox.available_days(PRODUCER, Flow.INJECTION)
    november = [row.kwh or 0 for day, row in days.items() if day.month == 11]
    assert len(november) == 30
    assert _of(told, "published_month") == [
        {
            "event_type": "published_month",
            "first": "2026-11-01",
            "last": "2026-11-30",
            "energy": sum(november),
            "difference": None,
            "direction": "injection",
        }
    ]


async def test_a_producers_late_data_are_told_once(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    entry = await import_meters(PRODUCER)
    told = _listen(hass, PRODUCER)
    await _automate(hass, PRODUCER, "data_late")
    newest = _newest(sandbox)
    for ahead in range(1, 30):
        sandbox.delay(PRODUCER, newest + ahead * _DAY, _FAR, Flow.INJECTION)

    clock.tick(timedelta(days=11))
    for _ in range(2):
        await next_day(hass, clock, entry)

    age = (sandbox.today - _DAY - newest).days
    assert told == [
        {
            "event_type": "data_late",
            "gas_day": newest.isoformat(),
            "age": age,
            "direction": "injection",
        }
    ]
    assert _ran(ran) == [newest.isoformat()]


async def test_a_site_that_does_both_says_which_way_the_gas_of_an_event_flows(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    ran: list[ServiceCall],
) -> None:
    told = _listen(hass, FARM)
    entry = await import_meters(FARM)
    await _automate(hass, FARM, "consumption_above", options={"above": 1})

    await next_day(hass, clock, entry)

    assert [
        (event["direction"], event["gas_day"], event["energy"])
        for event in _of(told, "new_gas_day")
    ] == [
        (direction, day.isoformat(), sandbox.available_days(FARM, flow)[day].kwh)
        for direction, flow in (
            ("consumption", Flow.CONSUMPTION),
            ("injection", Flow.INJECTION),
        )
        for day in [max(sandbox.available_days(FARM, flow))]
    ]
    # What is injected besides was not used.
    assert _ran(ran) == [max(sandbox.available_days(FARM)).isoformat()]


@pytest.mark.parametrize(
    ("used", "injected", "late", "direction"),
    [
        (20, 5, 5, "injection"),
        (5, 20, 5, "consumption"),
        (5, 5, 5, "consumption"),
        (20, 5, 19, "consumption"),
        (None, 5, 6, "injection"),
    ],
)
def test_late_data_of_a_site_that_does_both_say_which_way_the_gas_flows(
    used: int | None, injected: int, late: int, direction: str
) -> None:
    def announced(day: int) -> Announced:
        return Announced({date(2026, 11, day): 1.0})

    file = MeterFile(
        announced=None if used is None else announced(used),
        injection=GasHistory(summary=Summary(days=1), announced=announced(injected)),
    )
    since, today = date(2026, 11, late), date(2026, 11, 28)

    news = lateness_news(file, since, today)

    assert [event.details for event in news.events] == [
        {"gas_day": since.isoformat(), "age": 28 - late, "direction": direction}
    ]
    assert lateness_news(news.file, since, today).events == ()
