"""Free text of GRDF's, of files and of people: nothing of it acts, nobody is named."""

from collections.abc import Iterator
import csv
from datetime import timedelta
import json
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from openpyxl import load_workbook
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.diagnostics import async_get_config_entry_diagnostics
from tests.exports import build_daily, invented_days, workbook_of
from tests.sandbox import FLAT, HOUSE, PRODUCER, Fault, Sandbox, Served

from .actions import act
from .common import next_day, settle
from .conftest import AddEntry
from .connect_flow import (
    come_back,
    contract_of_sacha,
    decide,
    send_away,
)
from .file_flow import begin, send_files
from .fleet import HEADER, build, configure, open_fleet, preview, row_of, table
from .markers import HOSTILE, NAME, Places, as_json, live, poison
from .price_flow import choose, reconfigure, submit
from .repair import repair, shown, start_fix
from .right_flow import forget_rights, review, upload

type Form = dict[str, Any]

# A name of a file cannot hold a slash.
FILE_NAME: Final = "[a](javascript:alert(1)) ![x](x) <img src=x> _b_ `c`"
REASON: Final = (
    "M. DUPONT Jean [cliquez](https://evil.example) ![x](https://evil.example/p.png)"
)
FORMULA: Final = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def _all_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable what people must enable themselves, such as a meter's number."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture
def places(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> Places:
    """Where people read, watched from the start."""
    return Places(hass, caplog)


async def _said(
    hass: HomeAssistant, places: Places, entry: MockConfigEntry
) -> dict[str, str]:
    dump = await async_get_config_entry_diagnostics(hass, entry)
    notes = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001
    return {
        **places.texts(),
        "dump": as_json(dump),
        "notes": as_json([*notes.values()]),
    }


async def _fix(hass: HomeAssistant, text: str) -> str:
    """Open the fix of a repair; return what it shows."""
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    issue = repair(hass, text)
    if not issue.is_fixable:
        return ""
    step = await manager.async_init(DOMAIN, data={"issue_id": issue.issue_id})
    return str(step)


def _shown_by(result: Form) -> str:
    """Return all texts that a step of a flow fills in, but for our own links."""
    filled = {
        name: text
        for name, text in (result.get("description_placeholders") or {}).items()
        if not name.startswith("template_")
    }
    return json.dumps([filled, result.get("title")], default=str)


def _assert_harmless(said: dict[str, str], *, names: bool = False) -> None:
    for place, text in said.items():
        assert live(text) == [], place
        assert names or NAME not in text, place
        assert names or "Jean" not in text, place


@pytest.mark.usefixtures("_all_entities")
@pytest.mark.parametrize(
    ("state", "repairs"),
    [
        ("Active", set()),
        ("A valider", {"right_refused"}),
        ("Révoquée", {"right_revoked"}),
        ("Révoqué", {"right_revoked"}),
        ("A revérifier", {"proof_refused"}),
        ("Obsolète", {"right_obsolete"}),
        ("Refusée", {"right_refused"}),
        ("Refusé", {"right_refused"}),
        (HOSTILE, None),
    ],
    ids=lambda value: str(value)[:12],
)
async def test_grdfs_words_on_a_right_act_nowhere_and_name_nobody(
    hass: HomeAssistant,
    sandbox: Sandbox,
    places: Places,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    repairs: set[str] | None,
) -> None:
    keys = poison(monkeypatch)
    entry = await import_meters(HOUSE, PRODUCER)
    sandbox.right(HOUSE).state = state
    await next_day(hass, clock, entry)

    assert {
        "source_revocation",
        "nom_titulaire",
        "commune",
        "profil_type_futur",
    } <= keys
    said = await _said(hass, places, entry)
    if repairs is not None:
        assert shown(hass) == repairs
    for issue in shown(hass):
        said[issue] = await _fix(hass, issue)
    _assert_harmless(said)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("TITULAIRE", "TITULAIRE"),
        ("Le client n'est plus titulaire", "Le client n'est plus titulaire"),
        ("Révoqué par M. DUPONT Jean", "Révoqué par M. …"),
        ("à la demande de MME EXEMPLE CAMILLE", "à la demande de MME …"),
        ("à la demande de Camille Exemple", "à la demande de …"),
        ("DUPONT Jean l'a demandé", "… l'a demandé"),
        ("12 rue des Lilas, au 06 12 34 56 78", "…, au …5678"),
        ("Motif [cliquez](https://evil.example)", "-"),
        (REASON, "-"),
        ("Motif <b>x</b>", "-"),
        ("=1+1", "-"),
    ],
)
async def test_a_reason_is_shown_without_names_or_left_out(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    source: str,
    expected: str,
) -> None:
    right = sandbox.right(HOUSE)
    right.holder_name = "EXEMPLE CAMILLE"
    entry = await import_meters(HOUSE)
    right.state, right.revocation_source = "Révoqué", source

    await next_day(hass, clock, entry)

    (issue,) = _issues(hass)
    assert issue.translation_placeholders["message"] == expected


