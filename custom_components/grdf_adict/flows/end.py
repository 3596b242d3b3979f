"""Ending: revoking the right of a meter, erasing the meter."""

from homeassistant.config_entries import ConfigEntryState, SubentryFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..adict import AccessRight, AdictError
from ..const import CONF_PCE, CONF_SERIES
from ..contract.connection import environment_of
from ..helpers.errors import placeholders, revocation_key
from ..helpers.forms import CONF_CONFIRM, CONFIRM_SCHEMA, Form
from ..helpers.ids import series_keys
from ..helpers.issues import async_clear_meter_issues
from ..helpers.texts import async_texts, escaped, shown_date
from ..lifecycle.erasure import async_erase_meter
from ..lifecycle.leftovers import async_update_leftovers
from ..runtime import GrdfConfigEntry
from .declare_forms import Errors
from .right import RightFlow

CONF_RIGHT = "right"


class EndFlow(RightFlow):
    """Revokes and erases, once the user has confirmed."""

    async def async_step_revoke(self, user_input: Form = None) -> SubentryFlowResult:
        """Say what revoking means, and revoke."""
        living = await self._async_living(self._meter_pce)
        if not living:
            return self.async_abort(reason="nothing_to_revoke")
        errors: Errors = {}
        explanation: dict[str, str] = {}
        if user_input is not None:
            if not user_input[CONF_CONFIRM]:
                errors[CONF_CONFIRM] = "not_confirmed"
            else:
                chosen = user_input.get(CONF_RIGHT, living[0].id)
                try:
                    await self._account.client.revoke_access_right(chosen)
                except AdictError as err:
                    errors["base"] = revocation_key(
                        err,
                        as_holder=any(
                            right.role.is_holder
                            for right in living
                            if right.id == chosen
                        ),
                    )
                    explanation = placeholders(err)
                else:
                    await self._async_read_again()
                    return self.async_abort(reason="revoked")
        return self.async_show_form(
            step_id="revoke",
            data_schema=self.add_suggested_values_to_schema(
                await self._async_revoke_schema(living), user_input
            ),
            errors=errors,
            description_placeholders={
                "meter": escaped(self._get_reconfigure_subentry().title),
                "end": shown_date(living[0].end, self.hass.config.language),
                **explanation,
            },
            last_step=True,
        )

    async def async_step_erase(self, user_input: Form = None) -> SubentryFlowResult:
        """Say what erasing means, and erase."""
        errors: Errors = {}
        if user_input is not None:
            if user_input[CONF_CONFIRM]:
                await self._async_erase()
                return self.async_abort(reason="erased")
            errors[CONF_CONFIRM] = "not_confirmed"
        return self.async_show_form(
            step_id="erase",
            data_schema=CONFIRM_SCHEMA,
            errors=errors,
            description_placeholders={
                "meter": escaped(self._get_reconfigure_subentry().title)
            },
            last_step=True,
        )

    async def _async_erase(self) -> None:
        entry: GrdfConfigEntry = self._get_entry()
        subentry = self._get_reconfigure_subentry()
        subentry_id = subentry.subentry_id
        if entry.state is ConfigEntryState.LOADED:
            await entry.runtime_data.meters[subentry_id].async_end()
        self.hass.config_entries.async_remove_subentry(entry, subentry_id)
        # Nobody else does where the entry is not loaded.
        async_clear_meter_issues(self.hass, subentry_id)
        environment = environment_of(entry.data)
        series = subentry.data.get(CONF_SERIES, 1)
        for key in series_keys(environment, subentry.data[CONF_PCE], series):
            await async_erase_meter(self.hass, key)
        await async_update_leftovers(self.hass)

    async def _async_revoke_schema(self, living: list[AccessRight]) -> vol.Schema:
        if len(living) == 1:
            return CONFIRM_SCHEMA
        words = await async_texts(self.hass)
        options = [
            SelectOptionDict(
                value=right.id,
                label=_label(right, words["flow.injection"], self.hass.config.language),
            )
            for right in living
        ]
        return vol.Schema(
            {
                vol.Required(CONF_RIGHT): SelectSelector(
                    SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
                ),
                **CONFIRM_SCHEMA.schema,
            }
        )


def _label(right: AccessRight, injection: str, language: str) -> str:
    known = (
        right.raw_state,
        f"{shown_date(right.start, language)} → {shown_date(right.end, language)}",
        injection if right.role.is_injection else "",
    )
    return " · ".join(filter(None, known))
