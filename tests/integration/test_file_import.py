"""Files that a household exported, imported by a meter of a contract."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import UpdateFailed
import pytest

from custom_components.grdf_adict.exchange.take_in import (
    FileRefusedError,
    async_preview_files,
    async_read_file,
    async_take_files,
    of_the_meter,
    places,
)
from custom_components.grdf_adict.files import ExportFile, Problem, RowFinding
from custom_components.grdf_adict.helpers.recorder import RecorderBusyError
from custom_components.grdf_adict.metering.file_merge import DayOutcome
from custom_components.grdf_adict.meters.coordinator import MeterCoordinator
from tests.exports import build_business, build_daily, build_monthly, invented_days
from tests.sandbox import FLAT, HOUSE, WAITING, Sandbox

from .common import energies, held, settle, stored_rows
from .conftest import AddEntry
from .test_statistics import _no_space

EXPORTED_ON: Final = date(2026, 11, 19)


@pytest.fixture
def older(sandbox: Sandbox) -> dict[date, float]:
    """A household's gas days up to the hundred that the sandbox keeps here."""
    last = sandbox.today - timedelta(days=101)
    days = invented_days(last - timedelta(days=40), last)
    return {day.gas_day: day.kwh or 0.0 for day in days}


@pytest.fixture
def exported(tmp_path: Path, older: dict[date, float]) -> Path:
    """The same as a daily workbook of the house; its PCE has lost its zero."""
    days = invented_days(min(older), max(older))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_daily(days, pce=HOUSE, exported_on=EXPORTED_ON))
    return path


async def _read(hass: HomeAssistant, path: Path) -> ExportFile:
    return await async_read_file(hass, path)


