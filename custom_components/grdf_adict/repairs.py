"""The fixes of repairs."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import Issue
from .helpers.forms import Form
from .meters.coordinator import MeterCoordinator
from .repair_flows.deleted_meter import DeletedMeterFlow
from .repair_flows.energy import ShowInEnergyFlow
from .repair_flows.forms import NewHolderFlow, RightRepairFlow, ToMeterMenuFlow
from .repair_flows.new_rights import NewRightsFlow
from .repair_flows.proof import ProofFlow
from .runtime import GrdfConfigEntry

# The others lead to the meter's own menu.
_FLOWS: Final[Mapping[Issue, type[RightRepairFlow]]] = {
    Issue.ENERGY_COST_MISSING: ShowInEnergyFlow,
    Issue.ENERGY_NOT_SHOWN: ShowInEnergyFlow,
    Issue.NEW_HOLDER: NewHolderFlow,
    Issue.PROOF_AWAITED: ProofFlow,
}


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


class NotLoadedFlow(RepairsFlow):
    """Says that the contract must be loaded first; the repair stays."""

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Say so."""
        return self.async_abort(reason="entry_not_loaded")


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
    issue = Issue(str(concerned["issue"])) if "issue" in concerned else None
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return (
            ConfirmRepairFlow()
            if issue in {None, Issue.WITHDRAWAL_WITHHELD}
            else NotLoadedFlow()
        )
    if issue == Issue.METER_DELETED:
        return DeletedMeterFlow(entry, str(concerned["subentry_id"]))
    if issue == Issue.NEW_RIGHTS:
        return NewRightsFlow(entry)
    if issue not in {None, Issue.WITHDRAWAL_WITHHELD}:
        case = concerned["case"]
        kind = _FLOWS.get(issue, ToMeterMenuFlow)
        return kind(entry, issue, None if case is None else str(case))
    meter = entry.runtime_data.meters.get(str(concerned.get("subentry_id")))
    return AcceptWithdrawalFlow(meter) if meter else ConfirmRepairFlow()
