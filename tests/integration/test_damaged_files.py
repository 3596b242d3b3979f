"""Stored files of a wrong shape: Home Assistant starts with what can be read of them.

It is told, one copy of the file is kept, and no gas day is lost.
"""

from collections.abc import Callable, Mapping
import json
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.sandbox import FLAT, HOUSE, Fault, Sandbox

from .damage import changed, copies, failing, folder_of, stored
from .damaged_home import METER, Home, home, house, own_files, repairs
from .recording_flow import file_of
from .repair import start_fix

__all__ = ["home", "house", "own_files"]


OURS: Final = "grdf_adict"


def _account(home: Home) -> str:
    return home.name("account")


def _meter(_: Home) -> str:
    return METER


@pytest.mark.parametrize(
    ("name", "steps", "value"),
    [
        pytest.param(_account, (), [], id="account: data is a list"),
        pytest.param(_account, ("quota",), None, id="account: a key is missing"),
        pytest.param(
            _account, ("rights", HOUSE, 0, "state"), "pending", id="account: a state"
        ),
        pytest.param(_meter, (), [], id="meter: data is a list"),
        pytest.param(_meter, ("marks",), [], id="meter: marks is a list"),
        pytest.param(
            _meter,
            ("ledger", "daily", "informative", 5, 1),
            "12",
            id="meter: an energy is text",
        ),
    ],
)
async def test_a_wrong_shape_starts_with_all_gas_days_is_told_and_kept_in_a_copy(
    house: Home,
    name: Callable[[Home], str],
    steps: tuple[str | int, ...],
    value: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = house.files[name(house)]
    is_missing = steps and value is None
    damaged = changed(file, ("data", *steps), *([] if is_missing else [value]))
    # As an earlier version, or one that was gone back to, leaves it.
    if steps:
        damaged = changed(damaged, ("data", "digest"))

    await house.start({name(house): damaged})

    assert house.entry.state is ConfigEntryState.LOADED
    assert failing(house.entry) == {}
    assert await house.rows() == house.series
    assert copies(house.hass) == {name(house): damaged}
    (repair,) = repairs(house.hass).values()
    assert (repair.is_persistent, repair.is_fixable) == (True, True)
    assert repair.translation_placeholders is not None
    assert set(repair.translation_placeholders) == {"account", "name", "parts"}
    assert caplog.text.count("is unreadable in part") == 1
    logged = [record.getMessage() for record in caplog.records if OURS in record.name]
    told = f"{logged} {repair.translation_placeholders}"
    assert not any(secret in told for secret in (HOUSE, "pending"))

    # The next start finds it whole.
    caplog.clear()
    await house.start(stored(house.hass))
    assert "is unreadable" not in caplog.text
    assert repairs(house.hass) == {}


_SHAPES: Final[Mapping[str, Callable[[str], bytes]]] = {
    "no data": lambda text: _with(text, "data"),
    "data is null": lambda text: _with(text, "data", None),
    "an empty object": lambda _: b"{}",
    "a list": lambda _: b"[]",
    "a number": lambda _: b"12",
    "an empty file": lambda _: b"",
    "half a file": lambda text: text[: len(text) // 2].encode(),
    "no text": lambda text: text.encode("utf-16"),
    "no version": lambda text: _with(text, "version"),
    "a version that is text": lambda text: _with(text, "version", "two"),
    "a version before the first": lambda text: _with(text, "version", -1),
    "a version that is null": lambda text: _with(text, "version", None),
    "a minor version that is text": lambda text: _with(text, "minor_version", "two"),
}


_NO_JSON: Final = {"an empty file", "half a file", "no text"}
# Their data are there, and are read.
_WHOLE: Final = {name for name in _SHAPES if "version" in name}


def _with(text: str, name: str, *value: Any) -> bytes:
    return json.dumps(changed(json.loads(text), (name,), *value)).encode()


async def test_a_file_of_another_shape_as_a_whole_starts_with_all_gas_days(
    house: Home, caplog: pytest.LogCaptureFixture
) -> None:
    names = (METER, house.name("account"))
    for shape, of in _SHAPES.items():
        caplog.clear()
        damaged = {name: of(json.dumps(house.files[name])) for name in names}
        await house.start({}, damaged)

        assert house.entry.state is ConfigEntryState.LOADED, shape
        assert failing(house.entry) == {}, shape
        assert await house.rows() == house.series, shape
        # Home Assistant has a repair of its own for a file that is no JSON.
        is_json = shape not in _NO_JSON
        told = "is unreadable in part" if is_json else "Unrecoverable error"
        is_lost = shape not in _WHOLE
        assert caplog.text.count(told) == (2 if is_lost else 0), shape
        for name in names:
            kept = [file for file in folder_of(house.hass) if file.startswith(name)]
            assert len(kept) == (2 if is_lost else 1), shape


async def test_a_newer_minor_version_is_read_as_it_is(
    house: Home, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    newer = {
        name: changed(file, ("minor_version",), 9) for name, file in house.files.items()
    }
    sandbox.reset_calls()

    await house.start(newer)

    assert await house.rows() == house.series
    assert sandbox.calls == []
    assert "is unreadable" not in caplog.text


async def test_what_something_else_changed_is_asked_for_again(
    house: Home, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    steps = ("data", "ledger", "daily", "informative", 5, 1)
    file = changed(house.files[METER], steps, 3.5)

    await house.start({METER: file})

    assert await house.rows() == house.series
    assert "is unreadable in part: digest" in caplog.text
    assert sandbox.calls


@pytest.mark.parametrize("damage", ["data", "ledger"])
async def test_days_of_a_damaged_ledger_come_from_the_recorder_while_grdf_is_away(
    house: Home, sandbox: Sandbox, damage: str
) -> None:
    steps = ("data",) if damage == "data" else ("data", "ledger", "daily")
    sandbox.fail_next("donnees_", Fault.status(500), times=1000)

    await house.start({METER: changed(house.files[METER], steps, [])})

    # Some days had no own value: the recorder holds what they were shown with.
    assert await house.rows() == house.series


async def test_a_habit_that_a_wrong_clock_counted_is_no_damage(
    house: Home, caplog: pytest.LogCaptureFixture
) -> None:
    steps = ("data", "arrivals", "consumption", "gaps")
    file = changed(house.files[METER], steps, [2, -40, 1])

    await house.start({METER: changed(file, ("data", "digest"))})

    assert "is unreadable" not in caplog.text


async def test_copies_of_a_damaged_file_go_with_it(house: Home) -> None:
    name = house.name("account")
    damaged = changed(house.files[name], ("data",), [])
    # As Home Assistant names what is no JSON.
    corrupt = f"{name}.corrupt.2026-11-20T20"
    await house.start({name: damaged}, {corrupt: b"{"})
    assert folder_of(house.hass)[f"{name}.unreadable"] == 0o600
    assert corrupt in folder_of(house.hass)

    await house.hass.config_entries.async_remove(house.entry.entry_id)

    assert not [file for file in folder_of(house.hass) if file.startswith(name)]
    assert repairs(house.hass) == {}


async def test_the_repair_of_a_damaged_file_goes_once_it_is_confirmed(
    house: Home, hass_client: ClientSessionGenerator
) -> None:
    await house.start({METER: changed(house.files[METER], ("data",), [])})

    fix = await start_fix(house.hass, hass_client, "storage_unreadable")
    assert fix.answer["step_id"] == "confirm"
    await fix.submit()

    assert repairs(house.hass) == {}


async def test_a_renewal_without_its_declaration_revokes_no_right(
    home: Home, sandbox: Sandbox
) -> None:
    name = home.name("fleet")
    (right,) = (each for each in sandbox.rights if each.pce == FLAT)
    task = {
        "line": "2",
        "pce": FLAT,
        "work": "renew",
        "right_id": right.id,
        "state": "waiting",
    }
    before = right.state

    await home.start({name: changed(home.files[name], ("data", "tasks"), [task])})

    assert right.state is before


async def test_a_recording_that_is_unreadable_is_erased(home: Home) -> None:
    name = home.name("recording")
    damaged = changed(home.files[name], ("data", "pces"), [])
    answers = file_of(home.hass, home.entry)
    assert answers.exists()

    await home.start({name: damaged})

    assert not answers.exists()
    # The key of its pseudonyms is kept in no copy either.
    assert not [file for file in folder_of(home.hass) if file.startswith(name)]
    assert set(repairs(home.hass)) == {name.removeprefix("grdf_adict.")}
    assert home.entry.runtime_data.recording.until is None
