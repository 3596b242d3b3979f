"""Actions that read what GRDF holds of a meter, for whoever wants more than sensors."""

from datetime import date
from enum import StrEnum
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..adict import (
    AdictClient,
    Answer,
    Consumption,
    ContractField,
    DateRange,
    Period,
    Reading,
    parse_period,
)
from ..const import DOMAIN
from ..helpers.errors import invalid
from .response import response_of, response_of_answer
from .target import (
    account_of_meter,
    explaining,
    meter_of,
    raise_where_it_would_wait,
)

GET_CONSUMPTION: Final = "get_consumption"
GET_CONTRACT_DATA: Final = "get_contract_data"
GET_INJECTIONS: Final = "get_injections"
GET_READINGS: Final = "get_readings"
GET_TECHNICAL_DATA: Final = "get_technical_data"

_ATTR_END: Final = "end_date"
_ATTR_FIELDS: Final = "fields"
_ATTR_KIND: Final = "kind"
_ATTR_PERIOD: Final = "period"
_ATTR_START: Final = "start_date"
# Of a block; `get_readings` gives them.
_READINGS: Final = ("pce", "start_reading", "end_reading")


class Kind(StrEnum):
    """Which of a meter's series an action reads."""

    PUBLISHED = "published"
    INFORMATIVE = "informative"
    INJECTIONS = "injections"


_METER: Final = {vol.Required(ATTR_DEVICE_ID): cv.string}
_PERIOD: Final = {
    vol.Optional(_ATTR_PERIOD): cv.string,
    vol.Optional(_ATTR_START): cv.date,
    vol.Optional(_ATTR_END): cv.date,
}
_METER_SCHEMA: Final = vol.Schema(_METER)
_PERIOD_SCHEMA: Final = vol.Schema({**_METER, **_PERIOD})
_CONSUMPTION_SCHEMA: Final = _PERIOD_SCHEMA.extend(
    {
        vol.Optional(_ATTR_KIND, default=Kind.PUBLISHED.value): vol.In(
            [Kind.PUBLISHED.value, Kind.INFORMATIVE.value]
        )
    }
)
_READINGS_SCHEMA: Final = _PERIOD_SCHEMA.extend(
    {
        vol.Optional(_ATTR_KIND, default=Kind.PUBLISHED.value): vol.In(
            [kind.value for kind in Kind]
        )
    }
)
_CONTRACT_SCHEMA: Final = _METER_SCHEMA.extend(
    {
        vol.Optional(_ATTR_FIELDS, default=list): vol.All(
            cv.ensure_list, [vol.Coerce(ContractField)]
        )
    }
)


@callback
def async_setup_data_actions(hass: HomeAssistant) -> None:
    """Register them; what holds an address needs an administrator."""
    for name, handler, schema in (
        (GET_CONSUMPTION, _async_consumption, _CONSUMPTION_SCHEMA),
        (GET_CONTRACT_DATA, _async_contract_data, _CONTRACT_SCHEMA),
        (GET_INJECTIONS, _async_injections, _PERIOD_SCHEMA),
        (GET_READINGS, _async_readings, _READINGS_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            explaining(handler),
            schema,
            supports_response=SupportsResponse.ONLY,
        )
    async_register_admin_service(
        hass,
        DOMAIN,
        GET_TECHNICAL_DATA,
        explaining(_async_technical_data),
        _METER_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


async def _async_consumption(call: ServiceCall) -> JsonObjectType:
    """Return the blocks of a meter's consumption."""
    answer = await _async_blocks(call, Kind(call.data[_ATTR_KIND]))
    return response_of_answer("consumption", answer, without=_READINGS)


async def _async_injections(call: ServiceCall) -> JsonObjectType:
    """Return the blocks of what a producer injected."""
    answer = await _async_blocks(call, Kind.INJECTIONS)
    return response_of_answer("injections", answer, without=_READINGS)


async def _async_readings(call: ServiceCall) -> JsonObjectType:
    """Return the indexes that a meter's blocks lie between, each once, oldest first."""
    answer = await _async_blocks(call, Kind(call.data[_ATTR_KIND]))
    return {
        "complete": answer.complete,
        "readings": [response_of(reading) for reading in _readings(answer.items)],
    }


async def _async_contract_data(call: ServiceCall) -> JsonObjectType:
    """Return what the customer's gas contract says of a meter."""
    meter = meter_of(call)
    client = _client(call)
    said = await client.contract_data(meter.pce, call.data[_ATTR_FIELDS])
    return response_of(said, without=("pce",))


async def _async_technical_data(call: ServiceCall) -> JsonObjectType:
    """Return the meter and its address."""
    meter = meter_of(call)
    return response_of(await _client(call).technical_data(meter.pce), without=("pce",))


async def _async_blocks(call: ServiceCall, kind: Kind) -> Answer[Consumption]:
    meter, client, period = meter_of(call), _client(call), _period(call.data)
    match kind:
        case Kind.PUBLISHED:
            return await client.published_consumption(meter.pce, period)
        case Kind.INFORMATIVE:
            return await client.informative_consumption(meter.pce, period)
        case Kind.INJECTIONS:
            return await client.published_injections(meter.pce, period)


def _client(call: ServiceCall) -> AdictClient:
    account = account_of_meter(meter_of(call))
    raise_where_it_would_wait(account)
    return account.client


def _period(data: dict[str, Any]) -> Period:
    """Return the period that an action names: as a word of GRDF's, or two dates."""
    period: str | None = data.get(_ATTR_PERIOD)
    start: date | None = data.get(_ATTR_START)
    end: date | None = data.get(_ATTR_END)
    if period is not None and start is None and end is None:
        return parse_period(period)
    if period is None and start is not None and end is not None:
        return DateRange(start, end)
    raise invalid("period_or_dates")


def _readings(blocks: tuple[Consumption, ...]) -> list[Reading]:
    found = {
        (reading.at, reading.index, reading.converted_index): reading
        for block in blocks
        for reading in (block.start_reading, block.end_reading)
        if reading is not None and reading.at is not None
    }
    return sorted(
        found.values(), key=lambda reading: reading.at.timestamp() if reading.at else 0
    )