@pytest.mark.parametrize("code", ["1000009", "1999999", FORMULA])
@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 500])
async def test_a_refusals_code_and_message_act_nowhere_and_name_nobody(
    hass: HomeAssistant,
    sandbox: Sandbox,
    places: Places,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    code: str,
    status: int,
) -> None:
    entry = await import_meters(HOUSE)
    body = {
        "code": code,
        "message": HOSTILE,
        "statut_restitution": {"code": code, "message": HOSTILE},
    }
    fault = Fault.status(status, json.dumps(body))
    sandbox.fail_next("informatives", fault, times=20)
    sandbox.fail_next("publiees", fault, times=20)
    await next_day(hass, clock, entry)
    sandbox.fail_next("droits_acces", fault, times=20)
    await next_day(hass, clock, entry)

    said = await _said(hass, places, entry)
    for issue in shown(hass):
        said[issue] = await _fix(hass, issue)

    _assert_harmless(said)
    assert "HYPERLINK" not in "".join(said.values())


async def test_titles_that_people_gave_are_shown_as_they_are_written(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_entry(entry, title=HOSTILE)
    hass.config_entries.async_update_subentry(entry, subentry, title=HOSTILE)
    await settle(hass, entry)
    sandbox.right(HOUSE).state = "Révoquée"
    await next_day(hass, clock, entry)

    (issue,) = _issues(hass)
    fix = await _fix(hass, "right_revoked")
    menu = await reconfigure(hass, entry, subentry.subentry_id)
    erase = await choose(hass, menu, "erase")

    texts = issue.translation_placeholders
    assert NAME in texts["meter"]
    assert NAME in texts["account"]
    said = {"repair": str(texts), "fix": fix, "erase": _shown_by(erase)}
    _assert_harmless(said, names=True)


async def test_what_a_contracts_form_shows_of_grdf_acts_nowhere(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: Form,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison(monkeypatch)
    sandbox.right(FLAT).state = HOSTILE
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "contract"})
    body = json.dumps({"code": FORMULA, "message": HOSTILE})
    sandbox.fail_next("droits_acces", Fault.status(400, body))
    refused = dict(await flows.async_configure(form["flow_id"], contract))
    assert refused["errors"] == {"base": "bad_request"}
    assert NAME not in _shown_by(refused)
    meters: Form = dict(await flows.async_configure(form["flow_id"], contract))
    assert meters["step_id"] == "meters"
    schema = str([vars(field) for field in meters["data_schema"].schema.values()])

    ended = dict(await flows.async_configure(meters["flow_id"], {"meters": [HOSTILE]}))
    added: Form = dict(
        await flows.async_configure(meters["flow_id"], {"meters": [HOUSE]})
    )

    assert added["title"] == "demo (sandbox)"
    assert [each["title"] for each in added["subentries"]] == ["Meter …0001"]
    said = {
        "refused": _shown_by(refused),
        "ended": _shown_by(ended),
        "schema": schema,
    }
    assert ended["errors"]
    _assert_harmless(said, names=True)


async def test_what_grdf_says_on_a_declaration_or_a_revocation_acts_nowhere(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
) -> None:
    entry = await add_entry(HOUSE)
    forget_rights(sandbox, FLAT)
    body = json.dumps(
        {"code_statut_traitement": FORMULA, "message_retour_traitement": HOSTILE}
    )
    result = await review(hass, entry, sandbox.today)
    sandbox.fail_next("droit_acces", Fault.status(400, body))
    declared = await submit(hass, result, {"change": False})
    revoke = await choose(hass, await reconfigure(hass, entry), "revoke")
    sandbox.fail_next("droit_acces", Fault.status(409, body))
    revoked = await submit(hass, revoke, {"confirm": True})

    for shown_step in (declared, revoked):
        assert shown_step["errors"], shown_step
        assert shown_step["description_placeholders"]["code"] in {"?", "400", "409"}
    _assert_harmless({"a": _shown_by(declared), "b": _shown_by(revoked)})


