"""Triggers of automations on events of a meter.

They listen to events and not to states: two gas days with the same energy are two
events.
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
    HAS_TRIGGERS,
    NotTriggeredInfo,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from .helpers.signals import news_signal
from .metering import INJECTION, EventType, MeterEvent

_SCHEMA = vol.Schema({vol.Required(CONF_TARGET): cv.TARGET_FIELDS})
_ABOVE_SCHEMA = _SCHEMA.extend(
    {
        vol.Required(CONF_OPTIONS): {
            vol.Required(CONF_ABOVE): vol.All(vol.Coerce(float), vol.Range(min=0))
        }
    }
)


class MeterTrigger(Trigger):
    """A trigger that fires at each event of one type of a meter."""

    event_type: ClassVar[EventType]
    description: ClassVar[str]
    schema: ClassVar[vol.Schema] = _SCHEMA

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        validated: ConfigType = cls.schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep the target and the options."""
        super().__init__(hass, config)
        self._home = hass
        self._target: dict[str, Any] = config.target or {}
        self._options: dict[str, Any] = config.options or {}

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        @callback
        def on_event(key: str, event: MeterEvent) -> None:
            if event.type is not self.event_type or not self.concerns(event):
                return
            for meter, device_id in meters_of(self._home, self._target):
                if meter.key != key:
                    continue
                if self.matches(event):
                    payload = {"device_id": device_id, "meter": meter.title}
                    run_action({**payload, **event.details}, self.description)
                elif did_not_trigger is not None:
                    did_not_trigger(NotTriggeredInfo("below_threshold", event.details))

        return async_dispatcher_connect(self._home, news_signal(), on_event)

    def concerns(self, event: MeterEvent) -> bool:
        """Whether an event of the type is one that the trigger looks at."""
        return True

    def matches(self, event: MeterEvent) -> bool:
        """Whether an event that it looks at fires the trigger."""
        return True


class NewGasDay(MeterTrigger):
    """A gas day has its value."""

    event_type = EventType.NEW_GAS_DAY
    description = "a new gas day arrived"


class ConsumptionAbove(NewGasDay):
    """A gas day's use is above a threshold of kWh, even if the day before's was too."""

    description = "a gas day's consumption is above the threshold"
    schema = _ABOVE_SCHEMA

    @override
    def concerns(self, event: MeterEvent) -> bool:
        return event.details.get("direction") != INJECTION

    @override
    def matches(self, event: MeterEvent) -> bool:
        energy = event.details["energy"]
        return isinstance(energy, float | int) and energy > self._options[CONF_ABOVE]


class ConsumptionUnusual(MeterTrigger):
    """Something unusual was found that was not announced before."""

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
    """Return the triggers by name."""
    return TRIGGERS if HAS_TRIGGERS else {}
