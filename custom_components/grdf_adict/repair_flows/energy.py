"""The fixes of repairs about the Energy dashboard: what it lacks or counts twice."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..dashboard.offer import Showable, async_accept, async_offer
from ..dashboard.twice import Counted, async_choices, async_count_once, counted_by
from ..helpers.forms import Form
from ..helpers.texts import async_texts, escaped
from ..watch.issue_keeper import Case, told_apart
from .forms import RightRepairFlow

_CONF_KEEP = "keep"


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
        found = meant(self._issues.cases(self._issue), self._only)
        return [shown for _, shown in found]


class CountOnceFlow(RightRepairFlow):
    """Leaves one gas source of a meter, or of all, in the Energy dashboard."""

    @override
    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        return await self.async_step_confirm()

    @override
    async def async_step_confirm(self, user_input: Form = None) -> RepairsFlowResult:
        cases = self._issues.cases(self._issue)
        found = meant(cases, self._only)
        meters = [shown for _, shown in found]
        choices = await async_choices(self.hass, meters)
        if not choices:
            return self.async_abort(reason="already_mended")
        if user_input is not None:
            keep = Counted(user_input[_CONF_KEEP])
            if await async_count_once(self.hass, meters, [keep, *choices]):
                self._issues.update_all()
                return self.async_create_entry(data={})
            return self.async_abort(reason="energy_refused")
        texts, names = await async_texts(self.hass), told_apart(cases)
        lines = [
            f"- {escaped(names[case.key])}: "
            + ", ".join(texts[f"counted.{way}"] for way in counted_by(self.hass, shown))
            for case, shown in found
        ]
        selector = SelectSelector(
            SelectSelectorConfig(
                options=[way.value for way in choices],
                mode=SelectSelectorMode.LIST,
                translation_key="counted",
            )
        )
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema(
                {vol.Required(_CONF_KEEP, default=choices[0].value): selector}
            ),
            description_placeholders={
                "account": escaped(self._entry.title),
                "series": "\n".join(lines),
            },
        )


def meant(cases: Iterable[Case], only: str | None) -> list[tuple[Case, Showable]]:
    """Return the cases that a repair is about, as the Energy dashboard shows them.

    `only` is the key of a single one; None: it is about all of them.
    """
    return [
        (case, shown)
        for case in cases
        if only in {None, case.key} and (shown := case.meter.showable) is not None
    ]
