"""The actions on access rights: found, declared, revoked, proved."""

from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from tests.sandbox import FARM, FORMER, HOUSE, WAITING, Fault, Sandbox

from .actions import act, device_of
from .conftest import AddEntry

CONSENT = b"%PDF-1.7 an invented consent"
DECLARATION: dict[str, Any] = {
    "pce": FORMER,
    "role": "supply_authorised",
    "holder_name": "MME DOMINIQUE EXEMPLE",
    "postcode": "98999",
    "mail": "dominique@example.com",
    "start": "2026-11-20",
    "end": "2029-11-19",
    "data_from": "2021-11-20",
}


@pytest.fixture
def proof(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A file in a folder that Home Assistant may read."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    file = tmp_path / "consent.pdf"
    file.write_bytes(CONSENT)
    return file


async def test_rights_are_found_by_all_conditions_together(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)

    response = await act(
        hass, "get_access_rights", states=["active"], pces=[HOUSE, WAITING]
    )

    (right,) = response["access_rights"]
    assert response["complete"] is True
    assert right["id"] == sandbox.right(HOUSE).id
    assert right["holder_name"] == "MME CAMILLE EXEMPLE"
    assert right["role"] == "supply_authorised"
    assert right["end"] == "2029-12-31"


async def test_a_declared_right_waits_for_the_customer(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)

    response = await act(hass, "declare_access_right", **DECLARATION)

    assert (response["waiting"], response["code"]) == (True, "0000000002")
    assert response["differences"] == []
    declared = sandbox.right_of(response["access_right"]["id"])
    assert (declared.pce, declared.state) == (FORMER, "A valider")
    assert str(declared.consumption_to) == "2029-11-19", "the right's own end"
    assert declared.informative


async def test_what_grdf_grants_less_than_declared_is_returned(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)
    sandbox.switches.grants_less = True

    response = await act(hass, "declare_access_right", **DECLARATION)

    changed = {item["field"]: item for item in response["differences"]}
    assert changed["end"] == {
        "field": "end",
        "asked": "2029-11-19",
        "granted": "2027-11-20",
    }
    assert (changed["contractual"]["asked"], changed["contractual"]["granted"]) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"holder_company": "EXEMPLE SA"}, "declaration_holder_twice"),
        ({"pce": "123"}, "declaration_pce_format"),
        ({"end": "2025-01-01"}, "declaration_right_reversed"),
        ({"mail": "nobody"}, "declaration_mail_format"),
    ],
)
async def test_a_declaration_that_grdf_would_refuse_costs_no_call(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    change: dict[str, Any],
    key: str,
) -> None:
    await add_entry(HOUSE)
    sandbox.reset_calls()

    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "declare_access_right", **{**DECLARATION, **change})

    assert caught.value.translation_key == key
    assert sandbox.calls == []


async def test_what_is_declared_already_has_an_error_of_its_own(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)
    await act(hass, "declare_access_right", **DECLARATION)

    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "declare_access_right", **DECLARATION)

    assert caught.value.translation_key == "already_exists"


async def test_a_meters_right_is_revoked_and_shown_so_at_once(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    await meter.async_refresh()

    response = await act(
        hass, "revoke_access_right", device_id=device_of(hass, entry, HOUSE)
    )

    assert response["code"] == "0000000000"
    assert sandbox.right(HOUSE).state == "Révoquée"
    assert sandbox.right(HOUSE).revocation_source == "TIERS"
    assert meter.rights.consumption.state == "revoked"
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "revoke_access_right", device_id=device_of(hass, entry, HOUSE))
    assert caught.value.translation_key == "no_right_to_revoke"


