"""Erasing what removed meters left, also while no entry is there or loaded."""

from collections.abc import Sequence

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..adict import mask_pce
from ..const import CONF_METERS
from ..contract.candidates import meter_owners
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..lifecycle.erasure import async_erase_meter
from ..lifecycle.leftovers import Leftover, async_leftovers, async_update_leftovers
from .declare_forms import Errors


class LeftoversFlow(ConfigFlow):
    """Lists what is left of meters that no entry has, and erases what is chosen."""

    async def async_step_leftovers(self, user_input: Form = None) -> ConfigFlowResult:
        """Ask what to erase; what is not chosen stays."""
        left = await async_leftovers(self.hass)
        errors: Errors = {}
        if user_input is not None:
            chosen = [each for each in left if each.key in user_input[CONF_METERS]]
            if not user_input[CONF_CONFIRM]:
                errors[CONF_CONFIRM] = "not_confirmed"
            elif not chosen:
                errors[CONF_METERS] = "no_meter_chosen"
            else:
                return await self._async_erase(chosen)
        schema = vol.Schema(
            {
                vol.Required(CONF_METERS): SelectSelector(
                    SelectSelectorConfig(
                        options=[_option(each) for each in left],
                        multiple=True,
                        mode=SelectSelectorMode.LIST,
                    )
                ),
                **CONFIRM_SCHEMA.schema,
            }
        )
        return self.async_show_form(
            step_id="leftovers",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={"count": str(len(left))},
            last_step=True,
        )

    async def _async_erase(self, chosen: Sequence[Leftover]) -> ConfigFlowResult:
        for each in chosen:
            if each.key in meter_owners(self.hass):
                # It was added again meanwhile.
                continue
            for key in each.keys:
                await async_erase_meter(self.hass, key)
        await async_update_leftovers(self.hass)
        return self.async_abort(
            reason="leftovers_erased",
            description_placeholders={"count": str(len(chosen))},
        )


def _option(left: Leftover) -> SelectOptionDict:
    return SelectOptionDict(
        value=left.key, label=f"{left.title} ({mask_pce(left.pce)})"
    )
