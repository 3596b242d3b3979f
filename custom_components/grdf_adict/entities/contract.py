"""The sensors of a contract."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import PERCENTAGE, EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..contract.coordinator import ContractCoordinator, EntryCoordinator
from ..fleet import State
from ..helpers.signals import job_signal
from ..jobs.runner import JobRunner
from ..runtime import GrdfConfigEntry

CALLS_TODAY: Final = SensorEntityDescription(
    key="calls_today",
    translation_key="calls_today",
    entity_category=EntityCategory.DIAGNOSTIC,
)
FLEET_PROGRESS: Final = SensorEntityDescription(
    key="fleet_progress",
    translation_key="fleet_progress",
    entity_category=EntityCategory.DIAGNOSTIC,
    native_unit_of_measurement=PERCENTAGE,
)
ACCOUNT_SENSORS: Final = (CALLS_TODAY, FLEET_PROGRESS)


def account_device_info(entry: GrdfConfigEntry) -> DeviceInfo:
    """Return what Home Assistant shows of a contract."""
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="GRDF",
        model="ADICT",
        name=entry.title,
    )


def account_sensors(account: EntryCoordinator) -> list[CallsTodaySensor]:
    """Return the sensors of a contract; of exported files there are none."""
    return [CallsTodaySensor(account.contract)] if account.contract else []


class CallsTodaySensor(SensorEntity):
    """The calls of this day in France, against what the contract allows.

    Calls are many: the count is looked at from time to time, not told at each.
    """

    _attr_has_entity_name = True
    _attr_should_poll = True
    entity_description = CALLS_TODAY

    def __init__(self, account: ContractCoordinator) -> None:
        """Put the sensor on a device of the contract's own."""
        entry = account.config_entry
        self._quota = account.quota
        self._attr_unique_id = f"{entry.entry_id}_{self.entity_description.key}"
        self._attr_device_info = account_device_info(entry)

    @property
    @override
    def native_value(self) -> int:
        """The calls counted since midnight in France."""
        return self._quota.calls_today

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, int]:
        """The most calls that this day allows."""
        return {"allowance": self._quota.allowance.calls_per_day}


class JobProgressSensor(SensorEntity):
    """How far a contract's fleet job has come, and what it waits for."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = FLEET_PROGRESS

    def __init__(self, entry: GrdfConfigEntry, jobs: JobRunner) -> None:
        """Put the sensor on the contract's device."""
        self._entry_id = entry.entry_id
        self._jobs = jobs
        self._attr_unique_id = f"{entry.entry_id}_{self.entity_description.key}"
        self._attr_device_info = account_device_info(entry)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the job."""
        signal = job_signal(self._entry_id)
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal, self.async_write_ha_state)
        )

    @property
    @override
    def native_value(self) -> int:
        """How many of its PCE are done with, in percent."""
        return self._jobs.job.progress

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, int | datetime | None]:
        """How many stand where, and when the job goes on if it waits."""
        job = self._jobs.job
        counts = job.counts
        return {
            "total": len(job.tasks),
            "done": counts[State.DONE],
            "refused": counts[State.REFUSED],
            "left": job.left,
            "paused_until": self._jobs.paused_until,
        }


@callback
def async_add_job_sensor(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Show a job's progress as long as there is one; after it, until a restart."""
    jobs = entry.runtime_data.jobs
    shown = False

    @callback
    def show() -> None:
        nonlocal shown
        if not shown:
            shown = True
            async_add_entities([JobProgressSensor(entry, jobs)])

    if jobs.is_busy:
        show()
    else:
        registry = er.async_get(hass)
        unique_id = f"{entry.entry_id}_{FLEET_PROGRESS.key}"
        if found := registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id):
            registry.async_remove(found)
    entry.async_on_unload(
        async_dispatcher_connect(hass, job_signal(entry.entry_id), show)
    )
