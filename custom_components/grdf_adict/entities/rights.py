"""What the entities of access rights share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ..metering.gas_day import paris_date
from ..meters.coordinator import MeterCoordinator
from ..rights.findings import RightStatus
from ..runtime import GrdfConfigEntry
from .entity import MeterEntity, async_for_each_meter, new_meter_signal

_INJECTION = "injection_"


class RightEntity(MeterEntity):
    """An entity of one of a meter's rights: the main one, or one on injected gas."""

    def __init__(
        self, meter: MeterCoordinator, description: EntityDescription, *, injects: bool
    ) -> None:
        """Name the entity after its description and its right."""
        super().__init__(meter, description)
        self._injects = injects
        if injects:
            self._attr_unique_id = f"{meter.key}_{_INJECTION}{description.key}"
            self._attr_translation_key = f"{_INJECTION}{description.translation_key}"

    @property
    def status(self) -> RightStatus:
        """Where the right stands, as GRDF last told it."""
        main, *others = self.coordinator.right_statuses
        if not self._injects:
            return main
        return others[0] if others else RightStatus(None, is_told=main.is_told)

    @property
    def today(self) -> date:
        """The date in France."""
        return paris_date(dt_util.utcnow())

    @property
    @override
    def available(self) -> bool:
        """What GRDF told of a right stays the truth while GRDF is away."""
        return self.status.is_told


async def async_add_right_entities(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    made: Callable[[MeterCoordinator, bool], Iterable[Entity]],
) -> None:
    """Add the entities of every meter's rights, and of those that appear later.

    Args:
        hass: Home Assistant.
        entry: the meters'; without a contract they have no rights.
        async_add_entities: the platform's.
        made: makes the entities of a meter's main right, or of a second one.
    """
    if entry.runtime_data.account.contract is None:
        return
    added: set[tuple[str, bool]] = set()

    @callback
    def add(meter: MeterCoordinator) -> None:
        for injects in (False, True)[: len(meter.right_statuses)]:
            if (meter.key, injects) not in added:
                added.add((meter.key, injects))
                async_add_entities(
                    made(meter, injects), config_subentry_id=meter.subentry_id
                )

    @callback
    def add_again(meter: MeterCoordinator) -> None:
        # The meter with this key may have been deleted since.
        added.difference_update({(meter.key, False), (meter.key, True)})
        add(meter)

    @callback
    def add_all() -> None:
        for meter in entry.runtime_data.meters.values():
            add(meter)

    await async_for_each_meter(entry, add)
    entry.async_on_unload(entry.runtime_data.account.async_add_listener(add_all))
    entry.async_on_unload(
        async_dispatcher_connect(hass, new_meter_signal(entry), add_again)
    )
