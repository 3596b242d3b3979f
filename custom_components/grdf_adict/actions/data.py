"""Actions that return the data that GRDF has on a meter."""

from datetime import date
from functools import partial
from typing import Any, Final

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
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
from ..helpers.errors import invalid
from .action import ATTR_END, ATTR_START, DATES, METER, ServiceAction
from .response import response_of, response_of_answer
from .target import account_of_meter, meter_of, without_wait

_ATTR_FIELDS: Final = "fields"
_ATTR_KIND: Final = "kind"
_ATTR_PERIOD: Final = "period"
# Of a block; `get_readings` gives them.
_READINGS: Final = ("pce", "start_reading", "end_reading")

_PUBLISHED: Final = "published"
_INFORMATIVE: Final = "informative"
_INJECTIONS: Final = "injections"
_REQUESTS: Final = {
    _PUBLISHED: AdictClient.published_consumption,
    _INFORMATIVE: AdictClient.informative_consumption,
    _INJECTIONS: AdictClient.published_injections,
}

_METER_SCHEMA: Final = vol.Schema(METER)
_PERIOD_SCHEMA: Final = vol.Schema(
    {**METER, vol.Optional(_ATTR_PERIOD): cv.string, **DATES}
)
_CONSUMPTION_SCHEMA: Final = _PERIOD_SCHEMA.extend(
    {vol.Optional(_ATTR_KIND, default=_PUBLISHED): vol.In([_PUBLISHED, _INFORMATIVE])}
)
_READINGS_SCHEMA: Final = _PERIOD_SCHEMA.extend(
    {vol.Optional(_ATTR_KIND, default=_PUBLISHED): vol.In(list(_REQUESTS))}
)
_CONTRACT_SCHEMA: Final = _METER_SCHEMA.extend(
    {
        vol.Optional(_ATTR_FIELDS, default=list): vol.All(
            cv.ensure_list, [vol.Coerce(ContractField)]
        )
    }
)


async def _async_consumption(call: ServiceCall) -> JsonObjectType:
    """Return the blocks of a meter's consumption."""
    answer = await _async_blocks(call, call.data[_ATTR_KIND])
    return response_of_answer("consumption", answer, without=_READINGS)


async def _async_injections(call: ServiceCall) -> JsonObjectType:
    """Return the blocks of what a producer injected."""
    answer = await _async_blocks(call, _INJECTIONS)
    return response_of_answer("injections", answer, without=_READINGS)


async def _async_readings(call: ServiceCall) -> JsonObjectType:
    """Return the indexes at the bounds of a meter's blocks, each once, oldest first."""
    answer = await _async_blocks(call, call.data[_ATTR_KIND])
    return {
        "complete": answer.complete,
        "readings": [response_of(reading) for reading in _readings(answer.items)],
    }


async def _async_contract_data(call: ServiceCall) -> JsonObjectType:
    """Return the data of the customer's gas contract."""
    client, pce = _client_and_pce(call)
    data = await client.contract_data(pce, call.data[_ATTR_FIELDS])
    return response_of(data, without=("pce",))


async def _async_technical_data(call: ServiceCall) -> JsonObjectType:
    """Return the meter and its address."""
    client, pce = _client_and_pce(call)
    return response_of(await client.technical_data(pce), without=("pce",))


async def _async_blocks(call: ServiceCall, kind: str) -> Answer[Consumption]:
    client, pce = _client_and_pce(call)
    return await _REQUESTS[kind](client, pce, _period(call.data))


def _client_and_pce(call: ServiceCall) -> tuple[AdictClient, str]:
    meter = meter_of(call)
    return without_wait(account_of_meter(meter)).client, meter.pce


def _period(data: dict[str, Any]) -> Period:
    """Return the period that an action names: as a text of GRDF's, or two dates."""
    period: str | None = data.get(_ATTR_PERIOD)
    start: date | None = data.get(ATTR_START)
    end: date | None = data.get(ATTR_END)
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


_for_everyone = partial(ServiceAction, response=SupportsResponse.ONLY, for_admin=False)
DATA_ACTIONS: Final = (
    _for_everyone("get_consumption", _async_consumption, _CONSUMPTION_SCHEMA),
    _for_everyone("get_contract_data", _async_contract_data, _CONTRACT_SCHEMA),
    _for_everyone("get_injections", _async_injections, _PERIOD_SCHEMA),
    _for_everyone("get_readings", _async_readings, _READINGS_SCHEMA),
    # The answer has an address.
    ServiceAction(
        "get_technical_data",
        _async_technical_data,
        _METER_SCHEMA,
        SupportsResponse.ONLY,
    ),
)
