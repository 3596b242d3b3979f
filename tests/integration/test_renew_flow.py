"""Renewing, revoking and erasing, from a meter's reconfiguration."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.storage.proofs import async_kept_proofs
from tests.sandbox import FARM, FLAT, HOUSE, INDUSTRY, Fault, Sandbox

from .common import held, next_day, settle, stored_rows
from .conftest import AddEntry
from .price_flow import choose, reconfigure, submit
from .right_flow import (
    CONSENT,
    DECLARE,
    PERSON,
    add,
    forget_rights,
    scope,
    suggested,
    upload,
    walk,
)

type Form = dict[str, Any]

HOUSE_ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
AUTHORISED = {"role": "authorised", "flow": "consumption", "holder": "person"}


@pytest.fixture
async def house(add_entry: AddEntry) -> MockConfigEntry:
    """A house whose right lasts for years."""
    return await add_entry(HOUSE)


async def _open(hass: HomeAssistant, entry: MockConfigEntry, step: str) -> Form:
    return await choose(hass, await reconfigure(hass, entry), step)


async def _renew(hass: HomeAssistant, entry: MockConfigEntry, sandbox: Sandbox) -> Form:
    result = await _open(hass, entry, "renew")
    forms: tuple[Form, ...] = (
        AUTHORISED,
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
    )
    return await walk(hass, result, *forms, DECLARE)


async def test_a_meters_menu_offers_its_price_its_right_and_its_end(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    result = await reconfigure(hass, house)

    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == [
        "price",
        "outdoor",
        "files",
        "adopt",
        "renew",
        "revoke",
        "erase",
    ]


async def test_a_renewal_begins_with_what_grdf_lists_of_the_present_right(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    present = sandbox.right(HOUSE)
    present.technical = False

    result = await _open(hass, house, "renew")

    assert result["description_placeholders"] == {
        "state": "Active",
        "end": present.end.isoformat(),
    }
    assert suggested(result) == AUTHORISED
    result = await walk(hass, result, AUTHORISED)
    assert suggested(result) == {
        "holder_name": "MME CAMILLE EXEMPLE",
        "postcode": "98999",
        "mail": "camille@example.com",
    }
    result = await walk(hass, result, suggested(result))
    lasts = present.end - present.start
    assert present.consumption_from is not None
    assert suggested(result) == {
        "start": sandbox.today.isoformat(),
        "end": (sandbox.today + lasts).isoformat(),
        "data_from": present.consumption_from.isoformat(),
        "published": True,
        "informative": True,
        "contractual": True,
        "technical": False,
    }


async def test_a_renewed_right_waits_for_the_customer_while_the_old_one_goes_on(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    result = await _renew(hass, house, sandbox)

    assert result["reason"] == "renewal_waiting"
    waiting = sandbox.rights[-1]
    assert (waiting.pce, waiting.state) == (HOUSE, "A valider")
    assert waiting.holder_name == "Exemple"
    await settle(hass, house)
    assert len(await stored_rows(hass, HOUSE_ENERGY)) == len(held(sandbox, HOUSE))
    (meter,) = house.subentries.values()
    assert dict(meter.data) == {"pce": HOUSE}


async def test_ones_own_right_is_renewed_at_once(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    sandbox.switches.grants_less = True
    result = await _open(hass, house, "renew")
    own = {**AUTHORISED, "role": "holder"}
    result = await walk(hass, result, own, PERSON, scope(sandbox.today), {}, DECLARE)
    assert result["step_id"] == "granted"

    result = await submit(hass, result, {})

    assert result["reason"] == "renewed"
    end = sandbox.today + timedelta(days=365)
    assert result["description_placeholders"] == {"end": end.isoformat()}


async def test_a_renewal_that_comes_too_early_keeps_the_present_right_and_says_when(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    sandbox.switches.refuses_renewal = True
    present = sandbox.right(HOUSE)

    result = await _renew(hass, house, sandbox)

    assert result["reason"] == "renewal_too_early"
    assert result["description_placeholders"] == {
        "end": present.end.isoformat(),
        "next": (present.end + timedelta(days=1)).isoformat(),
    }
    assert sandbox.right(HOUSE) is present
    (meter,) = house.subentries.values()
    assert dict(meter.data) == {"pce": HOUSE}


async def test_a_second_renewal_while_the_first_waits_declares_nothing(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    sandbox.right(HOUSE).state = "Révoquée"
    await _renew(hass, house, sandbox)

    result = await _renew(hass, house, sandbox)

    assert result["reason"] == "renewal_waits_already"


async def test_already_exists_without_a_right_that_lives_is_told_in_grdfs_words(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    forget_rights(sandbox, HOUSE)
    result = await _open(hass, house, "renew")
    assert result["description_placeholders"] == {"state": "—", "end": "—"}
    forms: tuple[Form, ...] = (
        AUTHORISED,
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
    )
    result = await walk(hass, result, *forms)
    body = '{"code_statut_traitement": "1000000003"}'
    sandbox.fail_next("droit_acces", Fault.status(409, body))

    result = await submit(hass, result, DECLARE)

    assert result["errors"] == {"base": "already_exists"}


async def test_a_site_that_does_both_renews_the_right_that_is_chosen(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(FARM)
    injected = next(
        right
        for right in sandbox.rights
        if right.pce == FARM and right.injection_from is not None
    )
    result = await _open(hass, entry, "renew")
    assert suggested(result)["flow"] == "consumption"

    holder = "company" if injected.holder_company else "person"
    chosen = {"role": "authorised", "flow": "injection", "holder": holder}
    result = await walk(hass, result, chosen)
    result = await walk(hass, result, suggested(result))

    assert "informative" not in result["data_schema"].schema
    assert injected.injection_from is not None
    assert suggested(result)["data_from"] == injected.injection_from.isoformat()


async def test_changing_ones_mind_shows_the_renewal_as_it_was_filled(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    result = await _open(hass, house, "renew")
    own = {**AUTHORISED, "role": "holder"}
    forms: tuple[Form, ...] = (own, PERSON, scope(sandbox.today), {})
    result = await walk(hass, result, *forms, {"change": True})

    assert result["step_id"] == "renew"
    assert suggested(result) == own


async def test_a_renewal_that_grdf_refuses_for_the_pce_is_told_at_the_review(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    result = await _open(hass, house, "renew")
    forms: tuple[Form, ...] = (
        AUTHORISED,
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
    )
    result = await walk(hass, result, *forms)
    body = '{"code_statut_traitement": "1000000006"}'
    sandbox.fail_next("droit_acces", Fault.status(404, body))

    result = await submit(hass, result, DECLARE)

    assert result["step_id"] == "review"
    assert result["errors"] == {"base": "bad_request"}
    assert result["description_placeholders"]["code"] == "1000000006"


@pytest.mark.parametrize("step", ["renew", "revoke"])
async def test_rights_are_left_alone_while_grdf_or_the_contract_is_away(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry, step: str
) -> None:
    sandbox.fail_next("droits_acces", Fault.status(503), times=9)
    result = await _open(hass, house, step)
    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "cannot_connect",
    )

    await hass.config_entries.async_unload(house.entry_id)
    result = await _open(hass, house, step)
    assert result["reason"] == "entry_not_loaded"


async def test_a_right_is_revoked_once_that_is_confirmed_and_the_history_stays(
    hass: HomeAssistant,
    sandbox: Sandbox,
    house: MockConfigEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    await settle(hass, house)
    rows = await stored_rows(hass, HOUSE_ENERGY)
    result = await _open(hass, house, "revoke")
    result = await submit(hass, result, {"confirm": False})
    assert result["errors"] == {"confirm": "not_confirmed"}
    assert sandbox.right(HOUSE).state == "Active"

    result = await submit(hass, result, {"confirm": True})

    assert result["reason"] == "revoked"
    right = sandbox.right(HOUSE)
    assert (right.state, right.revocation_source) == ("Révoquée", "TIERS")
    await next_day(hass, clock, house)
    assert await stored_rows(hass, HOUSE_ENERGY) == rows
    result = await _open(hass, house, "revoke")
    assert result["reason"] == "nothing_to_revoke"


async def test_of_several_rights_that_live_one_is_chosen_to_be_revoked(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(FARM)
    used, injected = (right for right in sandbox.rights if right.pce == FARM)
    result = await _open(hass, entry, "revoke")
    options = result["data_schema"].schema["right"].config["options"]
    assert [option["value"] for option in options] == [used.id, injected.id]
    assert options[1]["label"].endswith("Gas that is injected")

    await submit(hass, result, {"right": injected.id, "confirm": True})

    assert [used.state, injected.state] == ["Active", "Révoquée"]


async def test_a_holders_right_that_grdf_does_not_revoke_is_explained(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    body = '{"message": "Opération non autorisée"}'
    for role, error in (("DETENTEUR", "revoke_as_holder"), ("AUTORISE", "bad_request")):
        sandbox.right(HOUSE).role = f"{role}_CONTRAT_FOURNITURE"
        result = await _open(hass, entry, "revoke")
        sandbox.fail_next("droit_acces/", Fault.status(409, body))

        result = await submit(hass, result, {"confirm": True})

        assert result["errors"] == {"base": error}
        told = result["description_placeholders"]
        assert (told["code"], told["message"]) == ("409", "Opération non autorisée")


async def test_a_right_that_grdf_does_not_revoke_is_said_and_can_be_tried_again(
    hass: HomeAssistant, sandbox: Sandbox, house: MockConfigEntry
) -> None:
    result = await _open(hass, house, "revoke")
    sandbox.fail_next("droit_acces", Fault.status(429))

    result = await submit(hass, result, {"confirm": True})
    assert result["errors"] == {"base": "quota_reached"}
    assert suggested(result) == {"confirm": True}

    result = await submit(hass, result, {"confirm": True})
    assert result["reason"] == "revoked"


async def test_a_meter_is_erased_with_its_history_its_files_and_nothing_else(
    hass: HomeAssistant,
    sandbox: Sandbox,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    import_meters: AddEntry,
    tmp_path: Path,
) -> None:
    hass.config.config_dir = str(tmp_path)
    entry = await import_meters(HOUSE)
    await _attach(hass, entry, sandbox, hass_client)
    other = await _import_other(hass, entry)
    result = await _open_of(hass, entry, HOUSE, "erase")
    result = await submit(hass, result, {"confirm": False})
    assert result["errors"] == {"confirm": "not_confirmed"}
    assert await stored_rows(hass, HOUSE_ENERGY)

    result = await submit(hass, result, {"confirm": True})

    assert result["reason"] == "erased"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not await stored_rows(hass, HOUSE_ENERGY)
    assert await stored_rows(hass, other)
    assert not await async_kept_proofs(hass, f"sandbox_{HOUSE}")
    assert f"grdf_adict.meter.sandbox_{HOUSE}" not in hass_storage
    assert f"grdf_adict.meter.sandbox_{FLAT}" in hass_storage
    assert [meter.unique_id for meter in entry.subentries.values()] == [FLAT]
    assert not hass.states.get("sensor.meter_0001_energy")


async def test_a_meter_is_erased_even_while_its_contract_is_not_loaded(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await hass.config_entries.async_unload(entry.entry_id)

    result = await submit(hass, await _open(hass, entry, "erase"), {"confirm": True})

    assert result["reason"] == "erased"
    assert not await stored_rows(hass, HOUSE_ENERGY)


async def test_a_meter_without_a_history_is_erased_too(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(INDUSTRY, set_up=False)

    result = await submit(hass, await _open(hass, entry, "erase"), {"confirm": True})

    assert result["reason"] == "erased"
    assert not entry.subentries


async def _import_other(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Add the flat to a contract, and import it; return its statistic."""
    result = await choose(hass, await add(hass, entry), "held")
    await submit(hass, result, {"pce": FLAT})
    await hass.async_block_till_done()
    await settle(hass, entry)
    return f"grdf_adict:sandbox_{FLAT}_energy"


async def _attach(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sandbox: Sandbox,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _open(hass, entry, "renew")
    forms: tuple[Form, ...] = (
        AUTHORISED,
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
    )
    result = await walk(hass, result, *forms)
    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    await walk(hass, result, form, DECLARE)
    assert await async_kept_proofs(hass, f"sandbox_{HOUSE}")


async def _open_of(
    hass: HomeAssistant, entry: MockConfigEntry, pce: str, step: str
) -> Form:
    (subentry_id,) = (
        meter.subentry_id
        for meter in entry.subentries.values()
        if meter.unique_id == pce
    )
    return await choose(hass, await reconfigure(hass, entry, subentry_id), step)
