"""Adding one more meter to a contract, and changing one."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .adict import AdictError
from .const import CONF_PCE
from .coordinator import GrdfConfigEntry
from .errors import placeholders, translation_key
from .meter_choice import MeterChoice, meter_choice
from .metering.gas_day import paris_date
from .price_flow import PriceFlow


def pce_selector(options: list[SelectOptionDict], *, multiple: bool) -> SelectSelector:
    """Return a selector of PCE, in which one can also be typed."""
    return SelectSelector(
        SelectSelectorConfig(
            options=options,
            multiple=multiple,
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


class MeterSubentryFlow(PriceFlow):
    """Adds a PCE that the contract has an active right on, and tells its price."""

    _choice: MeterChoice | None = None

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which PCE, and how to call it."""
        if self._choice is None:
            entry: GrdfConfigEntry = self._get_entry()
            if entry.state is not ConfigEntryState.LOADED:
                return self.async_abort(reason="entry_not_loaded")
            try:
                rights = await entry.runtime_data.account.async_read_rights()
            except AdictError as err:
                return self.async_abort(
                    reason=translation_key(err),
                    description_placeholders=placeholders(err),
                )
            self._choice = meter_choice(
                self.hass, entry.data, rights.items, paris_date(dt_util.utcnow())
            )
        choice = self._choice
        options = choice.options()
        errors: dict[str, str] = {}
        explanation = {"count": str(len(options))}
        if user_input is not None:
            refusal = choice.refusal(user_input[CONF_PCE])
            if refusal is None:
                meter = choice.subentry(user_input[CONF_PCE], user_input.get(CONF_NAME))
                return self.async_create_entry(
                    title=meter["title"],
                    data=meter["data"],
                    unique_id=meter["unique_id"],
                )
            errors[CONF_PCE] = refusal.key
            explanation |= refusal.placeholders
        schema = vol.Schema(
            {
                vol.Required(CONF_PCE): pce_selector(options, multiple=False),
                vol.Optional(CONF_NAME): TextSelector(),
            }
        )
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=explanation,
        )