async def test_of_a_site_with_two_rights_the_one_on_injected_gas_can_be_revoked(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(FARM)
    await entry.runtime_data.account.async_read_rights()

    await act(
        hass,
        "revoke_access_right",
        device_id=device_of(hass, entry, FARM),
        injection=True,
    )

    states = {right.role: right.state for right in sandbox.rights if right.pce == FARM}
    assert states == {
        "AUTORISE_CONTRAT_FOURNITURE": "Active",
        "AUTORISE_CONTRAT_INJECTION": "Révoquée",
    }


async def test_a_right_that_is_no_meter_is_revoked_by_its_id(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)
    right = sandbox.right(WAITING)

    await act(hass, "revoke_access_right", access_right_id=right.id)

    assert sandbox.right_of(right.id).state == "Révoquée"
    for unknown, key in (
        ("../pce", "right_id_format"),
        ("0000", "no_access_right"),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await act(hass, "revoke_access_right", access_right_id=unknown)
        assert caught.value.translation_key == key


async def test_a_holders_right_that_grdf_does_not_revoke_is_explained(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    right = sandbox.right(HOUSE)
    entry = await add_entry(HOUSE)
    await entry.runtime_data.account.async_read_rights()
    device = device_of(hass, entry, HOUSE)
    for role, key, meant in (
        ("AUTORISE", "bad_request", {"device_id": device}),
        ("DETENTEUR", "revoke_as_holder", {"device_id": device}),
        ("DETENTEUR", "revoke_as_holder", {"access_right_id": right.id}),
    ):
        right.role = f"{role}_CONTRAT_FOURNITURE"
        await entry.runtime_data.account.async_read_rights()
        sandbox.fail_next("droit_acces/", Fault.status(409))

        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, "revoke_access_right", None, **meant)

        assert caught.value.translation_key == key
        assert caught.value.translation_placeholders == {"code": "409"}


async def test_a_revocation_succeeds_even_if_the_rights_cannot_be_read_after_it(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    await meter.async_refresh()
    sandbox.fail_next("droits_acces", Fault.status(503), times=10)

    response = await act(
        hass, "revoke_access_right", device_id=device_of(hass, entry, HOUSE)
    )

    assert response["code"] == "0000000000"
    assert sandbox.right(HOUSE).state == "Révoquée"


async def test_proofs_are_sent_for_the_right_that_awaits_them(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry, proof: Path
) -> None:
    entry = await add_entry(HOUSE)
    device_id = device_of(hass, entry, HOUSE)
    (right,) = sandbox.start_campaign([HOUSE])
    await entry.runtime_data.account.async_read_rights()

    await act(hass, "send_proofs", device_id=device_id, files=[str(proof)])

    assert right.proof_state == "Preuve en cours de vérification"
    assert [sent.content for sent in right.proofs] == [CONSENT]
    (meter,) = entry.runtime_data.meters.values()
    assert meter.rights.consumption.proof_state == "under_review"


async def test_a_file_outside_the_allowed_folders_is_refused(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    proof: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.start_campaign([HOUSE])
    await entry.runtime_data.account.async_read_rights()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secrets.pdf"
    elsewhere.write_bytes(CONSENT)
    sandbox.reset_calls()

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass,
            "send_proofs",
            device_id=device_of(hass, entry, HOUSE),
            files=[str(proof), str(elsewhere)],
        )

    assert caught.value.translation_key == "path_not_allowed"
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("name", "size", "key"),
    [
        ("consent.pdf", 4_000_001, "proof_too_large"),
        ("consent.exe", 10, "proof_format"),
        ("consent.pdf", 0, "proof_empty"),
        (None, 0, "proof_unreadable"),
    ],
)
async def test_a_proof_that_grdf_would_refuse_is_not_sent(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    proof: Path,
    name: str | None,
    size: int,
    key: str,
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.start_campaign([HOUSE])
    await entry.runtime_data.account.async_read_rights()
    file = proof.with_name(name or "missing.pdf")
    if name:
        file.write_bytes(b"x" * size)
    sandbox.reset_calls()

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass,
            "send_proofs",
            device_id=device_of(hass, entry, HOUSE),
            files=[str(file)],
        )

    assert caught.value.translation_key == key
    assert sandbox.calls == []


async def test_there_is_nothing_to_send_where_no_proof_is_awaited(
    hass: HomeAssistant, add_entry: AddEntry, proof: Path
) -> None:
    entry = await add_entry(HOUSE)
    await entry.runtime_data.account.async_read_rights()

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass,
            "send_proofs",
            device_id=device_of(hass, entry, HOUSE),
            files=[str(proof)],
        )

    assert caught.value.translation_key == "no_proof_awaited"


async def test_a_right_must_be_named_by_its_meter_or_by_its_id(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    await add_entry(HOUSE)

    with pytest.raises(vol.Invalid):
        await act(hass, "revoke_access_right")


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("get_access_rights", {}),
        ("declare_access_right", DECLARATION),
        ("revoke_access_right", {"access_right_id": "a"}),
        ("send_proofs", {"access_right_id": "a", "files": ["/media/a.pdf"]}),
    ],
)
async def test_each_of_them_needs_an_administrator(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_read_only_user: MockUser,
    action: str,
    data: dict[str, Any],
) -> None:
    await add_entry(HOUSE)

    with pytest.raises(Unauthorized):
        await act(hass, action, Context(user_id=hass_read_only_user.id), **data)
