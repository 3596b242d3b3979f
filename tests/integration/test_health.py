"""The one verdict on a meter: what its state, its repairs and diagnostics show."""

from collections.abc import Callable
from datetime import date, timedelta
import json
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.diagnostics import async_get_config_entry_diagnostics
from tests.sandbox import FARM, FLAT, HOUSE, Fault, Flow, Sandbox

from .actions import act
from .common import energies, held, next_day, settle
from .conftest import AddEntry
from .repair import repair, shown

DAY: Final = timedelta(days=1)
WORDS: Final = "Vos droits sont suspendus en raison d'une mauvaise utilisation"
UNKNOWN: Final = json.dumps(
    {"statut_restitution": {"code": "1000098", "message": WORDS}}
)
NOT_KNOWN: Final = json.dumps(
    {"code_statut_traitement": "1000000006", "message_retour_traitement": "PCE inconnu"}
)


def _state(hass: HomeAssistant, pce: str = HOUSE) -> tuple[str, Any, str]:
    """Return the state that a meter shows, its reason, and what to do."""
    state = hass.states.get(f"sensor.meter_{pce[-4:]}_state")
    assert state is not None
    return state.state, state.attributes["reason"], state.attributes["what_to_do"]


def _accessible(hass: HomeAssistant, pce: str = HOUSE) -> str:
    state = hass.states.get(f"binary_sensor.meter_{pce[-4:]}_data_accessible")
    assert state is not None
    return state.state


async def _verdict(hass: HomeAssistant, entry: MockConfigEntry) -> list[Any]:
    """Return what diagnostics have of the first meter's health."""
    dump = await async_get_config_entry_diagnostics(hass, entry)
    return [dump["meters"][0][key] for key in ("state", "reason", "what_to_do")]


@pytest.mark.parametrize(
    ("fault", "reason", "message"),
    [
        (Fault.status(200, UNKNOWN), "1000098", f"{WORDS} (1000098)"),
        (Fault.status(404, NOT_KNOWN), "1000000006", "PCE inconnu (1000000006)"),
    ],
)
async def test_a_refusal_that_is_in_no_list_shows_grdfs_words(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    fault: Fault,
    reason: str,
    message: str,
) -> None:
    sandbox.fail_next(f"{HOUSE}/donnees_consos", fault, times=100)
    entry = await import_meters(HOUSE, FLAT)

    for _ in range(2):
        assert _state(hass) == ("refused", reason, "look_at_repair")
        assert await _verdict(hass, entry) == ["refused", reason, "look_at_repair"]
        placeholders = repair(hass, "gas_refused").translation_placeholders or {}
        assert placeholders["message"] == message
        assert _accessible(hass) == "off"
        assert _state(hass, FLAT) == ("up_to_date", None, "nothing")
        # After a restart too, without a call.
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    sandbox.faults.clear()
    await next_day(hass, clock, entry)
    assert _state(hass) == ("up_to_date", None, "nothing")
    assert shown(hass) == set()
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


