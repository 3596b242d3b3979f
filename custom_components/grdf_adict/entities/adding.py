"""Adds and removes a meter's entities, as it gains and loses what they show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..adict import FlowDirection
from ..const import DOMAIN
from ..helpers.signals import new_meter_signal, settings_signal
from ..metering.insight import LEAST_FITTED
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from .entity import MeterEntity


def has_contract(meter: MeterCoordinator) -> bool:
    """Whether GRDF is called for a meter's data."""
    return meter.contract is not None


def consumes(meter: MeterCoordinator) -> bool:
    """Whether gas is used at a meter, as far as is known."""
    return FlowDirection.CONSUMPTION in meter.directions


def knows_weather(meter: MeterCoordinator) -> bool:
    """Whether a meter has a sensor outdoors, or files that may stand in for one."""
    return meter.meter.outdoor is not None or meter.data.temperatures >= LEAST_FITTED


@dataclass(frozen=True, slots=True, eq=False)
class EntityGroup:
    """Entities of a meter that are added and removed together.

    Attributes:
        kind: makes an entity of a meter from its description.
        descriptions: one for each entity.
        belongs: whether a meter has them now.
        stays: whether they stay, once added, when they belong no more.
    """

    kind: Callable[[MeterCoordinator, Any], MeterEntity]
    descriptions: Sequence[EntityDescription]
    belongs: Callable[[MeterCoordinator], bool] = lambda _: True
    stays: bool = False


async def async_add_meter_entities(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: Platform,
    groups: Sequence[EntityGroup],
) -> None:
    """Add the entities of every meter on a platform, and of those added later."""
    adding = _Adding(hass, entry, async_add_entities, platform, groups)
    meters = entry.runtime_data.meters

    @callback
    def add_new(subentry_id: str) -> None:
        meter = meters[subentry_id]
        name = f"{meter.name} {platform} entities"
        entry.async_create_task(hass, adding.async_add([meter]), name)

    @callback
    def show(subentry_id: str) -> None:
        adding.show(meters[subentry_id])

    @callback
    def show_all() -> None:
        for meter in meters.values():
            with meter.guard.at(f"{platform} entities after a change of rights"):
                adding.show(meter)

    await adding.async_add(list(meters.values()))
    for signal, act in (
        (new_meter_signal(entry.entry_id), add_new),
        (settings_signal(entry.entry_id), show),
    ):
        entry.async_on_unload(async_dispatcher_connect(hass, signal, act))
    entry.async_on_unload(entry.runtime_data.account.async_add_listener(show_all))


@dataclass(slots=True, eq=False)
class _Adding:
    """The entities of a config entry's meters on one platform."""

    hass: HomeAssistant
    entry: GrdfConfigEntry
    async_add_entities: AddConfigEntryEntitiesCallback
    platform: Platform
    groups: Sequence[EntityGroup]
    shown: dict[tuple[str, str, EntityGroup], bool] = field(default_factory=dict)

    async def async_add(self, meters: Sequence[MeterCoordinator]) -> None:
        """Add those of some meters, and follow what they gain and lose.

        Hundreds of meters have thousands of entities: adding them all at once, or those
        of all platforms in parallel, would block Home Assistant for seconds.
        """
        parts: list[Callable[[MeterCoordinator], None]] = [
            partial(self._show_group, group) for group in self.groups
        ]
        data = self.entry.runtime_data
        for act in (*parts, self._follow):
            for meter in meters:
                async with data.entity_lock:
                    if data.meters.get(meter.subentry_id) is meter:
                        with meter.guard.at(f"{self.platform} entities"):
                            act(meter)
                    await asyncio.sleep(0)

    @callback
    def show(self, meter: MeterCoordinator) -> None:
        """Add what belongs to a meter now, and remove what does not any more."""
        for group in self.groups:
            self._show_group(group, meter)

    @callback
    def _show_group(self, group: EntityGroup, meter: MeterCoordinator) -> None:
        key = (meter.subentry_id, meter.key, group)
        shown, belongs = self.shown.get(key), group.belongs(meter)
        if shown is belongs or (group.stays and not belongs):
            return
        entities = [group.kind(meter, each) for each in group.descriptions]
        self.shown[key] = belongs
        if belongs:
            self.async_add_entities(entities, config_subentry_id=meter.subentry_id)
            return
        registry = er.async_get(self.hass)
        for entity in entities:
            entity_id = registry.async_get_entity_id(
                self.platform, DOMAIN, str(entity.unique_id)
            )
            if entity_id is not None:
                registry.async_remove(entity_id)

    @callback
    def _follow(self, meter: MeterCoordinator) -> None:
        self.show(meter)
        stop = meter.async_add_listener(partial(self.show, meter))
        self.entry.async_on_unload(stop)
