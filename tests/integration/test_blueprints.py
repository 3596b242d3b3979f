"""The blueprints: sound by Home Assistant's own schema, and at work on our entities."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.blueprint.models import Blueprint, DomainBlueprints
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.helpers.signals import event_signal
from custom_components.grdf_adict.metering.changes import EventType, MeterEvent
from tests.sandbox import HOUSE

from .conftest import AddEntry

ROOT: Final = Path(__file__).parent.parent.parent
FOLDER: Final = ROOT / "blueprints" / "automation" / DOMAIN
FILES: Final = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml")
)
SAFETY: Final = "Urgence Sécurité Gaz 0 800 47 33 33"
METER: Final = f"sandbox_{HOUSE}"

# The entity that each input is meant for: domain and key.
INPUTS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "daily_message.yaml": {"events": ("event", "events")},
    "data_late.yaml": {"state": ("sensor", "state")},
    "monthly_budget.yaml": {"cost": ("sensor", "month_cost")},
    "proof_awaited.yaml": {
        "proof": ("binary_sensor", "proof_awaited"),
        "deadline": ("sensor", "proof_deadline"),
    },
    "right_ends.yaml": {"end": ("sensor", "access_right_end")},
    "unusual_consumption.yaml": {"unusual": ("binary_sensor", "unusual_consumption")},
}


def _blueprint(name: str) -> Blueprint:
    return Blueprint(
        dict(yaml_util.load_yaml(str(FOLDER / name))),  # type: ignore[arg-type]
        path=name,
        expected_domain=AUTOMATION,
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


def _entity(hass: HomeAssistant, domain: str, key: str) -> str:
    entity_id = er.async_get(hass).async_get_entity_id(domain, DOMAIN, f"{METER}_{key}")
    if entity_id is None:
        # A meter without a price has no cost.
        assert key == "month_cost", key
        return "sensor.meter_0001_cost_this_month"
    return entity_id


@pytest.fixture
async def _meter(hass: HomeAssistant, import_meters: AddEntry) -> AsyncIterator[None]:
    await import_meters(HOUSE)
    yield
    # What an automation waits for would outlive the test.
    await hass.services.async_call(
        AUTOMATION, "turn_off", {"entity_id": "automation.gas"}, blocking=True
    )


async def _run(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, name: str, **inputs: object
) -> list[ServiceCall]:
    """Make an automation of a blueprint, on the entities it is meant for."""
    monkeypatch.setattr(
        DomainBlueprints, "_load_blueprint", lambda _, path: _blueprint(path)
    )
    entities = {
        key: _entity(hass, *entity)
        for key, entity in INPUTS[name.removeprefix("fr/")].items()
    }
    notified = async_mock_service(hass, "persistent_notification", "create")
    use = {"path": name, "input": {**entities, **inputs}}
    config = {AUTOMATION: {"id": "gas", "alias": "Gas", "use_blueprint": use}}
    assert await async_setup_component(hass, AUTOMATION, config)
    await hass.async_block_till_done()
    automation = hass.states.get("automation.gas")
    assert automation is not None
    assert automation.state == "on", "the automation is not valid"
    return notified


def test_each_exists_in_both_languages() -> None:
    assert {*INPUTS, *(f"fr/{name}" for name in INPUTS)} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_is_sound_and_names_where_it_comes_from(name: str) -> None:
    blueprint = _blueprint(name)

    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/{FOLDER.name}/{name}")
    assert len(blueprint.name) < 60


@pytest.mark.parametrize("name", FILES)
def test_each_selects_entities_of_ours_that_exist(name: str) -> None:
    selectors = {
        key: about["selector"]["entity"]["filter"]
        for key, about in _blueprint(name).inputs.items()
        if "entity" in about["selector"]
    }

    told = INPUTS[name.removeprefix("fr/")]
    assert {key: filters[0]["domain"] for key, filters in selectors.items()} == {
        key: [domain] for key, (domain, _) in told.items()
    }
    assert all(each[0]["integration"] == DOMAIN for each in selectors.values())


@pytest.mark.parametrize("name", FILES)
def test_what_may_worry_says_that_it_is_no_alarm(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    words = " ".join(text.split())

    if "unusual" in name:
        assert words.count(SAFETY) == 2, "in the description and in the message"


@pytest.mark.parametrize("name", FILES)
def test_the_readme_has_a_button_for_each(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    source = _blueprint(name).metadata["source_url"]
    address = source.replace(":", "%3A").replace("/", "%2F")

    assert f"redirect/blueprint_import/?blueprint_url={address}" in readme


@pytest.mark.usefixtures("_meter")
@pytest.mark.parametrize("name", FILES)
async def test_each_becomes_an_automation_on_our_entities(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert await _run(hass, monkeypatch, name) == []


def _new_day(hass: HomeAssistant, **more: Any) -> None:
    details = {"gas_day": "2026-11-17", "energy": 41.6, "volume": 3.71, **more}
    event = MeterEvent(EventType.NEW_GAS_DAY, details)
    async_dispatcher_send(hass, event_signal(METER), event)


@pytest.mark.usefixtures("_meter")
async def test_a_new_gas_day_is_told_with_its_cost(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "daily_message.yaml")

    _new_day(hass, cost=4.161, currency="EUR")
    await hass.async_block_till_done()

    (call,) = notified
    assert call.data["title"] == "Meter 0001: 42 kWh"
    assert call.data["message"] == "Gas day 2026-11-17: 42 kWh (3.7 m³), 4.16 EUR."


@pytest.mark.usefixtures("_meter")
async def test_a_new_gas_day_without_a_price_is_told_without_one_in_french(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "fr/daily_message.yaml")

    _new_day(hass)
    await hass.async_block_till_done()

    (call,) = notified
    assert call.data["message"] == "Journée gazière du 2026-11-17 : 42 kWh (3,7 m³)."


@pytest.mark.usefixtures("_meter")
async def test_another_event_is_no_daily_message(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "daily_message.yaml")

    event = MeterEvent(EventType.METER_CHANGED, {})
    async_dispatcher_send(hass, event_signal(METER), event)
    await hass.async_block_till_done()

    assert notified == []


@pytest.mark.usefixtures("_meter")
async def test_the_budget_is_told_once_when_it_is_passed(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "monthly_budget.yaml", budget=50)
    cost = _entity(hass, *INPUTS["monthly_budget.yaml"]["cost"])

    for amount in ("49", "50.5", "52"):
        hass.states.async_set(cost, amount, {"unit_of_measurement": "EUR"})
        await hass.async_block_till_done()

    (call,) = notified
    assert "costs 50.50 EUR so far; the budget is 50" in call.data["message"]


@pytest.mark.usefixtures("_meter")
@pytest.mark.parametrize(
    "name", ["unusual_consumption.yaml", "fr/unusual_consumption.yaml"]
)
async def test_unusual_consumption_is_told_with_the_number_to_call(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    notified = await _run(hass, monkeypatch, name)
    unusual = _entity(hass, *INPUTS["unusual_consumption.yaml"]["unusual"])
    hass.states.async_set(unusual, "off")

    found = {"since": "2026-11-01", "actual": 310.4, "expected": 200.2}
    hass.states.async_set(unusual, "on", found)
    await hass.async_block_till_done()

    (call,) = notified
    words = " ".join(call.data["message"].split())
    assert SAFETY in words
    assert "310" in words
    assert "200" in words


@pytest.mark.usefixtures("_meter")
async def test_late_data_are_told(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "data_late.yaml")

    hass.states.async_set("sensor.meter_0001_state", "data_late")
    await hass.async_block_till_done()

    assert len(notified) == 1


@pytest.mark.usefixtures("_meter")
@pytest.mark.parametrize(("left", "told"), [(31, 0), (30, 1), (8, 0), (7, 1), (1, 1)])
async def test_the_end_of_a_right_is_told_some_days_before(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    clock: FrozenDateTimeFactory,
    left: int,
    told: int,
) -> None:
    notified = await _run(hass, monkeypatch, "right_ends.yaml")
    end = _entity(hass, *INPUTS["right_ends.yaml"]["end"])
    tomorrow = dt_util.now().replace(hour=9, minute=0) + timedelta(days=1)
    last = (tomorrow + timedelta(days=left)).date()
    hass.states.async_set(end, last.isoformat())

    clock.move_to(tomorrow)
    async_fire_time_changed(hass, tomorrow)
    await hass.async_block_till_done()

    assert len(notified) == told


@pytest.mark.usefixtures("_meter")
async def test_a_proof_that_is_awaited_is_told_with_its_deadline(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified = await _run(hass, monkeypatch, "proof_awaited.yaml")
    inputs = INPUTS["proof_awaited.yaml"]
    hass.states.async_set(_entity(hass, *inputs["deadline"]), "2026-12-01")

    hass.states.async_set(_entity(hass, *inputs["proof"]), "on")
    await hass.async_block_till_done()

    (call,) = notified
    assert "By 2026-12-01." in call.data["message"]
