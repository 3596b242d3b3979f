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
    assert account.draw == 0.25
    assert account.quota.calls_today >= 41 + len(sandbox.calls)
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
