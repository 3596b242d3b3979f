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
import voluptuous as vol

from ..adict import FlowDirection
from ..const import CONF_PCE
from ..contract.connection import holds_contract
from ..helpers.texts import escaped
from ..runtime import GrdfConfigEntry
from .adopt import AdoptFlow
from .end import EndFlow
from .files_meter import FileMeterFlow
from .outdoor import OutdoorFlow
from .price import PriceFlow
from .renew import RenewFlow


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


class MeterSubentryFlow(
    PriceFlow, OutdoorFlow, AdoptFlow, FileMeterFlow, RenewFlow, EndFlow
):
    """Adds a PCE, takes files in for it, tells its price, manages the right on it."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether the contract has a right on the PCE already; or for files."""
        if not holds_contract(self._get_entry().data):
            return await self.async_step_files()
        _ = self._account
        return self.async_show_menu(
            step_id="user", menu_options=["held", "declare", "client_connect", "fleet"]
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what to change of a meter.

        Of one that only injects, there is no gas used to price or to compare with the
        weather.
        """
        has_contract = holds_contract(self._get_entry().data)
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                *(["price", "outdoor"] if self._consumes else []),
                "files",
                *(["adopt"] if self._consumes else []),
                *(["renew", "revoke"] if has_contract else []),
                "erase",
            ],
        )

    @property
    def _consumes(self) -> bool:
        """Whether the reconfigured meter uses gas; while that is unknown, it does."""
        entry: GrdfConfigEntry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return True
        subentry_id = self._get_reconfigure_subentry().subentry_id
        meter = entry.runtime_data.meters.get(subentry_id)
        return meter is None or FlowDirection.CONSUMPTION in meter.directions

    async def async_step_client_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Lead to the contract: what comes back from GRDF finds no way to a meter."""
        return self.async_abort(
            reason="client_connect",
            description_placeholders={"account": escaped(self._get_entry().title)},
        )

    async def async_step_fleet(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Lead to the contract: a table is about all of its meters."""
        return self.async_abort(
            reason="fleet",
            description_placeholders={"account": escaped(self._get_entry().title)},
        )

    async def async_step_held(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which PCE, and how to call it."""
        choice = await self._async_choice()
        options = choice.options()
        errors: dict[str, str] = {}
        explanation = {"count": str(len(options))}
        if user_input is not None:
            refusal = choice.refusal(user_input[CONF_PCE])
            if refusal is None:
                meter = choice.subentry(user_input[CONF_PCE], user_input.get(CONF_NAME))
                return await self._async_add_meter(
                    meter, choice.rights[meter["data"][CONF_PCE]]
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
            step_id="held",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=explanation,
        )
