"""Adding and removing meters of a contract that is already set up."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import CONF_PCE, DOMAIN, SUBENTRY_TYPE_METER
from tests.sandbox import BUSINESS, FLAT, FORMER, HOUSE, WAITING, Fault, Sandbox

from .common import settle, stored_rows
from .conftest import AddEntry


async def _start(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open "Add a meter", with one of the rights that the contract holds."""
    menu = dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, SUBENTRY_TYPE_METER), context={"source": SOURCE_USER}
        )
    )
    if menu["type"] is not FlowResultType.MENU:
        return menu
    return await _submit(hass, menu, {"next_step_id": "held"})


async def _submit(
    hass: HomeAssistant, result: dict[str, Any], form: dict[str, Any]
) -> dict[str, Any]:
    return dict(
        await hass.config_entries.subentries.async_configure(result["flow_id"], form)
    )


async def test_a_meter_joins_without_a_reload_and_is_imported(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    loaded = entry.runtime_data

    result = await _start(hass, entry)
    result = await _submit(hass, result, {CONF_PCE: FLAT, CONF_NAME: "Studio"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    await settle(hass, entry)

    assert entry.runtime_data is loaded
    assert hass.states.get("sensor.studio_energy") is not None
    assert await stored_rows(hass, f"grdf_adict:sandbox_{FLAT}_energy")


async def test_the_rights_read_by_the_flow_are_not_read_again(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.reset_calls()

    result = await _start(hass, entry)
    await _submit(hass, result, {CONF_PCE: FLAT})
    await hass.async_block_till_done()
    await settle(hass, entry)

    asked = [call.path for call in sandbox.calls if "droits_acces" in call.path]
    assert len(asked) == 1


async def test_a_meter_without_a_name_is_called_by_its_last_digits(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry()

    result = await _start(hass, entry)
    result = await _submit(hass, result, {CONF_PCE: FLAT})

    assert result["title"] == f"Meter …{FLAT[-4:]}"


async def test_a_meter_that_is_there_is_not_offered_and_not_taken_twice(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    result = await _start(hass, entry)
    options = result["data_schema"].schema[CONF_PCE].config["options"]
    assert HOUSE not in {option["value"] for option in options}

    result = await _submit(hass, result, {CONF_PCE: HOUSE})
    assert result["errors"] == {CONF_PCE: "already_a_meter"}
    result = await _submit(hass, result, {CONF_PCE: FORMER})
    assert result["errors"] == {CONF_PCE: "right_not_active"}

    result = await _submit(hass, result, {CONF_PCE: BUSINESS})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_right_that_waits_for_the_customer_can_be_added_and_says_so(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    result = await _start(hass, entry)
    options = result["data_schema"].schema[CONF_PCE].config["options"]
    labels = {option["value"]: option["label"] for option in options}
    assert labels[WAITING].endswith("A valider")
    assert not labels[FLAT].endswith("Active")

    result = await _submit(hass, result, {CONF_PCE: WAITING, CONF_NAME: "Waiting"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    await settle(hass, entry)
    assert not await stored_rows(hass, f"grdf_adict:sandbox_{WAITING}_energy")

    sandbox.answer(sandbox.right(WAITING).id, accepts=True)
    await entry.runtime_data.account.async_read_rights()
    entry.runtime_data.account.async_update_listeners()
    await settle(hass, entry)
    assert await stored_rows(hass, f"grdf_adict:sandbox_{WAITING}_energy")


async def test_a_meter_cannot_be_added_while_grdf_is_away(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.fail_next(None, Fault.status(503), times=3)

    result = await _start(hass, entry)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "cannot_connect"


async def test_a_meter_cannot_be_added_to_a_contract_that_is_not_loaded(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(set_up=False)

    result = await _start(hass, entry)

    assert result["reason"] == "entry_not_loaded"


async def test_a_meter_that_leaves_takes_its_device_and_leaves_its_history(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    entry = await import_meters(HOUSE, FLAT)
    statistic = f"grdf_adict:sandbox_{FLAT}_energy"
    before = await stored_rows(hass, statistic)
    flat = next(m for m in entry.subentries.values() if m.unique_id == FLAT)

    hass.config_entries.async_remove_subentry(entry, flat.subentry_id)
    await hass.async_block_till_done()
    sandbox.reset_calls()
    await settle(hass, entry)

    assert list(entry.runtime_data.meters) == [
        meter.subentry_id for meter in entry.subentries.values()
    ]
    assert not [
        device
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
        if (DOMAIN, f"sandbox_{FLAT}") in device.identifiers
    ]
    assert await stored_rows(hass, statistic) == before
    assert not any(FLAT in call.path for call in sandbox.calls)


async def test_the_device_tells_the_reading_frequency_once_it_is_known(
    import_meters: AddEntry, device_registry: dr.DeviceRegistry
) -> None:
    entry = await import_meters(HOUSE)

    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{HOUSE}"), entry.entry_id
    )

    assert device is not None
    assert (device.manufacturer, device.model) == ("GRDF", "1M")


async def test_a_meter_that_is_renamed_renames_its_device(
    hass: HomeAssistant, add_entry: AddEntry, device_registry: dr.DeviceRegistry
) -> None:
    entry = await add_entry(HOUSE)
    (meter,) = entry.subentries.values()

    hass.config_entries.async_update_subentry(entry, meter, title="Town hall")
    await hass.async_block_till_done()

    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{HOUSE}"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Town hall"
