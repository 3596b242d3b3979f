"""A recording of GRDF's answers: begun, seen, bounded, ended, erased."""

from datetime import timedelta
from http import HTTPStatus
import json
from pathlib import Path
import re
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
from tests.sandbox import HOUSE, Replay, Sandbox, answers

from .common import settle
from .conftest import AddEntry
from .recording_flow import (
    KEPT,
    SENSOR,
    ask,
    file_of,
    lines_of,
    open_form,
    record,
    submit,
)

type Form = dict[str, Any]

END: Final = timedelta(days=7)


@pytest.fixture(autouse=True)
def _own_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    hass.config.config_dir = str(tmp_path)


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

    assert not file_of(hass, entry).exists()
    assert hass.states.get(SENSOR) is None


async def test_a_recording_is_begun_seen_and_ended_in_the_contracts_menu(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    form = await open_form(hass, entry)
    assert form["step_id"] == "recording"

    begun = await submit(hass, form, {"amounts": "scale", "days": 2})
    shown = await open_form(hass, entry)
    await settle(hass, entry)
    await ask(entry)

    assert begun["reason"] == "recording_started"
    assert begun["description_placeholders"]["until"] == "2026-11-22 21:30"
    assert shown["step_id"] == "recording_running"
    assert shown["description_placeholders"]["file"] == "—", "there is none yet"
    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.state == "2026-11-22T20:30:00+00:00"
    assert state.attributes["full"] is False
    assert {tuple(line["path"])[-1] for line in lines_of(hass, entry)} == {
        "token",
        "droits_acces",
        "donnees_techniques",
        "donnees_contractuelles",
        "donnees_consos_informatives",
        "donnees_consos_publiees",
    }

    goes_on = await submit(hass, shown, {"confirm": False})
    assert goes_on["reason"] == "recording_goes_on"
    ended = await submit(hass, await open_form(hass, entry), {"confirm": True})

    assert ended["reason"] == "recording_ended"
    assert not file_of(hass, entry).exists()
    assert hass.states.get(SENSOR) is None
    await settle(hass, entry)
    assert not file_of(hass, entry).exists()


async def test_a_form_that_outlives_the_recording_says_that_it_has_ended(
    hass: HomeAssistant, add_entry: AddEntry, clock: FrozenDateTimeFactory
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    form = await open_form(hass, entry)
    await _time_passes(hass, clock, END)

    result = await submit(hass, form, {"confirm": True})

    assert result["reason"] == "recording_ended"


async def test_two_windows_begin_one_recording(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    forms = [await open_form(hass, entry) for _ in range(2)]
    await submit(hass, forms[0], KEPT)
    await ask(entry)
    recorded = file_of(hass, entry).read_bytes()

    second = await submit(hass, forms[1], KEPT)

    assert second["step_id"] == "recording_running"
    assert file_of(hass, entry).read_bytes() == recorded


async def test_an_entry_that_is_not_loaded_neither_begins_nor_ends_a_recording(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    await ask(entry)
    form = await open_form(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)

    for result in (
        await submit(hass, form, {"confirm": True}),
        await open_form(hass, entry),
    ):
        assert result["reason"] == "entry_not_loaded"
    assert file_of(hass, entry).exists()


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
    await record(hass, entry)
    await ask(entry)
    client = await hass_client()
    anybody = await hass_client_no_auth()
    reader = await hass_client(hass_read_only_access_token)
    link = await _link(client, entry)
    address = link.partition("?")[0]

    got = await anybody.get(link)
    refused = [await anybody.get(address), await reader.get(address)]
    another = await client.get(f"{address}x")
    await submit(hass, await open_form(hass, entry), {"confirm": True})
    gone = await anybody.get(link)

    assert got.status == HTTPStatus.OK
    assert "grdf_adict_answers.txt" in got.headers["Content-Disposition"]
    assert "droits_acces" in await got.text()
    assert [each.status for each in refused] == [401, 401]
    assert [another.status, gone.status] == [404, 404]


async def test_the_file_is_bounded_and_keeps_the_first_answers(
    hass: HomeAssistant,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recording_module._MOST == 20_000_000  # noqa: SLF001 - too long to fill
    monkeypatch.setattr(recording_module, "_MOST", 30_000)
    entry = await add_entry()
    await record(hass, entry)

    await ask(entry)
    await ask(entry)
    first = file_of(hass, entry).read_bytes()
    await ask(entry)

    assert 0 < len(first) <= 30_000
    assert file_of(hass, entry).read_bytes() == first
    assert "droits_acces" in lines_of(hass, entry)[1]["path"]
    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.attributes["full"] is True
    form = await open_form(hass, entry)
    assert "20 MB" in form["description_placeholders"]["state"]
    # A restart does not begin again.
    await hass.config_entries.async_reload(entry.entry_id)
    await ask(entry)
    assert file_of(hass, entry).read_bytes() == first


async def test_a_recording_ends_by_itself_and_is_erased(
    hass: HomeAssistant,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    await ask(entry)
    await _time_passes(hass, clock, END - timedelta(minutes=1))
    assert file_of(hass, entry).exists()

    await _time_passes(hass, clock, timedelta(minutes=1))

    assert not file_of(hass, entry).exists()
    assert f"{DOMAIN}.recording.{entry.entry_id}" not in hass_storage
    assert hass.states.get(SENSOR) is None
    await ask(entry)
    assert not file_of(hass, entry).exists()


async def test_a_restart_goes_on_with_the_same_pseudonyms(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    await ask(entry)
    before = lines_of(hass, entry)

    await hass.config_entries.async_unload(entry.entry_id)
    with file_of(hass, entry).open("a") as file:
        file.write('\n{"at": "a line that a crash t')
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await ask(entry)

    recorded = [
        json.loads(line)
        for line in file_of(hass, entry).read_text("utf-8").split("\n")[1:]
        if line.endswith("}")
    ]
    rights = [line for line in recorded if line["path"] == ["droits_acces"]]
    assert recorded[: len(before)] == before
    assert len(recorded) > len(before)
    assert rights[0]["body"] == rights[-1]["body"]
    # Where two would get the same one, the first to come has it: that is kept.
    kept = hass_storage[f"{DOMAIN}.recording.{entry.entry_id}"]["data"]["pces"]
    assert kept.keys() == {right.pce for right in sandbox.rights}
    assert Replay(file_of(hass, entry)).next("GET", "droits_acces")


async def test_a_recording_whose_time_came_while_home_assistant_was_off_is_erased(
    hass: HomeAssistant,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    await ask(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    clock.tick(END)

    await hass.config_entries.async_setup(entry.entry_id)
    await ask(entry)

    assert not file_of(hass, entry).exists()
    assert f"{DOMAIN}.recording.{entry.entry_id}" not in hass_storage
    assert hass.states.get(SENSOR) is None


async def test_an_answer_that_comes_after_the_end_is_not_recorded(
    hass: HomeAssistant,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    plain = answers._line  # noqa: SLF001 - the one door that all JSON leaves by

    def end_first(item: Form) -> str:
        hass.async_create_task(entry.runtime_data.recording.async_end())
        return plain(item)

    monkeypatch.setattr(answers, "_line", end_first)

    await ask(entry)
    await hass.async_block_till_done()

    assert not file_of(hass, entry).exists()
    assert "cannot go on" not in caplog.text


async def test_a_clock_that_was_ahead_prolongs_no_recording(
    hass: HomeAssistant, add_entry: AddEntry, clock: FrozenDateTimeFactory
) -> None:
    entry = await add_entry()
    now = dt_util.utcnow()
    clock.tick(timedelta(days=400))
    await record(hass, entry)
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
    await record(hass, entry)
    await ask(entry)

    await hass.config_entries.async_remove(entry.entry_id)

    assert not file_of(hass, entry).exists()
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
    await record(hass, entry)
    monkeypatch.setattr(recording_storage, "_append", full)

    await ask(entry)

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
        result = await submit(hass, await open_form(hass, entry), KEPT)

    assert result["errors"] == {"base": "recording_not_written"}
    assert hass.states.get(SENSOR) is None


async def test_what_is_recorded_can_be_read_by_home_assistants_user_alone(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await record(hass, entry)
    await ask(entry)

    file = file_of(hass, entry)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
