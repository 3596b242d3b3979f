"""The choice among PCE whose rights came of late: which become meters."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
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
from ..runtime import GrdfConfigEntry
from ..watch.new_rights import free_pces


class NewRightsFlow(RepairsFlow):
    """Makes meters of the PCE that are chosen; the others are not proposed again."""

    _choice: MeterCandidates | None = None

    def __init__(self, entry: GrdfConfigEntry) -> None:
        """Prepare the choice for a contract."""
        super().__init__()
        self._entry = entry

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Start with the only step."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask which PCE become meters."""
        errors: dict[str, str] = {}
        explanation = {"account": self._entry.title}
        was_asked = self._choice is not None
        try:
            choice = await self._async_choice()
        except AdictError as err:
            errors["base"] = translation_key(err)
            explanation |= placeholders(err)
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                errors=errors,
                description_placeholders={**explanation, "count": "-"},
            )
        pces = set(free_pces(self.hass, self._entry.runtime_data.contract))
        options = [each for each in choice.options() if each["value"] in pces]
        if user_input is not None and was_asked:
            for option in options:
                if option["value"] in user_input.get(CONF_METERS, ()):
                    meter = choice.subentry(option["value"])
                    async_add_meter(self.hass, self._entry, meter)
            await self._entry.runtime_data.contract.async_decide()
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
            description_placeholders={**explanation, "count": str(len(options))},
        )

    async def _async_choice(self) -> MeterCandidates:
        if self._choice is None:
            rights = await self._entry.runtime_data.contract.async_read_rights()
            self._choice = meter_candidates(
                self.hass,
                self._entry.data,
                rights.items,
                paris_today(),
            )
        return self._choice
