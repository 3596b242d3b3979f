"""The fixes of repairs about rows that were imported before the first gas day."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..const import Issue
from ..helpers.forms import Form
from ..helpers.issues import async_is_raised
from ..helpers.recorder import RecorderBusyError
from ..meters.coordinator import MeterCoordinator
from ..meters.settled_rows import EarlierChoice, async_settle_earlier


class EarlierRowsFlow(RepairsFlow):
    """Asks what becomes of them: a step for each choice of a menu."""

    def __init__(self, meter: MeterCoordinator, *choices: EarlierChoice) -> None:
        """Prepare the choice for a meter."""
        super().__init__()
        self._meter = meter
        self._choices = choices

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Ask; the repair's own placeholders fill the texts."""
        return self.async_show_menu(
            step_id="init", menu_options=[choice.value for choice in self._choices]
        )

    async def async_step_keep_rows(self, user_input: Form = None) -> RepairsFlowResult:
        """Keep them, and do not ask again."""
        return await self._async_settle(EarlierChoice.KEEP)

    async def async_step_remove_rows(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Remove them."""
        return await self._async_settle(EarlierChoice.REMOVE)

    async def async_step_replace_rows(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Let gas days take their place."""
        return await self._async_settle(EarlierChoice.REPLACE)

    async def async_step_let_rows_stay(
        self, user_input: Form = None
    ) -> RepairsFlowResult:
        """Keep them where gas days are known too."""
        return await self._async_settle(EarlierChoice.STAY)

    async def _async_settle(self, choice: EarlierChoice) -> RepairsFlowResult:
        if async_is_raised(
            self.hass, Issue.WITHDRAWAL_WITHHELD, self._meter.subentry_id
        ):
            # Days that wait for their owner's consent would go without it.
            return self.async_abort(reason="not_now")
        try:
            await async_settle_earlier(self._meter, choice)
        except RecorderBusyError, UpdateFailed:
            return self.async_abort(reason="not_now")
        return self.async_create_entry(data={})
