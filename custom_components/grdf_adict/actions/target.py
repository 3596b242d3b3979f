"""What an action is about: a meter or a contract, and GRDF's errors in its words."""

from collections.abc import Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service import (
    async_get_config_entry,
    async_get_device_and_config_entry,
)
from homeassistant.util.json import JsonObjectType

from ..adict import (
    AdictBadRequestError,
    AdictError,
    InvalidDeclarationError,
    InvalidFilterError,
    InvalidPceError,
    InvalidPeriodError,
    InvalidProofError,
    InvalidRightIdError,
)
from ..const import DOMAIN
from ..contract.connection import holds_contract
from ..contract.coordinator import ContractCoordinator
from ..helpers.automations import targeted_devices
from ..helpers.errors import invalid, not_done, placeholders, translation_key
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry, loaded_meters

# An automation that hangs for longer looks broken: it is told instead.
_LONGEST_WAIT: Final = 60.0

type Handler = Callable[[ServiceCall], Coroutine[Any, Any, JsonObjectType]]


def account_of(call: ServiceCall) -> ContractCoordinator:
    """Return the contract that an action names; the only one where it names none.

    Raises:
        ServiceValidationError: there is no such contract, it is not loaded, or it is an
            entry of exported files.
    """
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID) or _only_contract(call.hass)
    entry: GrdfConfigEntry = async_get_config_entry(call.hass, DOMAIN, entry_id)
    return entry.runtime_data.contract


def meter_of(call: ServiceCall) -> MeterCoordinator:
    """Return the meter whose device an action names.

    Raises:
        ServiceValidationError: it is no meter of a loaded contract.
    """
    device_id: str = call.data[ATTR_DEVICE_ID]
    device, _ = async_get_device_and_config_entry(call.hass, DOMAIN, device_id)
    for meter in loaded_meters(call.hass):
        if (DOMAIN, meter.key) in device.identifiers:
            return meter
    raise invalid("not_a_meter")


def meters_of_device(hass: HomeAssistant, device_id: str) -> list[MeterCoordinator]:
    """Return the meter of a device, or the meters of a group's.

    Raises:
        ServiceValidationError: it is neither, or its contract is not loaded.
    """
    device, _ = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    found = [
        meter
        for meter in loaded_meters(hass)
        if (DOMAIN, meter.key) in device.identifiers
    ]
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for group in entry.runtime_data.groups.values():
            if (DOMAIN, group.key) in device.identifiers:
                found += group.meters
    if not found:
        raise invalid("not_a_meter")
    return found


def account_of_meter(meter: MeterCoordinator) -> ContractCoordinator:
    """Return the contract of a meter.

    Raises:
        ServiceValidationError: it has none.
    """
    entry: GrdfConfigEntry = meter.config_entry
    return entry.runtime_data.contract


def _only_contract(hass: HomeAssistant) -> str | None:
    """Return the only contract's entry, whatever entry of files stands beside it."""
    contracts = [
        entry.entry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if holds_contract(entry.data)
    ]
    return contracts[0] if len(contracts) == 1 else None


def raise_where_it_would_wait(account: ContractCoordinator) -> None:
    """Refuse an action that would wait for its turn of the quota for over a minute.

    Raises:
        HomeAssistantError: says for how long.
    """
    seconds = account.quota.seconds_to_turn()
    if account.quota.remaining and seconds > _LONGEST_WAIT:
        raise not_done("action_would_wait", {"minutes": str(round(seconds / 60))})


def explaining(handler: Handler) -> Handler:
    """Have an action tell GRDF's errors and those of its fields in the user's words."""

    @wraps(handler)
    async def explained(call: ServiceCall) -> JsonObjectType:
        try:
            return await handler(call)
        except AdictError as err:
            raise _explained(err) from err

    return explained


def _explained(error: AdictError) -> HomeAssistantError:
    if (key := _key_of_field(error)) is not None:
        return invalid(key)
    kind = (
        ServiceValidationError
        if isinstance(error, AdictBadRequestError)
        else HomeAssistantError
    )
    # GRDF's own words may name people, and what is raised here may be logged.
    return kind(
        translation_domain=DOMAIN,
        translation_key=translation_key(error),
        translation_placeholders={"code": placeholders(error)["code"]},
    )


def _key_of_field(error: AdictError) -> str | None:
    """Return the key for what was refused before GRDF was asked."""
    key: str | None = None
    match error:
        case InvalidDeclarationError(problems=(problem, *_)):
            key = f"declaration_{problem}"
        case InvalidFilterError(problems=(problem, *_)):
            key = f"filter_{problem}"
        case InvalidProofError(problems=(problem, *_)):
            key = f"proof_{problem.kind}"
        case InvalidPeriodError(problem=problem):
            key = f"period_{problem}"
        case InvalidPceError():
            key = "declaration_pce_format"
        case InvalidRightIdError():
            key = "right_id_format"
    return key


@callback
def meters_of(
    hass: HomeAssistant, target: dict[str, Any]
) -> Iterator[tuple[MeterCoordinator, str]]:
    """Yield the loaded meters that a target names, each with its device's id.

    A meter is named by its device, or by any of its entities, diagnostic ones included.
    """
    named = targeted_devices(hass, target)
    for meter, device_id in _loaded(hass):
        if device_id in named:
            yield meter, device_id


def _loaded(hass: HomeAssistant) -> Iterator[tuple[MeterCoordinator, str]]:
    devices = dr.async_get(hass)
    entries: list[GrdfConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for meter in entry.runtime_data.meters.values():
            device = devices.async_get_device_by_identifier(
                (DOMAIN, meter.key), entry.entry_id
            )
            if device is not None:
                yield meter, device.id
