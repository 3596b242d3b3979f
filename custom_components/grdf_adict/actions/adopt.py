"""The action that fills a meter's missing gas days from another statistic."""

from typing import Final

from homeassistant.core import ServiceCall
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..helpers.errors import invalid
from ..metering import Adoption, AdoptionOutcome
from ..meters.adoption import (
    LEAST_COEFFICIENT,
    LONGEST_DELAY,
    MOST_COEFFICIENT,
    AdoptionRefusedError,
    AdoptionRequest,
    async_adopt,
    async_preview_adoption,
)
from .action import DATES, METER, ServiceAction
from .target import dates_of, meter_of

_ATTR_COEFFICIENT: Final = "coefficient"
_ATTR_DELAY: Final = "delay"
_ATTR_PREVIEW: Final = "preview"
_ATTR_STATISTIC_ID: Final = "statistic_id"

_MOST_REFUSALS: Final = 50

_SCHEMA: Final = vol.Schema(
    {
        **METER,
        vol.Required(_ATTR_STATISTIC_ID): cv.string,
        **DATES,
        vol.Optional(_ATTR_COEFFICIENT): vol.All(
            vol.Coerce(float), vol.Range(LEAST_COEFFICIENT, MOST_COEFFICIENT)
        ),
        vol.Optional(_ATTR_DELAY, default=0): vol.All(
            vol.Coerce(int), vol.Range(0, LONGEST_DELAY)
        ),
        vol.Optional(_ATTR_PREVIEW, default=True): cv.boolean,
    }
)


async def _async_adopt(call: ServiceCall) -> JsonObjectType:
    """Fill a meter's missing gas days, or return how they would be filled."""
    meter, data = meter_of(call), call.data
    first, last = dates_of(call)
    request = AdoptionRequest(
        data[_ATTR_STATISTIC_ID],
        data.get(_ATTR_COEFFICIENT),
        data[_ATTR_DELAY],
        first,
        last,
    )
    is_preview: bool = data[_ATTR_PREVIEW]
    run = async_preview_adoption if is_preview else async_adopt
    try:
        adoption = await run(meter, request)
    except AdoptionRefusedError as err:
        raise invalid(err.key) from err
    return _response(adoption, is_preview=is_preview)


def _response(adoption: Adoption, *, is_preview: bool) -> JsonObjectType:
    filled = adoption.filled
    return {
        "preview": is_preview,
        **{fate.value: adoption.count(fate) for fate in AdoptionOutcome},
        "refused": len(adoption.doubts),
        "energy": adoption.energy,
        "first": min(filled).isoformat() if filled else None,
        "last": max(filled).isoformat() if filled else None,
        "refusals": [
            {"gas_day": day.isoformat(), "reason": doubt.value}
            for day, doubt in list(adoption.doubts.items())[:_MOST_REFUSALS]
        ],
    }


ADOPT: Final = ServiceAction("adopt_statistics", _async_adopt, _SCHEMA)
