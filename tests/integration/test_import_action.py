"""The action that takes in a file exported from the customer space."""

from datetime import date, timedelta
import os
from pathlib import Path
from typing import Any, Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.grdf_adict.const import GrdfEnvironment
from custom_components.grdf_adict.files import Question
from tests.exports import (
    Day,
    build_business,
    build_daily,
    build_monthly,
    invented_days,
    workbook_of,
)
from tests.sandbox import FLAT, HOUSE, Sandbox

from .actions import act, device_of
from .common import energies
from .conftest import AddEntry
from .file_questions import COLUMNS, GAS, PERIODS, Asking
from .test_statistics import _no_space

EXPORTED_ON: Final = date(2026, 11, 19)
STRANGER: Final = "09999999912345"


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that Home Assistant may read."""
    made = tmp_path / "allowed"
    made.mkdir()
    hass.config.allowlist_external_dirs = {str(made)}
    return made


@pytest.fixture
def days(sandbox: Sandbox) -> list[Day]:
    """Forty gas days before the hundred that the sandbox keeps here."""
    last = sandbox.today - timedelta(days=101)
    return invented_days(last - timedelta(days=39), last)


def _daily(folder: Path, days: list[Day], pce: str | None = HOUSE) -> str:
    path = folder / "export.xlsx"
    path.write_bytes(build_daily(days, pce=pce, exported_on=EXPORTED_ON))
    return str(path)


def _amounts(days: list[Day]) -> dict[date, float | None]:
    return {day.gas_day: day.kwh for day in days}


async def _refused(hass: HomeAssistant, **data: Any) -> ServiceValidationError:
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "import_file", **data)
    return caught.value


async def test_a_file_goes_to_the_meter_whose_pce_it_names(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    await import_meters(HOUSE, FLAT)
    before, others = await energies(hass, HOUSE), await energies(hass, FLAT)

    response = await act(hass, "import_file", path=_daily(folder, days))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await energies(hass, HOUSE) == _amounts(days) | before
    assert await energies(hass, FLAT) == others
    (meter,) = response["meters"]
    assert meter == {
        "meter": "Meter 0001",
        "pce": "…0001",
        "first": days[0].gas_day.isoformat(),
        "last": days[-1].gas_day.isoformat(),
        "days": 40,
        "energy": sum(day.kwh or 0 for day in days),
        "volume": sum(day.m3 or 0 for day in days),
        "new": 40,
        "equal": 0,
        "changed": 0,
        "adict_kept": 0,
        "file_kept": 0,
        "absent": 0,
        "elsewhere": 0,
        "gained": sum(day.kwh or 0 for day in days),
    }
    assert (response["kind"], response["exported_on"]) == ("daily", "2026-11-19")
    assert (response["preview"], response["left_out"]) == (False, [])
    assert HOUSE not in str(response)


async def test_a_preview_changes_nothing_and_returns_the_same(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    path = _daily(folder, days)

    preview = await act(hass, "import_file", path=path, preview=True)
    assert await energies(hass, HOUSE) == before
    done = await act(hass, "import_file", path=path)
    again = await act(hass, "import_file", path=path)

    assert preview["meters"] == done["meters"]
    assert preview["preview"] is True
    assert (again["meters"][0]["new"], again["meters"][0]["equal"]) == (0, 40)


async def test_each_meter_of_a_file_gets_its_rows_and_unknown_pce_are_returned(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    await import_meters(HOUSE, FLAT)
    path = folder / "business.xlsx"
    others = days[:20]
    path.write_bytes(build_business({HOUSE: days, FLAT: others, STRANGER: days}))

    response = await act(hass, "import_file", path=str(path))
    await hass.async_block_till_done(wait_background_tasks=True)

    taken = {meter["pce"]: meter["new"] for meter in response["meters"]}
    assert taken == {"…0001": 40, f"…{FLAT[-4:]}": 20}
    assert response["left_out"] == ["…2345"]
    house, flat = await energies(hass, HOUSE), await energies(hass, FLAT)
    assert _amounts(days).items() <= house.items()
    assert _amounts(others).items() <= flat.items()


async def test_a_file_without_a_pce_is_imported_only_for_a_named_meter(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    entry = await import_meters(HOUSE)
    path = _daily(folder, days, None)

    refusal = await _refused(hass, path=path)
    response = await act(
        hass, "import_file", path=path, device_id=device_of(hass, entry, HOUSE)
    )

    assert refusal.translation_key == "file_names_no_meter"
    assert response["meters"][0]["new"] == 40


async def test_a_file_of_another_pce_is_refused_without_a_confirmation(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    entry = await import_meters(HOUSE)
    path, device_id = _daily(folder, days, STRANGER), device_of(hass, entry, HOUSE)
    before = await energies(hass, HOUSE)

    unknown = await _refused(hass, path=path)
    other = await _refused(hass, path=path, device_id=device_id)
    unnamed = await _refused(hass, path=path, other_meter=True)
    assert await energies(hass, HOUSE) == before
    response = await act(
        hass, "import_file", path=path, device_id=device_id, other_meter=True
    )

    assert unknown.translation_key == "file_of_unknown_meters"
    assert unknown.translation_placeholders == {"pces": "…2345"}
    assert other.translation_key == "file_of_another_meter"
    assert unnamed.translation_key == "other_meter_unnamed"
    assert response["meters"][0]["new"] == 40


async def test_bad_rows_refuse_a_file_unless_they_are_to_be_left_out(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path
) -> None:
    await import_meters(HOUSE)
    path = folder / "export.xlsx"
    path.write_bytes(
        workbook_of(
            (
                "Export",
                [
                    ("N° PCE", "Date de relevé", "Energie consommée (kWh)"),
                    (HOUSE, "01/07/2026", 12),
                    (HOUSE, "02/07/2026", -3),
                    (HOUSE, "03/07/2026", 9),
                ],
            )
        )
    )

    refusal = await _refused(hass, path=str(path))
    response = await act(hass, "import_file", path=str(path), leave_out_bad_rows=True)

    assert refusal.translation_key == "file_negative"
    assert refusal.translation_placeholders == {"rows": "3"}
    assert response["meters"][0]["new"] == 2
    assert {"problem": "negative", "sheet": 1, "rows": [3], "count": 1} in response[
        "findings"
    ]


async def test_only_regular_files_of_allowed_folders_are_read(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path, days: list[Day]
) -> None:
    await import_meters(HOUSE)
    outside = folder.parent / "elsewhere"
    outside.mkdir()
    link = folder / "link.xlsx"
    link.symlink_to(_daily(outside, days))
    os.mkfifo(folder / "pipe.xlsx")

    keys = {
        name: (await _refused(hass, path=str(path))).translation_key
        for name, path in {
            "outside": outside / "export.xlsx",
            "link": link,
            "pipe": folder / "pipe.xlsx",
            "folder": folder,
            "missing": folder / "missing.xlsx",
            "nonsense": folder / "a\0b",
        }.items()
    }

    assert keys == {
        "outside": "path_not_allowed",
        "link": "path_not_allowed",
        "pipe": "file_unreadable",
        "folder": "file_unreadable",
        "missing": "file_unreadable",
        "nonsense": "file_unreadable",
    }


async def test_a_full_disk_is_an_error_and_changes_nothing(
    hass: HomeAssistant,
    import_meters: AddEntry,
    folder: Path,
    days: list[Day],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await import_meters(HOUSE)
    before = await energies(hass, HOUSE)

    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        with pytest.raises(HomeAssistantError) as caught:
            await act(hass, "import_file", path=_daily(folder, days))

    assert caught.value.translation_key == "write_failed"
    assert await energies(hass, HOUSE) == before


async def test_a_file_is_of_the_real_meter_before_that_of_the_sandbox(
    hass: HomeAssistant,
    import_meters: AddEntry,
    contract: dict[str, Any],
    folder: Path,
    days: list[Day],
) -> None:
    play = await import_meters(HOUSE)
    real = MockConfigEntry(
        domain="grdf_adict",
        title="Real",
        unique_id="production_demo",
        data={**contract, "environment": GrdfEnvironment.PRODUCTION.value},
        subentries_data=[
            {
                "subentry_type": "meter",
                "title": "Real meter",
                "unique_id": HOUSE,
                "data": {"pce": HOUSE},
            }
        ],
    )
    real.add_to_hass(hass)
    assert await hass.config_entries.async_setup(real.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert play.runtime_data.meters

    response = await act(hass, "import_file", path=_daily(folder, days), preview=True)

    assert [meter["meter"] for meter in response["meters"]] == ["Real meter"]


async def test_importing_needs_an_administrator(
    hass: HomeAssistant, add_entry: AddEntry, hass_read_only_user: MockUser
) -> None:
    await add_entry(HOUSE)

    with pytest.raises(Unauthorized):
        await act(
            hass,
            "import_file",
            Context(user_id=hass_read_only_user.id),
            path="/media/export.xlsx",
        )


async def test_the_period_of_a_monthly_file_is_returned(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path
) -> None:
    await import_meters(HOUSE)
    months = invented_days(date(2026, 5, 1), date(2026, 6, 30))
    path = folder / "months.xlsx"
    path.write_bytes(build_monthly(months, pce=HOUSE, exported_on=date(2026, 7, 4)))

    response = await act(hass, "import_file", path=str(path))

    (meter,) = response["meters"]
    assert response["kind"] == "monthly"
    assert (meter["first"], meter["last"], meter["new"]) == (
        "2026-05-01",
        "2026-06-30",
        61,
    )


async def test_a_question_is_an_error_that_says_its_answers_and_takes_one(
    hass: HomeAssistant,
    import_meters: AddEntry,
    folder: Path,
    days: list[Day],
    asking: Asking,
) -> None:
    await import_meters(HOUSE)
    asking("export", {Question.PERIOD: PERIODS, Question.ENERGY_COLUMN: COLUMNS})
    path = _daily(folder, days)

    period = await _refused(hass, path=path)
    wrong = await _refused(hass, path=path, answers={"period": "yearly"})
    column = await _refused(hass, path=path, answers={"period": "daily"})
    response = await act(
        hass, "import_file", path=path, answers={"period": "daily", "energy_column": 2}
    )

    assert str(period) == (
        "This file leaves a question open. The dates in this file leave it open what"
        " each row covers. What is a row? What it holds: 30 rows, from 2026-09-01 to"
        " 2026-09-30, 1,234 kWh. Call the action again and give, in its answers, one of"
        " these values for the key period: monthly (A month), daily (A day)"
    )
    assert str(wrong) == str(period)
    assert "for the key energy_column: 2, 3" in str(column)
    assert "site A" not in str(column)
    assert response["meters"][0]["new"] == 40


async def test_an_answer_of_yes_is_also_what_yaml_makes_of_it(
    hass: HomeAssistant,
    import_meters: AddEntry,
    folder: Path,
    days: list[Day],
    asking: Asking,
) -> None:
    await import_meters(HOUSE)
    asking("export", {Question.GAS: GAS})

    response = await act(
        hass, "import_file", path=_daily(folder, days), answers={"gas": True}
    )
    with pytest.raises(vol.Invalid):
        await act(hass, "import_file", path="x", answers={"colour": "blue"})

    assert response["meters"][0]["new"] == 40


async def test_a_file_of_bad_rows_alone_is_refused_for_them_whatever_is_left_out(
    hass: HomeAssistant, import_meters: AddEntry, folder: Path
) -> None:
    await import_meters(HOUSE)
    path = folder / "export.csv"
    path.write_bytes(b"Date;Energie (kWh)\r\n01/07/2026;-1\r\n02/07/2026;-2\r\n")

    for leaves_out in (False, True):
        refusal = await _refused(hass, path=str(path), leave_out_bad_rows=leaves_out)
        assert refusal.translation_key == "file_negative"
        assert refusal.translation_placeholders == {"rows": "2, 3 (all rows)"}
