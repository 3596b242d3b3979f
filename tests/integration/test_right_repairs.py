"""Repairs of access rights: they appear, go by themselves, and stand for many."""

from collections.abc import Callable
from datetime import date, timedelta
import json
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.sandbox import (
    BUSINESS,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    WAITING,
    Fault,
    Right,
    Sandbox,
)

from .common import energies, next_day, settle
from .conftest import NOW, AddEntry
from .repair import repair, shown, start_fix

SIX: Final = (HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY, FORMER)


def _ends_in(days: int) -> Callable[[Right, date], None]:
    return lambda right, today: setattr(right, "end", today + timedelta(days=days))


def _proof(state: str) -> Callable[[Right, date], None]:
    def change(right: Right, today: date) -> None:
        right.proof_state = state
        right.proof_deadline = today + timedelta(days=20)

    return change


def _revoke(right: Right, _: date) -> None:
    right.state, right.revocation_source = "Révoquée", "TITULAIRE"


def _refuse(right: Right, _: date) -> None:
    right.state = "Refusée"
    right.refusal_source = "Le titulaire a refusé: appelez le 06 12 34 56 78"


def _leave(right: Right, _: date) -> None:
    right.state = "Obsolète"
    right.obsolete_source = "Le client n'est plus titulaire de ce PCE"


@pytest.mark.parametrize(
    ("issue", "change", "expected"),
    [
        ("right_ends_soon", _ends_in(20), "2026-12-11"),
        ("right_revoked", _revoke, "TITULAIRE"),
        ("right_refused", _refuse, "Le titulaire a refusé"),
        ("right_obsolete", _leave, "plus titulaire"),
        ("proof_awaited", _proof("Preuve en attente"), "2026-12-11"),
        (
            "no_informative_data",
            lambda right, _: setattr(right, "informative", False),
            "",
        ),
    ],
)
async def test_a_repair_appears_and_goes_with_its_cause(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue: str,
    change: Callable[[Right, date], None],
    expected: str,
) -> None:
    entry = await import_meters(HOUSE)
    right = sandbox.right(HOUSE)
    before = {name: getattr(right, name) for name in right.__slots__}
    change(right, sandbox.today + timedelta(days=1))
    await next_day(hass, clock, entry)

    assert shown(hass) == {issue}
    texts = repair(hass, issue).translation_placeholders
    assert texts is not None
    assert texts["meter"] == "Meter 0001"
    assert texts["pce"] == "…0001"
    assert expected in f"{texts['date']} {texts['message']}"
    assert "06 12 34" not in str(texts)
    assert HOUSE not in str(texts)

    for name, value in before.items():
        setattr(right, name, value)
    await next_day(hass, clock, entry)
    assert shown(hass) == set()


