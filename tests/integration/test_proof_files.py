"""The proofs of a consent, attached when it is declared and kept for a control."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.storage.proofs import (
    async_forget_proofs,
    async_kept_proofs,
)
from tests.sandbox import FLAT, HOUSE, Fault, Sandbox

from .conftest import AddEntry
from .price_flow import choose, submit
from .right_flow import (
    CONSENT,
    DECLARE,
    PERSON,
    add,
    forget_rights,
    meter,
    scope,
    suggested,
    upload,
    walk,
)

type Form = dict[str, Any]

KEY = f"sandbox_{FLAT}"
LARGEST = 4_000_000


@pytest.fixture(autouse=True)
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Where the proofs are kept, in a configuration folder of its own."""
    hass.config.config_dir = str(tmp_path)
    return tmp_path / ".storage" / "grdf_adict.proofs"


@pytest.fixture
async def entry(sandbox: Sandbox, add_entry: AddEntry) -> MockConfigEntry:
    """A contract with one meter; nobody has consented for the flat."""
    forget_rights(sandbox, FLAT)
    return await add_entry(HOUSE)


def _block(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")


async def _proofs(hass: HomeAssistant, entry: MockConfigEntry, today: Any) -> Form:
    result = await choose(hass, await add(hass, entry), "declare")
    forms: tuple[Form, ...] = (meter(), PERSON, scope(today), {"checklist": CONSENT})
    return await walk(hass, result, *forms)


def _files(folder: Path) -> list[str]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return sorted(str(each.relative_to(folder)) for each in files)


async def test_attached_files_are_kept_for_the_meter_and_for_nobody_else_to_read(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {
        "proof_1": await upload(hass_client, "consent.pdf", b"%PDF-1.7"),
        "proof_3": await upload(hass_client, "call.mp3", b"x" * LARGEST),
    }
    result = await submit(hass, result, form)
    assert result["step_id"] == "review"
    assert result["description_placeholders"]["files"] == "consent.pdf, call.mp3"
    result = await submit(hass, result, DECLARE)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    kept = await async_kept_proofs(hass, KEY)
    assert [path.name for path in kept] == ["call.mp3", "consent.pdf"]
    assert kept[1].read_bytes() == b"%PDF-1.7"
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert {each.stat().st_mode & 0o777 for each in (folder, *kept[0].parents[:1])} == {
        0o700
    }
    await hass.async_block_till_done()
    assert _files(folder) == [f"{KEY}/call.mp3", f"{KEY}/consent.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("consent.exe", b"MZ", "proof_format"),
        ("consent.pdf", b"", "proof_empty"),
        ("consent.pdf", b"x" * (LARGEST + 1), "proof_too_large"),
    ],
)
async def test_a_file_that_grdf_would_refuse_is_refused_and_the_others_are_kept(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    name: str,
    content: bytes,
    error: str,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {
        "proof_1": await upload(hass_client, "good.txt", b"yes"),
        "proof_2": await upload(hass_client, name, content),
    }

    result = await submit(hass, result, form)

    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["files"] == "good.txt"
    assert "proof_1" not in result["data_schema"].schema
    result = await submit(hass, result, {})
    assert result["step_id"] == "review"


async def test_attached_files_can_be_dropped_and_two_of_one_name_are_told_apart(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    wrong = {"proof_1": await upload(hass_client, "wrong.txt", b"no")}
    result = await submit(hass, result, wrong)
    forms: tuple[Form, ...] = (
        {"change": True},
        meter(),
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
    )
    result = await walk(hass, result, *forms)
    assert result["description_placeholders"]["files"] == "wrong.txt"
    result = await submit(hass, result, {"discard": True})
    assert result["step_id"] == "proofs"
    assert result["description_placeholders"]["files"] == "—"

    form: Form = {
        "proof_2": await upload(hass_client, "a.txt", b"1"),
        "proof_3": await upload(hass_client, "a.txt", b"2"),
    }
    result = await walk(hass, result, form, DECLARE)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    kept = await async_kept_proofs(hass, KEY)
    assert [path.name for path in kept] == ["a 2.txt", "a.txt"]


async def test_an_upload_that_is_gone_is_asked_for_again(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await _proofs(hass, entry, sandbox.today)

    gone = {"proof_1": "0192f3a7c2d17b6e8c9d0e1f2a3b4c5d"}
    result = await submit(hass, result, gone)

    assert result["errors"] == {"base": "proof_unreadable"}
    assert not suggested(result)


async def test_a_flow_that_is_closed_leaves_no_file(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    result = await submit(hass, result, form)
    assert len(_files(folder)) == 1

    hass.config_entries.subentries.async_abort(result["flow_id"])
    await hass.async_block_till_done()

    assert not _files(folder)


async def test_files_that_a_crash_has_left_go_with_the_next_declaration(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    (folder / ".staged").mkdir(parents=True)
    _block(folder / ".staged" / "of-an-earlier-run" / "consent.pdf")
    first = await _proofs(hass, entry, sandbox.today)
    other = {"proof_1": await upload(hass_client, "other.pdf", b"%PDF")}
    await submit(hass, first, other)

    result = await _proofs(hass, entry, sandbox.today)
    form = {"proof_1": await upload(hass_client, "mine.pdf", b"%PDF")}
    await submit(hass, result, form)

    assert {Path(each).name for each in _files(folder)} == {"mine.pdf", "other.pdf"}


async def test_a_full_disk_is_said_before_anything_is_declared(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    # A file where the folder should be: nothing can be written under it.
    _block(folder)
    result = await _proofs(hass, entry, sandbox.today)

    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    result = await submit(hass, result, form)

    assert result["errors"] == {"base": "proof_not_written"}
    result = await walk(hass, {**result, "errors": {}}, {}, DECLARE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_disk_that_fails_after_the_declaration_does_not_lose_the_meter(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    result = await submit(hass, result, form)
    # A file where the meter's folder should go.
    _block(folder / KEY)

    result = await submit(hass, result, DECLARE)

    assert result["step_id"] == "proofs_lost"
    result = await submit(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_files_stay_attached_while_grdf_is_away(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    result = await submit(hass, result, form)
    sandbox.fail_next("droit_acces", Fault.status(429))
    result = await submit(hass, result, DECLARE)
    assert result["description_placeholders"]["files"] == "consent.pdf"

    await submit(hass, result, DECLARE)

    assert len(await async_kept_proofs(hass, KEY)) == 1


async def test_kept_proofs_can_be_forgotten(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    result = await _proofs(hass, entry, sandbox.today)
    form = {"proof_1": await upload(hass_client, "consent.pdf", b"%PDF")}
    await walk(hass, result, form, DECLARE)

    await async_forget_proofs(hass, KEY)
    await async_forget_proofs(hass, "of a meter that never was")

    assert not await async_kept_proofs(hass, KEY)
    assert not _files(folder)
