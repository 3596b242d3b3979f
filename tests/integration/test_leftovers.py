"""What is left of removed meters: told, taken over, or erased with nothing loaded."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.config_entries import SOURCE_USER, ConfigSubentry, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.grdf_adict.adict import AdictClient
from custom_components.grdf_adict.const import (
    CONF_PCE,
    DOMAIN,
    SUBENTRY_TYPE_GROUP,
    SUBENTRY_TYPE_METER,
)
from custom_components.grdf_adict.lifecycle.erasure import async_erase_meter
from custom_components.grdf_adict.meters import book, projection
from tests.sandbox import FLAT, HOUSE

from .common import energies, series_of
from .conftest import AddEntry
from .repair import shown
from .test_deleted_meter import _kept

type Form = dict[str, Any]

NAME: Final = "Chaufferie"


@pytest.fixture
def storage(hass: HomeAssistant, tmp_path: Path) -> Path:
    """The storage folder, in a configuration folder of its own."""
    hass.config.config_dir = str(tmp_path)
    folder = tmp_path / ".storage"
    folder.mkdir()
    return folder


async def _open(hass: HomeAssistant) -> Form:
    """Open "Add integration"."""
    flows = hass.config_entries.flow
    return dict(await flows.async_init(DOMAIN, context={"source": SOURCE_USER}))


async def _send(hass: HomeAssistant, result: Form, **form: Any) -> Form:
    return dict(await hass.config_entries.flow.async_configure(result["flow_id"], form))


async def _step(hass: HomeAssistant) -> Form:
    menu = await _open(hass)
    assert menu["menu_options"] == ["contract", "files", "leftovers"]
    return await _send(hass, menu, next_step_id="leftovers")


def _offered(result: Form) -> dict[str, str]:
    """Return the labels of what can be erased, by key."""
    selector = result["data_schema"].schema["meters"]
    return {each["value"]: each["label"] for each in selector.config["options"]}


async def _remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def _names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def _ours(hass_storage: dict[str, Any]) -> list[str]:
    return [key for key in hass_storage if key.startswith(f"{DOMAIN}.")]


@pytest.mark.history
async def test_the_last_entry_leaves_a_repair_and_a_step_that_erases_all_of_it(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    clock: FrozenDateTimeFactory,
) -> None:
    menu = await _open(hass)
    assert menu["menu_options"] == ["contract", "files"]
    entry = await import_meters(HOUSE)
    (meter,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, meter, title=NAME)
    await hass.async_block_till_done(wait_background_tasks=True)
    await _remove(hass, entry)
    clock.tick(60)

    issue = ir.async_get(hass).async_get_issue(DOMAIN, "leftovers")
    assert issue is not None
    assert (issue.is_persistent, issue.is_fixable) == (True, False)
    assert issue.translation_placeholders == {"count": "1", "meters": "- …0001"}
    assert HOUSE not in str(issue)

    form = await _step(hass)
    assert _offered(form) == {f"sandbox_{HOUSE}": f"{NAME} (…0001)"}
    form = await _send(hass, form, meters=[f"sandbox_{HOUSE}"], confirm=False)
    assert form["errors"] == {"confirm": "not_confirmed"}
    form = await _send(hass, form, meters=[], confirm=True)
    assert form["errors"] == {"meters": "no_meter_chosen"}
    assert await energies(hass, HOUSE)
    # Home Assistant forgets after a month whose the entities were.
    er.async_get(hass).deleted_entities.clear()
    done = await _send(hass, form, meters=[f"sandbox_{HOUSE}"], confirm=True)

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "leftovers_erased"
    assert await _kept(hass) == set()
    assert _ours(hass_storage) == []
    assert shown(hass) == set()
    menu = await _open(hass)
    assert menu["menu_options"] == ["contract", "files"]


async def test_what_is_not_chosen_stays_and_the_repair_goes_by_what_is_left(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    await _remove(hass, entry)
    house, flat = await energies(hass, HOUSE), await energies(hass, FLAT)
    assert house
    assert flat

    await _send(hass, await _step(hass), meters=[f"sandbox_{FLAT}"], confirm=True)

    assert await energies(hass, FLAT) == {}
    assert await energies(hass, HOUSE) == house
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "leftovers")
    assert issue is not None
    assert issue.translation_placeholders == {"count": "1", "meters": "- …0001"}


async def test_a_meter_added_again_meanwhile_is_not_erased(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _remove(hass, entry)
    form = await _step(hass)
    await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    assert shown(hass) == set()

    form = await _send(hass, form, meters=[f"sandbox_{HOUSE}"], confirm=True)

    assert form["errors"] == {"meters": "no_meter_chosen"}
    assert await energies(hass, HOUSE) == before


async def test_an_entry_can_take_the_histories_of_its_meters_along(
    hass: HomeAssistant, import_meters: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await import_meters(HOUSE)
    options = hass.config_entries.options
    form = await options.async_init(entry.entry_id)
    answer = {"watch": False, "erase_with_entry": True}
    await options.async_configure(form["flow_id"], answer)
    form = await options.async_init(entry.entry_id)
    assert form["data_schema"] is not None
    suggested = {
        str(key): key.description["suggested_value"]
        for key in form["data_schema"].schema
        if key.description
    }
    assert suggested["erase_with_entry"] is True
    assert suggested["watch"] is False

    await _remove(hass, entry)

    assert await series_of(hass, HOUSE) == set()
    assert _ours(hass_storage) == []
    assert shown(hass) == set()


async def test_what_is_under_way_as_histories_are_erased_brings_nothing_back(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    computing, erased = asyncio.Event(), asyncio.Event()

    async def follow_late(*args: Any, **more: Any) -> Any:
        computing.set()
        await erased.wait()
        return await projection.async_follow(*args, **more)

    monkeypatch.setattr(f"{book.__name__}.async_follow", follow_late)
    rebuilding = asyncio.create_task(meter.async_compare(rewrite=True))
    await computing.wait()
    await _remove(hass, entry)
    await _send(hass, await _step(hass), meters=[f"sandbox_{HOUSE}"], confirm=True)

    erased.set()
    await rebuilding

    assert await series_of(hass, HOUSE) == set()
    assert _ours(hass_storage) == []


async def test_proofs_and_jobs_go_with_the_entry_at_once_and_histories_stay(
    hass: HomeAssistant,
    storage: Path,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    proofs = storage / "grdf_adict.proofs"
    for key in (f"sandbox_{HOUSE}", f"sandbox_{FLAT}"):
        (proofs / key).mkdir(parents=True)
        (proofs / key / "consent.pdf").write_bytes(b"%PDF")
    job = f"grdf_adict.fleet.{entry.entry_id}"
    hass_storage[job] = {"version": 1, "minor_version": 1, "key": job, "data": {}}
    before = await energies(hass, HOUSE)

    await _remove(hass, entry)

    assert _names(proofs) == set()
    assert set(_ours(hass_storage)) == {
        f"grdf_adict.{kind}.sandbox_{HOUSE}" for kind in ("meter", "settings")
    }
    assert await energies(hass, HOUSE) == before


async def test_a_call_that_outlives_the_entry_brings_no_file_of_it_back(
    hass: HomeAssistant, import_meters: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await import_meters(HOUSE)
    contract = entry.runtime_data.contract
    client: AdictClient = contract.client
    await _remove(hass, entry)

    await client.access_rights()
    await contract.async_read_rights()

    assert f"grdf_adict.account.{entry.entry_id}" not in hass_storage


async def test_files_and_series_are_erased_while_nothing_of_ours_is_loaded(
    hass: HomeAssistant, storage: Path, hass_storage: dict[str, Any]
) -> None:
    """As after a restart: no entry, no action, nothing in memory."""
    series = f"grdf_adict:{HOUSE}_2_energy"
    async_add_external_statistics(
        hass,
        StatisticMetaData(
            has_sum=True,
            mean_type=StatisticMeanType.NONE,
            name="Gas (kWh)",
            source=DOMAIN,
            statistic_id=series,
            unit_class="energy",
            unit_of_measurement="kWh",
        ),
        [StatisticData(start=datetime(2026, 11, 1, 5, tzinfo=UTC), state=1, sum=1)],
    )
    await async_wait_recording_done(hass)
    file, copy = f"grdf_adict.meter.{HOUSE}", f"grdf_adict.meter.{HOUSE}.corrupt.2026"
    hass_storage[file] = {"version": 2, "minor_version": 1, "key": file, "data": {}}
    others = [f"grdf_adict.meter.{FLAT}", "core.config_entries", "grdf_adict.odd"]
    for name in (file, copy, *others):
        (storage / name).write_text("{}")
    (storage / "grdf_adict.proofs" / HOUSE).mkdir(parents=True)
    reports = Path(hass.config.path("media")) / "grdf_adict" / "fleet"
    hass.config.media_dirs = {"local": hass.config.path("media")}
    reports.mkdir(parents=True)
    (reports / "one.csv").write_text(f"Line;PCE\r\n1;{HOUSE}\r\n")
    (reports / "two.csv").write_text(f"Line;PCE\r\n1;{HOUSE}\r\n2;{FLAT}\r\n")

    form = await _step(hass)
    assert set(_offered(form)) == {HOUSE, FLAT}
    await _send(hass, form, meters=[HOUSE], confirm=True)

    assert _names(storage) == {"grdf_adict.proofs", *others}
    assert file not in hass_storage
    assert _names(storage / "grdf_adict.proofs") == set()
    assert _names(reports) == {"two.csv"}
    assert (reports / "two.csv").read_text() == f"Line;PCE\n2;{FLAT}\n"
    assert set(_offered(await _step(hass))) == {FLAT}


async def _sources(hass: HomeAssistant) -> list[Form]:
    manager = await async_get_manager(hass)
    assert manager.data is not None
    return [dict(source) for source in manager.data["energy_sources"]]


async def test_the_energy_dashboard_loses_the_sources_of_what_is_erased_alone(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    entry = await import_meters(HOUSE, FLAT)
    building = ConfigSubentry(
        subentry_type=SUBENTRY_TYPE_GROUP,
        title="Both",
        unique_id=None,
        data=MappingProxyType({"meters": list(entry.subentries)}),
    )
    hass.config_entries.async_add_subentry(entry, building)
    sensor = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"sandbox_{HOUSE}_energy"
    )
    names = (
        f"grdf_adict:group_{building.subentry_id.lower()}_energy",
        f"grdf_adict:sandbox_{HOUSE}_energy",
        sensor,
        f"grdf_adict:sandbox_{FLAT}_energy",
    )
    blank = {f"{price}_energy_price": None for price in ("entity", "number")}
    group, house, sensors, flat = (
        {"type": "gas", "stat_energy_from": name, "stat_cost": None, **blank}
        for name in names
    )
    water = {
        "type": "water",
        "stat_energy_from": "sensor.water",
        "stat_cost": f"grdf_adict:sandbox_{HOUSE}_cost",
        **blank,
    }
    manager = await async_get_manager(hass)
    changes: Any = {"energy_sources": [group, house, water, sensors, flat]}
    await manager.async_update(changes)
    await _remove(hass, entry)
    assert await _sources(hass) == [house, water, sensors, flat]

    await _send(hass, await _step(hass), meters=[f"sandbox_{HOUSE}"], confirm=True)

    assert await _sources(hass) == [{**water, "stat_cost": None}, flat]


async def test_files_of_entries_that_were_removed_in_recovery_mode_go_at_the_start(
    hass: HomeAssistant, storage: Path, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    gone, other = "01GONE", f"grdf_adict.account.{entry.entry_id}"
    for kind in ("account", "fleet", "recording"):
        (storage / f"grdf_adict.{kind}.{gone}").touch()
    (storage / f"grdf_adict.fleet.{gone}.corrupt.2026").touch()
    (storage / other).touch()

    assert await hass.config_entries.async_setup(entry.entry_id)

    names = _names(storage)
    assert other in names
    assert not [name for name in names if gone in name]


async def test_a_meter_that_is_added_again_while_others_are_erased_stays(
    hass: HomeAssistant,
    import_meters: AddEntry,
    contract: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _remove(hass, await import_meters(HOUSE, FLAT))
    first, second = sorted([HOUSE, FLAT])
    again = ConfigSubentryData(
        subentry_type=SUBENTRY_TYPE_METER,
        title=NAME,
        unique_id=second,
        data={CONF_PCE: second},
    )

    async def erase_slowly(hass: HomeAssistant, key: str) -> None:
        entry = MockConfigEntry(domain=DOMAIN, data=contract, subentries_data=[again])
        entry.add_to_hass(hass)
        await async_erase_meter(hass, key)

    name = "custom_components.grdf_adict.flows.leftovers.async_erase_meter"
    monkeypatch.setattr(name, erase_slowly)
    before = await energies(hass, second)
    form = await _step(hass)

    await _send(hass, form, meters=list(_offered(form)), confirm=True)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await energies(hass, first) == {}
    assert await energies(hass, second) == before != {}
