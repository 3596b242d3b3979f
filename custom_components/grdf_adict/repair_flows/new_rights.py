"""The fix of a repair about PCE with new rights: which become meters."""

from typing import override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..adict import AdictError
from ..const import CONF_METERS
from ..contract.candidates import MeterCandidates, async_add_meter, meter_candidates
from ..helpers.clock import paris_today
from ..helpers.errors import placeholders, translation_key
from ..helpers.forms import Form
from ..helpers.texts import escaped
from ..runtime import GrdfConfigEntry
from ..watch.new_rights import free_pces


class NewRightsFlow(ConfirmRepairFlow):
    """Adds meters for the chosen PCE; the others are not proposed again."""

    _choice: MeterCandidates | None = None

    def __init__(self, entry: GrdfConfigEntry) -> None:
        """Prepare the choice for a contract."""
        super().__init__()
        self._entry = entry

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask which PCE become meters."""
        contract, title = self._entry.runtime_data.contract, escaped(self._entry.title)
        was_shown = self._choice is not None
        try:
            choice = await self._async_choice()
        except AdictError as err:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                errors={"base": translation_key(err)},
                description_placeholders={
                    "account": title,
                    "count": "-",
                    **placeholders(err),
                },
            )
        pces = set(free_pces(self.hass, contract))
        options = [each for each in choice.options() if each["value"] in pces]
        if user_input is not None and was_shown:
            for option in options:
                if option["value"] in user_input.get(CONF_METERS, ()):
                    meter = choice.subentry(option["value"])
                    async_add_meter(self.hass, self._entry, meter)
            await contract.async_decide()
            return self.async_create_entry(data={})
        selector = SelectSelector(
            SelectSelectorConfig(
                options=options, multiple=True, mode=SelectSelectorMode.DROPDOWN
            )
        )
        every = [each["value"] for each in options]
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(
                {vol.Optional(CONF_METERS, default=every): selector}
            ),
            description_placeholders={"account": title, "count": str(len(options))},
        )

    async def _async_choice(self) -> MeterCandidates:
        if self._choice is None:
            rights = await self._entry.runtime_data.contract.async_read_rights()
            self._choice = meter_candidates(
                self.hass, self._entry.data, rights.items, paris_today()
            )
        return self._choice
