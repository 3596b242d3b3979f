"""The event entity of a meter."""

from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entities.adding import EntityGroup, async_add_meter_entities
from .entities.entity import MeterEntity
from .helpers.signals import event_signal
from .metering import EventType, MeterEvent
from .runtime import GrdfConfigEntry

PARALLEL_UPDATES = 0

EVENTS: Final = EventEntityDescription(
    key="events",
    event_types=[kind.value for kind in EventType],
)


class MeterEvents(MeterEntity, EventEntity):
    """The events of one meter."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        signal = event_signal(self.coordinator.key)
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, signal, self.coordinator.guard.listener(self._on_event)
            )
        )

    @callback
    def _on_event(self, event: MeterEvent) -> None:
        self._trigger_event(event.type.value, dict(event.details))
        self.async_write_ha_state()


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of every meter, and of those added later."""
    groups = [EntityGroup(MeterEvents, [EVENTS])]
    await async_add_meter_entities(
        hass, entry, async_add_entities, Platform.EVENT, groups
    )
