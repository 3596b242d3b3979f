"""What the fixes of repairs of meters share: the choice of the meter."""

from typing import override

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowContext
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import SUBENTRY_TYPE_METER, Issue
from ..helpers.forms import Form
from ..helpers.texts import escaped
from ..lifecycle.handover import async_begin_series
from ..runtime import GrdfConfigEntry
from ..watch.issue_keeper import Case, IssueKeeper, told_apart

_CONF_METER = "meter"


class RightRepairFlow(RepairsFlow):
    """Fixes a repair of one right; of many meters, asks which one first."""

    _case: Case

    def __init__(self, entry: GrdfConfigEntry, issue: Issue, case: str | None) -> None:
        """Prepare the fix; without a case, the repair is about many meters."""
        super().__init__()
        self._entry = entry
        self._issue = issue
        self._only = case

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Start with the meter, if there is only one."""
        if self._only is None:
            return await self.async_step_meter()
        return await self._async_choose(self._only)

    async def async_step_meter(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask which meter to begin with."""
        if user_input is not None:
            return await self._async_choose(user_input[_CONF_METER])
        options = [
            SelectOptionDict(value=key, label=name)
            for key, name in told_apart(self._issues.cases(self._issue)).items()
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
        )
        return self.async_show_form(
            step_id="meter",
            data_schema=vol.Schema({vol.Required(_CONF_METER): selector}),
            description_placeholders={
                "account": escaped(self._entry.title),
                "count": str(len(options)),
            },
        )

    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Fix it, or open the form that fixes it."""
        raise NotImplementedError

    @property
    def _issues(self) -> IssueKeeper:
        return self._entry.runtime_data.issues

    async def _async_choose(self, key: str) -> RepairsFlowResult:
        found = [case for case in self._issues.cases(self._issue) if case.key == key]
        if not found:
            return self.async_abort(reason="already_mended")
        self._case = found[0]
        return await self.async_step_confirm()


class ToMeterMenuFlow(RightRepairFlow):
    """Explains, then opens the meter's own menu: declare, renew, revoke."""

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        """Explain, then open the menu; the repair is removed with its cause."""
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=self._issues.placeholders([self._case]),
            )
        menu = await self.hass.config_entries.subentries.async_init(
            (self._entry.entry_id, SUBENTRY_TYPE_METER),
            context=SubentryFlowContext(
                source=SOURCE_RECONFIGURE, subentry_id=self._case.meter.subentry_id
            ),
        )
        return self.async_abort(
            reason="to_the_menu",
            next_flow=(FlowType.CONFIG_SUBENTRIES_FLOW, menu["flow_id"]),
        )


class NewHolderFlow(RightRepairFlow):
    """Asks whether the gas days of a new customer continue the series, or not."""

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        return self.async_show_menu(
            step_id="confirm",
            menu_options=["continue_series", "begin_series"],
            description_placeholders=self._issues.placeholders([self._case]),
        )

    async def async_step_continue_series(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Keep the gas days of both customers in one series."""
        await self._case.meter.async_continue_series()
        self._issues.update(self._case.meter.subentry_id)
        return self.async_create_entry(data={})

    async def async_step_begin_series(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Start another series for the new customer."""
        async_begin_series(self.hass, self._entry, self._case.meter)
        return self.async_create_entry(data={})
