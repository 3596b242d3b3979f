"""The contract's calls: counted, shared by its meters, and with other software."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.grdf_adict.const import CONF_CALLS_PER_DAY, DOMAIN
from tests.sandbox import HOUSE, Fault, Sandbox

from .common import next_day, settle
from .conftest import NOW, AddEntry

CALLS_TODAY = "sensor.example_calls_today"


def _resources(sandbox: Sandbox) -> list[str]:
    return [call.path.rsplit("/", 1)[-1] for call in sandbox.calls]


async def test_the_calls_of_today_are_shown_beside_the_allowance(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    clock.tick(timedelta(minutes=6))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()

    shown = hass.states.get(CALLS_TODAY)
    assert shown is not None
    assert shown.state == str(len(sandbox.calls)) == "5"
    assert shown.attributes["allowance"] == 6_000
    account = device_registry.async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert account is not None
    assert account.name == "Example"


async def test_the_contract_may_be_allowed_fewer_calls_than_grdf_grants(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: dict[str, Any],
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    contract[CONF_CALLS_PER_DAY] = 3
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    assert _resources(sandbox) == [
        "droits_acces",
        "donnees_techniques",
        "donnees_consos_informatives",
    ]
    shown = hass.states.get(CALLS_TODAY)
    assert shown is not None
    assert shown.attributes["allowance"] == 3

    sandbox.reset_calls()
    clock.tick(timedelta(hours=3))
    await settle(hass, entry)
    assert _resources(sandbox) == [
        "donnees_consos_publiees",
        "donnees_contractuelles",
    ]


async def test_more_than_grdf_grants_is_not_to_be_had(
    contract: dict[str, Any], add_entry: AddEntry
) -> None:
    contract[CONF_CALLS_PER_DAY] = 100_000
    entry = await add_entry(HOUSE)

    assert entry.runtime_data.account.quota.allowance.calls_per_day == 6_000


async def test_what_can_wait_leaves_the_last_call_of_the_day_to_the_gas_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: dict[str, Any],
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    clock.move_to(NOW.replace(hour=12, minute=0))
    contract[CONF_CALLS_PER_DAY] = 5
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    assert "donnees_contractuelles" not in _resources(sandbox)
    assert meter.last_update_success

    sandbox.reset_calls()
    clock.move_to(NOW)
    await settle(hass, entry)
    assert _resources(sandbox) == ["donnees_consos_informatives"]

    sandbox.reset_calls()
    clock.tick(timedelta(hours=3))
    await settle(hass, entry)
    assert _resources(sandbox) == ["donnees_contractuelles"]


async def test_other_software_on_the_contract_is_reported_until_it_stops(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    issue_id = f"contract_shared_{entry.entry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    sandbox.fail_next("informatives", Fault.status(429))

    await next_day(hass, clock, entry)
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["account"] == "Example"

    await next_day(hass, clock, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
