"""GRDF's answers recorded for whoever is to look into them: masked, and for a week."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
import json
from pathlib import Path
import re
from types import SimpleNamespace
from typing import Any, Final

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.contract import recording as recording_module
from custom_components.grdf_adict.storage import recording as recording_storage
from tests.sandbox import (
    BUSINESS,
    FLAT,
    HOUSE,
    PRODUCER,
    Fault,
    Replay,
    Sandbox,
    answers,
    serve,
)

from .actions import act, device_of
from .common import amounts, next_day, settle
from .conftest import AddEntry

type Form = dict[str, Any]

SENSOR: Final = "sensor.example_grdf_s_answers_recorded_until"
KEPT: Final = {"amounts": "keep", "days": 7}
END: Final = timedelta(days=7)

# A person, in each of the ways that a text can name one.
PERSON: Final = (
    "M. ZORGLUB Jean, Camille Exemple, camille.exemple@example.org, 06 12 34 56 78,"
    " 0612345678, https://evil.example/x, 12 rue des Lilas, 09999999912345"
)
NUMBER: Final = 33612345678
PERSONAL: Final = re.compile(
    "zorglub|jean|camille|exemple|612345678|12 34 56 78|evil|lilas|12345|5678",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _own_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)


@pytest.fixture(autouse=True)
def _one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudonyms are the same in each run."""
    fixed = SimpleNamespace(token_bytes=lambda size: b"k" * size)
    monkeypatch.setattr(recording_module, "secrets", fixed)


