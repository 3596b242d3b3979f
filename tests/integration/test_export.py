"""Gas days written to a file, for accounting."""

import csv
from datetime import date
from decimal import Decimal
import errno
from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from openpyxl import load_workbook
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.grdf_adict.files import (
    whole_file as export_file,
    writer,
)
from tests.sandbox import FARM, FLAT, HOUSE, PRODUCER, Sandbox

from .actions import act, device_of
from .common import amounts, energies, held
from .conftest import AddEntry
from .price_flow import period, set_list

pytestmark = pytest.mark.usefixtures("_home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that Home Assistant may write to."""
    made = tmp_path / "accounts"
    made.mkdir()
    return made


@pytest.fixture
def _home(hass: HomeAssistant, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "www").mkdir()
    hass.config.config_dir = str(tmp_path)
    hass.config.allowlist_external_dirs = {str(folder)}
    hass.config.currency = "EUR"


def _csv(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _workbook(path: Path) -> list[dict[str, Any]]:
    sheet: Any = load_workbook(path).active
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _leftovers(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_csv_by_day_read_back_is_the_meters_series(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    response = await act(hass, "export", path=str(folder / "gas.csv"), by="day")

    rows = _csv(folder / "gas.csv")
    read = {
        date.fromisoformat(row["Gas day"]): (
            float(row["Energy (kWh PCS)"]) if row["Energy (kWh PCS)"] else None
        )
        for row in rows
    }
    assert read == await energies(hass, HOUSE)
    assert {row["PCE number"] for row in rows} == {HOUSE}
    assert {row["Meter"] for row in rows} == {"Meter 0001"}
    assert response == {
        "path": str(folder / "gas.csv"),
        "rows": len(rows),
        "incomplete": sum(kwh is None for kwh in read.values()),
        "meters": 1,
        "without_data": 0,
        "first": min(read).isoformat(),
        "last": max(read).isoformat(),
    }
    assert _leftovers(folder) == ["gas.csv"]


async def test_a_workbook_by_day_read_back_is_the_meters_series(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.xlsx"), by="day")

    rows = _workbook(folder / "gas.xlsx")
    days = [row["Gas day"].date() for row in rows]
    for column, series in (("Energy (kWh PCS)", "energy"), ("Volume (m³)", "volume")):
        read = dict(zip(days, (row[column] for row in rows), strict=True))
        assert read == await amounts(hass, HOUSE, series)
    assert {row["PCE number"] for row in rows} == {HOUSE}


async def test_months_add_up_to_their_days_and_have_their_number(
    hass: HomeAssistant, folder: Path, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    response = await act(hass, "export", path=str(folder / "gas.xlsx"))

    days = held(sandbox, HOUSE)
    rows = _workbook(folder / "gas.xlsx")
    for row in rows:
        first, last = row["First gas day"].date(), row["Last gas day"].date()
        known = [
            kwh for day, kwh in days.items() if first <= day <= last and kwh is not None
        ]
        assert row["Energy (kWh PCS)"] == round(sum(known), 3)
        assert row["Days with data"] == len(known)
        assert row["Days"] == (last - first).days + 1
    assert rows[-1]["Last gas day"].date() == date(2026, 11, 30)
    assert response["incomplete"] == 2


async def test_dates_bound_what_is_exported(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    response = await act(
        hass,
        "export",
        path=str(folder / "gas.csv"),
        by="month",
        start_date=date(2026, 9, 10),
        end_date=date(2026, 10, 31),
    )

    assert (response["rows"], response["first"], response["last"]) == (
        2,
        "2026-09-10",
        "2026-10-31",
    )


async def test_costs_are_those_of_the_days(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1, 120.0))

    await act(hass, "export", path=str(folder / "gas.csv"), by="day")

    costs = await amounts(hass, HOUSE, "cost")
    read = {
        date.fromisoformat(row["Gas day"]): float(row["Cost (EUR)"])
        for row in _csv(folder / "gas.csv")
    }
    assert read == costs


async def test_a_meter_without_a_price_has_no_cost(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.csv"))

    assert {row["Cost (EUR)"] for row in _csv(folder / "gas.csv")} == {""}


async def test_each_row_has_the_source_of_its_amount(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.csv"), by="day")

    assert {row["Source"] for row in _csv(folder / "gas.csv")} >= {"GRDF, informative"}


async def test_all_meters_go_into_one_table(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE, FLAT)

    response = await act(hass, "export", path=str(folder / "gas.csv"), by="year")

    assert response["meters"] == 2
    rows = _csv(folder / "gas.csv")
    assert [row["PCE number"] for row in rows] == [HOUSE, FLAT]


async def test_only_the_meters_named_are_exported_each_once(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    device_id = device_of(hass, entry, FLAT)

    response = await act(
        hass,
        "export",
        path=str(folder / "gas.csv"),
        by="year",
        device_id=[device_id, device_id],
    )

    assert response["meters"] == 1
    assert {row["PCE number"] for row in _csv(folder / "gas.csv")} == {FLAT}


async def test_real_meters_leave_those_of_a_sandbox_out(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry, add_entry: AddEntry
) -> None:
    await import_meters(HOUSE)
    entry = await add_entry(FLAT, set_up=False)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "environment": "production"}, unique_id="other"
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await entry.runtime_data.meters[next(iter(entry.subentries))].async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)

    response = await act(hass, "export", path=str(folder / "gas.csv"), by="year")

    assert response["meters"] == 1
    assert {row["PCE number"] for row in _csv(folder / "gas.csv")} == {FLAT}


async def test_gas_injected_has_rows_of_its_own(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(FARM)

    await act(hass, "export", path=str(folder / "gas.csv"), by="day")

    rows = _csv(folder / "gas.csv")
    for direction, series in (("Used", "energy"), ("Injected", "injection")):
        read = {
            date.fromisoformat(row["Gas day"]): float(row["Energy (kWh PCS)"])
            for row in rows
            if row["Direction"] == direction and row["Energy (kWh PCS)"]
        }
        known = await amounts(hass, FARM, series)
        assert read
        assert read == {day: kwh for day, kwh in known.items() if kwh is not None}


async def test_the_direction_is_a_column_only_where_a_meter_injects(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.csv"))

    assert "Direction" not in _csv(folder / "gas.csv")[0]


@pytest.mark.parametrize(
    ("language", "country", "data", "sign"),
    [
        ("fr", None, {}, ";"),
        ("en", None, {}, ","),
        ("en", "FR", {}, ";"),
        ("en", None, {"language": "fr"}, ";"),
        ("fr", "FR", {"language": "en"}, ","),
        ("fr", "FR", {"decimal": "point"}, ","),
        ("en", None, {"decimal": "comma"}, ";"),
    ],
)
async def test_the_decimal_sign_is_that_of_the_language_or_the_one_chosen(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    language: str,
    country: str | None,
    data: dict[str, Any],
    sign: str,
) -> None:
    hass.config.language, hass.config.country = language, country
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.csv"), by="day", **data)

    line = (folder / "gas.csv").read_text("utf-8-sig").splitlines()[0]
    assert sign in line
    assert line.startswith(
        "N° PCE" if data.get("language", language) == "fr" else "PCE number"
    )


async def test_a_french_csv_has_french_names_and_numbers(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    await act(hass, "export", path=str(folder / "gas.csv"), language="fr", by="month")

    row = _csv(folder / "gas.csv", ";")[1]
    assert list(row) == [
        "N° PCE",
        "Compteur",
        "Première journée",
        "Dernière journée",
        "Jours avec données",
        "Jours",
        "Énergie (kWh PCS)",
        "Volume de gaz (m³)",
        "Coefficient de conversion (kWh/m³)",
        "Origine",
        "Coût (EUR)",
    ]
    coefficient = Decimal(row["Coefficient de conversion (kWh/m³)"].replace(",", "."))
    assert 10 < coefficient < 13


async def test_a_file_is_never_silently_replaced(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)
    target = folder / "gas.csv"
    target.write_text("mine", encoding="utf-8")

    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export", path=str(target))

    assert raised.value.translation_key == "export_exists"
    assert target.read_text(encoding="utf-8") == "mine"
    assert _leftovers(folder) == ["gas.csv"]

    await act(hass, "export", path=str(target), overwrite=True)

    assert target.read_text(encoding="utf-8") != "mine"
    assert _leftovers(folder) == ["gas.csv"]


async def test_a_file_that_came_meanwhile_is_not_replaced_either(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await import_meters(HOUSE)
    target = folder / "gas.csv"
    sync = export_file._sync  # noqa: SLF001

    def meanwhile(part: Path) -> None:
        target.write_text("mine", encoding="utf-8")
        sync(part)

    monkeypatch.setattr(export_file, "_sync", meanwhile)

    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export", path=str(target))

    assert raised.value.translation_key == "export_exists"
    assert target.read_text(encoding="utf-8") == "mine"
    assert _leftovers(folder) == ["gas.csv"]


@pytest.mark.parametrize("has_come", [False, True])
async def test_a_share_without_hard_links_takes_files_too(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    *,
    has_come: bool,
) -> None:
    await import_meters(HOUSE)
    target = folder / "gas.csv"

    def no_links(self: Path, _: Path) -> None:
        if has_come:
            self.write_text("mine", encoding="utf-8")
        raise OSError(errno.ENOTSUP, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", no_links)

    if has_come:
        with pytest.raises(HomeAssistantError):
            await act(hass, "export", path=str(target))
        assert target.read_text(encoding="utf-8") == "mine"
    else:
        assert (await act(hass, "export", path=str(target)))["rows"]
    assert _leftovers(folder) == ["gas.csv"]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "export_disk_full"),
        (errno.EDQUOT, "export_disk_full"),
        (errno.EIO, "export_not_written"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_a_disk_that_fails_leaves_nothing(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    key: str,
    ending: str,
) -> None:
    await import_meters(HOUSE)

    def full(*_: object) -> None:
        raise OSError(number, "no room")

    for kind in (writer._CsvTable, writer._WorkbookTable):  # noqa: SLF001
        monkeypatch.setattr(kind, "add", full)

    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export", path=str(folder / f"gas.{ending}"))

    assert raised.value.translation_key == key
    assert _leftovers(folder) == []


async def test_a_disk_that_fails_at_the_very_end_leaves_nothing(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await import_meters(HOUSE)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(export_file, "_sync", full)

    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export", path=str(folder / "gas.csv"))

    assert raised.value.translation_key == "export_disk_full"
    assert _leftovers(folder) == []


async def test_more_rows_than_a_workbook_can_have_are_refused(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "MAX_WORKBOOK_ROWS", 5)
    await import_meters(HOUSE)

    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "export", path=str(folder / "gas.xlsx"), by="day")

    assert raised.value.translation_key == "export_too_many_rows"
    assert _leftovers(folder) == []


@pytest.mark.parametrize(
    ("path", "data", "key"),
    [
        ("gas.csv", {}, "export_path"),
        ("{folder}/gas", {}, "export_path"),
        ("{folder}/gas.pdf", {}, "export_path"),
        ("/", {"format": "csv"}, "export_path"),
        ("{folder}/gas.csv", {"format": "xlsx"}, "export_format"),
        ("{folder}/../gas.csv", {}, "path_not_allowed"),
        ("/etc/gas.csv", {}, "path_not_allowed"),
        ("{folder}/none/gas.csv", {}, "export_no_folder"),
        ("{config}/www/gas.csv", {}, "export_public_folder"),
        (
            "{folder}/gas.csv",
            {"start_date": "2026-10-02", "end_date": "2026-10-01"},
            "period_reversed",
        ),
        (
            "{folder}/gas.csv",
            {"start_date": "2019-01-01", "end_date": "2019-12-31"},
            "export_empty",
        ),
    ],
)
async def test_what_cannot_be_exported_is_refused_and_nothing_is_written(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    path: str,
    data: dict[str, Any],
    key: str,
) -> None:
    await import_meters(HOUSE)
    hass.config.allowlist_external_dirs |= {hass.config.path("www")}

    with pytest.raises(HomeAssistantError) as raised:
        await act(
            hass,
            "export",
            path=path.format(folder=folder, config=hass.config.config_dir),
            **data,
        )

    assert raised.value.translation_key == key
    assert _leftovers(folder) == []


async def test_the_format_chosen_ends_a_path_that_has_none(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    response = await act(hass, "export", path=str(folder / "gas"), format="xlsx")

    assert response["path"] == str(folder / "gas.xlsx")
    assert _workbook(folder / "gas.xlsx")


async def test_an_unknown_meter_is_refused(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    with pytest.raises(ServiceValidationError):
        await act(hass, "export", path=str(folder / "gas.csv"), device_id=["unknown"])


async def test_a_producer_alone_has_no_gas_used(
    hass: HomeAssistant, folder: Path, import_meters: AddEntry
) -> None:
    await import_meters(PRODUCER)

    await act(hass, "export", path=str(folder / "gas.csv"))

    assert {row["Direction"] for row in _csv(folder / "gas.csv")} == {"Injected"}


async def test_only_an_administrator_gets_a_file_with_whole_pces(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    hass_read_only_user: MockUser,
) -> None:
    await import_meters(HOUSE)

    with pytest.raises(Unauthorized):
        await act(
            hass,
            "export",
            Context(user_id=hass_read_only_user.id),
            path=str(folder / "gas.csv"),
        )

    assert _leftovers(folder) == []


async def test_no_whole_pce_is_logged(
    hass: HomeAssistant,
    folder: Path,
    import_meters: AddEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry: MockConfigEntry = await import_meters(HOUSE)
    caplog.clear()

    await act(
        hass,
        "export",
        path=str(folder / "gas.csv"),
        device_id=[device_of(hass, entry, HOUSE)],
    )

    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.grdf_adict")
    ]
    assert "Exported 4 rows of 1 meters" in ours
    assert not any(HOUSE in message for message in ours)
