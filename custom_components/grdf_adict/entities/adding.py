"""Adding and removing a meter's entities, as it gains and loses what they show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from ..meters.coordinator import MeterCoordinator
from ..runtime import GrdfConfigEntry
from .entity import MeterEntity


def _always(_: MeterCoordinator) -> bool:
    return True


def consumes(meter: MeterCoordinator) -> bool:
    """Whether gas is used at a meter, as far as is known."""
    return FlowDirection.CONSUMPTION in meter.directions


@dataclass(frozen=True, slots=True, eq=False)
class EntityGroup[DescriptionT: EntityDescription]:
    """Entities of a meter that are added and removed together.

    Attributes:
        kind: makes an entity of a meter from its description.
        descriptions: one for each entity.
        belongs: whether a meter has them now.
        stays: whether they stay, once added, when they belong no more.
    """

    kind: Callable[[MeterCoordinator, DescriptionT], MeterEntity]
    descriptions: Sequence[DescriptionT]
    belongs: Callable[[MeterCoordinator], bool] = _always
    stays: bool = False


type EntityGroups = Sequence[EntityGroup[Any]]


async def async_add_meter_entities(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: Platform,
    groups: EntityGroups,
) -> None:
    """Add the entities of every meter, and of those that join later.

    Args:
        hass: Home Assistant.
        entry: the config entry of the meters.
        async_add_entities: the platform's.
        platform: which one it is.
        groups: what its entities are.
    """
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
            adding.show(meter)

    await adding.async_add(list(meters.values()))
    for signal, act in (
        (new_meter_signal(entry.entry_id), add_new),
        (settings_signal(entry.entry_id), show),
    ):
        entry.async_on_unload(async_dispatcher_connect(hass, signal, act))
    entry.async_on_unload(entry.runtime_data.account.async_add_listener(show_all))


class _Adding:
    """The entities of a config entry's meters on one platform."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: GrdfConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
        platform: Platform,
        groups: EntityGroups,
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._async_add_entities = async_add_entities
        self._platform = platform
        self._groups = groups
        self._shown: dict[tuple[str, str, EntityGroup[Any]], bool] = {}

    async def async_add(self, meters: Sequence[MeterCoordinator]) -> None:
        """Add those of some meters, and follow what they gain and lose.

        Hundreds of meters have thousands of entities: adding them all at a stretch, or
        those of all platforms at once, would hold Home Assistant up for seconds.
        """
        parts: list[Callable[[MeterCoordinator], None]] = [
            partial(self._show_group, group) for group in self._groups
        ]
        data = self._entry.runtime_data
        for act in (*parts, self._follow):
            for meter in meters:
                async with data.entity_lock:
                    if data.meters.get(meter.subentry_id) is meter:
                        act(meter)
                    await asyncio.sleep(0)

    @callback
    def show(self, meter: MeterCoordinator) -> None:
        """Add what belongs to a meter now, and remove what does not any more."""
        for group in self._groups:
            self._show_group(group, meter)

    @callback
    def _show_group(self, group: EntityGroup[Any], meter: MeterCoordinator) -> None:
        here = (meter.subentry_id, meter.key, group)
        shown, belongs = self._shown.get(here), group.belongs(meter)
        if shown is belongs or (group.stays and not belongs):
            return
        self._shown[here] = belongs
        entities = [group.kind(meter, each) for each in group.descriptions]
        if belongs:
            self._async_add_entities(entities, config_subentry_id=meter.subentry_id)
            return
        registry = er.async_get(self._hass)
        for entity in entities:
            entity_id = registry.async_get_entity_id(
                self._platform, DOMAIN, str(entity.unique_id)
            )
            if entity_id is not None:
                registry.async_remove(entity_id)

    @callback
    def _follow(self, meter: MeterCoordinator) -> None:
        self.show(meter)
        stop = meter.async_add_listener(partial(self.show, meter))
        self._entry.async_on_unload(stop)