def _file(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    return Path(hass.config.cache_path(DOMAIN, f"{entry.entry_id}.txt"))


def _lines(hass: HomeAssistant, entry: MockConfigEntry) -> list[Form]:
    """Return the answers that were recorded, without the first line."""
    text = _file(hass, entry).read_text("utf-8")
    return [json.loads(line) for line in text.split("\n")[1:]]


async def _submit(hass: HomeAssistant, result: Form, form: Form) -> Form:
    flows = hass.config_entries.flow
    result = dict(await flows.async_configure(result["flow_id"], form))
    await hass.async_block_till_done()
    return result


async def _open(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    menu = await entry.start_reconfigure_flow(hass)
    return await _submit(hass, dict(menu), {"next_step_id": "recording"})


async def _record(
    hass: HomeAssistant, entry: MockConfigEntry, form: Form = KEPT
) -> None:
    result = await _submit(hass, await _open(hass, entry), form)
    assert result["reason"] == "recording_started"


async def _ask(entry: MockConfigEntry) -> None:
    """Let GRDF give an answer."""
    await entry.runtime_data.account.async_read_rights()


async def _time_passes(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, time: timedelta
) -> None:
    clock.tick(time)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_nothing_is_recorded_until_it_is_asked_for(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)

    assert not _file(hass, entry).exists()
    assert hass.states.get(SENSOR) is None


async def test_a_recording_is_begun_seen_and_ended_in_the_contracts_menu(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    form = await _open(hass, entry)
    assert form["step_id"] == "recording"

    begun = await _submit(hass, form, {"amounts": "scale", "days": 2})
    shown = await _open(hass, entry)
    await settle(hass, entry)
    await _ask(entry)

    assert begun["reason"] == "recording_started"
    assert begun["description_placeholders"]["until"] == "2026-11-22 21:30"
    assert shown["step_id"] == "recording_running"
    assert shown["description_placeholders"]["file"] == "—", "there is none yet"
    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.state == "2026-11-22T20:30:00+00:00"
    assert state.attributes["full"] is False
    assert {tuple(line["path"])[-1] for line in _lines(hass, entry)} == {
        "token",
        "droits_acces",
        "donnees_techniques",
        "donnees_contractuelles",
        "donnees_consos_informatives",
        "donnees_consos_publiees",
    }

    goes_on = await _submit(hass, shown, {"confirm": False})
    assert goes_on["reason"] == "recording_goes_on"
    ended = await _submit(hass, await _open(hass, entry), {"confirm": True})

    assert ended["reason"] == "recording_ended"
    assert not _file(hass, entry).exists()
    assert hass.states.get(SENSOR) is None
    await settle(hass, entry)
    assert not _file(hass, entry).exists()


async def test_a_form_that_outlives_the_recording_says_that_it_has_ended(
    hass: HomeAssistant, add_entry: AddEntry, clock: FrozenDateTimeFactory
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    form = await _open(hass, entry)
    await _time_passes(hass, clock, END)

    result = await _submit(hass, form, {"confirm": True})

    assert result["reason"] == "recording_ended"


async def test_an_entry_that_is_not_loaded_records_nothing(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE, set_up=False)

    assert (await _open(hass, entry))["reason"] == "entry_not_loaded"


async def _link(client: TestClient[Any, Any], entry: MockConfigEntry) -> str:
    """Return the link of the form, as the frontend gets it."""
    flows = "/api/config/config_entries/flow"
    asked = {"handler": DOMAIN, "entry_id": entry.entry_id}
    menu = await (await client.post(flows, json=asked)).json()
    chosen = {"next_step_id": "recording"}
    answer = await client.post(f"{flows}/{menu['flow_id']}", json=chosen)
    form = await answer.json()
    found = re.search('href="([^"]+)"', form["description_placeholders"]["file"])
    assert found
    return found[1]


async def test_the_file_is_for_administrators_and_as_long_as_the_recording(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    assert await async_setup_component(hass, "config", {})
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)
    client = await hass_client()
    anybody = await hass_client_no_auth()
    reader = await hass_client(hass_read_only_access_token)
    link = await _link(client, entry)
    address = link.partition("?")[0]

    got = await anybody.get(link)
    refused = [await anybody.get(address), await reader.get(address)]
    another = await client.get(f"{address}x")
    await _submit(hass, await _open(hass, entry), {"confirm": True})
    gone = await anybody.get(link)

    assert got.status == HTTPStatus.OK
    assert "grdf_adict_answers.txt" in got.headers["Content-Disposition"]
    assert "droits_acces" in await got.text()
    assert [each.status for each in refused] == [401, 401]
    assert [another.status, gone.status] == [404, 404]


def _walk(value: Any, replace: Callable[[str, Any], Any], key: str = "") -> Any:
    if isinstance(value, dict):
        inner = {name: _walk(each, replace, name) for name, each in value.items()}
        return {**inner, "champ_inconnu": replace("champ_inconnu", "")}
    if isinstance(value, list):
        return [_walk(each, replace, key) for each in value]
    return replace(key, value)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Callable[[re.Pattern[str]], None]:
    """Let GRDF name a person in each field but some, in place of what it holds."""
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def poison(kept: re.Pattern[str]) -> None:
        def replaced(key: str, value: Any) -> Any:
            if kept.fullmatch(key) or isinstance(value, bool):
                return value
            return NUMBER if isinstance(value, int | float) else PERSON

        monkeypatch.setattr(answers, "_line", lambda item: plain(_walk(item, replaced)))

    return poison


# Without these nothing is asked for at all.
_ASKED_BY: Final = "access_token|token_type|expires_in"
_NEEDED: Final = f"{_ASKED_BY}|id_pce|perim_.*|etat_droit_acces|role_tiers|date_.*"


async def test_whatever_field_names_a_person_the_file_does_not(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    poisoned: Callable[[re.Pattern[str]], None],
) -> None:
    entry = await add_entry(HOUSE, BUSINESS, PRODUCER)
    await _record(hass, entry)
    # What is not JSON, is broken or is a refusal names people too.
    page = Fault.status(502, f"<html><title>{PERSON}</title><p>{PERSON}</p></html>")
    sandbox.fail_next("donnees_techniques", page, times=1)
    body = json.dumps({"code": PERSON, "message": PERSON, PERSON: PERSON})
    sandbox.fail_next("donnees_contractuelles", Fault.status(403, body), times=1)
    sandbox.fail_next("publiees", Fault(cuts_after=1), times=1)
    sandbox.fail_next("informatives", Fault(malforms=1), times=1)
    sandbox.fail_next("droits_acces", Fault.status(400, PERSON), times=1)

    poisoned(re.compile(_NEEDED))
    await settle(hass, entry)
    device = device_of(hass, entry, HOUSE)
    for action in ("get_technical_data", "get_contract_data"):
        await act(hass, action, device_id=device)
    await next_day(hass, clock, entry)
    poisoned(re.compile(_ASKED_BY))
    await next_day(hass, clock, entry)

    recorded = _file(hass, entry).read_text("utf-8")
    lines = _lines(hass, entry)
    assert len(lines) > 15
    assert {line["status"] for line in lines} >= {200, 400, 403, 502}
    assert any(line["is_cut"] for line in lines)
    assert any("donnees_injection_publiees" in line["path"] for line in lines)
    assert "champ_inconnu" in recorded, "that there is such a field is kept"
    assert "code_calibre" in recorded
    assert PERSONAL.findall(recorded) == []
    names = {right.holder_name for right in sandbox.rights} - {None, ""}
    known = {*sandbox.meters, *names, "demo-secret", "Bearer", sandbox.client_secret}
    assert [each for each in known if each and each in recorded] == []


async def test_who_is_declared_is_not_in_the_file(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    sandbox.rights[:] = [right for right in sandbox.rights if right.pce != FLAT]

    declared = await act(
        hass,
        "declare_access_right",
        pce=FLAT,
        role="supply_authorised",
        holder_name="Camille Exemple",
        postcode=sandbox.meters[FLAT].site.postcode,
        mail="camille.exemple@example.org",
        mobile="0612345678",
        start="2026-11-20",
        end="2027-11-20",
        data_from="2026-01-01",
    )

    recorded = _file(hass, entry).read_text("utf-8")
    assert declared
    assert "droit_acces" in recorded
    assert PERSONAL.findall(recorded) == []
    assert FLAT not in recorded


async def test_the_file_is_bounded_and_keeps_the_first_answers(
    hass: HomeAssistant,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording_module, "_MOST", 30_000)
    entry = await add_entry()
    await _record(hass, entry)

    await _ask(entry)
    await _ask(entry)
    first = _file(hass, entry).read_bytes()
    await _ask(entry)

    assert 0 < len(first) <= 30_000
    assert _file(hass, entry).read_bytes() == first
    assert "droits_acces" in _lines(hass, entry)[1]["path"]
    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.attributes["full"] is True
    form = await _open(hass, entry)
    assert "20 MB" in form["description_placeholders"]["state"]
    # A restart does not begin again.
    await hass.config_entries.async_reload(entry.entry_id)
    await _ask(entry)
    assert _file(hass, entry).read_bytes() == first


def test_the_bound_is_20_mb() -> None:
    assert recording_module._MOST == 20_000_000  # noqa: SLF001
    assert recording_module.LONGEST == END


async def test_a_recording_ends_by_itself_and_is_erased(
    hass: HomeAssistant,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)
    await _time_passes(hass, clock, END - timedelta(minutes=1))
    assert _file(hass, entry).exists()

    await _time_passes(hass, clock, timedelta(minutes=1))

    assert not _file(hass, entry).exists()
    assert f"{DOMAIN}.recording.{entry.entry_id}" not in hass_storage
    assert hass.states.get(SENSOR) is None
    await _ask(entry)
    assert not _file(hass, entry).exists()


async def test_a_restart_goes_on_with_the_same_pseudonyms(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)
    before = _lines(hass, entry)

    await hass.config_entries.async_unload(entry.entry_id)
    with _file(hass, entry).open("a") as file:
        file.write('\n{"at": "a line that a crash t')
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await _ask(entry)

    recorded = [
        json.loads(line)
        for line in _file(hass, entry).read_text("utf-8").split("\n")[1:]
        if line.endswith("}")
    ]
    rights = [line for line in recorded if line["path"] == ["droits_acces"]]
    assert recorded[: len(before)] == before
    assert len(recorded) > len(before)
    assert rights[0]["body"] == rights[-1]["body"]
    # Where two would get the same one, the first to come has it: that is kept.
    kept = hass_storage[f"{DOMAIN}.recording.{entry.entry_id}"]["data"]["pces"]
    assert kept.keys() == {right.pce for right in sandbox.rights}
    assert Replay(_file(hass, entry)).next("GET", "droits_acces")


async def test_a_recording_whose_time_came_while_home_assistant_was_off_is_erased(
    hass: HomeAssistant,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    clock.tick(END)

    await hass.config_entries.async_setup(entry.entry_id)
    await _ask(entry)

    assert not _file(hass, entry).exists()
    assert f"{DOMAIN}.recording.{entry.entry_id}" not in hass_storage
    assert hass.states.get(SENSOR) is None


async def test_an_answer_that_comes_after_the_end_is_not_recorded(
    hass: HomeAssistant,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def end_first(item: Form) -> str:
        hass.async_create_task(entry.runtime_data.recording.async_end())
        return plain(item)

    monkeypatch.setattr(answers, "_line", end_first)

    await _ask(entry)
    await hass.async_block_till_done()

    assert not _file(hass, entry).exists()
    assert "cannot go on" not in caplog.text


async def test_a_clock_that_was_ahead_prolongs_no_recording(
    hass: HomeAssistant, add_entry: AddEntry, clock: FrozenDateTimeFactory
) -> None:
    entry = await add_entry()
    now = dt_util.utcnow()
    clock.tick(timedelta(days=400))
    await _record(hass, entry)
    clock.move_to(now)

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()

    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.state == (now + END).isoformat()


async def test_a_recording_is_erased_with_its_entry(
    hass: HomeAssistant, add_entry: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)

    await hass.config_entries.async_remove(entry.entry_id)

    assert not _file(hass, entry).exists()
    assert f"{DOMAIN}.recording.{entry.entry_id}" not in hass_storage


async def test_a_disk_that_is_full_ends_the_recording_and_no_call(
    hass: HomeAssistant,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    entry = await add_entry()
    await _record(hass, entry)
    monkeypatch.setattr(recording_storage, "_append", full)

    await _ask(entry)

    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.attributes["full"] is True
    assert caplog.text.count("The recording cannot go on: OSError") == 1


async def test_a_recording_that_cannot_be_written_does_not_begin(
    hass: HomeAssistant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await add_entry()
    store = "homeassistant.helpers.storage.Store._async_write_data"

    async def full(*_: object) -> None:
        raise WriteError("no space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(store, full)
        result = await _submit(hass, await _open(hass, entry), KEPT)

    assert result["errors"] == {"base": "recording_not_written"}
    assert hass.states.get(SENSOR) is None


async def test_what_is_recorded_can_be_read_by_home_assistants_user_alone(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await _record(hass, entry)
    await _ask(entry)

    file = _file(hass, entry)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def _replayed(
    hass: HomeAssistant, contract: Form, recorded: Path
) -> tuple[Replay, str]:
    """Import the meter of a recording from its replay; return its PCE too."""
    sandbox = Sandbox()
    sandbox.replay = replay = Replay(recorded)
    (pce,) = replay.pces
    async with serve(sandbox) as served:
        addresses = {"api_url": served.api_url, "token_url": served.token_url}
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Replay",
            unique_id="replay",
            data={**contract, "addresses": addresses},
            subentries_data=[
                {
                    "subentry_type": "meter",
                    "title": "Replayed",
                    "unique_id": pce,
                    "data": {"pce": pce},
                }
            ],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await settle(hass, entry)
        await hass.config_entries.async_unload(entry.entry_id)
    return replay, pce


async def test_a_replay_gives_the_rows_of_the_meter_that_was_recorded(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    contract: Form,
) -> None:
    # A stream that is pretty-printed and breaks off is replayed as it came.
    sandbox.switches.pretty = True
    sandbox.fail_next("publiees", Fault(cuts_after=1))
    entry = await add_entry(HOUSE)
    await _record(hass, entry)
    await settle(hass, entry)
    await settle(hass, entry)

    _, pce = await _replayed(hass, contract, _file(hass, entry))

    assert pce != HOUSE
    for series in ("energy", "volume"):
        rows = await amounts(hass, HOUSE, series)
        assert len(rows) > 90
        assert await amounts(hass, pce, series) == rows


async def test_scaled_amounts_keep_their_proportions(
    hass: HomeAssistant, add_entry: AddEntry, contract: Form
) -> None:
    entry = await add_entry(HOUSE)
    await _record(hass, entry, {"amounts": "scale", "days": 7})
    await settle(hass, entry)

    _, pce = await _replayed(hass, contract, _file(hass, entry))

    rows = await amounts(hass, HOUSE, "energy")
    scaled = await amounts(hass, pce, "energy")
    assert scaled.keys() == rows.keys()
    assert scaled != rows
    total, total_scaled = (
        sum(amount or 0 for amount in each.values()) for each in (rows, scaled)
    )
    factor = total_scaled / total
    assert 0.5 <= factor <= 1.5
    for day, amount in rows.items():
        # Scaled amounts are whole as GRDF's are, and a day that has none gets what the
        # others leave.
        assert scaled[day] == pytest.approx((amount or 0) * factor, abs=2)
