"""The fix of a repair about meters, or costs, missing in the Energy dashboard."""

from typing import override

from homeassistant.components.repairs import RepairsFlowResult
import voluptuous as vol

from ..dashboard.offer import Showable, async_accept, async_offer
from ..helpers.forms import Form
from ..helpers.texts import escaped
from .forms import RightRepairFlow


class ShowInEnergyFlow(RightRepairFlow):
    """Adds one meter, or all of them, to the Energy dashboard, with their cost."""

    @override
    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        return await self.async_step_confirm()

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        meters = self._meters()
        if not meters:
            return self.async_abort(reason="already_mended")
        if user_input is not None:
            if await async_accept(self.hass, meters):
                self._issues.update_all()
                return self.async_create_entry(data={})
            return self.async_abort(reason="energy_refused")
        offer = await async_offer(self.hass, meters)
        names = "\n".join(f"- {escaped(meter.name)}" for meter in meters)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders={
                "account": escaped(self._entry.title),
                "series": offer.placeholders["series"] if offer else names,
            },
        )

    def _meters(self) -> list[Showable]:
        return [
            shown
            for case in self._issues.cases(self._issue)
            if self._only in {None, case.key}
            and (shown := case.meter.showable) is not None
        ]
