"""Another statistic's history, adopted where a meter's own has no gas day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

from ..adict import FlowDirection, mask_pce
from ..const import DOMAIN, LOGGER
from ..helpers.executor import async_compute
from ..helpers.recorder import RecorderBusyError
from ..helpers.statistics import async_list_statistic_ids, statistics_during_period
from ..metering import (
    Adoption,
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
from .coordinator import MeterCoordinator

# A gas of the French grid has 9 to 13 kWh per m³; biogas of a farm, half of that.
LEAST_COEFFICIENT: Final = 1
MOST_COEFFICIENT: Final = 20
LONGEST_DELAY: Final = 31

_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = {
    EnergyConverter.UNIT_CLASS: UnitOfEnergy.KILO_WATT_HOUR.value,
    VolumeConverter.UNIT_CLASS: UnitOfVolume.CUBIC_METERS.value,
}


@dataclass(frozen=True, slots=True)
class AdoptionRequest:
    """What is adopted, and how.

    Attributes:
        statistic_id: of the other statistic, which stays as it is.
        coefficient: kWh PCS per m³ of a volume; None: that of the nearest gas day.
        delay: how many days after a gas day the statistic books it.
        first: the first gas day that is filled; None: the first there is.
        last: the last one; None: the newest there is.
    """

    statistic_id: str
    coefficient: float | None = None
    delay: int = 0
    first: date | None = None
    last: date | None = None


class AdoptionRefusedError(Exception):
    """A statistic that is not adopted; `key` is that of the text that explains it."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(key)
        self.key = key


async def async_preview_adoption(
    meter: MeterCoordinator, request: AdoptionRequest
) -> Adoption:
    """Return what `async_adopt` would do now; nothing changes.

    Raises:
        AdoptionRefusedError: nothing can be adopted.
    """
    offer = await _async_offer(meter, request)
    ledger = await meter.book.async_ledger()
    _, adoption = await async_compute(meter.hass, offer.change, ledger)
    return adoption


async def async_adopt(meter: MeterCoordinator, request: AdoptionRequest) -> Adoption:
    """Fill a meter's missing gas days; again, it changes nothing.

    Raises:
        AdoptionRefusedError: nothing can be adopted.
        UpdateFailed: the disk is full; nothing is changed.
    """
    offer = await _async_offer(meter, request)
    adoption = await meter.async_change_ledger(offer.change)
    LOGGER.info(
        "Meter %s: %s gas days adopted of another statistic",
        mask_pce(meter.pce),
        len(adoption.filled),
    )
    return adoption


@dataclass(frozen=True, slots=True)
class _Offer:
    """What another statistic has for a meter's gas days."""

    meter: MeterCoordinator
    offered: Offered
    is_volume: bool
    coefficient: float | None

    def change(self, ledger: Ledger) -> tuple[Ledger, Adoption]:
        """Return the ledger with it, and what that does.

        Raises:
            AdoptionRefusedError: m³, and no coefficient is given or known.
        """
        limit = partial(most_energy, self.meter.data.facts.most_an_hour)
        values = self._of_volume(ledger) if self.is_volume else day_values(self.offered)
        adoption = adopt(ledger, values, self.offered.doubts, limit)
        return adoption.ledger, adoption

    def _of_volume(self, ledger: Ledger) -> Mapping[date, DayValue]:
        given = self.coefficient
        if given is not None:
            return day_values(self.offered, lambda _: given)
        nearest = nearest_coefficient(ledger)
        if nearest is None:
            raise AdoptionRefusedError("adopt_coefficient_unknown")
        return day_values(self.offered, nearest)


async def _async_offer(meter: MeterCoordinator, request: AdoptionRequest) -> _Offer:
    if FlowDirection.CONSUMPTION not in meter.directions:
        raise AdoptionRefusedError("adopt_injects_only")
    try:
        unit_class = await _async_unit_class(meter.hass, request.statistic_id)
        source = await _async_rows(meter.hass, request.statistic_id, unit_class)
    except RecorderBusyError:
        raise AdoptionRefusedError("adopt_recorder_busy") from None
    found = within(
        offered(source, now=dt_util.utcnow(), delay=request.delay),
        request.first,
        request.last,
    )
    if not found.amounts and not found.doubts:
        raise AdoptionRefusedError("adopt_no_rows")
    is_volume = unit_class == VolumeConverter.UNIT_CLASS
    return _Offer(meter, found, is_volume, request.coefficient)


async def _async_unit_class(hass: HomeAssistant, statistic_id: str) -> str:
    """Return whether a statistic counts energy or volume.

    Raises:
        AdoptionRefusedError: it is unknown, ours, or counts neither.
    """
    entity = er.async_get(hass).async_get(statistic_id)
    is_ours = statistic_id.startswith(f"{DOMAIN}:") or (
        entity is not None and entity.platform == DOMAIN
    )
    if is_ours:
        raise AdoptionRefusedError("adopt_ours")
    known = await async_list_statistic_ids(hass, {statistic_id})
    if not known:
        raise AdoptionRefusedError("adopt_unknown")
    found = known[0]
    unit: str | None = found["statistics_unit_of_measurement"]
    for converter in (EnergyConverter, VolumeConverter):
        if found["has_sum"] and unit in converter.VALID_UNITS:
            return converter.UNIT_CLASS
    raise AdoptionRefusedError("adopt_not_gas")


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
