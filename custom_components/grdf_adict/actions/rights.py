"""Actions on access rights, each for an administrator: they show or change consents."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..adict import (
    AccessRightState,
    Declaration,
    Proof,
    ProofState,
    RightsFilter,
    Role,
    Status,
    differences,
)
from ..const import CONF_PCE, DOMAIN
from ..contract.coordinator import ContractCoordinator
from ..helpers.errors import invalid
from ..helpers.paths import is_allowed
from ..rights import MeterRight
from .response import response_of, response_of_answer
from .target import (
    account_of,
    account_of_meter,
    explaining,
    meter_of,
    raise_where_it_would_wait,
)

DECLARE_ACCESS_RIGHT: Final = "declare_access_right"
GET_ACCESS_RIGHTS: Final = "get_access_rights"
REVOKE_ACCESS_RIGHT: Final = "revoke_access_right"
SEND_PROOFS: Final = "send_proofs"

_ATTR_FILES: Final = "files"
_ATTR_INJECTION: Final = "injection"
_ATTR_PCES: Final = "pces"
_ATTR_PROOF_STATES: Final = "proof_states"
_ATTR_RIGHT_ID: Final = "access_right_id"
_ATTR_ROLE: Final = "role"
_ATTR_ROLES: Final = "roles"
_ATTR_STATES: Final = "states"

_ROLE: Final = vol.All(
    vol.In([role.value for role in Role if role is not Role.UNKNOWN]), vol.Coerce(Role)
)
_CONTRACT: Final = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_FIND_SCHEMA: Final = vol.Schema(
    {
        **_CONTRACT,
        vol.Optional(_ATTR_ROLES, default=list): vol.All(cv.ensure_list, [_ROLE]),
        vol.Optional(_ATTR_STATES, default=list): vol.All(
            cv.ensure_list, [vol.Coerce(AccessRightState)]
        ),
        vol.Optional(_ATTR_PROOF_STATES, default=list): vol.All(
            cv.ensure_list, [vol.Coerce(ProofState)]
        ),
        vol.Optional(_ATTR_PCES, default=list): vol.All(cv.ensure_list, [cv.string]),
    }
)
_DECLARE_SCHEMA: Final = vol.Schema(
    {
        **_CONTRACT,
        vol.Required(CONF_PCE): cv.string,
        vol.Required(_ATTR_ROLE): _ROLE,
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
    **_CONTRACT,
    vol.Exclusive(ATTR_DEVICE_ID, "right"): cv.string,
    vol.Exclusive(_ATTR_RIGHT_ID, "right"): cv.string,
    vol.Optional(_ATTR_INJECTION, default=False): cv.boolean,
}
_ONE_RIGHT: Final = cv.has_at_least_one_key(ATTR_DEVICE_ID, _ATTR_RIGHT_ID)
_FILES: Final = vol.All(cv.ensure_list, [cv.string])
_REVOKE_SCHEMA: Final = vol.All(vol.Schema(_RIGHT), _ONE_RIGHT)
_PROOFS_SCHEMA: Final = vol.All(
    vol.Schema({**_RIGHT, vol.Required(_ATTR_FILES): _FILES}), _ONE_RIGHT
)


_MAY_ANSWER: Final = SupportsResponse.OPTIONAL
_ALIVE: Final = frozenset(
    {
        AccessRightState.ACTIVE,
        AccessRightState.TO_RECHECK,
        AccessRightState.TO_VALIDATE,
    }
)
_TAKES_PROOFS: Final = frozenset({ProofState.AWAITED, ProofState.UNDER_REVIEW})


@callback
def async_setup_right_actions(hass: HomeAssistant) -> None:
    """Register them."""
    for name, handler, schema, response in (
        (GET_ACCESS_RIGHTS, _async_find, _FIND_SCHEMA, SupportsResponse.ONLY),
        (DECLARE_ACCESS_RIGHT, _async_declare, _DECLARE_SCHEMA, _MAY_ANSWER),
        (REVOKE_ACCESS_RIGHT, _async_revoke, _REVOKE_SCHEMA, _MAY_ANSWER),
        (SEND_PROOFS, _async_send_proofs, _PROOFS_SCHEMA, _MAY_ANSWER),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, explaining(handler), schema, supports_response=response
        )


async def _async_find(call: ServiceCall) -> JsonObjectType:
    """Return the rights that meet some conditions, with the people in them."""
    account = account_of(call)
    raise_where_it_would_wait(account)
    answer = await account.client.find_access_rights(
        RightsFilter(
            roles=call.data[_ATTR_ROLES],
            states=call.data[_ATTR_STATES],
            proof_states=call.data[_ATTR_PROOF_STATES],
            pces=call.data[_ATTR_PCES],
        )
    )
    return response_of_answer("access_rights", answer)


async def _async_declare(call: ServiceCall) -> JsonObjectType:
    """Declare a right, and return what GRDF made of it."""
    account = account_of(call)
    raise_where_it_would_wait(account)
    declaration = _declaration(call.data)
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
    """Revoke a right; what is known of its meter stays."""
    account, right_id = _right(call, _is_alive, "no_right_to_revoke")
    done = await account.client.revoke_access_right(right_id)
    await account.async_reread()
    return _done(done)


async def _async_send_proofs(call: ServiceCall) -> JsonObjectType:
    """Send the proofs of a consent, from files in allowed folders."""
    account, right_id = _right(call, _awaits_proof, "no_proof_awaited")
    files = [Path(name) for name in call.data[_ATTR_FILES]]
    allowed = await call.hass.async_add_executor_job(_allowed, call.hass, files)
    if not allowed:
        raise invalid("path_not_allowed")
    done = await account.client.send_proofs(right_id, [Proof(file) for file in files])
    await account.async_reread()
    return _done(done)


def _is_alive(right: MeterRight) -> bool:
    return right.state in _ALIVE


def _awaits_proof(right: MeterRight) -> bool:
    return right.proof_state in _TAKES_PROOFS


def _right(
    call: ServiceCall, is_meant: Callable[[MeterRight], bool], none_key: str
) -> tuple[ContractCoordinator, str]:
    """Return the right that an action names by its id, or by its meter.

    Of a site's two rights, that on the gas used goes first, unless the action says
    injection.

    Raises:
        ServiceValidationError: the meter has no right that is meant.
    """
    if (right_id := call.data.get(_ATTR_RIGHT_ID)) is not None:
        account = account_of(call)
        raise_where_it_would_wait(account)
        return account, right_id
    meter = meter_of(call)
    account = account_of_meter(meter)
    raise_where_it_would_wait(account)
    rights = (
        (meter.rights.injection,) if call.data[_ATTR_INJECTION] else meter.rights.all
    )
    meant = next((right for right in rights if right and is_meant(right)), None)
    if meant is None:
        raise invalid(none_key)
    return account, meant.id


def _declaration(data: Mapping[str, Any]) -> Declaration:
    role: Role = data[_ATTR_ROLE]
    return Declaration(
        role=role,
        holder_name=data.get("holder_name"),
        holder_company=data.get("holder_company"),
        postcode=data["postcode"],
        mail=data["mail"],
        mobile=data.get("mobile"),
        start=data["start"],
        end=data["end"],
        data_from=data["data_from"],
        data_to=data.get("data_to", data["end"]),
        contractual=data["contractual"],
        technical=data["technical"],
        informative=data.get("informative", not role.is_injection),
        published=data["published"],
    )


def _done(done: Status) -> JsonObjectType:
    return {"code": done.code, "message": done.message}


def _allowed(hass: HomeAssistant, files: list[Path]) -> bool:
    return all(is_allowed(hass, file) for file in files)
