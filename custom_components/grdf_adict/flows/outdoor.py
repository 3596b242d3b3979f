"""Where a meter's outdoor temperature is measured: a sensor, or nowhere."""

from typing import Any

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import Platform
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig
import voluptuous as vol

from ..const import CONF_OUTDOOR
from ..meters.outdoor import outdoor_problem

# What makes a sensor of a weather entity.
_TEMPLATE = "`{{ state_attr('weather.home', 'temperature') }}`"

_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_OUTDOOR): EntitySelector(
            EntitySelectorConfig(
                domain=Platform.SENSOR, device_class=SensorDeviceClass.TEMPERATURE
            )
        )
    }
)


class OutdoorFlow(ConfigSubentryFlow):
    """Tells a meter how cold it is outside."""

    async def async_step_outdoor(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the sensor; an empty field takes it away."""
        subentry = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None:
            entity_id = user_input.get(CONF_OUTDOOR)
            problem = outdoor_problem(self.hass, entity_id) if entity_id else None
            if problem is None:
                kept = {
                    key: value
                    for key, value in subentry.data.items()
                    if key != CONF_OUTDOOR
                }
                return self.async_update_and_abort(
                    self._get_entry(),
                    subentry,
                    reason="reconfigure_successful",
                    data={**kept, **user_input},
                )
            errors[CONF_OUTDOOR] = problem
        return self.async_show_form(
            step_id="outdoor",
            data_schema=self.add_suggested_values_to_schema(
                _SCHEMA, subentry.data if user_input is None else user_input
            ),
            errors=errors,
            description_placeholders={"template": _TEMPLATE},
            last_step=True,
        )
