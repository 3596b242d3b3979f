"""The end of adding a meter: the offer to show it in the Energy dashboard."""

from typing import Final

from homeassistant.config_entries import ConfigSubentryData, SubentryFlowResult
from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from .adict import AccessRight
from .const import CONF_PCE
from .energy_offer import Offer, Showable, async_accept, async_offer
from .right_flow import Form, RightFlow

CONF_SHOW: Final = "show"
ENERGY_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_SHOW, default=True): BooleanSelector()}
)


class EnergyFlow(RightFlow):
    """Adds a meter, and offers to show it."""

    _meter: ConfigSubentryData
    _energy_offer: Offer
    _description: str | None = None

    async def async_step_energy(self, user_input: Form = None) -> SubentryFlowResult:
        """Offer to show the meter in the Energy dashboard."""
        if user_input is not None:
            if user_input[CONF_SHOW]:
                await async_accept(self.hass, self._energy_offer.meters)
            return self._add_meter()
        return self.async_show_form(
            step_id="energy",
            data_schema=ENERGY_SCHEMA,
            description_placeholders=self._energy_offer.placeholders,
            last_step=True,
        )

    async def _async_add_meter(
        self,
        meter: ConfigSubentryData,
        right: AccessRight,
        *,
        description: str | None = None,
    ) -> SubentryFlowResult:
        """Add a meter, after the offer where there is one to make."""
        self._meter, self._description = meter, description
        shown = Showable(self._key(meter["data"][CONF_PCE]), meter["title"])
        offer = (
            None if right.role.is_injection else await async_offer(self.hass, [shown])
        )
        if offer is None:
            return self._add_meter()
        self._energy_offer = offer
        return await self.async_step_energy()

    def _add_meter(self) -> SubentryFlowResult:
        return self.async_create_entry(
            title=self._meter["title"],
            data=self._meter["data"],
            unique_id=self._meter["unique_id"],
            description=self._description,
        )
