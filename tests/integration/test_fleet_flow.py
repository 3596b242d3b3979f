"""Many PCE at once, in the contract's menu: chosen, previewed, begun, cancelled."""

from pathlib import Path
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import SUBENTRY_TYPE_METER
from tests.exports import workbook_of
from tests.exports.hidden import with_hidden
from tests.exports.layouts import Cell
from tests.sandbox import FARM, FORMER, HOUSE, WAITING, Fault, Sandbox

from .conftest import AddEntry
from .fleet import (
    HEADER,
    build,
    configure,
    french,
    open_fleet,
    preview,
    row_of,
    table,
)
from .right_flow import upload

pytestmark = pytest.mark.usefixtures("hass_storage")
CONSENTS = {"consents": True}


@pytest.fixture(autouse=True)
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Where reports go."""
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path / "media" / "grdf_adict" / "fleet"


@pytest.fixture
async def entry(sandbox: Sandbox, add_entry: AddEntry) -> MockConfigEntry:
    """A contract with one meter, and GRDF with ten more that no one asked for."""
    build(sandbox, 10)
    return await add_entry(HOUSE)


def _placeholders(result: dict[str, Any]) -> dict[str, str]:
    return dict(result["description_placeholders"])


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def _done(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


def _states(sandbox: Sandbox, *pces: str) -> list[str]:
    return [sandbox.right(pce).state for pce in pces]


def _only(*pces: str) -> bytes:
    return table([[pce] for pce in pces], header=["PCE"])


async def test_a_table_is_previewed_with_its_bad_rows_and_begun_once_confirmed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    media: Path,
) -> None:
    pces = build(sandbox, 3)
    rows = [row_of(sandbox, pce, 7) for pce in pces]
    rows.append(row_of(sandbox, HOUSE))
    rows.append(row_of(sandbox, WAITING))
    rows.append(row_of(sandbox, FORMER, mail="nobody"))

    shown = await preview(hass, entry, hass_client, table(rows))

    texts = _placeholders(shown)
    assert (texts["rows"], texts["works"]) == ("3", "Declare · 3")
    assert (texts["customers"], texts["mails"], texts["calls"]) == (
        "1",
        "1",
        "3",
    )
    assert texts["bad"] == "3"
    assert "Line 5 (…0001) · the contract has a right" in texts["bad_rows"]
    assert "Line 6 (…0004) · a declaration on this PCE waits" in texts["bad_rows"]
    assert "Line 7 (…0005) · this is not an e-mail address" in texts["bad_rows"]
    assert sandbox.right(HOUSE).pce not in str(texts)

    refused = await configure(hass, shown, {"consents": False})
    assert refused["errors"] == {"consents": "consents_not_held"}
    begun = await configure(hass, refused, CONSENTS)
    assert begun["type"] is FlowResultType.ABORT
    assert (begun["reason"], _placeholders(begun)["total"]) == ("fleet_started", "3")
    await _done(hass)

    assert _states(sandbox, *pces) == ["A valider"] * 3
    (report,) = await hass.async_add_executor_job(_listed, media)
    text = await hass.async_add_executor_job(report.read_text, "utf-8-sig")
    assert all(pce in text for pce in pces)
    assert "0000000002" in text
    assert "example.com" not in text
    assert report.stat().st_mode & 0o777 == 0o600


async def test_the_form_links_to_a_template_that_can_be_downloaded(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client_no_auth: Any
) -> None:
    result = await open_fleet(hass, entry)
    result = await configure(hass, result, {"next_step_id": "fleet_table"})

    client = await hass_client_no_auth()
    for kind, begins in (("xlsx", b"PK"), ("csv", "\ufeffPCE".encode())):
        link = _placeholders(result)[f"template_{kind}"]
        response = await client.get(link.split('"')[1])
        assert response.status == 200
        assert (await response.read()).startswith(begins)
    anonymous = await client.get("/api/grdf_adict/fleet_template.csv")
    assert anonymous.status == 401


async def test_a_table_that_is_refused_is_reported_and_another_can_be_chosen(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    misspelt = table(
        [row_of(sandbox, HOUSE)], header=[*HEADER[:3], "Couriel", *HEADER[4:]]
    )

    shown = await preview(hass, entry, hass_client, misspelt)

    assert shown["errors"] == {"file": "fleet_column_misspelt"}
    assert (_placeholders(shown)["column"], _placeholders(shown)["near"]) == (
        "Couriel",
        "Courriel / E-mail",
    )
    shown = await configure(hass, shown, {"file": "0" * 32, "action": "declare"})
    assert shown["errors"] == {"file": "fleet_unreadable"}
    good = await upload(hass_client, "a.xlsx", table([row_of(sandbox, FORMER)]))
    shown = await configure(hass, shown, {"file": good, "action": "declare"})
    assert shown["step_id"] == "fleet_preview"


async def test_an_unreachable_grdf_is_reported_before_anything_is_planned(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    sandbox.fail_next(None, Fault.status(503), times=50)

    shown = await preview(hass, entry, hass_client, table([row_of(sandbox, FORMER)]))
    assert shown["errors"] == {"base": "cannot_connect"}

    shown = await open_fleet(hass, entry)
    shown = await configure(hass, shown, {"next_step_id": "fleet_folder"})
    shown = await configure(hass, shown, {"folder": str(tmp_path)})
    assert shown["errors"] == {"base": "cannot_connect"}


async def test_zeros_that_excel_removed_are_put_back_only_when_confirmed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    (pce,) = build(sandbox, 1)
    content = table([row_of(sandbox, "x", 0, pce=int(pce))])

    shown = await preview(hass, entry, hass_client, content)
    assert (_placeholders(shown)["rows"], _placeholders(shown)["zeros"]) == ("0", "1")
    shown = await configure(hass, shown, {"restore_zeros": False})
    assert shown["errors"] == {"base": "fleet_nothing_to_do"}
    shown = await configure(hass, shown, {"restore_zeros": True})
    assert (_placeholders(shown)["rows"], _placeholders(shown)["zeros"]) == ("1", "0")
    assert not [right for right in sandbox.rights if right.pce == pce]

    await configure(hass, shown, CONSENTS)
    await _done(hass)
    assert _states(sandbox, pce) == ["A valider"]


async def test_rights_are_renewed_as_they_are_and_revoked_by_their_pce(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    before = sandbox.right(HOUSE)
    rows = [["Renouveler", HOUSE], ["Révoquer", FARM], ["Renew", "GI999999"]]
    rows += [["Revoke", FORMER], ["Renew", WAITING]]
    content = table(rows, header=["Action", "PCE"])

    shown = await preview(hass, entry, hass_client, content, name="a.xlsx")

    texts = _placeholders(shown)
    assert texts["works"] == "Renew · 1, Revoke · 2", "the farm uses gas and injects it"
    assert texts["bad_rows"].count("no such right") == 2
    assert texts["bad_rows"].count("waits for the customer") == 1
    await configure(hass, shown, CONSENTS)
    await _done(hass)

    renewal = max(
        (right for right in sandbox.rights if right.pce == HOUSE),
        key=lambda right: right.created,
    )
    assert (renewal.id != before.id, renewal.state) == (True, "A valider")
    assert renewal.mail == before.mail
    assert {right.state for right in sandbox.rights if right.pce == FARM} == {
        "Révoquée"
    }


async def test_a_role_selects_one_of_a_sites_rights(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    rows = [["Révoquer", FARM, "Autorisé (injection)"]]
    rows += [["Renouveler", HOUSE, "Autorisé (injection)"]]
    content = table(rows, header=["Action", "PCE", "Rôle"])

    shown = await preview(hass, entry, hass_client, content)

    assert _placeholders(shown)["works"] == "Revoke · 1"
    assert "no such right" in _placeholders(shown)["bad_rows"]


async def test_rights_that_there_are_become_meters(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    rows: list[list[Cell]] = [[WAITING, "Bâtiment A"], [HOUSE, None], [FORMER, None]]
    content = table(rows, header=["PCE", "Nom du compteur"])

    shown = await preview(hass, entry, hass_client, content, action="follow")
    assert _placeholders(shown)["works"] == "Follow as a meter · 1"
    assert _placeholders(shown)["calls"] == "0"
    assert "already" in _placeholders(shown)["bad_rows"]
    await configure(hass, shown, {})
    await _done(hass)

    titles = {each.unique_id: each.title for each in entry.subentries.values()}
    assert titles == {HOUSE: "Meter 0001", WAITING: "Bâtiment A"}


async def test_a_job_under_way_is_shown_and_can_be_cancelled(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / f"{HOUSE}.pdf").write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE])
    pces = build(sandbox, 30)
    rows = [row_of(sandbox, pce) for pce in pces]
    shown = await preview(hass, entry, hass_client, table(rows))
    twin = await preview(hass, entry, hass_client, table(rows))
    proofs = await open_fleet(hass, entry)
    proofs = await configure(hass, proofs, {"next_step_id": "fleet_folder"})
    proofs = await configure(hass, proofs, {"folder": str(tmp_path)})
    sandbox.fail_next(pces[3], Fault.status(429))
    await configure(hass, shown, CONSENTS)
    await _done(hass)
    for other, answer in ((twin, CONSENTS), (proofs, {})):
        assert (await configure(hass, other, answer))["reason"] == "fleet_busy"

    shown = await open_fleet(hass, entry)
    assert shown["step_id"] == "fleet_cancel"
    assert (_placeholders(shown)["done"], _placeholders(shown)["left"]) == ("3", "27")
    left = await configure(hass, shown, {"confirm": False})
    assert left["reason"] == "fleet_goes_on"
    file = f"grdf_adict.fleet.{entry.entry_id}"
    assert "example.com" in str(hass_storage[file])

    shown = await open_fleet(hass, entry)
    ended = await configure(hass, shown, {"confirm": True})
    await _done(hass)

    assert (ended["reason"], _placeholders(ended)["cancelled"]) == (
        "fleet_cancelled",
        "27",
    )
    assert "example.com" not in str(hass_storage[file])
    assert (await open_fleet(hass, entry))["step_id"] == "fleet"


async def test_a_full_disk_begins_nothing_and_cancels_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / f"{HOUSE}.pdf").write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE])
    pces = build(sandbox, 2)
    content = table([row_of(sandbox, pce) for pce in pces])
    shown = await preview(hass, entry, hass_client, content)
    proofs = await open_fleet(hass, entry)
    proofs = await configure(hass, proofs, {"next_step_id": "fleet_folder"})
    proofs = await configure(hass, proofs, {"folder": str(tmp_path)})

    async def full(*_: object) -> None:
        raise WriteError("no space left")

    with monkeypatch.context() as disk:
        disk.setattr(Store, "_async_write_data", full)
        for flow, form in ((shown, CONSENTS), (proofs, {})):
            refused = await configure(hass, flow, form)
            assert refused["errors"] == {"base": "fleet_not_written"}
        assert not [right for right in sandbox.rights if right.pce in pces]

    sandbox.fail_next(pces[0], Fault.status(429))
    await configure(hass, shown, CONSENTS)
    await _done(hass)
    job = await open_fleet(hass, entry)
    with monkeypatch.context() as disk:
        disk.setattr(Store, "_async_write_data", full)
        refused = await configure(hass, job, {"confirm": True})
    assert refused["errors"] == {"base": "fleet_not_written"}
    assert entry.runtime_data.jobs.job.left == 2


async def test_a_folder_answers_what_it_has_files_for(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    tmp_path: Path,
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    for name in (f"{HOUSE[1:]}.pdf", f"{FARM}.exe", "autre.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE, FARM])

    shown = await open_fleet(hass, entry)
    shown = await configure(hass, shown, {"next_step_id": "fleet_folder"})
    shown = await configure(hass, shown, {"folder": "/etc"})
    assert shown["errors"] == {"folder": "path_not_allowed"}
    shown = await configure(hass, shown, {"folder": str(tmp_path / "gone")})
    assert shown["errors"] == {"folder": "folder_unreadable"}
    shown = await configure(hass, shown, {"folder": str(tmp_path)})
    texts = _placeholders(shown)
    assert (texts["matched"], texts["zeros"], texts["refused"]) == (
        "0",
        "1",
        "1",
    )
    assert f"{FARM}.exe · GRDF takes" in texts["refused_files"]
    assert "autre.pdf" in texts["extra_files"]
    shown = await configure(hass, shown, {"restore_zeros": False})
    assert shown["errors"] == {"base": "fleet_nothing_to_do"}
    shown = await configure(hass, shown, {"restore_zeros": True})
    assert _placeholders(shown)["matched"] == "1"
    begun = await configure(hass, shown, {})
    await _done(hass)

    assert begun["reason"] == "fleet_started"
    assert sandbox.right(HOUSE).proof_state == "Preuve en cours de vérification"


async def test_the_menu_needs_the_contract_to_be_loaded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    result = await open_fleet(hass, entry)

    assert result["reason"] == "entry_not_loaded"


async def test_adding_a_meter_leads_to_the_contracts_menu(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (entry.entry_id, SUBENTRY_TYPE_METER), context={"source": SOURCE_USER}
    )
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "fleet"})

    assert result["reason"] == "fleet"


async def test_many_bad_rows_are_listed_up_to_a_limit(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    rows = [
        row_of(sandbox, f"0999999{number:07d}", 0, end=french(sandbox.today), start="x")
        for number in range(250)
    ]

    shown = await preview(hass, entry, hass_client, table(rows))

    assert _placeholders(shown)["bad"] == "250"
    assert _placeholders(shown)["bad_rows"].endswith("- … (+ 50)")


async def _follow_all(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    *rows: list[Cell],
) -> dict[str, Any]:
    content = table(rows, header=["PCE", "Résidence"])
    shown = await preview(hass, entry, hass_client, content, action="follow")
    return await configure(hass, shown, {})


async def test_the_preview_shows_each_columns_meaning_and_what_is_not_read(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    pces = build(sandbox, 3)
    rows = [
        (*row_of(sandbox, pce, at, holder_name="MME *EXEMPLE* | B"), "10234", "x", "y")
        for at, pce in enumerate(pces)
    ]
    header = [*HEADER[:1], "Locataire", *HEADER[2:], "N° client", "Mobile", "Note"]
    contacts = ("Contacts", [["Client", "Courriel"], ["A", "b"]])
    old = ("Anciens locataires", [header, *rows])
    content = with_hidden(
        workbook_of(("Parc", [header, *rows]), contacts, old),
        rows=[3],
        columns="IJ",
        sheets=["Anciens locataires"],
    )

    texts = _placeholders(await preview(hass, entry, hass_client, content))

    assert (texts["rows"], texts["mails"], texts["unasked"]) == ("2", "2", "0")
    assert "| N° PCE | Meter: its PCE |" in texts["columns"]
    assert (
        "| Locataire | Customer: the name that GRDF checks "
        r"| MME \*EXEMPLE\* \| B |" in texts["columns"]
    )
    assert (texts["unknown"], texts["hidden_rows"]) == ("N° client", "1")
    assert texts["hidden_columns"] == "Mobile, Note"
    assert texts["hidden_sheets"] == "Anciens locataires"
    assert texts["other_sheets"] == "Contacts"
    assert "EXEMPLE" not in caplog.text
    assert "titulaire-0@example.com" not in caplog.text


async def test_several_sheets_are_asked_about_before_anybody_is_written_to(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    now, before = build(sandbox, 2)
    content = workbook_of(
        ("2026", [HEADER, row_of(sandbox, now)]),
        ("2025", [HEADER, row_of(sandbox, before)]),
        ("Brouillon", [(*HEADER, "E-mail"), row_of(sandbox, before)]),
    )

    shown = await preview(hass, entry, hass_client, content)

    assert shown["step_id"] == "fleet_sheet"
    (choice,) = shown["data_schema"].schema.values()
    assert [(each["value"], each["label"]) for each in choice.config["options"]] == [
        ("2026", "2026 (1)"),
        ("2025", "2025 (1)"),
        ("Brouillon", "Brouillon (1)"),
        ("*", "All of them"),
    ]
    shown = await configure(hass, shown, {"sheet": "Brouillon"})
    assert shown["errors"] == {"sheet": "fleet_column_twice"}
    sandbox.fail_next(None, Fault.status(503), times=50)
    shown = await configure(hass, shown, {"sheet": "2026"})
    assert shown["errors"] == {"base": "cannot_connect"}
    sandbox.faults.clear()
    shown = await configure(hass, shown, {"sheet": "2026"})
    assert _placeholders(shown)["rows"] == "1"
    assert _placeholders(shown)["other_sheets"] == "2025, Brouillon"
    await configure(hass, shown, CONSENTS)
    await _done(hass)
    assert _states(sandbox, now) == ["A valider"]
    assert not [right for right in sandbox.rights if right.pce == before]


async def test_rows_that_ask_nobody_are_counted_and_need_their_own_box(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    pces = build(sandbox, 3)
    roles = ("Titulaire", "Je suis moi-même le titulaire", "Mon client m'autorise")
    rows = [
        (*row_of(sandbox, pce, at), role)
        for at, (pce, role) in enumerate(zip(pces, roles, strict=True))
    ]

    shown = await preview(
        hass, entry, hass_client, table(rows, header=[*HEADER, "Rôle"])
    )

    texts = _placeholders(shown)
    assert (texts["mails"], texts["unasked"]) == ("1", "1")
    assert texts["unasked_names"] == "MME EXEMPLE 1"
    assert 'Line 2 (…0000) · the role says "holder"' in texts["bad_rows"]
    refused = await configure(hass, shown, {**CONSENTS, "own_contracts": False})
    assert refused["errors"] == {"own_contracts": "fleet_own_contracts"}
    assert not [right for right in sandbox.rights if right.pce in pces]
    await configure(hass, refused, {**CONSENTS, "own_contracts": True})
    await _done(hass)
    assert _states(sandbox, *pces[1:]) == ["Active", "A valider"]


async def test_a_building_stays_with_the_meter(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await _follow_all(
        hass, entry, hass_client, [WAITING, "Les Tilleuls"], [FORMER, "B"]
    )
    await _done(hass)

    (meter,) = (each for each in entry.subentries.values() if each.unique_id == WAITING)
    assert meter.data["building"] == "Les Tilleuls"


async def test_the_end_of_a_job_counts_the_rows_left_out(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await _follow_all(hass, entry, hass_client, [WAITING, None], [FORMER, None])
    await _done(hass)

    (note,) = persistent_notification._async_get_or_create_notifications(  # noqa: SLF001
        hass
    ).values()
    assert "left out before: 1." in note["message"]


async def test_a_plan_that_grdf_has_overtaken_is_shown_again_before_it_begins(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    kept, revoked = HOUSE, FARM
    shown = await preview(
        hass, entry, hass_client, _only(kept, revoked), action="renew"
    )
    assert _placeholders(shown)["rows"] == "2"
    for right in sandbox.rights:
        if right.pce == revoked:
            right.state = "Révoquée"

    again = await configure(hass, shown, CONSENTS)

    assert again["errors"] == {"base": "fleet_plan_changed"}
    assert _placeholders(again)["rows"] == "1"
    assert "was revoked" in _placeholders(again)["bad_rows"]
    assert (await configure(hass, again, CONSENTS))["reason"] == "fleet_started"
    await _done(hass)
    assert {right.state for right in sandbox.rights if right.pce == revoked} == {
        "Révoquée"
    }


@pytest.mark.parametrize("fault", [Fault.cut(1), Fault.status(503)])
async def test_a_list_of_rights_that_is_cut_or_missing_begins_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    fault: Fault,
) -> None:
    (pce,) = build(sandbox, 1)
    content = table([row_of(sandbox, pce), row_of(sandbox, "x", 0, pce=int(pce))])
    shown = await preview(hass, entry, hass_client, content)

    for form in (CONSENTS, {**CONSENTS, "restore_zeros": True}):
        sandbox.fail_next(None, fault, times=50)
        failed = await configure(hass, shown, form)
        assert failed["errors"] == {"base": "cannot_connect"}
        assert _placeholders(failed)["code"]
        sandbox.faults.clear()

    assert not [right for right in sandbox.rights if right.pce == pce]


async def test_a_campaign_that_cannot_be_planned_again_is_told_on_its_form(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry, tmp_path: Path
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / f"{int(HOUSE)}.pdf").write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE])
    shown = await open_fleet(hass, entry)
    shown = await configure(hass, shown, {"next_step_id": "fleet_folder"})
    shown = await configure(hass, shown, {"folder": str(tmp_path)})
    sandbox.fail_next(None, Fault.status(503), times=50)

    failed = await configure(hass, shown, {"restore_zeros": True})

    assert failed["errors"] == {"base": "cannot_connect"}
    assert _placeholders(failed)["matched"] == "0"
    sandbox.faults.clear()
    hass.config.allowlist_external_dirs = set()
    barred = await configure(hass, failed, {"restore_zeros": True})
    assert barred["errors"] == {"base": "path_not_allowed"}
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    shown = await configure(hass, barred, {"restore_zeros": True})
    assert _placeholders(shown)["matched"] == "1"
