"""One right from its declaration to its end, as its owner sees it."""

from datetime import date
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE, Sandbox

from .actions import act, device_of
from .common import energies, held, next_day, settle
from .conftest import AddEntry
from .price_flow import choose
from .right_flow import (
    CONSENT,
    DECLARE,
    PERSON,
    add,
    forget_rights,
    meter,
    scope,
    walk,
)

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"


@pytest.mark.timeout(300)
@pytest.mark.whole_history
async def test_a_right_is_declared_granted_controlled_and_revoked(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    tmp_path: Path,
    issue_registry: ir.IssueRegistry,
) -> None:
    forget_rights(sandbox, HOUSE)
    entry = await add_entry()

    # Declared: the meter is there, and waits for the customer.
    await _declare(hass, entry, sandbox.today)
    await settle(hass, entry)
    assert _state(hass, "access_right") == "waiting"
    assert not await energies(hass, HOUSE)
    assert not _repairs(issue_registry)

    # The customer accepts: five years come in by themselves.
    (right,) = (right for right in sandbox.rights if right.pce == HOUSE)
    sandbox.answer(right.id, accepts=True)
    await next_day(hass, clock, entry)
    assert _state(hass, "access_right") == "active"
    known = await energies(hass, HOUSE)
    assert known == held(sandbox, HOUSE)
    assert min(known) <= sandbox.today.replace(year=sandbox.today.year - 5, month=12)
    assert len(known) > 5 * 365 - 31

    # GRDF controls the consent: a repair shows until when to send the proof.
    sandbox.start_campaign([HOUSE])
    await next_day(hass, clock, entry)
    assert right.proof_deadline is not None
    assert _repairs(issue_registry) == {"proof_awaited": _written(right.proof_deadline)}
    assert _state(hass, "proof_deadline") == right.proof_deadline.isoformat()

    # The proof is sent: the repair goes.
    proof = tmp_path / "consent.pdf"
    proof.write_bytes(b"%PDF-1.7 I agree")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    device = device_of(hass, entry, HOUSE)
    await act(hass, "send_proofs", device_id=device, files=[str(proof)])
    await hass.async_block_till_done()
    assert [sent.content for sent in right.proofs] == [b"%PDF-1.7 I agree"]
    assert not _repairs(issue_registry)
    sandbox.judge_proof(right.id, accepted=True)
    await next_day(hass, clock, entry)
    assert _state(hass, "proof_of_consent") == "accepted"

    # The customer revokes: a repair shows it, data stop, history stays.
    before = await energies(hass, HOUSE)
    sandbox.revoke(right.id)
    await next_day(hass, clock, entry)
    assert _state(hass, "access_right") == "revoked"
    assert _repairs(issue_registry).keys() == {"right_revoked"}
    sandbox.reset_calls()
    for _ in range(3):
        await next_day(hass, clock, entry)
    assert {call.path.rsplit("/", 1)[-1] for call in sandbox.calls} == {"droits_acces"}
    assert await energies(hass, HOUSE) == before


async def _declare(hass: HomeAssistant, entry: MockConfigEntry, today: date) -> None:
    five_years = today.replace(year=today.year - 5).isoformat()
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(HOUSE, name="Home"),
        PERSON,
        scope(today, data_from=five_years),
        {"checklist": CONSENT},
        {},
        DECLARE,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


def _state(hass: HomeAssistant, what: str) -> str:
    state = hass.states.get(f"sensor.home_{what}")
    assert state is not None, sorted(hass.states.async_entity_ids())
    return state.state


def _repairs(registry: ir.IssueRegistry) -> dict[str, str]:
    """Return our repairs, and the date in each."""
    return {
        str(issue.translation_key): (issue.translation_placeholders or {})["date"]
        for issue in registry.issues.values()
        if issue.domain == DOMAIN and issue.active
    }


def _written(day: date) -> str:
    return day.isoformat()