async def test_a_forbidden_pce_has_a_state_and_a_repair(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.fail_next(f"{HOUSE}/donnees_consos", Fault.status(403, "{}"), times=100)

    await import_meters(HOUSE)

    assert _state(hass) == ("refused", "403", "look_at_repair")
    assert _accessible(hass) == "off"
    assert shown(hass) == {"no_access_right"}


async def test_a_lone_failing_meter_is_not_grdf_away_and_has_a_repair_after_a_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    sandbox.fail_next(f"{HOUSE}/donnees_consos", Fault.status(500), times=1000)

    await next_day(hass, clock, entry)
    assert _state(hass) == ("meter_failing", "500", "wait_then_ask_grdf")
    assert _state(hass, FLAT) == ("up_to_date", None, "nothing")
    assert shown(hass) == set()

    for _ in range(2):
        await next_day(hass, clock, entry)
    assert _state(hass)[0] == "meter_failing"
    placeholders = repair(hass, "meter_failing").translation_placeholders or {}
    assert placeholders["message"] == "500"

    sandbox.faults.clear()
    await next_day(hass, clock, entry)
    assert _state(hass)[0] == "up_to_date"
    assert shown(hass) == set()


@pytest.mark.parametrize("call", ["token", "droits_acces"])
async def test_grdf_is_away_without_a_token_or_the_list_of_rights(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    call: str,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.fail_next(call, Fault.status(503), times=1000)
    await next_day(hass, clock, entry)

    assert _state(hass)[:2] == ("grdf_away", "503")

    sandbox.faults.clear()
    for _ in range(2):
        await next_day(hass, clock, entry)
    assert _state(hass)[0] == "up_to_date"


async def test_an_active_right_that_opens_no_gas_is_shown(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    right = sandbox.right(HOUSE)
    right.informative = right.published = False

    await next_day(hass, clock, entry)

    assert _state(hass) == ("right_opens_no_gas", "no_gas_data", "declare_right")
    assert _accessible(hass) == "off"
    assert shown(hass) == {"right_opens_no_gas"}


@pytest.mark.parametrize("flow", [Flow.CONSUMPTION, Flow.INJECTION])
async def test_one_of_two_rights_of_a_site_that_is_not_listed_any_more_is_missed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    flow: Flow,
) -> None:
    entry = await import_meters(FARM)
    assert _state(hass, FARM)[0] == "up_to_date"
    rights = list(sandbox.rights)
    consumption, injection = flow is Flow.CONSUMPTION, flow is Flow.INJECTION
    sandbox.rights[:] = [
        each
        for each in rights
        if each.pce != FARM
        or (consumption and each.consumption_from is None)
        or (injection and each.injection_from is None)
    ]

    await next_day(hass, clock, entry)

    assert _state(hass, FARM)[:2] == ("no_right", "right_none")
    assert shown(hass) == {"no_access_right"}

    sandbox.rights[:] = rights
    for _ in range(2):
        await next_day(hass, clock, entry)
    assert _state(hass, FARM)[0] == "up_to_date"
    assert shown(hass) == set()


def _withhold_all(sandbox: Sandbox, pce: str) -> None:
    sandbox.fail_next(
        f"{pce}/donnees_consos",
        Fault.status(
            200, '{"statut_restitution": {"code": "1000008", "message": "Aucune"}}'
        ),
        times=10_000,
    )


async def test_a_new_meter_without_any_data_waits_for_its_first_data(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    _withhold_all(sandbox, HOUSE)

    entry = await import_meters(HOUSE)

    assert _state(hass) == ("waiting_for_data", "nothing_yet", "wait")
    assert shown(hass) == set()
    await next_day(hass, clock, entry)
    assert _state(hass)[0] == "waiting_for_data"


async def test_a_meter_with_published_months_only_is_not_late_by_the_days_delay(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next(
        "informatives",
        Fault.status(
            200, '{"statut_restitution": {"code": "1000008", "message": "Aucune"}}'
        ),
        times=10_000,
    )
    entry = await import_meters(HOUSE)

    seen = set()
    for _ in range(3):
        await next_day(hass, clock, entry)
        seen.add(_state(hass)[0])

    assert seen == {"up_to_date"}
    assert shown(hass) <= {"energy_not_shown"}


async def test_polling_that_is_off_is_said(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert _state(hass) == ("polling_off", "polling", "switch_polling_on")


async def test_a_meter_is_judged_anew_at_midnight_without_a_call(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.right(HOUSE).end = sandbox.today
    await import_meters(HOUSE)
    assert _state(hass)[0] == "up_to_date"
    sandbox.reset_calls()

    midnight = (dt_util.now() + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    clock.move_to(midnight)
    async_fire_time_changed(hass, midnight)
    await hass.async_block_till_done()

    assert _state(hass) == ("right_ended", "right_ended", "declare_right")
    assert "right_ended" in shown(hass)
    assert [call for call in sandbox.calls if "pce" in call.path] == []


async def test_a_first_import_beside_a_clock_ahead_is_told_and_soon_tried_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    said = '{"statut_restitution": {"code": "1000016", "message": "Date future"}}'
    sandbox.fail_next("donnees_consos", Fault.status(400, said), times=2)

    entry = await import_meters(HOUSE)

    assert _state(hass) == ("refused", "1000016", "check_clock")
    clock.tick(timedelta(minutes=61))
    await settle(hass, entry)
    assert _state(hass)[0] == "up_to_date"
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


def _revoke(sandbox: Sandbox) -> None:
    sandbox.right(FARM).state = "Révoquée"


@pytest.mark.parametrize(
    ("change", "state"), [(None, "data_late"), (_revoke, "right_ended")]
)
async def test_injection_that_is_late_is_seen_beside_gas_used(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    change: Callable[[Sandbox], None] | None,
    state: str,
) -> None:
    entry = await import_meters(FARM)
    newest = max(sandbox.available_days(FARM, Flow.INJECTION))
    for days in range(1, 60):
        sandbox.delay(FARM, newest + days * DAY, date(2030, 1, 1), Flow.INJECTION)
    if change:
        change(sandbox)

    clock.tick(15 * DAY)
    for _ in range(2):
        await next_day(hass, clock, entry)

    assert _state(hass, FARM)[0] == state
    assert "data_late" in shown(hass)
    placeholders = repair(hass, "data_late").translation_placeholders or {}
    assert placeholders["date"] == newest.isoformat()


async def test_a_refused_value_is_no_silence(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    newest = max(sandbox.available_days(HOUSE))
    sandbox.raw(HOUSE, newest, energie="-300")

    await next_day(hass, clock, entry)

    assert _state(hass)[:2] == ("doubted", "values_refused")
    placeholders = repair(hass, "values_refused").translation_placeholders or {}
    assert placeholders["date"] == newest.isoformat()
    dump = await async_get_config_entry_diagnostics(hass, entry)
    assert dump["meters"][0]["refused"]


async def test_the_report_of_a_contract_shows_the_health_of_each_meter(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.fail_next(f"{HOUSE}/donnees_consos", Fault.status(500), times=9)
    await import_meters(HOUSE, FLAT)

    meters = (await act(hass, "fleet_report"))["meters"]

    assert [
        (meter["pce"], meter["state"], meter["reason"], meter["what_to_do"])
        for meter in meters
    ] == [
        (HOUSE, "meter_failing", "500", "wait_then_ask_grdf"),
        (FLAT, "up_to_date", None, "nothing"),
    ]
