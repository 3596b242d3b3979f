"""An action as it is registered, with the fields and the errors that all share."""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from functools import partial, wraps
from typing import Any, Final, NamedTuple

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.typing import VolDictType, VolSchemaType
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

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
from ..helpers.errors import invalid, not_done, placeholders, translation_key

ATTR_END: Final = "end_date"
ATTR_START: Final = "start_date"

CONTRACT: Final[VolDictType] = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
METER: Final[VolDictType] = {vol.Required(ATTR_DEVICE_ID): cv.string}
DATES: Final[VolDictType] = {
    vol.Optional(ATTR_START): cv.date,
    vol.Optional(ATTR_END): cv.date,
}
TEXTS: Final = vol.All(cv.ensure_list, [cv.string])

type Handler = Callable[[ServiceCall], Coroutine[Any, Any, JsonObjectType | None]]


def one_of(*members: StrEnum) -> vol.All[Any]:
    """Return the validator of a field that has one of some values of an enumeration."""
    values = [member.value for member in members]
    return vol.All(vol.In(values), vol.Coerce(type(members[0])))


class ServiceAction(NamedTuple):
    """An action of the integration; only administrators may call most of them."""

    name: str
    handler: Handler
    schema: VolSchemaType
    response: SupportsResponse = SupportsResponse.OPTIONAL
    for_admin: bool = True

    @callback
    def async_register(self, hass: HomeAssistant) -> None:
        """Register the action with Home Assistant."""
        register = (
            partial(async_register_admin_service, hass)
            if self.for_admin
            else hass.services.async_register
        )
        register(
            DOMAIN, self.name, _translating(self.handler), self.schema, self.response
        )


def _translating(handler: Handler) -> Handler:
    """Return a handler whose errors of GRDF's API have translated texts."""

    @wraps(handler)
    async def translated(call: ServiceCall) -> JsonObjectType | None:
        try:
            return await handler(call)
        except AdictError as err:
            raise _translated(err) from err

    return translated


def _translated(error: AdictError) -> HomeAssistantError:
    match error:
        # What was refused before GRDF was called.
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
        case _:
            # GRDF's message may name people, and what is raised here may be logged.
            code = {"code": placeholders(error)["code"]}
            is_invalid = isinstance(error, AdictBadRequestError)
            return (invalid if is_invalid else not_done)(translation_key(error), code)
    return invalid(key)