async def test_what_grdf_says_on_proofs_and_the_names_of_their_files_act_nowhere(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
) -> None:
    hass.config.config_dir = str(tmp_path)
    sandbox.start_campaign([HOUSE])
    await import_meters(HOUSE)
    fix = await start_fix(hass, hass_client, "proof_awaited")
    good = await upload(hass_client, f"{FILE_NAME}.pdf", b"%PDF-1.7 exemple")
    body = json.dumps(
        {"code_statut_traitement": FORMULA, "message_retour_traitement": HOSTILE}
    )
    sandbox.fail_next("preuves", Fault.status(400, body))

    answer = await fix.submit(proof_1=good)

    assert answer["errors"] == {"base": "bad_request"}
    assert "javascript" in answer["description_placeholders"]["ready"]
    _assert_harmless({"answer": _shown_by(answer)})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("access_denied", "(access_denied)"),
        ("![x](https://evil.example/p.png) [sign in](https://evil.example)", "(—)"),
        ("a" * 41, "(—)"),
        ("Access_Denied\n", "(—)"),
        ("", "(—)"),
    ],
)
async def test_client_connect_passes_on_nothing_but_a_code(
    hass: HomeAssistant,
    sandbox: Sandbox,
    contract: Form,
    served: Served,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    error: str,
    expected: str,
) -> None:
    entry = await contract_of_sacha(hass, sandbox, contract, served, add_entry)
    hass.config_entries.async_update_entry(entry, title=HOSTILE)
    result = await send_away(hass, entry)
    location = await decide(result["url"], FLAT, decision="no")
    hass.config_entries.flow.async_abort(result["flow_id"])

    await come_back(hass_client, location.update_query(error=error))

    notes = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001
    (note,) = notes.values()
    assert expected in note["message"]
    assert live(f"{note['message']} {note['title']}") == []


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that actions may read, and reports go to."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path


@pytest.mark.usefixtures("hass_storage")
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_fleets_report_has_no_formula_and_names_nobody(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    media: Path,
    language: str,
) -> None:
    hass.config.language = language
    entry = await add_entry(HOUSE)
    hass.config_entries.async_update_entry(entry, title=HOSTILE)
    pces = build(sandbox, 6)
    messages = [
        HOSTILE,
        f"\t{FORMULA}",
        f"\r\n{FORMULA}",
        f"\uff1d{FORMULA[1:]}",
        f"refus ;{FORMULA}",
        f"EXEMPLE 5 habite au 3 rue des Lilas; @SUM(1) ,{FORMULA}",
    ]
    for pce, message in zip(pces, messages, strict=True):
        body = {
            "code_statut_traitement": message,
            "message_retour_traitement": message,
        }
        sandbox.fail_next(f"{pce}/droit_acces", Fault.status(400, json.dumps(body)))
    rows = [row_of(sandbox, pce, at) for at, pce in enumerate(pces)]
    (media / "a.xlsx").write_bytes(table(rows))

    await act(hass, "declare_fleet", path=str(media / "a.xlsx"), start=True)
    await hass.async_block_till_done(wait_background_tasks=True)

    (report,) = (media / "media" / "grdf_adict" / "fleet").iterdir()
    text = report.read_text("utf-8-sig")
    assert text.count("\n") == len(pces) + 1
    for name in (NAME, "Jean", "EXEMPLE", "Lilas"):
        assert name not in text
    # However a program separates the cells.
    for delimiter in ",;\t|":
        assert [
            cell
            for row in csv.reader(text.splitlines(), delimiter=delimiter)
            for cell in row
            if cell.strip().startswith(("=", "+", "@", "\uff1d"))
        ] == []
    notes = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001
    (note,) = notes.values()
    assert live(note["message"]) == []


