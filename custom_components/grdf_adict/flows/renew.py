"""Renewing the right of a meter: the same consent, told anew."""

from typing import override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult

from ..adict import AdictError
from ..const import CONF_PCE
from ..helpers.forms import Form
from ..helpers.texts import NOTHING, shown_date
from ..metering import ONE_DAY
from .consent import FormErrors
from .declare import DeclareFlow, is_waiting
from .declare_forms import CONF_FLOW, Direction, blank, of_right, part_schema


class RenewFlow(DeclareFlow):
    """Declares a right again for a PCE that is a meter already."""

    async def async_step_renew(self, user_input: Form = None) -> SubentryFlowResult:
        """Say how the present right stands, and ask who consents."""
        await self._async_rights()
        if not self._values:
            used = self._deciding(self._meter_pce, injection=False)
            injected = self._deciding(self._meter_pce, injection=True)
            self._prefill(
                Direction.CONSUMPTION if used or not injected else Direction.INJECTION
            )
        if user_input is not None and user_input[CONF_FLOW] != self._values[CONF_FLOW]:
            self._prefill(Direction(user_input[CONF_FLOW]))
        self._explain_present()
        return await self._async_form(
            "renew", part_schema(), user_input, self._async_holder
        )

    def _prefill(self, direction: Direction) -> None:
        """Suggest what the present right tells, read from GRDF's list for it."""
        right = self._deciding(
            self._meter_pce, injection=direction is Direction.INJECTION
        )
        told = of_right(right, self._today) if right else blank(self._today)
        self._values = {**told, CONF_PCE: self._meter_pce, CONF_FLOW: direction.value}

    def _explain_present(self) -> None:
        errors, explanation = self._told
        right = self._present
        self._told = (
            errors,
            {
                "state": (right.raw_state if right else "") or NOTHING,
                "end": shown_date(
                    right.end if right else None, self.hass.config.language
                ),
                **explanation,
            },
        )

    @override
    async def _async_start_over(self) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return await super()._async_start_over()
        return await self.async_step_renew()

    @override
    def _mended_in(self, err: AdictError) -> str | None:
        field = super()._mended_in(err)
        # A meter keeps its PCE: no form asks for it.
        return (
            None if self.source == SOURCE_RECONFIGURE and field == CONF_PCE else field
        )

    @override
    async def _async_taken(self) -> FormErrors | None:
        if self.source != SOURCE_RECONFIGURE:
            return await super()._async_taken()
        return None

    @override
    async def _async_finish(self) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return await super()._async_finish()
        reason = "renewal_waiting" if is_waiting(self._right) else "renewed"
        return self.async_abort(
            reason=reason,
            description_placeholders={
                "end": shown_date(self._right.end, self.hass.config.language)
            },
        )

    @override
    async def _async_exists(self, err: AdictError) -> SubentryFlowResult:
        """Keep the present right, and say when it can be declared again."""
        if self.source != SOURCE_RECONFIGURE or not self._offer():
            return await super()._async_exists(err)
        if is_waiting(self._offered):
            return self.async_abort(reason="renewal_waits_already")
        end = self._offered.end
        return self.async_abort(
            reason="renewal_too_early",
            description_placeholders={
                "end": shown_date(end, self.hass.config.language),
                "next": shown_date(
                    end + ONE_DAY if end else None, self.hass.config.language
                ),
            },
        )
