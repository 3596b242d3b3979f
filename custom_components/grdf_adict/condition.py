"""Conditions of automations on the present state of a meter."""

import abc
from typing import Any, ClassVar, Unpack, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .actions.target import meters_of
from .const import CONF_ABOVE
from .health import HealthState
from .helpers.automations import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    HAS_CONDITIONS,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from .meters.coordinator import MeterCoordinator

_TARGET = {vol.Required(CONF_TARGET): cv.TARGET_FIELDS}
_BEHAVIOR = {
    vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
        [BEHAVIOR_ANY, BEHAVIOR_ALL]
    )
}
_ABOVE = {vol.Required(CONF_ABOVE): vol.All(vol.Coerce(float), vol.Range(min=0))}


class MeterCondition(Condition):
    """A condition that is met by any or by all targeted meters."""

    schema: ClassVar[vol.Schema] = vol.Schema(
        {**_TARGET, vol.Required(CONF_OPTIONS, default={}): _BEHAVIOR}
    )

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        validated: ConfigType = cls.schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Keep the target and the options."""
        super().__init__(hass, config)
        self._home = hass
        self._target: dict[str, Any] = config.target or {}
        self._options: dict[str, Any] = config.options or {}

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        met = [self.is_met(meter) for meter, _ in meters_of(self._home, self._target)]
        if self._options[ATTR_BEHAVIOR] == BEHAVIOR_ALL:
            return bool(met) and all(met)
        return any(met)

    @abc.abstractmethod
    def is_met(self, meter: MeterCoordinator) -> bool:
        """Whether a meter meets the condition."""


class ConsumptionAbove(MeterCondition):
    """The newest gas day's kWh are above a threshold."""

    schema = vol.Schema(
        {**_TARGET, vol.Required(CONF_OPTIONS): {**_BEHAVIOR, **_ABOVE}}
    )

    @override
    def is_met(self, meter: MeterCoordinator) -> bool:
        last = meter.data.summary.last
        if last is None or last.energy is None:
            return False
        return bool(last.energy > self._options[CONF_ABOVE])


class ConsumptionUnusual(MeterCondition):
    """Something is unusual as of the newest gas day."""

    @override
    def is_met(self, meter: MeterCoordinator) -> bool:
        return bool(meter.data.insight.watch.found)


class DataLate(MeterCondition):
    """Data are later today in France than publication explains."""

    @override
    def is_met(self, meter: MeterCoordinator) -> bool:
        return meter.data.health.state is HealthState.DATA_LATE


CONDITIONS: dict[str, type[Condition]] = {
    "consumption_above": ConsumptionAbove,
    "consumption_unusual": ConsumptionUnusual,
    "data_late": DataLate,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by name."""
    return CONDITIONS if HAS_CONDITIONS else {}
