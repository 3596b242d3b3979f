"""Putting meters together as a building, and changing which."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..adict import mask_pce
from ..const import CONF_METERS, CONF_PCE, SUBENTRY_TYPE_METER
from ..helpers.forms import Form
from ..meters.group import LEAST_METERS


class GroupSubentryFlow(ConfigSubentryFlow):
    """Adds a group of meters to a contract, and changes one."""

    async def async_step_user(self, user_input: Form = None) -> SubentryFlowResult:
        """Ask for a name and the meters."""
        if len(self._options) < LEAST_METERS:
            return self.async_abort(reason="too_few_meters")
        errors = _errors(user_input)
        if user_input is not None and not errors:
            return self.async_create_entry(
                title=user_input[CONF_NAME].strip(),
                data={CONF_METERS: user_input[CONF_METERS]},
            )
        return self._form("user", user_input or {}, errors)

    async def async_step_reconfigure(
        self, user_input: Form = None
    ) -> SubentryFlowResult:
        """Ask for another name, or for other meters."""
        subentry = self._get_reconfigure_subentry()
        errors = _errors(user_input)
        if user_input is not None and not errors:
            return self.async_update_and_abort(
                self._get_entry(),
                subentry,
                reason="reconfigure_successful",
                title=user_input[CONF_NAME].strip(),
                data={CONF_METERS: user_input[CONF_METERS]},
            )
        known = {option["value"] for option in self._options}
        shown = {
            CONF_NAME: subentry.title,
            CONF_METERS: [each for each in subentry.data[CONF_METERS] if each in known],
        }
        return self._form("reconfigure", user_input or shown, errors)

    @property
    def _options(self) -> list[SelectOptionDict]:
        return [
            SelectOptionDict(
                value=meter.subentry_id,
                label=f"{meter.title} ({mask_pce(meter.data[CONF_PCE])})",
            )
            for meter in self._get_entry().get_subentries_of_type(SUBENTRY_TYPE_METER)
        ]

    def _form(
        self, step_id: str, shown: Mapping[str, Any], errors: dict[str, str]
    ) -> SubentryFlowResult:
        schema = vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_METERS): SelectSelector(
                    SelectSelectorConfig(
                        options=self._options,
                        multiple=True,
                        mode=SelectSelectorMode.LIST,
                    )
                ),
            }
        )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
        )


def _errors(form: Form) -> dict[str, str]:
    if form is None:
        return {}
    errors: dict[str, str] = {}
    if not form[CONF_NAME].strip():
        errors[CONF_NAME] = "name_missing"
    if len(form[CONF_METERS]) < LEAST_METERS:
        errors[CONF_METERS] = "meters_missing"
    return errors
