"""What was stored by an earlier version is read by this one."""

from typing import Any

from homeassistant.core import HomeAssistant

from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, settle
from .conftest import AddEntry


async def test_a_contract_of_the_first_version_keeps_its_place_and_its_count(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    hass_storage[f"grdf_adict.account.{entry.entry_id}"] = {
        "version": 1,
        "minor_version": 1,
        "key": f"grdf_adict.account.{entry.entry_id}",
        "data": {
            "draw": 0.25,
            "quota": ["2026-11-20", 41],
            "rights": {
                HOUSE: {
                    "state": "active",
                    "calls": ["informative", "published"],
                    "first": None,
                    "last": None,
                    "ends": None,
                },
                "09999999900999": None,
            },
            "mark": {
                "answered": "2026-11-20T10:00:00+01:00",
                "whole": True,
                "since": None,
                "cut": 0,
                "not_before": None,
                "refused": False,
            },
            "held": 1,
        },
    }

    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    account = entry.runtime_data.account
    assert account.phase == 0.25
    assert account.quota.calls_today >= 41 + len(sandbox.calls)
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


async def test_a_meter_of_the_first_version_keeps_its_history_and_fills_its_facts(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    key = f"grdf_adict.meter.sandbox_{HOUSE}"
    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[key]
    del stored["data"]["injection"]
    stored["data"]["facts"] = {
        "frequency": "1M",
        "capacity": 79.6,
        "annual_reference_consumption": 9000.0,
    }
    hass_storage[key] = {**stored, "version": 1}
    sandbox.reset_calls()

    assert await hass.config_entries.async_setup(entry.entry_id)
    (meter,) = entry.runtime_data.meters.values()
    assert meter.data.progress == 100
    await settle(hass, entry)

    assert await energies(hass, HOUSE) == before == held(sandbox, HOUSE)
    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == [
        "donnees_techniques",
        "donnees_contractuelles",
    ]
    assert meter.data.facts.serial_number == "2018900001"
    assert meter.data.facts.delivery_tariff == "T2"
    assert hass_storage[key]["version"] == 2


async def test_fields_of_a_later_version_are_ignored(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    assert await hass.config_entries.async_unload(entry.entry_id)
    contract = hass_storage[f"grdf_adict.account.{entry.entry_id}"]["data"]
    meter = hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]["data"]
    records = meter["marks"].values()
    for each in (
        contract["mark"],
        *contract["rights"][HOUSE],
        meter["facts"],
        *records,
    ):
        if each is not None:
            each["of_a_later_version"] = 1
    # That version's own digest would fit; no file has to have one.
    del contract["digest"], meter["digest"]
    sandbox.reset_calls()

    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert sandbox.calls == []
    assert await energies(hass, HOUSE) == before
