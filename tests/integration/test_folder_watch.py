"""A folder that is watched for files exported from the customer space."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.files import Option, Question
from tests.exports import Day, build_business, build_daily, invented_days
from tests.sandbox import FLAT, HOUSE, Sandbox

from .common import energies
from .conftest import AddEntry
from .file_questions import COLUMNS, Asking
from .repair import repair, shown
from .test_statistics import _no_space

EXPORTED_ON: Final = date(2026, 11, 19)
STRANGER: Final = "09999999912345"
NAME: Final = "export.xlsx"


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """The media folder, and a folder that is served without a login beside it."""
    made = tmp_path / "config" / "media"
    made.mkdir(parents=True)
    hass.config.config_dir = str(tmp_path / "config")
    hass.config.media_dirs = {"local": str(made)}
    hass.config.allowlist_external_dirs = {str(made), hass.config.path("www")}
    return made


@pytest.fixture
def folder(media: Path) -> Path:
    """The folder that is watched."""
    return media / "grdf_adict"


@pytest.fixture
def days(sandbox: Sandbox) -> list[Day]:
    """Forty gas days before the hundred that the sandbox keeps here."""
    last = sandbox.today - timedelta(days=101)
    return invented_days(last - timedelta(days=39), last)


@pytest.fixture
async def entry(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path
) -> MockConfigEntry:
    """A contract with a meter, whose owner has the folder watched."""
    entry = await import_meters(HOUSE)
    await _set(hass, entry, watch=True, folder=str(folder))
    return entry


async def _set(
    hass: HomeAssistant, entry: MockConfigEntry, **form: Any
) -> dict[str, Any]:
    step = await hass.config_entries.options.async_init(entry.entry_id)
    assert step["type"] is FlowResultType.FORM
    done = await hass.config_entries.options.async_configure(step["flow_id"], form)
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(done)


async def _minutes(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, minutes: int = 2
) -> None:
    for _ in range(minutes):
        clock.tick(timedelta(minutes=1))
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)


def _daily(days: list[Day], pce: str | None = HOUSE) -> bytes:
    return build_daily(days, pce=pce, exported_on=EXPORTED_ON)


def _amounts(days: list[Day]) -> dict[date, float | None]:
    return {day.gas_day: day.kwh for day in days}


async def _rename(hass: HomeAssistant, old: Path, new: Path) -> None:
    await hass.async_add_executor_job(old.rename, new)


def _tree(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.mark.usefixtures("entry")
async def test_a_file_that_is_dropped_is_imported_and_put_away_with_a_report(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    before = await energies(hass, HOUSE)
    (folder / NAME).write_bytes(_daily(days))

    await _minutes(hass, clock)

    assert await energies(hass, HOUSE) == _amounts(days) | before
    assert _tree(folder) == {"done/export.xlsx", "done/export.xlsx.report.txt"}
    report = (folder / "done" / "export.xlsx.report.txt").read_text("utf-8")
    assert report.startswith("GRDF ADICT took this file in.")
    assert "Meter 0001 (PCE …0001)" in report
    assert f"{days[0].gas_day} → {days[-1].gas_day}, days ·" in report
    assert "New: they had no data · 40" in report
    assert f"{sum(day.kwh or 0 for day in days):,.0f} kWh," in report
    assert HOUSE not in report
    assert not shown(hass)


@pytest.mark.usefixtures("entry")
async def test_a_file_that_grows_is_waited_for(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    whole = _daily(days)
    for part in (1000, 2000, 3000):
        (folder / NAME).write_bytes(whole[:part])
        await _minutes(hass, clock, 1)
    assert _tree(folder) == {NAME}

    (folder / NAME).write_bytes(whole)
    await _minutes(hass, clock, 1)
    assert _tree(folder) == {NAME}
    await _minutes(hass, clock, 1)

    assert _tree(folder) == {"done/export.xlsx", "done/export.xlsx.report.txt"}


@pytest.mark.usefixtures("entry")
async def test_what_cannot_be_imported_has_one_repair_and_its_own_report(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    (folder / f"Donnees_informatives_{STRANGER}.xlsx").write_bytes(_daily(days))
    (folder / "renamed.xlsx").write_bytes(b"%PDF-1.7\x00")
    (folder / "nobody.xlsx").write_bytes(_daily(days, None))
    (folder / "large.csv").write_bytes(b"0" * 20_000_001)
    (folder / "stranger.xlsx").write_bytes(_daily(days, STRANGER))

    await _minutes(hass, clock)

    failed = folder / "failed"
    assert {path.name for path in failed.iterdir() if path.suffix != ".txt"} == {
        "large.csv",
        "nobody.xlsx",
        "renamed.xlsx",
        "stranger.xlsx",
    }
    issue = repair(hass, "files_failed")
    placeholders = issue.translation_placeholders or {}
    assert placeholders["count"] == "4"
    assert placeholders["files"].splitlines()[0] == "- large.csv"
    for name, words in {
        "large.csv": "larger than 20 MB",
        "nobody.xlsx": "names no PCE",
        "renamed.xlsx": "neither an Excel workbook",
        "stranger.xlsx": "it ends …2345",
    }.items():
        assert words in (failed / f"{name}.report.txt").read_text("utf-8")

    for path in failed.iterdir():
        path.unlink()
    await _minutes(hass, clock)

    assert not shown(hass)


@pytest.mark.usefixtures("entry")
async def test_a_file_with_a_question_is_put_away_with_it_and_changes_nothing(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    folder: Path,
    days: list[Day],
    asking: Asking,
) -> None:
    hass.config.language = "fr"
    asking("own", {Question.SHEET: (*COLUMNS, Option("3", f"Feuille {STRANGER}"))})
    (folder / "own.xlsx").write_bytes(_daily(days))
    (folder / NAME).write_bytes(_daily(days[:5]))

    await _minutes(hass, clock)

    stored = await energies(hass, HOUSE)
    assert {day: stored[day] for day in _amounts(days[:5])} == _amounts(days[:5])
    assert not any(stored[day.gas_day] for day in days[5:])
    assert _tree(folder) == {
        *("done/export.xlsx", "done/export.xlsx.report.txt"),
        *("failed/own.xlsx", "failed/own.xlsx.report.txt"),
    }
    placeholders = repair(hass, "files_failed").translation_placeholders or {}
    assert placeholders["files"] == "- own.xlsx"
    report = (folder / "failed" / "own.xlsx.report.txt").read_text("utf-8")
    assert report == (
        "GRDF ADICT n'a pas repris ce fichier ; rien n'a changé.\n"
        "\n"
        "Plusieurs feuilles de ce classeur contiennent une consommation. Laquelle"
        " faut-il importer ?\n"
        "30 lignes, du 01/09/2026 au 30/09/2026, 1\xa0234 kWh\n"
        "- Energie site A (kWh)\n"
        "- Energie site B (kWh)\n"
        "- Feuille …2345\n"
        "\n"
        "Importez ce fichier vous-même : ouvrez le compteur, choisissez"
        " « Reconfigurer », puis « Prendre des fichiers exportés ». La question vous y"
        " sera posée. Si le compteur n'existe pas encore ici, ajoutez-le avec ce"
        " fichier. Supprimez ensuite le fichier du dossier « failed ».\n"
    )


@pytest.mark.usefixtures("entry")
async def test_a_refused_file_has_each_reason_in_its_report_and_no_row_is_left_out(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path
) -> None:
    (folder / "bad.csv").write_text(
        f"N° PCE;Date;Energie (kWh)\n{HOUSE};01/07/2026;-1\n{HOUSE};02/07/2026;x\n"
        f"{HOUSE};03/07/2026;5\n",
        encoding="utf-8",
    )

    await _minutes(hass, clock)

    report = (folder / "failed" / "bad.csv.report.txt").read_text("utf-8")
    assert "Rows 2 hold a negative amount." in report
    assert "Rows 3 hold something that is not a number." in report
    assert "left out" not in report


@pytest.mark.usefixtures("entry")
async def test_a_name_shows_no_pce_and_a_corrected_file_is_imported(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    name = f"Donnees_informatives_{HOUSE}_2026.xlsx"
    (folder / name).write_bytes(b"nothing\x00")
    await _minutes(hass, clock)
    placeholders = repair(hass, "files_failed").translation_placeholders or {}
    assert placeholders["files"] == "- Donnees_informatives_…0001_2026.xlsx"

    (folder / "failed" / name).unlink()
    (folder / name).write_bytes(_daily(days))
    await _minutes(hass, clock)

    assert (folder / "done" / name).exists()
    assert not shown(hass)


@pytest.mark.usefixtures("entry")
async def test_reports_are_in_the_language_of_home_assistant(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    hass.config.language = "fr"
    (folder / NAME).write_bytes(_daily(days))
    (folder / "bad.xlsx").write_bytes(b"")

    await _minutes(hass, clock)

    done = (folder / "done" / f"{NAME}.report.txt").read_text("utf-8")
    failed = (folder / "failed" / "bad.xlsx.report.txt").read_text("utf-8")
    assert done.startswith("GRDF ADICT a repris ce fichier.")
    assert "Ce fichier est vide" in failed


@pytest.mark.usefixtures("entry")
async def test_a_name_that_is_taken_gets_a_number_and_changes_nothing_twice(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    for _ in range(3):
        (folder / NAME).write_bytes(_daily(days))
        await _minutes(hass, clock)

    assert {path for path in _tree(folder) if not path.endswith(".txt")} == {
        "done/export.xlsx",
        "done/export (2).xlsx",
        "done/export (3).xlsx",
    }
    again = (folder / "done" / "export (3).xlsx.report.txt").read_text("utf-8")
    assert "The same already: nothing to do · 40" in again


@pytest.mark.usefixtures("entry")
async def test_links_folders_and_unfinished_files_stay_where_they_are(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    outside = folder.parent / NAME
    outside.write_bytes(_daily(days))
    (folder / "link.xlsx").symlink_to(outside)
    (folder / "sub").mkdir()
    for name in (
        "sub/export.xlsx",
        ".hidden.xlsx",
        "~$export.xlsx",
        "export.xlsx.part",
        "Thumbs.db",
    ):
        (folder / name).write_bytes(_daily(days))
    before = _tree(folder)

    await _minutes(hass, clock, 3)

    assert _tree(folder) == before
    assert not shown(hass)


@pytest.mark.usefixtures("entry")
async def test_each_meter_of_a_file_gets_its_own_and_others_are_named(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    (folder / NAME).write_bytes(build_business({HOUSE: days, STRANGER: days}))

    await _minutes(hass, clock)

    report = (folder / "done" / f"{NAME}.report.txt").read_text("utf-8")
    assert "Left out, of meters that are not here: PCE …2345" in report


@pytest.mark.parametrize("leads_to", ["nowhere", "elsewhere"])
@pytest.mark.usefixtures("entry")
async def test_a_file_that_cannot_be_moved_is_reported_once_and_imported_once(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    folder: Path,
    days: list[Day],
    leads_to: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "done").symlink_to(folder.parent / leads_to)
    (folder / NAME).write_bytes(_daily(days))

    await _minutes(hass, clock, 5)

    assert _amounts(days).items() <= (await energies(hass, HOUSE)).items()
    assert (folder / NAME).exists()
    assert caplog.text.count("cannot be moved") == 1
    assert repair(hass, "files_stuck").translation_placeholders == {
        "account": "Example",
        "count": "1",
        "files": f"- {NAME}",
        "folder": str(folder),
    }
    (folder / NAME).unlink()
    await _minutes(hass, clock, 1)
    assert not shown(hass)


async def test_a_restart_half_way_takes_the_file_in_again_without_harm(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    folder: Path,
    days: list[Day],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / NAME).write_bytes(_daily(days))

    with monkeypatch.context() as half_way:
        half_way.setattr(Path, "rename", _full_stop)
        await _minutes(hass, clock)
    taken = await energies(hass, HOUSE)
    assert _amounts(days).items() <= taken.items()
    assert _tree(folder) == {NAME}

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await _minutes(hass, clock)

    assert _tree(folder) == {"done/export.xlsx", "done/export.xlsx.report.txt"}
    assert await energies(hass, HOUSE) == taken


def _full_stop(*_: object, **__: object) -> None:
    raise OSError


@pytest.mark.usefixtures("entry")
async def test_a_full_disk_leaves_the_file_for_an_hour(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    folder: Path,
    days: list[Day],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / NAME).write_bytes(_daily(days))
    (folder / "more.xlsx").write_bytes(_daily(days[:20]))
    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        await _minutes(hass, clock)
        assert shown(hass) == {"write_failed"}
    await _minutes(hass, clock, 5)
    assert _tree(folder) == {NAME, "more.xlsx"}

    clock.tick(timedelta(hours=1))
    await _minutes(hass, clock)

    assert {"done/export.xlsx", "done/more.xlsx"} <= _tree(folder)
    assert not shown(hass)


@pytest.mark.usefixtures("entry")
async def test_a_report_that_cannot_be_written_keeps_no_file_back(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    folder: Path,
    days: list[Day],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "write_text", _full_stop)
    (folder / NAME).write_bytes(_daily(days))

    await _minutes(hass, clock)

    assert _tree(folder) == {"done/export.xlsx"}


async def test_switched_off_nothing_is_watched(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    folder: Path,
    days: list[Day],
) -> None:
    (folder / "bad.xlsx").write_bytes(b"")
    await _minutes(hass, clock)
    assert shown(hass) == {"files_failed"}

    await _set(hass, entry, watch=False)
    (folder / NAME).write_bytes(_daily(days))
    await _minutes(hass, clock, 3)

    assert entry.options == {}
    assert (folder / NAME).exists()
    assert not shown(hass)


async def test_two_entries_that_name_one_folder_look_into_it_once(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    contract: dict[str, Any],
    folder: Path,
    days: list[Day],
) -> None:
    second = MockConfigEntry(
        domain="grdf_adict",
        title="Second",
        unique_id="sandbox_second",
        data=contract,
        options={"folder": str(folder)},
        subentries_data=[
            {
                "subentry_type": "meter",
                "title": "Flat",
                "unique_id": FLAT,
                "data": {"pce": FLAT},
            }
        ],
    )
    second.add_to_hass(hass)
    assert await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    (folder / NAME).write_bytes(_daily(days, FLAT))
    (folder / "bad.xlsx").write_bytes(b"")

    await _minutes(hass, clock)

    assert "done/export.xlsx" in _tree(folder)
    assert repair(hass, "files_failed").data == {
        "entry_id": entry.entry_id,
        "issue": "files_failed",
        "subentry_id": None,
    }


async def test_a_folder_that_may_not_be_read_any_more_is_left_alone(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    folder: Path,
    days: list[Day],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (folder / NAME).write_bytes(_daily(days))
    allowed = hass.config.allowlist_external_dirs
    hass.config.allowlist_external_dirs = set()

    await _minutes(hass, clock, 4)
    assert _tree(folder) == {NAME}
    assert caplog.text.count("may not be read any more") == 1

    hass.config.allowlist_external_dirs = allowed
    await _minutes(hass, clock)
    assert "done/export.xlsx" in _tree(folder)
    assert entry.options == {"folder": str(folder)}


@pytest.mark.usefixtures("entry")
async def test_a_folder_that_is_away_is_looked_for_again(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, folder: Path, days: list[Day]
) -> None:
    await _rename(hass, folder, folder.parent / "away")
    await _minutes(hass, clock)
    await _rename(hass, folder.parent / "away", folder)
    (folder / NAME).write_bytes(_daily(days))
    await _minutes(hass, clock)

    assert "done/export.xlsx" in _tree(folder)


async def test_files_wait_while_another_entry_is_still_being_set_up(
    hass: HomeAssistant,
    clock: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    contract: dict[str, Any],
    folder: Path,
    days: list[Day],
) -> None:
    other = MockConfigEntry(
        domain="grdf_adict", unique_id="sandbox_other", data=contract
    )
    other.add_to_hass(hass)
    (folder / NAME).write_bytes(_daily(days))

    await _minutes(hass, clock, 3)
    assert _tree(folder) == {NAME}
    assert await hass.config_entries.async_setup(other.entry_id)
    await _minutes(hass, clock)

    assert entry.options
    assert "done/export.xlsx" in _tree(folder)


async def test_the_folder_is_proposed_in_the_media_folder_and_is_off(
    hass: HomeAssistant, add_entry: AddEntry, media: Path
) -> None:
    entry = await add_entry(HOUSE)

    step = await hass.config_entries.options.async_init(entry.entry_id)

    schema = step["data_schema"]
    assert schema is not None
    suggested = {str(key): key.description["suggested_value"] for key in schema.schema}
    assert suggested == {
        "watch": False,
        "folder": str(media / "grdf_adict"),
        "erase_with_entry": False,
    }
    done = await _set(hass, entry, watch=True, folder=f" {media / 'grdf_adict'} ")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert (media / "grdf_adict").is_dir()


async def test_a_folder_that_cannot_be_watched_has_a_reason(
    hass: HomeAssistant, add_entry: AddEntry, media: Path
) -> None:
    entry = await add_entry(HOUSE)
    www = Path(hass.config.path("www"))
    await hass.async_add_executor_job(www.mkdir)
    (media / "to_www").symlink_to(www)
    (media / "a_file").write_text("")

    for folder, key in (
        ("grdf_adict", "folder_not_absolute"),
        ("", "folder_not_absolute"),
        (str(www), "folder_served"),
        (str(www / "gas"), "folder_served"),
        (str(media / "to_www" / "gas"), "folder_served"),
        ("/etc", "folder_not_allowed"),
        (str(media), "folder_not_its_own"),
        (str(media / "a_file" / "gas"), "folder_not_writable"),
    ):
        refused = await _set(hass, entry, watch=True, folder=folder)
        assert refused["errors"] == {"folder": key}, folder
        hass.config_entries.options.async_abort(refused["flow_id"])

    done = await _set(hass, entry, watch=True, folder=str(media / "gas"))
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert _tree(www) == set()
