"""The actions for many PCE: they preview by default, for administrators only."""

from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from tests.exports import workbook_of
from tests.exports.hidden import with_hidden
from tests.sandbox import FARM, HOUSE, Fault, Sandbox

from .actions import act
from .conftest import AddEntry
from .fleet import HEADER, build, row_of, table

pytestmark = pytest.mark.usefixtures("hass_storage", "entry")


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that actions may use."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """A contract with one meter."""
    return await add_entry(HOUSE)


async def test_a_table_is_previewed_line_by_line_and_nothing_begins(
    hass: HomeAssistant, sandbox: Sandbox, folder: Path
) -> None:
    pces = build(sandbox, 2)
    rows = [row_of(sandbox, pces[0]), row_of(sandbox, pces[1], end=None)]
    header = [*HEADER, "Observations"]
    (folder / "a.xlsx").write_bytes(table(rows, header))

    response = await act(hass, "declare_fleet", path=str(folder / "a.xlsx"))

    assert (
        response["rows"],
        response["mails"],
        response["calls"],
        response["days"],
    ) == (1, 1, 1, 1)
    assert response["bad_rows"] == [
        {
            "line": "3",
            "pce": pces[1],
            "reasons": ["end_missing"],
            "explanation": "the end of the right is missing",
        }
    ]
    assert response["unknown_columns"] == ["Observations"]
    assert response["started"] is False
    assert not [right for right in sandbox.rights if right.pce in pces]


async def test_a_second_job_waits_for_the_end_of_the_first(
    hass: HomeAssistant, sandbox: Sandbox, folder: Path
) -> None:
    pces = build(sandbox, 2)
    path = folder / "a.xlsx"
    path.write_bytes(table([row_of(sandbox, pce) for pce in pces]))
    sandbox.fail_next(pces[1], Fault.status(429))
    await act(hass, "declare_fleet", path=str(path), start=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    path.write_bytes(table([[FARM]], ["PCE"]))

    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "declare_fleet", path=str(path), action="follow", start=True)

    assert refused.value.translation_key == "fleet_busy"
    report = await act(hass, "fleet_report")
    assert (report["left"], report["paused_until"] is not None) == (1, True)
    ended = await act(hass, "cancel_fleet")
    assert (ended["done"], ended["cancelled"], ended["left"]) == (1, 1, 0)
    assert (await act(hass, "cancel_fleet"))["cancelled"] == 1, "again changes nothing"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("gone.xlsx", None, "fleet_unreadable"),
        ("a.xlsx", b"%PDF-1.7", "fleet_not_a_workbook"),
        ("/etc/passwd", None, "path_not_allowed"),
    ],
)
async def test_an_invalid_table_is_refused_with_a_reason(
    hass: HomeAssistant, folder: Path, name: str, content: bytes | None, key: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)

    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "declare_fleet", path=str(folder / name))

    assert refused.value.translation_key == key


async def test_a_folder_is_previewed(
    hass: HomeAssistant, sandbox: Sandbox, folder: Path
) -> None:
    for name in (f"{HOUSE}.pdf", f"{FARM}.exe", "x.pdf"):
        (folder / name).write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE, FARM])

    response = await act(hass, "send_fleet_proofs", folder=str(folder))

    assert (response["rows"], response["extra_files"], response["unanswered"]) == (
        1,
        ["x.pdf"],
        [],
    )
    (bad,) = response["bad_files"]
    assert (bad["file"], bad["reason"]) == (f"{FARM}.exe", "format")
    assert response["started"] is False

    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "send_fleet_proofs", folder="/etc")
    assert refused.value.translation_key == "path_not_allowed"


@pytest.mark.parametrize(
    ("kind", "begins"), [("xlsx", b"PK"), ("CSV", b"\xef\xbb\xbf")]
)
async def test_the_template_is_written_once_and_nothing_is_written_over(
    hass: HomeAssistant, folder: Path, kind: str, begins: bytes
) -> None:
    path = folder / f"template.{kind}"

    assert await act(hass, "fleet_template", path=str(path)) == {"path": str(path)}
    written = await hass.async_add_executor_job(path.read_bytes)
    assert written.startswith(begins)

    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "fleet_template", path=str(path))
    assert refused.value.translation_key == "file_exists"


async def test_a_template_is_written_nowhere_else(
    hass: HomeAssistant, folder: Path
) -> None:
    with pytest.raises(vol.Invalid):
        await act(hass, "fleet_template", path=str(folder / "template.py"))
    with pytest.raises(ServiceValidationError):
        await act(hass, "fleet_template", path="/etc/template.csv")
    with pytest.raises(HomeAssistantError):
        await act(hass, "fleet_template", path=str(folder / "gone" / "a.csv"))


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("declare_fleet", {"path": "a.xlsx"}),
        ("send_fleet_proofs", {"folder": "a"}),
        ("fleet_report", {}),
        ("cancel_fleet", {}),
        ("fleet_template", {"path": "a.csv"}),
    ],
)
async def test_each_needs_an_administrator(
    hass: HomeAssistant,
    hass_read_only_user: MockUser,
    action: str,
    data: dict[str, Any],
) -> None:
    with pytest.raises(Unauthorized):
        await act(hass, action, Context(user_id=hass_read_only_user.id), **data)


async def test_a_report_without_a_job_is_empty(hass: HomeAssistant) -> None:
    report = await act(hass, "fleet_report")

    assert (report["total"], report["progress"], report["pces"]) == (0, 100, [])


async def test_an_action_names_one_of_several_sheets_or_is_refused(
    hass: HomeAssistant, sandbox: Sandbox, folder: Path
) -> None:
    now, before = build(sandbox, 2)
    path = folder / "a.xlsx"
    path.write_bytes(
        with_hidden(
            workbook_of(
                ("2026", [HEADER, row_of(sandbox, now)]),
                ("2025", [HEADER, row_of(sandbox, before)]),
                ("2024", [HEADER, row_of(sandbox, before)]),
            ),
            sheets=["2024"],
        )
    )

    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "declare_fleet", path=str(path), start=True)
    chosen = await act(hass, "declare_fleet", path=str(path), sheet="2026")

    assert refused.value.translation_key == "fleet_several_sheets"
    assert refused.value.translation_placeholders == {"count": "2"}
    assert (chosen["rows"], chosen["other_sheets"]) == (1, ["2025"])
    assert (chosen["hidden_sheets"], chosen["hidden_rows"]) == (["2024"], 0)
    assert chosen["columns"]["Titulaire"] == "holder_name"
    assert not [right for right in sandbox.rights if right.pce in {now, before}]


async def test_an_action_declares_own_contracts_only_where_it_says_so(
    hass: HomeAssistant, sandbox: Sandbox, folder: Path
) -> None:
    (pce,) = build(sandbox, 1)
    path = folder / "a.xlsx"
    row = (*row_of(sandbox, pce), "Je suis moi-même le titulaire")
    path.write_bytes(table([row], [*HEADER, "Rôle"]))

    shown = await act(hass, "declare_fleet", path=str(path))
    with pytest.raises(ServiceValidationError) as refused:
        await act(hass, "declare_fleet", path=str(path), start=True)
    done = await act(
        hass, "declare_fleet", path=str(path), start=True, own_contracts=True
    )

    assert (shown["mails"], shown["not_asked"]) == (0, 1)
    assert refused.value.translation_key == "fleet_own_contracts"
    assert done["started"] is True
