"""The end of adding a meter: the offer to show it in the Energy dashboard."""

from typing import Final

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentryData,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

from ..adict import AccessRight
from ..const import CONF_PCE
from ..contract.candidates import may_leave, meter_owners
from ..dashboard.offer import Offer, Showable, async_accept, async_offer
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.texts import escaped
from ..lifecycle.handover import async_release
from .right import RightFlow

CONF_SHOW: Final = "show"
ENERGY_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_SHOW, default=True): BooleanSelector()}
)


class EnergyFlow(RightFlow):
    """Adds a meter, and offers to show it."""

    _meter: ConfigSubentryData
    _right: AccessRight | None
    _energy_offer: Offer
    _description: str | None = None

    async def async_step_take_over(self, user_input: Form = None) -> SubentryFlowResult:
        """Say that the meter leaves the exported files, and ask for the user's word."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_CONFIRM]:
                return await self._async_offer()
            errors[CONF_CONFIRM] = "not_confirmed"
        return self.async_show_form(
            step_id="take_over",
            data_schema=CONFIRM_SCHEMA,
            errors=errors,
            description_placeholders={
                "meters": escaped(self._meter["title"]),
                "account": escaped(self._owner.title) if self._owner else "-",
            },
        )

    async def async_step_energy(self, user_input: Form = None) -> SubentryFlowResult:
        """Offer to show the meter in the Energy dashboard."""
        if user_input is not None:
            if user_input[CONF_SHOW]:
                await async_accept(self.hass, self._energy_offer.meters)
            return await self._async_create()
        return self.async_show_form(
            step_id="energy",
            data_schema=ENERGY_SCHEMA,
            description_placeholders=self._energy_offer.placeholders,
            last_step=True,
        )

    async def _async_add_meter(
        self,
        meter: ConfigSubentryData,
        right: AccessRight | None = None,
        *,
        description: str | None = None,
    ) -> SubentryFlowResult:
        """Add a meter, after the offer where there is one to make.

        Args:
            meter: what it becomes.
            right: the one on it; None: it lives on files.
            description: the key of what is said at the end.
        """
        self._meter, self._description = meter, description
        self._right = right
        if self._owner is not None:
            return await self.async_step_take_over()
        return await self._async_offer()

    async def _async_offer(self) -> SubentryFlowResult:
        meter, right = self._meter, self._right
        shown = Showable(self._key(meter["data"][CONF_PCE]), meter["title"])
        offer = (
            None
            if right is not None and right.role.is_injection
            else await async_offer(self.hass, [shown])
        )
        if offer is None:
            return await self._async_create()
        self._energy_offer = offer
        return await self.async_step_energy()

    @property
    def _owner(self) -> ConfigEntry | None:
        """The entry of files that the meter leaves; None: it comes from nowhere."""
        owners = meter_owners(self.hass)
        owner = owners.get(self._key(self._meter["data"][CONF_PCE]))
        return owner if owner is not None and may_leave(owner) else None

    async def _async_create(self) -> SubentryFlowResult:
        if (owner := self._owner) is not None:
            await async_release(self.hass, owner, self._meter["data"][CONF_PCE])
        return self.async_create_entry(
            title=self._meter["title"],
            data=self._meter["data"],
            unique_id=self._meter["unique_id"],
            description=self._description,
        )
