"""A landlord's three hundred PCE: declared through a kill, and proved from a folder."""

import asyncio
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.sandbox import HOUSE, Sandbox
from tests.sandbox.rights import ACTIVE, PROOF_IN_REVIEW, TO_VALIDATE, Right

from .actions import act
from .conftest import AddEntry
from .fleet import (
    BAD,
    PCES,
    build,
    configure,
    open_fleet,
    preview,
    row_of,
    table,
    three_hundred,
)

# In the middle of a block, so that some outcomes are not on the disk yet.
KILLED_AT = 153


class _Kill:
    """Ends the job as GRDF takes a declaration; the disk stays as it is."""

    def __init__(self, sandbox: Sandbox, disk: dict[str, Any], at: int) -> None:
        self._take = sandbox.declare
        self._disk = disk
        self._left = at
        self.left_behind: dict[str, Any] = {}

    def __call__(self, wish: Right) -> Right:
        right = self._take(wish)
        self._left -= 1
        if self._left == 0:
            self.left_behind = deepcopy(self._disk)
            (job,) = (
                task
                for task in asyncio.all_tasks()
                if task.get_name() == "grdf_adict fleet"
            )
            job.cancel()
        return right


def _declared(sandbox: Sandbox, pces: list[str]) -> Counter[str]:
    return Counter(right.pce for right in sandbox.rights if right.pce in pces)


def _asked(sandbox: Sandbox, end: str) -> Counter[str]:
    return Counter(
        call.path
        for call in sandbox.calls
        if call.method == "PUT" and call.path.endswith(end)
    )


@pytest.mark.timeout(180)
async def test_a_killed_job_goes_on_and_declares_each_pce_once_then_proves_them_all(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    pces = build(sandbox, PCES)
    entry = await add_entry(HOUSE)
    kill = _Kill(sandbox, hass_storage, KILLED_AT)
    monkeypatch.setattr(sandbox, "declare", kill)

    shown = await preview(hass, entry, hass_client, three_hundred(sandbox, pces))
    texts = shown["description_placeholders"]
    assert shown["step_id"] == "fleet_preview"
    assert (texts["rows"], texts["bad"], texts["customers"]) == (
        "288",
        "12",
        "100",
    )
    assert texts["bad_rows"].count("\n- ") == BAD - 1
    begun = await configure(hass, shown, {"restore_zeros": False, "consents": True})
    assert begun["reason"] == "fleet_started"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sum(_declared(sandbox, pces).values()) == KILLED_AT

    await _restart(hass, entry, hass_storage, kill.left_behind)

    declared = _declared(sandbox, pces)
    assert (len(declared), set(declared.values())) == (PCES - BAD, {1})
    asked = _asked(sandbox, "/droit_acces")
    assert (len(asked), set(asked.values())) == (PCES - BAD, {1})
    assert str(len(sandbox.mails)) == texts["mails"] == "100"
    report = await act(hass, "fleet_report")
    assert (report["done"], report["left"], report["refused"]) == (288, 0, 0)
    assert {outcome["pce"] for outcome in report["pces"]} == set(declared)

    await _complete(hass, entry, hass_client, sandbox, pces)
    await _prove(hass, entry, sandbox, pces, tmp_path)


async def _restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    disk: dict[str, Any],
    left_behind: dict[str, Any],
) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    disk.clear()
    disk.update(left_behind)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _complete(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    sandbox: Sandbox,
    pces: list[str],
) -> None:
    """Mend the twelve rows, and let every customer agree."""
    rest = [pce for pce in pces if pce not in _declared(sandbox, pces)]
    rows = [row_of(sandbox, pce) for pce in rest]
    shown = await preview(hass, entry, hass_client, table(rows))
    await configure(hass, shown, {"consents": True})
    await hass.async_block_till_done(wait_background_tasks=True)
    for right in sandbox.rights:
        if right.pce in pces and right.state == TO_VALIDATE:
            sandbox.answer(right.id, accepts=True)


async def _prove(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sandbox: Sandbox,
    pces: list[str],
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    folder = tmp_path / "preuves"
    folder.mkdir()
    for pce in pces:
        (folder / f"{pce}_accord.pdf").write_bytes(b"%PDF-1.7 " + pce.encode())
    assert len(sandbox.start_campaign(pces)) == PCES

    shown = await open_fleet(hass, entry)
    shown = await configure(hass, shown, {"next_step_id": "fleet_folder"})
    shown = await configure(hass, shown, {"folder": str(folder)})
    assert shown["description_placeholders"]["matched"] == str(PCES)
    assert shown["description_placeholders"]["unanswered"] == "0"
    await configure(hass, shown, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    answered = [right for right in sandbox.rights if right.pce in pces]
    assert len(answered) == PCES
    assert {right.state for right in answered} == {ACTIVE}
    assert {right.proof_state for right in answered} == {PROOF_IN_REVIEW}
    assert all(
        [proof.content for proof in right.proofs] == [b"%PDF-1.7 " + right.pce.encode()]
        for right in answered
    )
    assert set(_asked(sandbox, "/preuves").values()) == {1}