async def test_the_date_alone_brings_the_repair_of_a_right_that_ends_soon(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.right(HOUSE).end = sandbox.today + timedelta(days=32)
    entry = await import_meters(HOUSE)
    await next_day(hass, clock, entry)
    assert shown(hass) == set()

    await next_day(hass, clock, entry)

    assert shown(hass) == {"right_ends_soon"}


async def test_the_repair_of_a_proof_grows_urgent_near_its_deadline(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.start_campaign([HOUSE])
    entry = await import_meters(HOUSE)
    assert repair(hass, "proof_awaited").severity is ir.IssueSeverity.WARNING

    clock.move_to(NOW + timedelta(days=22))
    await next_day(hass, clock, entry)

    assert repair(hass, "proof_awaited").severity is ir.IssueSeverity.ERROR


async def test_a_refused_proof_is_shown(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.right(HOUSE).proof_state = "Preuve Vérifiée KO"

    await next_day(hass, clock, entry)

    assert shown(hass) == {"proof_refused"}


async def test_a_waiting_meter_shows_a_refusal_and_starts_by_itself(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    right = sandbox.right(WAITING)
    entry = await import_meters(WAITING)
    state = hass.states.get("sensor.meter_0004_access_right")
    assert state is not None
    assert state.state == "waiting"
    assert shown(hass) == set()

    for _ in range(3):
        await next_day(hass, clock, entry)
    assert shown(hass) == {"right_refused"}

    right.state, right.refused = "Active", None
    right.consumption_from = sandbox.today - timedelta(days=30)
    await next_day(hass, clock, entry)
    assert shown(hass) == set()
    assert await energies(hass, WAITING)


async def test_a_person_who_does_not_answer_is_reported_on_the_second_of_three_days(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    declared = sandbox.right(WAITING).created.date()
    assert declared == sandbox.today
    entry = await import_meters(WAITING)
    await next_day(hass, clock, entry)
    assert shown(hass) == set()

    await next_day(hass, clock, entry)
    assert shown(hass) == {"right_unanswered"}
    texts = repair(hass, "right_unanswered").translation_placeholders
    assert texts is not None
    assert texts["date"] == (declared + timedelta(days=3)).isoformat()

    await next_day(hass, clock, entry)
    assert sandbox.right(WAITING).state == "Refusée"
    assert shown(hass) == {"right_refused"}


async def test_a_company_that_does_not_answer_is_not_reported_and_not_named_on_disk(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    hass_storage: dict[str, Any],
) -> None:
    monkeypatch.setattr("tests.sandbox.life.ENTITY_OBJECTS_WITHIN", timedelta(days=90))
    right = sandbox.right(WAITING)
    right.holder_name, right.holder_company = "", "MENUISERIE INVENTEE"
    entry = await import_meters(WAITING)

    for _ in range(4):
        await next_day(hass, clock, entry)
        assert shown(hass) == set()

    stored = hass_storage[f"grdf_adict.account.{entry.entry_id}"]["data"]
    assert stored["rights"][WAITING][0]["of_company"] is True
    assert "INVENTEE" not in str(stored)


async def test_a_gas_supply_contract_that_is_over_concerns_its_meter_alone(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    before = await energies(hass, FLAT)
    body = {
        "code_statut_traitement": "1000000004",
        "message_retour_traitement": "Le contrat de fourniture de gaz est échu",
    }
    sandbox.fail_next(HOUSE, Fault.status(409, json.dumps(body)), times=20)

    await next_day(hass, clock, entry)

    assert shown(hass) == {"supply_over"}
    assert (repair(hass, "supply_over").data or {})["subentry_id"] == next(
        meter.subentry_id
        for meter in entry.runtime_data.meters.values()
        if meter.pce == HOUSE
    )
    assert not entry.runtime_data.account.is_contract_over
    assert len(await energies(hass, FLAT)) > len(before)


async def test_the_words_of_grdf_on_a_meters_call_say_that_the_contract_is_over(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    over = {"code": "1000099", "message": "Votre contrat GRDF ADICT est expiré"}
    body = json.dumps({"statut_restitution": over})
    sandbox.fail_next("consos", Fault.status(200, body), times=20)
    await next_day(hass, clock, entry)
    assert shown(hass) == {"contract_over"}

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass) == {"contract_over"}

    sandbox.faults.clear()
    await next_day(hass, clock, entry)
    assert shown(hass) == set()


async def test_a_deadline_that_grdf_does_not_give_is_worked_out_and_said_to_be(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    def deadline() -> tuple[str, Any]:
        state = hass.states.get("sensor.meter_0001_proof_deadline")
        assert state is not None
        return state.state, state.attributes.get("estimated")

    entry = await import_meters(HOUSE)
    right = sandbox.right(HOUSE)
    right.proof_state, right.raw = (
        "Preuve en attente",
        {"date_limite_transmission_preuve": ""},
    )
    # First seen on Saturday, 21 November 2026.
    for _ in range(3):
        await next_day(hass, clock, entry)
        assert deadline() == ("2026-12-18", True)
    texts = repair(hass, "proof_awaited").translation_placeholders
    assert texts is not None
    assert texts["date"] == "2026-12-18"
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await next_day(hass, clock, entry)
    assert deadline() == ("2026-12-18", True)

    right.raw = {"date_limite_transmission_preuve": "2026-12-11"}
    await next_day(hass, clock, entry)
    assert deadline() == ("2026-12-11", None)

    right.proof_state, right.raw = "Preuve Vérifiée OK", {}
    await next_day(hass, clock, entry)
    assert deadline() == ("unknown", None)


async def test_a_contract_that_is_over_is_shown_once_for_all_meters(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    sandbox.switches.contract_over = True
    await next_day(hass, clock, entry)

    assert shown(hass) == {"contract_over"}
    assert repair(hass, "contract_over").is_fixable is False

    sandbox.switches.contract_over = False
    await next_day(hass, clock, entry)
    assert shown(hass) == set()


async def test_above_five_meters_one_repair_names_them_and_below_each_has_its_own(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
) -> None:
    for pce in SIX:
        right = sandbox.right(pce)
        right.state, right.end = "Révoquée", sandbox.today + timedelta(days=400)
    entry = await add_entry(*SIX)
    account = entry.runtime_data.account
    await account.async_read_rights()

    assert shown(hass) == {"right_revoked_many"}
    texts = repair(hass, "right_revoked_many").translation_placeholders
    assert texts is not None
    assert texts["count"] == "6"
    assert texts["meters"].count("- Meter ") == 6
    assert not [pce for pce in SIX if pce in str(texts)]

    sandbox.right(FORMER).state = "Refusée"
    await account.async_read_rights()
    assert shown(hass) == {"right_revoked", "right_refused"}
    assert _count("right_revoked", hass) == 5

    sandbox.right(FORMER).state = "Révoquée"
    await account.async_read_rights()
    assert shown(hass) == {"right_revoked_many"}
    assert _count("right_revoked_many", hass) == 1


def _count(text: str, hass: HomeAssistant) -> int:
    issues = ir.async_get(hass).issues.values()
    return sum(issue.translation_key == text for issue in issues)


async def test_the_fix_leads_to_the_meters_menu_and_leaves_the_repair(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.right(HOUSE).state = "Révoquée"
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()

    fix = await start_fix(hass, hass_client, "right_revoked")
    assert fix.answer["step_id"] == "confirm"
    done = await fix.submit()

    assert done["reason"] == "to_the_menu"
    kind, flow_id = done["next_flow"]
    assert kind == "config_subentries_flow"
    menu = hass.config_entries.subentries.async_get(flow_id)
    assert menu["step_id"] == "reconfigure"
    assert menu["context"]["subentry_id"] == meter.subentry_id
    assert shown(hass) == {"right_revoked"}


async def test_the_fix_for_many_meters_begins_with_a_choice_of_one(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    for pce in SIX:
        right = sandbox.right(pce)
        right.state, right.end = "Révoquée", sandbox.today + timedelta(days=400)
    entry = await add_entry(*SIX)
    await entry.runtime_data.account.async_read_rights()

    fix = await start_fix(hass, hass_client, "right_revoked_many")
    assert fix.answer["step_id"] == "meter"
    (field,) = fix.answer["data_schema"]
    option = field["selector"]["select"]["options"][0]
    answer = await fix.submit(meter=option["value"])

    assert answer["step_id"] == "confirm"
    assert answer["description_placeholders"]["meter"] == option["label"]


async def test_the_fix_of_what_is_resolved_reports_that(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.right(HOUSE).state = "Révoquée"
    entry = await import_meters(HOUSE)
    data = repair(hass, "right_revoked").data
    sandbox.right(HOUSE).state = "Active"
    await entry.runtime_data.account.async_read_rights()
    await settle(hass, entry)
    assert shown(hass) == set()
    ir.async_create_issue(
        hass,
        "grdf_adict",
        "stale",
        data=data,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="right_revoked",
    )

    fix = await start_fix(hass, hass_client, "right_revoked")

    assert fix.answer["reason"] == "already_mended"


async def test_the_fix_of_a_contract_that_is_not_loaded_reports_that(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.right(HOUSE).state = "Révoquée"
    entry = await import_meters(HOUSE)
    await hass.config_entries.async_unload(entry.entry_id)

    fix = await start_fix(hass, hass_client, "right_revoked")

    assert fix.answer["reason"] == "entry_not_loaded"
    assert shown(hass) == {"right_revoked"}


async def test_removing_the_contract_takes_its_repairs_away(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.right(HOUSE).state = "Révoquée"
    entry = await import_meters(HOUSE)

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    assert shown(hass) == set()


async def test_diagnostics_show_states_and_deadlines_and_no_person(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    _refuse(sandbox.right(HOUSE), sandbox.today)
    sandbox.start_campaign([FLAT])
    entry = await import_meters(HOUSE, FLAT)

    dump: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    house, flat = dump["meters"]
    assert house["status"][0]["standing"] == "refused"
    assert house["status"][0]["findings"][0][0] == "right_refused"
    ((issue, deadline, is_grave),) = flat["status"][0]["findings"]
    assert (issue, is_grave) == ("proof_awaited", False)
    assert "2026-12-18" in str(deadline)
    for marker in ("Le titulaire", sandbox.right(HOUSE).holder_name, HOUSE, FLAT):
        assert marker not in str(dump)
