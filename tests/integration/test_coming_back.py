"""A meter that is deleted and added again: what was set of it is there again."""

from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import (
    CONF_METERS,
    CONF_PCE,
    CONF_SERIES,
    DOMAIN,
    SUBENTRY_TYPE_GROUP,
    SUBENTRY_TYPE_METER,
)
from tests.exports import build_daily
from tests.sandbox import FLAT, HOUSE

from .common import amounts, energies, settle
from .conftest import AddEntry
from .file_flow import add_files, begin, send_files
from .price_flow import choose, period, set_list, submit
from .repair import shown, start_fix
from .right_flow import add
from .test_files_entry import EXPORTED_ON, HOME, _days

SETTINGS: Final = f"grdf_adict.settings.sandbox_{HOUSE}"
NAME: Final = "Boiler room"
GONE: Final[dict[str, Any]] = {
    "subentry_id": "gone",
    "title": "Meter …0001",
    "data": {},
    "groups": [],
    "entity_ids": [],
}


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


def _meter(entry: ConfigEntry, pce: str = HOUSE) -> Any:
    return next(each for each in entry.subentries.values() if each.unique_id == pce)


async def _furnish(hass: HomeAssistant, entry: ConfigEntry, pce: str = HOUSE) -> None:
    """Give the only meter a price by its form, a name and an outdoor sensor."""
    hass.states.async_set("sensor.garden", "7", {"unit_of_measurement": "°C"})
    await set_list(hass, entry, period("2024-01-01", 0.1))  # type: ignore[arg-type]
    meter = _meter(entry, pce)
    hass.config_entries.async_update_subentry(
        entry, meter, title=NAME, data={**meter.data, "outdoor": "sensor.garden"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def _delete(hass: HomeAssistant, entry: ConfigEntry, pce: str = HOUSE) -> None:
    """Delete a meter as Home Assistant's own dialog does."""
    hass.config_entries.async_remove_subentry(entry, _meter(entry, pce).subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _add_again(hass: HomeAssistant, entry: MockConfigEntry, **named: str) -> None:
    held = await choose(hass, await add(hass, entry), "held")
    done = await submit(hass, held, {CONF_PCE: HOUSE, **named})
    assert done["type"] is FlowResultType.CREATE_ENTRY, done
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)


def _group(entry: ConfigEntry) -> Any:
    (group,) = entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP)
    return group


async def test_a_meter_added_again_has_its_name_price_sensor_and_groups(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _furnish(hass, entry)
    before = _meter(entry)
    costs = await amounts(hass, HOUSE, "cost")
    assert any(costs.values())
    result = await choose(hass, await add(hass, entry), "held")
    await submit(hass, result, {CONF_PCE: FLAT})
    await hass.async_block_till_done(wait_background_tasks=True)
    flat = _meter(entry, FLAT).subentry_id
    group = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_TYPE_GROUP), context={"source": SOURCE_USER}
    )
    members = {"name": "Both", "meters": [before.subentry_id, flat]}
    await submit(hass, dict(group), members)
    await hass.async_block_till_done(wait_background_tasks=True)

    await _delete(hass, entry)
    assert _group(entry).data[CONF_METERS] == [flat]
    await _add_again(hass, entry)

    again = _meter(entry)
    assert again.subentry_id != before.subentry_id
    assert (again.title, dict(again.data)) == (NAME, dict(before.data))
    assert set(_group(entry).data[CONF_METERS]) == {flat, again.subentry_id}
    assert await amounts(hass, HOUSE, "cost") == costs
    key = (DOMAIN, f"sandbox_{HOUSE}")
    device = dr.async_get(hass).async_get_device_by_identifier(key, entry.entry_id)
    assert device is not None
    assert device.name == NAME


