"""Entities of access rights."""

from datetime import timedelta
import json
from pathlib import Path
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.grdf_adict.binary_sensor import BINARY_SENSORS
from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.entities.rights import RIGHT_SENSORS
from tests.sandbox import FARM, HOUSE, PRODUCER, Fault, Perimeter, Sandbox

from .common import next_day
from .conftest import AddEntry

INTEGRATION: Final = Path(__file__).parents[2] / "custom_components" / "grdf_adict"


def _state(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


async def test_the_entities_of_a_right_show_state_end_and_proof(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    right = sandbox.right(HOUSE)
    right.consumption_to = right.end - timedelta(days=1)
    await next_day(hass, clock, entry)

    assert _state(hass, "sensor.meter_0001_access_right") == "active"
    end = _state(hass, "sensor.meter_0001_access_right_end")
    assert end == right.consumption_to.isoformat()
    assert _state(hass, "sensor.meter_0001_proof_of_consent") == "none"
    assert _state(hass, "sensor.meter_0001_proof_deadline") == "unknown"
    assert _state(hass, "binary_sensor.meter_0001_data_accessible") == "on"
    assert _state(hass, "binary_sensor.meter_0001_proof_awaited") == "off"

    sandbox.start_campaign([HOUSE])
    await next_day(hass, clock, entry)

    assert _state(hass, "sensor.meter_0001_proof_of_consent") == "awaited"
    assert _state(hass, "sensor.meter_0001_proof_deadline") == "2026-12-18"
    assert _state(hass, "binary_sensor.meter_0001_proof_awaited") == "on"


async def test_while_grdf_is_unavailable_the_last_state_of_the_right_stays(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.fail_next(None, Fault.status(503), times=100)

    await next_day(hass, clock, entry)

    assert _state(hass, "sensor.meter_0001_access_right") == "active"


async def test_before_the_first_reading_the_entities_of_a_right_are_unavailable(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.fail_next(None, Fault.status(503), times=100)

    await import_meters(HOUSE)

    assert _state(hass, "sensor.meter_0001_access_right") == "unavailable"
    assert _state(hass, "binary_sensor.meter_0001_data_accessible") == "unavailable"


async def test_a_site_with_two_rights_has_a_second_set(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    both = next(
        pce
        for pce in (FARM, PRODUCER)
        if len({right.flow for right in sandbox.rights if right.pce == pce}) == 2
    )
    entry = await import_meters(both)
    name = f"meter_{both[-4:].lower()}"
    sandbox.right(both, Perimeter.INJECTION).state = "Révoquée"
    await next_day(hass, clock, entry)

    assert _state(hass, f"sensor.{name}_access_right") == "active"
    assert _state(hass, f"sensor.{name}_access_right_injection") == "revoked"
    assert _state(hass, f"binary_sensor.{name}_data_accessible") == "on"
    assert _state(hass, f"binary_sensor.{name}_data_accessible_injection") == "off"


async def test_a_producers_only_right_is_the_main_one(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    only = next(
        pce
        for pce in (FARM, PRODUCER)
        if len({right.flow for right in sandbox.rights if right.pce == pce}) == 1
    )
    await import_meters(only)

    name = f"meter_{only[-4:].lower()}"
    assert _state(hass, f"sensor.{name}_access_right") == "active"
    assert _state(hass, f"binary_sensor.{name}_data_accessible") == "on"
    assert hass.states.get(f"sensor.{name}_access_right_injection") is None


async def test_each_entity_has_a_name_an_icon_and_an_id_without_a_clash(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    ids = {
        entity.unique_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN
    }
    assert {f"sandbox_{HOUSE}_{sensor.key}" for sensor in RIGHT_SENSORS} <= ids
    texts = json.loads((INTEGRATION / "translations" / "en.json").read_text("utf-8"))
    icons = json.loads((INTEGRATION / "icons.json").read_text("utf-8"))["entity"]
    for platform, every in (
        ("sensor", RIGHT_SENSORS),
        ("binary_sensor", BINARY_SENSORS),
    ):
        for description in every:
            for key in (description.key, f"injection_{description.key}"):
                assert texts["entity"][platform][key]["name"]
                assert icons[platform][key]["default"]
    standing, *_ = RIGHT_SENSORS
    states = texts["entity"]["sensor"]["access_right"]["state"]
    assert set(standing.options or []) == set(states)
