"""The action that fills a meter's missing gas days from another statistic."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter
import voluptuous as vol

from ..adict import FlowDirection, mask_pce
from ..const import DOMAIN, LOGGER
from ..helpers.errors import invalid
from ..helpers.executor import async_compute
from ..helpers.statistics import async_list_statistic_ids, statistics_during_period
from ..metering import (
    Adoption,
    AdoptionOutcome,
    DayValue,
    Ledger,
    Offered,
    SourceRow,
    adopt,
    day_values,
    most_energy,
    nearest_coefficient,
    offered,
    within,
)
from .action import DATES, METER, ServiceAction
from .target import dates_of, meter_of

_ATTR_COEFFICIENT: Final = "coefficient"
_ATTR_DELAY: Final = "delay"
_ATTR_PREVIEW: Final = "preview"
_ATTR_STATISTIC_ID: Final = "statistic_id"

_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = {
    EnergyConverter.UNIT_CLASS: UnitOfEnergy.KILO_WATT_HOUR.value,
    VolumeConverter.UNIT_CLASS: UnitOfVolume.CUBIC_METERS.value,
}
# A gas of the French grid has 9 to 13 kWh per m³; biogas of a farm, half of that.
_LEAST_COEFFICIENT: Final = 1
_MOST_COEFFICIENT: Final = 20
_LONGEST_DELAY: Final = 31
_MOST_REFUSALS: Final = 50

_SCHEMA: Final = vol.Schema(
    {
        **METER,
        vol.Required(_ATTR_STATISTIC_ID): cv.string,
        **DATES,
        vol.Optional(_ATTR_COEFFICIENT): vol.All(
            vol.Coerce(float), vol.Range(_LEAST_COEFFICIENT, _MOST_COEFFICIENT)
        ),
        vol.Optional(_ATTR_DELAY, default=0): vol.All(
            vol.Coerce(int), vol.Range(0, _LONGEST_DELAY)
        ),
        vol.Optional(_ATTR_PREVIEW, default=True): cv.boolean,
    }
)


async def _async_adopt(call: ServiceCall) -> JsonObjectType:
    """Fill a meter's missing gas days, or return how they would be filled."""
    meter, data = meter_of(call), call.data
    if FlowDirection.CONSUMPTION not in meter.directions:
        raise invalid("adopt_injects_only")
    statistic_id: str = data[_ATTR_STATISTIC_ID]
    coefficient: float | None = data.get(_ATTR_COEFFICIENT)
    is_preview: bool = data[_ATTR_PREVIEW]
    first, last = dates_of(call)
    unit_class = await _async_unit_class(call.hass, statistic_id)
    source = await _async_rows(call.hass, statistic_id, unit_class)
    offer = within(
        offered(source, now=dt_util.utcnow(), delay=data[_ATTR_DELAY]), first, last
    )
    if not offer.amounts and not offer.doubts:
        raise invalid("adopt_no_rows")
    limit = partial(most_energy, meter.data.facts.most_an_hour)

    def change(ledger: Ledger) -> tuple[Ledger, Adoption]:
        values = (
            day_values(offer)
            if unit_class == EnergyConverter.UNIT_CLASS
            else _of_volume(offer, coefficient, ledger)
        )
        adoption = adopt(ledger, values, offer.doubts, limit)
        return adoption.ledger, adoption

    if is_preview:
        ledger = await meter.book.async_ledger()
        _, adoption = await async_compute(call.hass, change, ledger)
    else:
        adoption = await meter.async_change_ledger(change)
        LOGGER.info(
            "Meter %s: %s gas days adopted of another statistic",
            mask_pce(meter.pce),
            len(adoption.filled),
        )
    return _response(adoption, is_preview=is_preview)


async def _async_unit_class(hass: HomeAssistant, statistic_id: str) -> str:
    """Return whether a statistic counts energy or volume.

    Raises:
        ServiceValidationError: it is unknown, ours, or counts neither.
    """
    entity = er.async_get(hass).async_get(statistic_id)
    is_ours = statistic_id.startswith(f"{DOMAIN}:") or (
        entity is not None and entity.platform == DOMAIN
    )
    if is_ours:
        raise invalid("adopt_ours")
    known = await async_list_statistic_ids(hass, {statistic_id})
    if not known:
        raise invalid("adopt_unknown")
    found = known[0]
    unit: str | None = found["statistics_unit_of_measurement"]
    for converter in (EnergyConverter, VolumeConverter):
        if found["has_sum"] and unit in converter.VALID_UNITS:
            return converter.UNIT_CLASS
    raise invalid("adopt_not_gas")


async def _async_rows(
    hass: HomeAssistant, statistic_id: str, unit_class: str
) -> list[SourceRow]:
    """Return a statistic's rows, in kWh or m³; it stays as it is."""
    stored = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        _ALWAYS,
        None,
        {statistic_id},
        "hour",
        {unit_class: _UNITS[unit_class]},
        {"change"},
    )
    return [
        SourceRow(datetime.fromtimestamp(row["start"], UTC), row.get("change"))
        for row in stored.get(statistic_id, [])
    ]


def _of_volume(
    offer: Offered, coefficient: float | None, ledger: Ledger
) -> Mapping[date, DayValue]:
    """Convert m³ to kWh.

    Raises:
        ServiceValidationError: no coefficient is given, and none is known.
    """
    if coefficient is not None:
        return day_values(offer, lambda _: coefficient)
    nearest = nearest_coefficient(ledger)
    if nearest is None:
        raise invalid("adopt_coefficient_unknown")
    return day_values(offer, nearest)


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