async def test_what_is_set_anew_goes_before_what_was_kept(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _furnish(hass, entry)
    await _delete(hass, entry)

    await _add_again(hass, entry, name="Cellar")

    again = _meter(entry)
    assert again.title == "Cellar"
    assert again.data["outdoor"] == "sensor.garden"


async def test_a_price_that_was_removed_while_nothing_was_loaded_does_not_come_back(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await _furnish(hass, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    meter = _meter(entry)
    data = {key: value for key, value in meter.data.items() if key != "price"}
    hass.config_entries.async_update_subentry(entry, meter, data=data)

    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)
    assert "price" not in _meter(entry).data
    await _delete(hass, entry)
    await _add_again(hass, entry)

    assert "price" not in _meter(entry).data
    assert _meter(entry).data["outdoor"] == "sensor.garden"


async def test_another_entry_of_the_same_pce_has_all_of_it(
    hass: HomeAssistant,
    import_meters: AddEntry,
    contract: dict[str, Any],
    tmp_path: Path,
) -> None:
    entry = await import_meters(HOUSE)
    # The names of stored files are read from the folder that the tests do without.
    hass.config.config_dir = str(tmp_path)
    (tmp_path / ".storage").mkdir()
    (tmp_path / ".storage" / SETTINGS).touch()
    await _furnish(hass, entry)
    kept, days = dict(_meter(entry).data), await energies(hass, HOUSE)
    costs = await amounts(hass, HOUSE, "cost")
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass) == {"leftovers"}

    flows = hass.config_entries.flow
    result = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    await flows.async_configure(result["flow_id"], {"next_step_id": "contract"})
    form = {"addresses": {}, **contract}
    result = await flows.async_configure(result["flow_id"], form)
    assert result["data_schema"] is not None
    options = result["data_schema"].schema[CONF_METERS].config["options"]
    label = next(each["label"] for each in options if each["value"] == HOUSE)
    assert label.endswith(f" · {NAME}")
    result = await flows.async_configure(result["flow_id"], {CONF_METERS: [HOUSE]})
    await hass.async_block_till_done(wait_background_tasks=True)

    again = result["result"]
    assert again.entry_id != entry.entry_id
    assert (_meter(again).title, dict(_meter(again).data)) == (NAME, kept)
    assert await energies(hass, HOUSE) == days
    assert await amounts(hass, HOUSE, "cost") == costs
    # The new entry has taken over all that was left.
    assert "leftovers" not in shown(hass)


async def test_exported_files_bring_a_meter_back_with_its_price(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    content = build_daily(_days(60), pce=HOME, exported_on=EXPORTED_ON)
    entry = await add_files(hass, hass_client, content)
    await _furnish(hass, entry, HOME)
    kept = dict(_meter(entry, HOME).data)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    preview = await send_files(hass, hass_client, await begin(hass), content)
    suggested = {
        str(key): (key.description or {}).get("suggested_value")
        for key in preview["data_schema"].schema
    }
    assert suggested == {"name": NAME}
    hass.config_entries.flow.async_abort(preview["flow_id"])
    again = await add_files(hass, hass_client, content)

    assert (_meter(again, HOME).title, dict(_meter(again, HOME).data)) == (NAME, kept)


async def test_a_later_holders_meter_comes_back_with_its_own_series(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    meter = _meter(entry)
    data = {**meter.data, CONF_SERIES: 2}
    hass.config_entries.async_update_subentry(entry, meter, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    first = await energies(hass, HOUSE)
    await _delete(hass, entry)

    await _add_again(hass, entry)

    assert _meter(entry).data[CONF_SERIES] == 2
    assert await energies(hass, HOUSE) == first


async def test_what_was_set_is_erased_with_the_meter(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    await _furnish(hass, entry)
    await _delete(hass, entry)
    assert SETTINGS in hass_storage
    fix = await start_fix(hass, hass_client, "meter_deleted")
    await fix.submit(revoke=False, erase=True)
    assert SETTINGS not in hass_storage

    await _add_again(hass, entry)

    assert dict(_meter(entry).data) == {CONF_PCE: HOUSE}
    assert _meter(entry).title != NAME


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {**GONE, "data": []},
        {**GONE, "groups": [1], "entity_ids": [{}]},
    ],
)
async def test_settings_that_cannot_be_read_are_written_anew(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_storage: dict[str, Any],
    stored: Any,
) -> None:
    hass_storage[SETTINGS] = {
        "version": 1,
        "minor_version": 1,
        "key": SETTINGS,
        "data": stored,
    }
    entry = await add_entry(HOUSE)

    await settle(hass, entry)

    assert await energies(hass, HOUSE)
    assert _meter(entry).title == "Meter 0001"
    assert hass_storage[SETTINGS]["data"]["title"] == "Meter 0001"


async def test_settings_of_a_newer_version_do_not_hold_a_meter_up(
    hass: HomeAssistant, add_entry: AddEntry, hass_storage: dict[str, Any]
) -> None:
    hass_storage[SETTINGS] = {
        "version": 9,
        "minor_version": 1,
        "key": SETTINGS,
        "data": {"all": "new"},
    }
    entry = await add_entry(HOUSE)

    await settle(hass, entry)

    assert await energies(hass, HOUSE)


async def test_meters_of_a_new_entry_are_set_as_they_were_whoever_adds_them(
    hass: HomeAssistant, import_meters: AddEntry, contract: dict[str, Any]
) -> None:
    """As a restored `core.config_entries` or another tool does, without a form."""
    entry = await import_meters(HOUSE)
    await _furnish(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    bare = ConfigSubentryData(
        subentry_type=SUBENTRY_TYPE_METER,
        title="Compteur …0001",
        unique_id=HOUSE,
        data={CONF_PCE: HOUSE},
    )
    again = MockConfigEntry(
        domain=DOMAIN, unique_id="other", data=contract, subentries_data=[bare]
    )
    again.add_to_hass(hass)

    assert await hass.config_entries.async_setup(again.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert _meter(again).title == NAME
    assert "price" in _meter(again).data


async def test_a_question_about_a_deleted_meter_does_not_erase_it_where_it_is_again(
    hass: HomeAssistant,
    import_meters: AddEntry,
    contract: dict[str, Any],
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    await _delete(hass, entry)
    assert "meter_deleted" in shown(hass)
    other = MockConfigEntry(
        domain=DOMAIN,
        data=contract | {"client_id": "another"},
        unique_id="sandbox_another",
        subentries_data=[
            ConfigSubentryData(
                subentry_type=SUBENTRY_TYPE_METER,
                title=NAME,
                unique_id=HOUSE,
                data={CONF_PCE: HOUSE},
            )
        ],
    )
    other.add_to_hass(hass)
    before = await energies(hass, HOUSE)

    fix = await start_fix(hass, hass_client, "meter_deleted")

    assert [field["name"] for field in fix.answer["data_schema"]] == ["revoke"]
    await fix.submit(revoke=False)
    assert await energies(hass, HOUSE) == before
