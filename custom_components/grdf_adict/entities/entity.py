"""What every entity of a meter shares."""

import asyncio
from collections.abc import Callable
from typing import override

from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util.signal_type import SignalType

from ..const import DOMAIN
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from .device import meter_device_info


def new_meter_signal(entry: GrdfConfigEntry) -> SignalType[MeterCoordinator]:
    """Return the signal that tells the platforms of a new meter."""
    return SignalType(f"{DOMAIN}_new_meter_{entry.entry_id}")


def prices_signal(entry: GrdfConfigEntry) -> SignalType[MeterCoordinator]:
    """Return the signal that tells the platforms of a meter's new prices."""
    return SignalType(f"{DOMAIN}_prices_{entry.entry_id}")


async def async_for_each_meter(
    entry: GrdfConfigEntry,
    act: Callable[[MeterCoordinator], None],
    *,
    only: MeterCoordinator | None = None,
) -> None:
    """Do something for each meter of a contract, and let others run in between.

    Hundreds of meters have thousands of entities: adding them all at a stretch, or
    those of all platforms at once, would hold Home Assistant up for seconds.

    Args:
        entry: of the contract.
        act: what to do.
        only: do it for this meter alone.
    """
    data = entry.runtime_data
    for meter in list(data.meters.values()) if only is None else [only]:
        async with data.showing:
            if data.meters.get(meter.subentry_id) is meter:
                act(meter)
            await asyncio.sleep(0)


class MeterEntity(CoordinatorEntity[MeterCoordinator]):
    """An entity of one meter."""

    _attr_has_entity_name = True

    def __init__(self, meter: MeterCoordinator, description: EntityDescription) -> None:
        """Name the entity after its description, on the meter's device."""
        super().__init__(meter)
        self.entity_description = description
        self._attr_unique_id = f"{meter.key}_{description.key}"
        self._attr_device_info = meter_device_info(meter)

    @property
    @override
    def available(self) -> bool:
        """The last gas day stays the truth while GRDF is away."""
        return super().available or self.coordinator.data.newest is not None
