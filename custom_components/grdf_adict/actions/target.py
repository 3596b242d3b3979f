"""The meters, the contract, the dates and the paths that an action names."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import ChildDeviceEntry, DeviceEntry
from homeassistant.helpers.service import (
    async_get_config_entry,
    async_get_device_and_config_entry,
)

from ..const import DOMAIN
from ..contract.connection import holds_contract
from ..contract.coordinator import ContractCoordinator
from ..helpers.automations import targeted_devices
from ..helpers.errors import invalid, not_done
from ..helpers.paths import is_allowed
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry, loaded_meters
from .action import ATTR_END, ATTR_START

# An automation that waits for longer looks broken: the action fails instead.
_LONGEST_WAIT: Final = 60.0


def account_of(call: ServiceCall) -> ContractCoordinator:
    """Return the contract that an action names; the only one where it names none.

    Raises:
        ServiceValidationError: there is no such contract, it is not loaded, or it is an
            entry of exported files.
    """
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID) or _only_contract(call.hass)
    entry: GrdfConfigEntry = async_get_config_entry(call.hass, DOMAIN, entry_id)
    return entry.runtime_data.contract


def account_of_meter(meter: MeterCoordinator) -> ContractCoordinator:
    """Return the contract of a meter.

    Raises:
        ServiceValidationError: it has none.
    """
    entry: GrdfConfigEntry = meter.config_entry
    return entry.runtime_data.contract


def without_wait(account: ContractCoordinator) -> ContractCoordinator:
    """Return a contract whose quota allows a call within a minute.

    Raises:
        HomeAssistantError: it does not; the text gives the minutes.
    """
    seconds = account.quota.seconds_to_turn()
    if account.quota.remaining and seconds > _LONGEST_WAIT:
        raise not_done("action_would_wait", {"minutes": str(round(seconds / 60))})
    return account


def meter_of(call: ServiceCall) -> MeterCoordinator:
    """Return the meter whose device an action names.

    Raises:
        ServiceValidationError: it is no meter of a loaded contract.
    """
    for meter in _meters_of(call.hass, _device(call.hass, call.data[ATTR_DEVICE_ID])):
        return meter
    raise invalid("not_a_meter")


def meters_of_device(hass: HomeAssistant, device_id: str) -> list[MeterCoordinator]:
    """Return the meter of a device, or the meters of a group's.

    Raises:
        ServiceValidationError: it is neither, or its contract is not loaded.
    """
    device = _device(hass, device_id)
    found = list(_meters_of(hass, device))
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for group in entry.runtime_data.groups.values():
            if (DOMAIN, group.key) in device.identifiers:
                found += group.meters
    if not found:
        raise invalid("not_a_meter")
    return found


@callback
def meters_of(
    hass: HomeAssistant, target: dict[str, Any]
) -> Iterator[tuple[MeterCoordinator, str]]:
    """Yield the loaded meters that a target names, each with its device's id.

    A meter is named by its device, or by any of its entities, diagnostic ones included.
    """
    named = targeted_devices(hass, target)
    devices = dr.async_get(hass)
    for meter in loaded_meters(hass):
        device = devices.async_get_device_by_identifier(
            (DOMAIN, meter.key), meter.config_entry.entry_id
        )
        if device is not None and device.id in named:
            yield meter, device.id


def dates_of(call: ServiceCall) -> tuple[date | None, date | None]:
    """Return the first and the last gas day that an action names; None: no bound.

    Raises:
        ServiceValidationError: the last one is before the first.
    """
    first, last = call.data.get(ATTR_START), call.data.get(ATTR_END)
    if first is not None and last is not None and last < first:
        raise invalid("period_reversed")
    return first, last


async def async_allowed_path(hass: HomeAssistant, name: str) -> Path:
    """Return the path of a file that actions may read or write.

    Raises:
        ServiceValidationError: it is outside the allowed folders.
    """
    if not await hass.async_add_executor_job(is_allowed, hass, name):
        raise invalid("path_not_allowed")
    return Path(name)


def _only_contract(hass: HomeAssistant) -> str | None:
    """Return the id of the only entry of a contract; entries of files do not count."""
    contracts = [
        entry.entry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if holds_contract(entry.data)
    ]
    return contracts[0] if len(contracts) == 1 else None


def _device(hass: HomeAssistant, device_id: str) -> DeviceEntry | ChildDeviceEntry:
    device, _ = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    return device


def _meters_of(
    hass: HomeAssistant, device: DeviceEntry | ChildDeviceEntry
) -> Iterator[MeterCoordinator]:
    for meter in loaded_meters(hass):
        if (DOMAIN, meter.key) in device.identifiers:
            yield meter
