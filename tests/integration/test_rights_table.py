"""Each state and each code of the table, as GRDF tells them over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
import json
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.grdf_adict.rights.rules import (
    CODES,
    STATES,
    Asking,
    Scope,
    Standing,
)
from tests.sandbox import HOUSE, Fault, Right, Sandbox

from .common import energies, next_day, settle
from .conftest import AddEntry
from .repair import repair, shown

ACCESSIBLE: Final = "binary_sensor.meter_0001_data_accessible"
STATE: Final = "sensor.meter_0001_access_right"


def _bring_about(sandbox: Sandbox, standing: Standing) -> None:
    """Let GRDF's list show the house's right as it would in a state."""
    rights = [right for right in sandbox.rights if right.pce != HOUSE]
    right = sandbox.right(HOUSE)
    sandbox.rights[:] = rights
    if standing is not Standing.NONE:
        sandbox.rights.append(right)
    _WORK[standing](right, sandbox.now)


def _end_perimeter(right: Right, now: datetime) -> None:
    right.consumption_to = now.date() - timedelta(days=10)


def _end(right: Right, now: datetime) -> None:
    right.end = now.date() - timedelta(days=1)


def _not_begin(right: Right, now: datetime) -> None:
    right.start = now.date() + timedelta(days=5)


def _wait(right: Right, now: datetime) -> None:
    right.state, right.created, right.holder_company = "A valider", now, "Exemple"


_WORK: Final[dict[Standing, Callable[[Right, datetime], None]]] = {
    Standing.NONE: lambda *_: None,
    Standing.WAITING: _wait,
    Standing.NOT_BEGUN: _not_begin,
    Standing.ACTIVE: lambda *_: None,
    Standing.TO_RECHECK: lambda right, _: setattr(right, "state", "A revérifier"),
    Standing.UNKNOWN: lambda right, _: setattr(right, "state", "Autre"),
    Standing.PERIMETER_ENDED: _end_perimeter,
    Standing.ENDED: _end,
    Standing.REVOKED: lambda right, _: setattr(right, "state", "Révoquée"),
    Standing.OBSOLETE: lambda right, _: setattr(right, "state", "Obsolète"),
    Standing.REFUSED: lambda right, _: setattr(right, "state", "Refusée"),
}


@pytest.mark.parametrize("standing", STATES)
async def test_a_state_decides_on_calls_on_what_is_shown_and_on_the_repair(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry, standing: Standing
) -> None:
    _bring_about(sandbox, standing)
    row = STATES[standing]

    await import_meters(HOUSE)

    asked = any("donnees" in call.path for call in sandbox.calls)
    assert asked is row.asking.asks
    state = hass.states.get(STATE)
    assert state is not None
    assert state.state == standing.shown.value
    assert set(state.attributes) == {
        "device_class",
        "friendly_name",
        "options",
    }
    repairs = set() if row.repair is None or _is_later(standing) else {row.repair.value}
    if row.asking is Asking.PROBE:
        # The sandbox gives no data for these: its answer is believed.
        repairs = {str(CODES[_PROBED[standing]].repair)}
    assert shown(hass) == repairs
    gives = standing in {Standing.ACTIVE, Standing.PERIMETER_ENDED}
    accessible = hass.states.get(ACCESSIBLE)
    assert accessible is not None
    assert accessible.state == ("on" if gives else "off")
    assert bool(await energies(hass, HOUSE)) is gives


_PROBED: Final = {Standing.TO_RECHECK: "1000011", Standing.UNKNOWN: "1000002"}


def _is_later(standing: Standing) -> bool:
    return standing in {Standing.ACTIVE, Standing.WAITING}


@pytest.mark.parametrize("code", CODES)
async def test_a_code_puts_off_what_the_table_says_and_shows_its_repair(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    code: str,
) -> None:
    row = CODES[code]
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    key = "statut_restitution" if len(code) == 7 else None
    said = {"code": code, "message": "Exemple"}
    body = (
        {key: said}
        if key
        else {"code_statut_traitement": code, "message_retour_traitement": "Exemple"}
    )
    fault = Fault.status(200 if key else 409, body=json.dumps(body))
    if code == "403":
        fault = Fault.status(403, body="{}")
    sandbox.fail_next("informatives", fault, times=100)
    sandbox.fail_next("publiees", fault, times=100)
    await next_day(hass, clock, entry)

    assert shown(hass) == ({row.repair.value} if row.repair else set())
    assert await energies(hass, HOUSE) == before
    accessible = hass.states.get(ACCESSIBLE)
    assert accessible is not None
    closed = row.scope in {Scope.METER, Scope.GAS}
    assert accessible.state == ("off" if closed else "on")

    sandbox.reset_calls()
    clock.tick(timedelta(hours=2))
    await settle(hass, entry)
    asked_again = bool(sandbox.calls)
    assert asked_again is (row.scope in {Scope.SOON, Scope.HOUR})

    sandbox.faults.clear()
    await next_day(hass, clock, entry)
    assert shown(hass) == set()
    assert len(await energies(hass, HOUSE)) > len(before)


async def test_a_refusal_of_the_whole_right_spares_the_other_calls(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    said = {"statut_restitution": {"code": "1000014", "message": "Exemple"}}
    sandbox.fail_next("techniques", Fault.status(200, body=json.dumps(said)))

    await import_meters(HOUSE)

    assert [call.path.rpartition("/")[2] for call in sandbox.calls] == [
        "droits_acces",
        "donnees_techniques",
    ]


async def test_a_refusal_without_a_code_of_the_table_is_told(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    body = '{"message": "Refus de Madame Exemple"}'
    sandbox.fail_next("informatives", Fault.status(403, body=body))

    await import_meters(HOUSE)

    told = repair(hass, "no_access_right").translation_placeholders
    assert told is not None
    assert told["message"] == "403"
    assert "publiees" not in str([call.path for call in sandbox.calls])


async def test_a_right_to_be_checked_again_is_probed_once_a_day_and_believed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    before = len(await energies(hass, HOUSE))
    sandbox.right(HOUSE).state = "A revérifier"
    await next_day(hass, clock, entry)
    assert shown(hass) == {"proof_refused"}

    sandbox.reset_calls()
    await next_day(hass, clock, entry)
    assert sorted(call.path.rpartition("/")[2] for call in sandbox.calls) == [
        "donnees_consos_informatives",
        "droits_acces",
    ]

    sandbox.right(HOUSE).state = "Active"
    await next_day(hass, clock, entry)
    assert shown(hass) == set()
    assert len(await energies(hass, HOUSE)) == before + 3


async def test_what_was_refused_is_known_after_a_restart(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    said = {"statut_restitution": {"code": "1000010", "message": "Exemple"}}
    sandbox.fail_next("informatives", Fault.status(200, body=json.dumps(said)))
    entry = await import_meters(HOUSE)
    sandbox.reset_calls()

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert shown(hass) == {"no_informative_data"}
    assert sandbox.calls == []


async def test_late_days_of_an_ended_perimeter_come_in_for_a_while(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    last = sandbox.today - timedelta(days=10)
    sandbox.right(HOUSE).consumption_to = last
    sandbox.delay(HOUSE, last, sandbox.today + timedelta(days=3))
    entry = await import_meters(HOUSE)
    assert max(await energies(hass, HOUSE)) == last - timedelta(days=1)

    for _ in range(4):
        await next_day(hass, clock, entry)
    assert max(await energies(hass, HOUSE)) == last

    clock.tick(timedelta(days=60))
    sandbox.reset_calls()
    await next_day(hass, clock, entry)
    assert not [call for call in sandbox.calls if "consos" in call.path]
