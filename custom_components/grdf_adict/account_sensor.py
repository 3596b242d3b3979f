"""The sensors of a contract."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from .account import AccountCoordinator
from .const import DOMAIN
from .entry_account import EntryAccount

CALLS_TODAY: Final = SensorEntityDescription(
    key="calls_today",
    translation_key="calls_today",
    entity_category=EntityCategory.DIAGNOSTIC,
)
ACCOUNT_SENSORS: Final = (CALLS_TODAY,)


def account_sensors(account: EntryAccount) -> list[CallsTodaySensor]:
    """Return the sensors of a contract; of exported files there are none."""
    return [CallsTodaySensor(account.contract)] if account.contract else []


class CallsTodaySensor(SensorEntity):
    """The calls of this day in France, against what the contract allows.

    Calls are many: the count is looked at from time to time, not told at each.
    """

    _attr_has_entity_name = True
    _attr_should_poll = True
    entity_description = CALLS_TODAY

    def __init__(self, account: AccountCoordinator) -> None:
        """Put the sensor on a device of the contract's own."""
        entry = account.config_entry
        self._quota = account.quota
        self._attr_unique_id = f"{entry.entry_id}_{self.entity_description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=DeviceEntryType.SERVICE,
            manufacturer="GRDF",
            model="ADICT",
            name=entry.title,
        )

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
