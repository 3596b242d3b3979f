"""A contract's answers, recorded for whoever is to look into them.

They stand in the entry's menu, and not among the actions: a form is for administrators
anyway, explains itself, and has the end, the size and the file in one place.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..contract.recording import LONGEST, AnswerRecording
from ..exchange.recording_view import recording_link
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.store import WriteFailedError
from ..helpers.texts import NOTHING, async_texts, shown_date, shown_decimal
from ..runtime import loaded_recording

CONF_AMOUNTS: Final = "amounts"
CONF_DAYS: Final = "days"
_SCALE: Final = "scale"

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_AMOUNTS, default=_SCALE): SelectSelector(
            SelectSelectorConfig(
                options=[_SCALE, "keep"],
                mode=SelectSelectorMode.LIST,
                translation_key="recorded_amounts",
            )
        ),
        vol.Required(CONF_DAYS, default=LONGEST.days): NumberSelector(
            NumberSelectorConfig(
                min=1, max=LONGEST.days, step=1, mode=NumberSelectorMode.BOX
            )
        ),
    }
)


class RecordingFlow(ConfigFlow):
    """Begins and ends a recording of GRDF's answers, and gives its file."""

    async def async_step_recording(self, user_input: Form = None) -> ConfigFlowResult:
        """Explain what is recorded, and begin."""
        errors: dict[str, str] = {}
        if (recording := self._recording) is None:
            return self.async_abort(reason="entry_not_loaded")
        if recording.until is not None:
            # It runs already, or was begun in another window.
            return await self.async_step_recording_running()
        if user_input is not None:
            try:
                await recording.async_start(
                    timedelta(days=int(user_input[CONF_DAYS])),
                    scales=user_input[CONF_AMOUNTS] == _SCALE,
                )
            except WriteFailedError:
                errors["base"] = "recording_not_written"
            else:
                return self.async_abort(
                    reason="recording_started",
                    description_placeholders=await self._async_facts(recording),
                )
        return self.async_show_form(
            step_id="recording",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, user_input),
            errors=errors,
        )

    async def async_step_recording_running(
        self, user_input: Form = None
    ) -> ConfigFlowResult:
        """Say until when it runs, give the file, and end it if so wished."""
        if (recording := self._recording) is None:
            return self.async_abort(reason="entry_not_loaded")
        if recording.until is None:
            return self.async_abort(reason="recording_ended")
        facts = await self._async_facts(recording)
        if user_input is None:
            return self.async_show_form(
                step_id="recording_running",
                data_schema=CONFIRM_SCHEMA,
                description_placeholders={
                    **facts,
                    "file": recording_link(self.hass, self._entry_id)
                    if recording.path
                    else NOTHING,
                },
                last_step=True,
            )
        if not user_input[CONF_CONFIRM]:
            return self.async_abort(
                reason="recording_goes_on", description_placeholders=facts
            )
        await recording.async_end()
        return self.async_abort(reason="recording_ended")

    @property
    def _entry_id(self) -> str:
        return self._get_reconfigure_entry().entry_id

    @property
    def _recording(self) -> AnswerRecording | None:
        return loaded_recording(self.hass, self._entry_id)

    async def _async_facts(self, recording: AnswerRecording) -> dict[str, str]:
        language = self.hass.config.language
        texts = await async_texts(self.hass)
        end = dt_util.as_local(recording.until or dt_util.utcnow())
        return {
            "until": f"{shown_date(end.date(), language)} {end:%H:%M}",
            "size": shown_decimal(Decimal(f"{recording.size / 1e6:.1f}"), language),
            "state": texts[f"recording_state.{'full' if recording.is_full else 'on'}"],
        }
