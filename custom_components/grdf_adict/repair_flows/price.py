"""The fix of a repair about a price that jumps: is it right, or is the one before?"""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..const import DOMAIN
from ..helpers.forms import Form
from ..helpers.recorder import RecorderBusyError
from ..meters.coordinator import MeterCoordinator


class DoubtedPriceFlow(RepairsFlow):
    """Lets the user decide what gas days cost whose price jumps."""

    def __init__(self, meter: MeterCoordinator) -> None:
        """Prepare the choice for a meter."""
        super().__init__()
        self._meter = meter

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Show the two prices."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        if issue is None:
            return self.async_abort(reason="already_mended")
        return self.async_show_menu(
            step_id="init",
            menu_options=["believe_price", "keep_price"],
            description_placeholders=dict(issue.translation_placeholders or {}),
        )

    async def async_step_believe_price(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Price the gas days by the entity."""
        return await self._async_decide(believed=True)

    async def async_step_keep_price(self, user_input: Form = None) -> RepairsFlowResult:
        """Price them by the price before."""
        return await self._async_decide(believed=False)

    async def _async_decide(self, *, believed: bool) -> RepairsFlowResult:
        try:
            await self._meter.async_decide_prices(believed=believed)
        except RecorderBusyError, UpdateFailed:
            return self.async_abort(reason="not_now")
        return self.async_create_entry(data={})
