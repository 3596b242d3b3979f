"""Triggers of automations: what happens to a meter, once for each time it happens.

They listen to the meters and not to states: two gas days with the same energy are two
gas days.
"""

from typing import Any, ClassVar, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .actions.target import meters_of
from .const import CONF_ABOVE
from .helpers.automations import (
    NotTriggeredInfo,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from .helpers.signals import news_signal
from .metering import EventType, MeterEvent

_SCHEMA = vol.Schema({vol.Required(CONF_TARGET): cv.TARGET_FIELDS})
_ABOVE_SCHEMA = _SCHEMA.extend(
    {
        vol.Required(CONF_OPTIONS): {
            vol.Required(CONF_ABOVE): vol.All(vol.Coerce(float), vol.Range(min=0))
        }
    }
)


class MeterTrigger(Trigger):
    """A trigger that fires when something of one kind happens to a meter."""

    event_type: ClassVar[EventType]
    description: ClassVar[str]
    schema: ClassVar[vol.Schema] = _SCHEMA

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Validate the target, and the options where there are any."""
        validated: ConfigType = cls.schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep what is to be listened to."""
        super().__init__(hass, config)
        self._target: dict[str, Any] = config.target or {}
        self._options: dict[str, Any] = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action for each event of a targeted meter that fits."""

        @callback
        def on_event(key: str, event: MeterEvent) -> None:
            if event.type is not self.event_type:
                return
            for meter, device_id in meters_of(self._hass, self._target):
                if meter.key != key:
                    continue
                if self.fits(event):
                    payload = {"device_id": device_id, "meter": meter.title}
                    run_action({**payload, **event.details}, self.description)
                elif did_not_trigger is not None:
                    did_not_trigger(NotTriggeredInfo("below_threshold", event.details))

        return async_dispatcher_connect(self._hass, news_signal(), on_event)

    def fits(self, event: MeterEvent) -> bool:
        """Whether an event of the right kind is one to act on."""
        return True


class NewGasDay(MeterTrigger):
    """A gas day has its value."""

    event_type = EventType.NEW_GAS_DAY
    description = "a new gas day arrived"


class ConsumptionAbove(NewGasDay):
    """A gas day has a value above a threshold, whatever the day before had."""

    description = "a gas day's consumption is above the threshold"
    schema = _ABOVE_SCHEMA

    @override
    def fits(self, event: MeterEvent) -> bool:
        """Whether the gas day's kWh are above the threshold."""
        energy = event.details["energy"]
        return isinstance(energy, float | int) and energy > self._options[CONF_ABOVE]


class ConsumptionUnusual(MeterTrigger):
    """Something unusual was found that was not told before."""

    event_type = EventType.UNUSUAL_CONSUMPTION
    description = "consumption is unusual"


class DataLate(MeterTrigger):
    """Data are late beyond what publication explains."""

    event_type = EventType.DATA_LATE
    description = "data are late"


TRIGGERS: dict[str, type[Trigger]] = {
    "new_gas_day": NewGasDay,
    "consumption_above": ConsumptionAbove,
    "consumption_unusual": ConsumptionUnusual,
    "data_late": DataLate,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of meters."""
    return TRIGGERS
