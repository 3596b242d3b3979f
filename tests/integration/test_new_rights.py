"""PCE with new rights are proposed as meters; those of the first day not."""

from copy import copy

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import FLAT, HOUSE, WAITING, Fault, Sandbox

from .conftest import AddEntry
from .fleet import build
from .repair import repair, shown, start_fix
from .right_flow import forget_rights

TEXT = "new_rights"


def _give(sandbox: Sandbox, *pces: str) -> None:
    """Let customers consent at GRDF's own site."""
    for pce in pces:
        right = copy(sandbox.right(HOUSE))
        right.pce = pce
        sandbox.grant(right)


async def _read(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Read the rights, as is done once a day."""
    await entry.runtime_data.account.async_read_rights()
    await hass.async_block_till_done()


async def test_a_right_that_comes_later_is_proposed_and_becomes_a_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await add_entry(HOUSE)
    await _read(hass, entry)
    assert TEXT not in shown(hass), "what there was is not proposed"
    one, two, three = build(sandbox, 3)
    _give(sandbox, one, two, three)

    await _read(hass, entry)

    issue = repair(hass, TEXT)
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["count"] == "3"
    assert one not in str(issue.translation_placeholders)
    fix = await start_fix(hass, hass_client, TEXT)
    options = fix.answer["data_schema"][0]["selector"]["select"]["options"]
    assert [option["value"] for option in options] == [one, two, three]
    assert fix.answer["data_schema"][0]["default"] == [one, two, three]
    await fix.submit(meters=[one, two])
    await hass.async_block_till_done()

    assert {each.unique_id for each in entry.subentries.values()} == {HOUSE, one, two}
    await _read(hass, entry)
    assert TEXT not in shown(hass), "the third was declined"


@pytest.mark.usefixtures("hass_storage")
async def test_a_proposal_survives_a_restart_until_it_is_accepted(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
) -> None:
    forget_rights(sandbox, FLAT)
    entry = await add_entry(HOUSE)
    await _read(hass, entry)
    _give(sandbox, FLAT)
    await _read(hass, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    ir.async_delete_issue(hass, DOMAIN, repair(hass, TEXT).issue_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert TEXT in shown(hass)

    other = await add_entry(FLAT, set_up=False)
    await _read(hass, entry)

    assert TEXT not in shown(hass), "a PCE has one owner"
    await hass.config_entries.async_remove(other.entry_id)


async def test_what_waits_for_its_customer_is_not_proposed_yet(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
) -> None:
    entry = await add_entry(HOUSE)
    await _read(hass, entry)
    assert TEXT not in shown(hass)
    sandbox.answer(sandbox.right(WAITING).id, accepts=True)

    await _read(hass, entry)

    assert TEXT in shown(hass)


async def test_while_grdf_is_unavailable_the_form_shows_it_and_decides_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await add_entry(HOUSE)
    await _read(hass, entry)
    _give(sandbox, *build(sandbox, 25))
    await _read(hass, entry)
    placeholders = repair(hass, TEXT).translation_placeholders
    assert placeholders is not None
    assert placeholders["meters"].endswith("…")
    sandbox.fail_next("droits_acces", Fault.status(503), times=20)

    fix = await start_fix(hass, hass_client, TEXT)
    assert fix.answer["errors"] == {"base": "cannot_connect"}
    sandbox.faults.clear()
    answer = await fix.submit()

    assert len(answer["data_schema"][0]["selector"]["select"]["options"]) == 25
    assert TEXT in shown(hass)
    await fix.submit(meters=[])
    await hass.async_block_till_done()
    assert TEXT not in shown(hass)
    assert len(entry.subentries) == 1


async def test_a_meter_that_was_deleted_is_not_proposed_back(
    hass: HomeAssistant,
    add_entry: AddEntry,
) -> None:
    entry = await add_entry(HOUSE, FLAT)
    await _read(hass, entry)
    (gone,) = (
        name for name, each in entry.subentries.items() if each.unique_id == FLAT
    )
    hass.config_entries.async_remove_subentry(entry, gone)
    await hass.async_block_till_done()

    await _read(hass, entry)

    assert TEXT not in shown(hass)
