"""Actions on access rights, each for an administrator: they show or change consents."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..adict import (
    AccessRightState,
    AdictError,
    Declaration,
    Proof,
    ProofState,
    RightsFilter,
    Role,
    differences,
)
from ..const import CONF_PCE
from ..contract.coordinator import ContractCoordinator
from ..helpers.errors import invalid, placeholders, revocation_key, translation_key
from ..rights import MeterRight, is_of_holder
from .action import CONTRACT, TEXTS, ServiceAction, one_of
from .response import response_of, response_of_answer
from .target import (
    account_of,
    account_of_meter,
    async_allowed_path,
    meter_of,
    without_wait,
)

_ATTR_FILES: Final = "files"
_ATTR_INJECTION: Final = "injection"
_ATTR_RIGHT_ID: Final = "access_right_id"

_ROLE: Final = one_of(*(role for role in Role if role is not Role.UNKNOWN))
_FIND_SCHEMA: Final = vol.Schema(
    {
        **CONTRACT,
        vol.Optional("roles", default=list): vol.All(cv.ensure_list, [_ROLE]),
        vol.Optional("states", default=list): vol.All(
            cv.ensure_list, [vol.Coerce(AccessRightState)]
        ),
        vol.Optional("proof_states", default=list): vol.All(
            cv.ensure_list, [vol.Coerce(ProofState)]
        ),
        vol.Optional("pces", default=list): TEXTS,
    }
)
_DECLARE_SCHEMA: Final = vol.Schema(
    {
        **CONTRACT,
        vol.Required(CONF_PCE): cv.string,
        vol.Required("role"): _ROLE,
        vol.Optional("holder_name"): cv.string,
        vol.Optional("holder_company"): cv.string,
        vol.Required("postcode"): cv.string,
        vol.Required("mail"): cv.string,
        vol.Optional("mobile"): cv.string,
        vol.Required("start"): cv.date,
        vol.Required("end"): cv.date,
        vol.Required("data_from"): cv.date,
        vol.Optional("data_to"): cv.date,
        vol.Optional("contractual", default=True): cv.boolean,
        vol.Optional("technical", default=True): cv.boolean,
        vol.Optional("informative"): cv.boolean,
        vol.Optional("published", default=True): cv.boolean,
    }
)
# A meter's right, or any right of the contract.
_RIGHT: Final = {
    **CONTRACT,
    vol.Exclusive(ATTR_DEVICE_ID, "right"): cv.string,
    vol.Exclusive(_ATTR_RIGHT_ID, "right"): cv.string,
    vol.Optional(_ATTR_INJECTION, default=False): cv.boolean,
}
_ONE_RIGHT: Final = cv.has_at_least_one_key(ATTR_DEVICE_ID, _ATTR_RIGHT_ID)
_REVOKE_SCHEMA: Final = vol.All(vol.Schema(_RIGHT), _ONE_RIGHT)
_PROOFS_SCHEMA: Final = vol.All(
    vol.Schema({**_RIGHT, vol.Required(_ATTR_FILES): TEXTS}), _ONE_RIGHT
)

_REVOCABLE: Final = frozenset(
    {
        AccessRightState.ACTIVE,
        AccessRightState.TO_RECHECK,
        AccessRightState.TO_VALIDATE,
    }
)
_TAKES_PROOFS: Final = frozenset({ProofState.AWAITED, ProofState.UNDER_REVIEW})


async def _async_find(call: ServiceCall) -> JsonObjectType:
    """Return the rights that meet some conditions, with the people in them."""
    account = without_wait(account_of(call))
    answer = await account.client.find_access_rights(RightsFilter(**_fields(call)))
    return response_of_answer("access_rights", answer)


async def _async_declare(call: ServiceCall) -> JsonObjectType:
    """Declare a right, and return the right that GRDF recorded."""
    account = without_wait(account_of(call))
    role: Role = call.data["role"]
    absent = {"data_to": call.data["end"], "informative": not role.is_injection}
    declaration = Declaration(**{**absent, **_fields(call)})
    declared = await account.client.declare_access_right(
        call.data[CONF_PCE], declaration
    )
    await account.async_reread()
    return {
        "waiting": declared.waiting,
        "code": declared.code,
        "message": declared.message,
        "access_right": response_of(declared.right),
        "differences": [
            response_of(difference)
            for difference in differences(declaration, declared.right)
        ],
    }


async def _async_revoke(call: ServiceCall) -> JsonObjectType:
    """Revoke a right; the data of its meter stay."""
    account, right_id = _right(
        call, lambda right: right.state in _REVOCABLE, "no_right_to_revoke"
    )
    try:
        done = await account.client.revoke_access_right(right_id)
    except AdictError as err:
        as_holder = is_of_holder(account.data, right_id)
        key = revocation_key(err, as_holder=as_holder)
        if key == translation_key(err):
            raise
        raise invalid(key, {"code": placeholders(err)["code"]}) from err
    await account.async_reread()
    return response_of(done)


async def _async_send_proofs(call: ServiceCall) -> JsonObjectType:
    """Send the proofs of a consent, from files in allowed folders."""
    account, right_id = _right(
        call, lambda right: right.proof_state in _TAKES_PROOFS, "no_proof_awaited"
    )
    names: list[str] = call.data[_ATTR_FILES]
    proofs = [Proof(await async_allowed_path(call.hass, name)) for name in names]
    done = await account.client.send_proofs(right_id, proofs)
    await account.async_reread()
    return response_of(done)


def _right(
    call: ServiceCall, fits: Callable[[MeterRight], bool], none_key: str
) -> tuple[ContractCoordinator, str]:
    """Return the right that an action names by its id, or by its meter.

    Of a site's two rights, that on the gas used comes first, unless the action names
    the injection.

    Raises:
        ServiceValidationError: the meter has no right of the kind.
    """
    if (right_id := call.data.get(_ATTR_RIGHT_ID)) is not None:
        return without_wait(account_of(call)), right_id
    meter = meter_of(call)
    account = without_wait(account_of_meter(meter))
    rights = (
        (meter.rights.injection,) if call.data[_ATTR_INJECTION] else meter.rights.all
    )
    found = next((right for right in rights if right and fits(right)), None)
    if found is None:
        raise invalid(none_key)
    return account, found.id


def _fields(call: ServiceCall) -> dict[str, Any]:
    """Return the fields whose names are also those of what is sent to GRDF."""
    others = {ATTR_CONFIG_ENTRY_ID, CONF_PCE}
    return {name: value for name, value in call.data.items() if name not in others}


RIGHT_ACTIONS: Final = (
    ServiceAction(
        "get_access_rights", _async_find, _FIND_SCHEMA, SupportsResponse.ONLY
    ),
    ServiceAction("declare_access_right", _async_declare, _DECLARE_SCHEMA),
    ServiceAction("revoke_access_right", _async_revoke, _REVOKE_SCHEMA),
    ServiceAction("send_proofs", _async_send_proofs, _PROOFS_SCHEMA),
)