async def test_a_fleets_forms_show_columns_and_names_of_files_as_they_are_written(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    media: Path,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await add_entry(HOUSE)
    (pce,) = build(sandbox, 1)
    header = (*HEADER, FILE_NAME)
    content = workbook_of(("<img src=x> _b_", [header, _row(sandbox, pce)]))
    table_preview = await preview(hass, entry, hass_client, content, name="a.xlsx")
    twice = (*HEADER, "N° PCE")
    refused = await preview(
        hass, entry, hass_client, table([_row(sandbox, pce)], twice)
    )
    sandbox.start_campaign([HOUSE])
    (media / "proofs").mkdir()
    (media / "proofs" / f"{FILE_NAME}.pdf").write_bytes(b"%PDF-1.4 ")
    (media / "proofs" / f"{HOUSE} {FILE_NAME}.exe").write_bytes(b"MZ")
    folder = await configure(
        hass, await open_fleet(hass, entry), {"next_step_id": "fleet_folder"}
    )
    answers = await configure(hass, folder, {"folder": str(media / "proofs")})

    assert "javascript" in table_preview["description_placeholders"]["unknown"]
    assert refused["errors"] == {"file": "fleet_column_twice"}
    assert "javascript" in str(answers["description_placeholders"])
    for result in (table_preview, refused, answers):
        assert live(_shown_by(result)) == []


async def test_names_of_exported_files_are_shown_as_they_are_written(
    hass: HomeAssistant,
    sandbox: Sandbox,
    hass_client: ClientSessionGenerator,
) -> None:
    last = sandbox.today - timedelta(days=101)
    days = invented_days(last - timedelta(days=9), last)
    content = build_daily(days, pce=None, exported_on=sandbox.today)

    asked = await send_files(
        hass, hass_client, await begin(hass), (f"{FILE_NAME}.xlsx", content)
    )
    assert asked["step_id"] == "file_pce"
    again = dict(
        await hass.config_entries.flow.async_configure(
            asked["flow_id"], {"pce": HOSTILE}
        )
    )
    seen = dict(
        await hass.config_entries.flow.async_configure(asked["flow_id"], {"pce": HOUSE})
    )

    assert again["errors"] == {"pce": "invalid_pce"}
    assert seen["step_id"] == "file_preview"
    for result in (asked, again, seen):
        assert live(_shown_by(result)) == []


async def test_the_watched_folder_shows_names_of_files_as_they_are_written(
    hass: HomeAssistant,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    tmp_path: Path,
    places: Places,
) -> None:
    folder = tmp_path / "config" / "media" / "[a](b) <img src=x>"
    folder.mkdir(parents=True)
    hass.config.config_dir = str(tmp_path / "config")
    hass.config.media_dirs = {"local": str(folder.parent)}
    hass.config.allowlist_external_dirs = {str(folder.parent)}
    entry = await import_meters(HOUSE)
    step = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        step["flow_id"], {"watch": True, "folder": str(folder)}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    (folder / f"{FILE_NAME}.xlsx").write_bytes(b"nothing")

    for _ in range(2):
        clock.tick(timedelta(minutes=1))
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)

    assert shown(hass) == {"files_failed"}
    (issue,) = _issues(hass)
    assert "javascript" in issue.translation_placeholders["files"]
    _assert_harmless(await _said(hass, places, entry))


@pytest.mark.parametrize("title", [FORMULA, f"\t{FORMULA}", "\uff0b1", "a ;-1+1"])
async def test_an_export_has_no_formula(
    hass: HomeAssistant, import_meters: AddEntry, media: Path, title: str
) -> None:
    entry = await import_meters(HOUSE)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, subentry, title=title)
    await settle(hass, entry)

    for kind in ("csv", "xlsx"):
        await act(hass, "export", path=str(media / f"gas.{kind}"), by="month")

    with (media / "gas.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert "'" in rows[1][1]
    assert not rows[1][1].startswith(tuple("=+-@\uff0b"))
    sheet: Any = load_workbook(media / "gas.xlsx").active
    assert {cell.data_type for cell in sheet["B"]} == {"s"}


def _row(sandbox: Sandbox, pce: str) -> tuple[Any, ...]:
    return (*row_of(sandbox, pce), "x")


def _issues(hass: HomeAssistant) -> Iterator[Any]:
    from homeassistant.helpers import issue_registry as ir  # noqa: PLC0415

    return (
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    )
