"""The fixes of repairs."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .coordinator import GrdfConfigEntry, MeterCoordinator


class AcceptWithdrawalFlow(ConfirmRepairFlow):
    """Let GRDF's withdrawal of many gas days through to the statistics."""

    def __init__(self, meter: MeterCoordinator) -> None:
        """Prepare the fix for a meter."""
        super().__init__()
        self._meter = meter

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Write the rows that were withheld, once the user has confirmed."""
        if user_input is not None:
            await self._meter.async_compare(withdrawal_accepted=True)
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the fix of a repair; a meter that is gone needs only the confirmation."""
    concerned = data or {}
    entry: GrdfConfigEntry | None = hass.config_entries.async_get_entry(
        str(concerned.get("entry_id"))
    )
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return ConfirmRepairFlow()
    meter = entry.runtime_data.meters.get(str(concerned.get("subentry_id")))
    return AcceptWithdrawalFlow(meter) if meter else ConfirmRepairFlow()
