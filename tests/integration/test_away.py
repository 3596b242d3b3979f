"""GRDF away, secrets refused, rights ended: nothing lost, and the user informed."""

from datetime import timedelta
from http import HTTPStatus
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import FLAT, HOUSE, Fault, Sandbox
from tests.sandbox.faults import Faults

from .common import energies, held, next_day, settle
from .conftest import AddEntry


async def test_grdf_away_leaves_everything_as_it_was_and_is_logged_once(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    sandbox.fail_next(None, Fault.status(503), times=1000)
    sandbox.reset_calls()

    for _ in range(3):
        await next_day(hass, clock, entry)

    assert await energies(hass, HOUSE) == before
    assert hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day") is not None
    shown = hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day")
    assert shown is not None
    assert shown.state not in {"unavailable", "unknown"}
    messages = [
        record.message for record in caplog.records if record.levelno >= logging.ERROR
    ]
    assert sum("Error fetching" in message for message in messages) == 1, messages
    assert len(sandbox.calls) <= 3 * 6

    sandbox.faults = Faults()
    clock.tick(timedelta(hours=2))
    await entry.runtime_data.account.async_refresh()
    await settle(hass, entry)
    stored = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known


async def test_grdf_down_at_the_very_first_start_is_made_up_for_later(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next(None, Fault.status(500), times=1000)
    entry = await import_meters(HOUSE, FLAT)
    assert await energies(hass, HOUSE) == {}
    spent = len(sandbox.calls)
    assert spent <= 3, "one meter's failure must spare the others' calls"

    sandbox.faults = Faults()
    clock.tick(timedelta(hours=2))
    await settle(hass, entry)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert await energies(hass, FLAT) == held(sandbox, FLAT)


async def test_one_meter_that_fails_does_not_take_the_others_down(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.fail_next(f"{HOUSE}/", Fault.status(HTTPStatus.NOT_FOUND), times=1000)

    await import_meters(HOUSE, FLAT)

    assert await energies(hass, HOUSE) == {}
    assert await energies(hass, FLAT) == held(sandbox, FLAT)


async def test_a_refused_secret_starts_reauthentication(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.client_secret = "another"
    sandbox.tokens.expire()

    await next_day(hass, clock, entry)

    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_an_ended_right_stops_the_calls_until_it_is_renewed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    issue_id = f"right_revoked_{meter.subentry_id}"
    before = await energies(hass, HOUSE)
    sandbox.right(HOUSE).state = "Révoquée"

    await next_day(hass, clock, entry)
    sandbox.reset_calls()
    await next_day(hass, clock, entry)

    assert await energies(hass, HOUSE) == before
    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == ["droits_acces"]
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert HOUSE not in str(issue.translation_placeholders)

    for right in sandbox.rights:
        if right.pce == HOUSE:
            right.state = "Active"
    await next_day(hass, clock, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    stored = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known
