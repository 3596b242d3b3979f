"""The fix of a proof that GRDF asks for, over HTTP: upload, check, send."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.sandbox import (
    BUSINESS,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Fault,
    Sandbox,
)

from .conftest import AddEntry
from .repair import Fix, shown, start_fix
from .right_flow import upload

PDF: Final = b"%PDF-1.7 exemple"
UPLOADED: Final = "sensor.meter_0001_proof_of_consent"


@pytest.fixture(autouse=True)
def _own_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)


def _kept(hass: HomeAssistant) -> list[str]:
    """Return the names of the proofs that lie on disk."""
    files = Path(hass.config.path(STORAGE_DIR)).rglob("*")
    return [file.name for file in files if file.is_file()]


def _keep(hass: HomeAssistant) -> None:
    """Keep a proof of the house, as a declaration does."""
    folder = Path(
        hass.config.path(STORAGE_DIR, "grdf_adict.proofs", f"sandbox_{HOUSE}")
    )
    folder.mkdir(parents=True)
    (folder / "accord.pdf").write_bytes(PDF)


@pytest.fixture
async def fix(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> Fix:
    """The fix of the repair, once a campaign asks for the house's proof."""
    sandbox.start_campaign([HOUSE])
    await import_meters(HOUSE)
    fix = await start_fix(hass, hass_client, "proof_awaited")
    assert fix.answer["step_id"] == "confirm"
    assert fix.answer["description_placeholders"]["date"] == "2026-12-18"
    return fix


async def test_proofs_are_sent_and_the_repair_goes(
    hass: HomeAssistant,
    sandbox: Sandbox,
    fix: Fix,
    hass_client: ClientSessionGenerator,
) -> None:
    first = await upload(hass_client, "Accord.pdf", PDF)
    second = await upload(hass_client, "trace.csv", b"1;2")

    done = await fix.submit(proof_1=first, proof_3=second)
    await hass.async_block_till_done()

    assert done["type"] == "create_entry"
    sent = sandbox.right(HOUSE).proofs
    assert [(proof.name, proof.content) for proof in sent] == [
        ("Accord.pdf", PDF),
        ("trace.csv", b"1;2"),
    ]
    assert shown(hass) == set()
    state = hass.states.get(UPLOADED)
    assert state is not None
    assert state.state == "under_review"
    awaited = hass.states.get("binary_sensor.meter_0001_proof_awaited")
    assert awaited is not None
    assert awaited.state == "off"
    assert _kept(hass) == []


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("accord.pdf", b"x" * 4_000_001, "proof_too_large"),
        ("accord.exe", b"MZ", "proof_format"),
        ("accord.pdf", b"", "proof_empty"),
    ],
)
async def test_a_file_that_grdf_would_refuse_is_an_error_and_the_valid_one_stays(
    sandbox: Sandbox,
    fix: Fix,
    hass_client: ClientSessionGenerator,
    name: str,
    content: bytes,
    problem: str,
) -> None:
    good = await upload(hass_client, "bon.pdf", PDF)
    bad = await upload(hass_client, name, content)

    answer = await fix.submit(proof_1=good, proof_2=bad)

    assert answer["errors"] == {"proof_2": problem}
    assert answer["description_placeholders"]["ready"] == "bon.pdf"
    assert sandbox.right(HOUSE).proofs == []

    await fix.submit()
    assert [proof.name for proof in sandbox.right(HOUSE).proofs] == ["bon.pdf"]


async def test_no_file_and_a_missing_file_are_errors(fix: Fix) -> None:
    answer = await fix.submit()
    assert answer["errors"] == {"base": "proof_none_given"}

    answer = await fix.submit(proof_1="0" * 32)
    assert answer["errors"] == {"proof_1": "proof_unreadable"}


async def test_more_than_three_files_in_all_are_an_error(
    sandbox: Sandbox, fix: Fix, hass_client: ClientSessionGenerator
) -> None:
    bad = await upload(hass_client, "x.exe", b"MZ")
    for number in (1, 2, 3):
        good = await upload(hass_client, f"bon{number}.pdf", PDF)
        await fix.submit(proof_1=good, proof_2=bad)
        bad = await upload(hass_client, "x.exe", b"MZ")
    fourth = await upload(hass_client, "bon4.pdf", PDF)

    answer = await fix.submit(proof_1=fourth)

    assert answer["errors"] == {"base": "proof_too_many"}
    assert sandbox.right(HOUSE).proofs == []


async def test_while_grdf_is_unavailable_no_upload_is_lost(
    sandbox: Sandbox, fix: Fix, hass_client: ClientSessionGenerator
) -> None:
    proof = await upload(hass_client, "accord.pdf", PDF)
    sandbox.fail_next("preuves", Fault.status(503), times=1)

    answer = await fix.submit(proof_1=proof)
    assert answer["errors"]["base"] in {"proofs_uncertain", "cannot_connect"}

    done = await fix.submit()
    assert done["type"] == "create_entry"
    assert len(sandbox.right(HOUSE).proofs) == 1


async def test_a_list_that_cannot_be_read_again_does_not_undo_the_sending(
    sandbox: Sandbox, fix: Fix, hass_client: ClientSessionGenerator
) -> None:
    proof = await upload(hass_client, "accord.pdf", PDF)
    sandbox.fail_next("droits_acces", Fault.status(400, body="{}"), times=1)

    done = await fix.submit(proof_1=proof)

    assert done["type"] == "create_entry"
    assert len(sandbox.right(HOUSE).proofs) == 1


async def test_a_proof_kept_since_the_declaration_is_offered(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    _keep(hass)
    sandbox.start_campaign([HOUSE])
    await import_meters(HOUSE)

    fix = await start_fix(hass, hass_client, "proof_awaited")
    assert fix.answer["description_placeholders"]["kept"] == "accord.pdf"
    await fix.submit(kept=True)

    assert [proof.name for proof in sandbox.right(HOUSE).proofs] == ["accord.pdf"]
    assert _kept(hass) == ["accord.pdf"]


async def test_of_many_meters_the_remaining_ones_are_shown_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    pces = (HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY, FORMER)
    former = sandbox.right(FORMER)
    former.state, former.end = "Active", sandbox.today.replace(year=2030)
    former.consumption_to = None
    sandbox.start_campaign(pces)
    entry = await add_entry(*pces)
    await entry.runtime_data.account.async_read_rights()
    fix = await start_fix(hass, hass_client, "proof_awaited_many")
    (field,) = fix.answer["data_schema"]
    await fix.submit(meter=field["selector"]["select"]["options"][0]["value"])

    await fix.submit(proof_1=await upload(hass_client, "accord.pdf", PDF))
    await hass.async_block_till_done()

    assert shown(hass) == {"proof_awaited"}