def _state(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


async def _take(hass: HomeAssistant, meter: MeterCoordinator, path: Path) -> None:
    export = await _read(hass, path)
    await async_take_files(meter, of_the_meter(export, meter.pce))
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_days_older_than_grdf_keeps_join_the_series(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    exported: Path,
    older: dict[date, float],
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    counted = _state(hass, "sensor.meter_0001_energy")

    await _take(hass, meter, exported)

    assert await energies(hass, HOUSE) == older | held(sandbox, HOUSE)
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_energy")
    total = sum(state for _, state, _ in rows if state is not None)
    assert rows[-1][2] == pytest.approx(total)
    # What flowed years ago is not booked as gas used today.
    assert _state(hass, "sensor.meter_0001_energy") == counted


async def test_a_file_imported_twice_changes_nothing(
    hass: HomeAssistant, import_meters: AddEntry, exported: Path
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    await _take(hass, meter, exported)
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_energy")
    kept = await meter.book.async_read()

    await _take(hass, meter, exported)

    assert await stored_rows(hass, f"grdf_adict:sandbox_{HOUSE}_energy") == rows
    assert await meter.book.async_read() == kept


async def test_a_preview_shows_what_will_happen_and_changes_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    tmp_path: Path,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    first = sandbox.today - timedelta(days=110)
    days = invented_days(first, first + timedelta(days=19))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_daily(days, pce=HOUSE, exported_on=EXPORTED_ON))
    before = await energies(hass, HOUSE)

    export = await _read(hass, path)
    (previewed,) = await async_preview_files(meter, export.meters)

    assert (previewed.days, previewed.first) == (20, first)
    assert previewed.count(DayOutcome.NEW) == 10
    kept = previewed.count(DayOutcome.ADICT_KEPT)
    assert kept + previewed.count(DayOutcome.EQUAL) == 10
    assert await energies(hass, HOUSE) == before
    assert (await async_take_files(meter, export.meters)) == (previewed,)


async def test_a_full_disk_is_reported_and_nothing_is_half_written(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    exported: Path,
    older: dict[date, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    before, kept = await energies(hass, HOUSE), await meter.book.async_read()

    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        with pytest.raises(UpdateFailed) as caught:
            await _take(hass, meter, exported)

    assert caught.value.translation_key == "write_failed"
    assert await energies(hass, HOUSE) == before
    assert await meter.book.async_read() == kept
    await _take(hass, meter, exported)
    assert await energies(hass, HOUSE) == older | held(sandbox, HOUSE)


async def test_a_busy_recorder_gets_its_rows_later(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    exported: Path,
    older: dict[date, float],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()

    async def _busy(*_: object, **__: object) -> None:
        raise RecorderBusyError

    with monkeypatch.context() as busy:
        busy.setattr(
            "custom_components.grdf_adict.meters.projection.async_project", _busy
        )
        await _take(hass, meter, exported)

    assert "statistics follow later" in caplog.text
    await settle(hass, entry)
    assert await energies(hass, HOUSE) == older | held(sandbox, HOUSE)


async def test_a_meter_that_waits_for_its_right_does_not_count_from_a_file(
    hass: HomeAssistant, import_meters: AddEntry, tmp_path: Path
) -> None:
    entry = await import_meters(WAITING)
    (meter,) = entry.runtime_data.meters.values()
    days = invented_days(date(2026, 10, 1), date(2026, 10, 20))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_daily(days, pce=WAITING, exported_on=EXPORTED_ON))

    await _take(hass, meter, path)

    assert len(await energies(hass, WAITING)) == 20
    assert (await meter.book.async_read()).counted_from is None


async def test_the_newest_index_of_any_source_is_shown(
    hass: HomeAssistant,
    import_meters: AddEntry,
    tmp_path: Path,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    days = invented_days(date(2026, 11, 1), date(2026, 11, 19))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_daily(days, pce=HOUSE, exported_on=EXPORTED_ON))

    await _take(hass, meter, path)

    index = hass.states.get("sensor.meter_0001_index")
    assert index is not None
    assert float(index.state) == days[-1].index_end
    assert index.attributes["read_at"] == "2026-11-20T06:00:00+01:00"


async def test_a_file_of_another_meter_is_refused_unless_it_is_confirmed(
    hass: HomeAssistant, exported: Path
) -> None:
    export = await _read(hass, exported)

    with pytest.raises(FileRefusedError) as caught:
        of_the_meter(export, FLAT)

    assert caught.value.key == "file_of_another_meter"
    assert HOUSE not in str(caught.value.placeholders)
    assert of_the_meter(export, FLAT, is_confirmed=True) == export.meters


async def test_of_a_file_of_several_meters_ones_own_is_taken_and_no_other(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    days = invented_days(date(2026, 10, 1), date(2026, 10, 20))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_business({HOUSE: days, FLAT: days}))
    export = await _read(hass, path)

    (ours,) = of_the_meter(export, FLAT)
    with pytest.raises(FileRefusedError) as caught:
        of_the_meter(export, WAITING, is_confirmed=True)

    assert ours.pce is not None
    assert ours.pce.pce == FLAT
    assert caught.value.key == "file_of_other_meters"


async def test_a_file_that_names_no_meter_is_the_one_it_is_given_for(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    days = invented_days(date(2026, 10, 1), date(2026, 10, 31))
    path = tmp_path / "export.xlsx"
    path.write_bytes(build_monthly(days, pce=None, exported_on=EXPORTED_ON))

    export = await _read(hass, path)

    assert of_the_meter(export, HOUSE) == export.meters


def test_bad_rows_are_reported_by_their_numbers_and_sheets() -> None:
    many = tuple(range(1, 21))

    listed = places(
        [
            RowFinding(Problem.NEGATIVE, (3, 4), 2),
            RowFinding(Problem.BAD_YEAR, many, 25, sheet=2),
            RowFinding(Problem.PCE_MISSING),
        ]
    )

    assert listed == f"3, 4; (2: {', '.join(map(str, many))} …)"


async def test_what_is_wrong_with_a_file_is_reported_without_its_name(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    path = tmp_path / f"Donnees_informatives_{HOUSE}.xlsx"

    with pytest.raises(FileRefusedError) as missing:
        await _read(hass, path)
    path.write_bytes(b"%PDF-1.7\x00")
    with pytest.raises(FileRefusedError) as renamed:
        await _read(hass, path)

    assert missing.value.key == "file_unreadable"
    assert renamed.value.key == "file_not_a_workbook"
    for caught in (missing, renamed):
        assert HOUSE not in str(caught.value)
        assert caught.value.__cause__ is None or HOUSE not in str(
            caught.value.__cause__
        )
