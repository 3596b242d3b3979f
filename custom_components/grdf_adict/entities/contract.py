"""The sensors of a contract."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import PERCENTAGE, EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..const import DOMAIN
from ..contract.coordinator import ContractCoordinator
from ..contract.recording import AnswerRecording
from ..fleet import State
from ..helpers.signals import job_signal, recording_signal
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
RECORDING: Final = SensorEntityDescription(
    key="recording",
    translation_key="recording",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
ACCOUNT_SENSORS: Final = (CALLS_TODAY, FLEET_PROGRESS, RECORDING)


class _ContractSensor(SensorEntity):
    """A sensor on the contract's device."""

    _attr_has_entity_name = True

    def __init__(self, entry: GrdfConfigEntry) -> None:
        self._attr_unique_id = f"{entry.entry_id}_{self.entity_description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=DeviceEntryType.SERVICE,
            manufacturer="GRDF",
            model="ADICT",
            name=entry.title,
        )


class CallsTodaySensor(_ContractSensor):
    """The calls since midnight in France, and how many the contract allows.

    Calls are frequent: the sensor polls instead of changing at each.
    """

    _attr_should_poll = True
    entity_description = CALLS_TODAY

    def __init__(self, account: ContractCoordinator) -> None:
        """Create the sensor of a contract."""
        super().__init__(account.config_entry)
        self._quota = account.quota

    @property
    @override
    def native_value(self) -> int:
        return self._quota.calls_today

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, int]:
        return {"allowance": self._quota.allowance.calls_per_day}


class JobProgressSensor(_ContractSensor):
    """How much of a contract's fleet job is done, in percent of its PCE."""

    _attr_should_poll = False
    entity_description = FLEET_PROGRESS

    def __init__(self, entry: GrdfConfigEntry) -> None:
        """Create the sensor of a contract's jobs."""
        super().__init__(entry)
        self._signal = job_signal(entry.entry_id)
        self._jobs = entry.runtime_data.jobs

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(
            async_dispatcher_connect(self.hass, self._signal, self.async_write_ha_state)
        )

    @property
    @override
    def native_value(self) -> int:
        return self._jobs.job.progress

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, int | datetime | None]:
        """The number of tasks in each state, and until when the job is paused."""
        job = self._jobs.job
        counts = job.counts
        return {
            "total": len(job.tasks),
            "done": counts[State.DONE],
            "refused": counts[State.REFUSED],
            "left": job.left,
            "paused_until": self._jobs.paused_until,
        }


class RecordingSensor(_ContractSensor):
    """Until when GRDF's answers are recorded: it is there as long as they are.

    The file grows with each answer: the sensor polls besides.
    """

    _attr_should_poll = True
    entity_description = RECORDING

    def __init__(self, entry: GrdfConfigEntry, recording: AnswerRecording) -> None:
        """Create the sensor of a contract's recording."""
        super().__init__(entry)
        self._signal = recording_signal(entry.entry_id)
        self._recording = recording

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(
            async_dispatcher_connect(self.hass, self._signal, self.async_write_ha_state)
        )

    @property
    @override
    def native_value(self) -> datetime | None:
        return self._recording.until

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, float | bool]:
        """How much there is, and whether it takes no more."""
        size = round(self._recording.size / 1e6, 1)
        return {"megabytes": size, "full": self._recording.is_full}


@callback
def async_add_recording_sensor(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensor of a recording when it begins, remove it when it ends."""
    if (recording := entry.runtime_data.recording) is None:
        return
    is_shown = False

    @callback
    def update() -> None:
        nonlocal is_shown
        was_shown, is_shown = is_shown, recording.until is not None
        if is_shown and not was_shown:
            async_add_entities([RecordingSensor(entry, recording)])
        elif not is_shown:
            _remove_sensor(hass, entry, RECORDING)

    update()
    signal = recording_signal(entry.entry_id)
    entry.async_on_unload(async_dispatcher_connect(hass, signal, update))


def _remove_sensor(
    hass: HomeAssistant, entry: GrdfConfigEntry, description: SensorEntityDescription
) -> None:
    registry = er.async_get(hass)
    unique_id = f"{entry.entry_id}_{description.key}"
    if found := registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id):
        registry.async_remove(found)


@callback
def async_add_job_sensor(
    hass: HomeAssistant,
    entry: GrdfConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a job's sensor once there is a job; it stays until a restart after it."""
    shown = False

    @callback
    def show() -> None:
        nonlocal shown
        if not shown:
            shown = True
            async_add_entities([JobProgressSensor(entry)])

    if entry.runtime_data.jobs.is_busy:
        show()
    else:
        _remove_sensor(hass, entry, FLEET_PROGRESS)
    entry.async_on_unload(
        async_dispatcher_connect(hass, job_signal(entry.entry_id), show)
    )
