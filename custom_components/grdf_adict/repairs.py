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
from .meters.settled_rows import EarlierChoice
from .repair_flows.currency import CurrencyFlow
from .repair_flows.deleted_meter import DeletedMeterFlow
from .repair_flows.earlier_rows import EarlierRowsFlow
from .repair_flows.energy import CountOnceFlow, ShowInEnergyFlow
from .repair_flows.forms import NewHolderFlow, RightRepairFlow, ToMeterMenuFlow
from .repair_flows.new_rights import NewRightsFlow
from .repair_flows.price import DoubtedPriceFlow
from .repair_flows.proof import ProofFlow
from .runtime import GrdfConfigEntry

# The others open the meter's own menu.
_FLOWS: Final[Mapping[Issue, type[RightRepairFlow]]] = {
    Issue.ENERGY_COST_MISSING: ShowInEnergyFlow,
    Issue.ENERGY_COUNTED_TWICE: CountOnceFlow,
    Issue.ENERGY_NOT_SHOWN: ShowInEnergyFlow,
    Issue.NEW_HOLDER: NewHolderFlow,
    Issue.PROOF_AWAITED: ProofFlow,
}

_EARLIER: Final = {
    Issue.EARLIER_ROWS: (EarlierChoice.KEEP, EarlierChoice.REMOVE),
    Issue.EARLIER_ROWS_COVERED: (EarlierChoice.REPLACE, EarlierChoice.STAY),
}


class AcceptWithdrawalFlow(ConfirmRepairFlow):
    """Applies GRDF's withdrawal of many gas days to the statistics."""

    def __init__(self, meter: MeterCoordinator) -> None:
        """Prepare the fix for a meter."""
        super().__init__()
        self._meter = meter

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Write the withheld rows once the user has confirmed."""
        if user_input is not None:
            await self._meter.async_compare(withdrawal_accepted=True)
        return await super().async_step_confirm(user_input)


class NotLoadedFlow(RepairsFlow):
    """Explains that the contract must be loaded first; the repair stays."""

    async def async_step_init(self, user_input: Form = None) -> RepairsFlowResult:
        """Abort."""
        return self.async_abort(reason="entry_not_loaded")


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the fix of a repair; a meter that is gone needs only the confirmation."""
    about = data or {}
    entry: GrdfConfigEntry | None = hass.config_entries.async_get_entry(
        str(about.get("entry_id"))
    )
    issue = Issue(str(about.get("issue", Issue.WITHDRAWAL_WITHHELD)))
    if issue is Issue.STORAGE_UNREADABLE:
        return ConfirmRepairFlow()
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        is_withdrawal = issue is Issue.WITHDRAWAL_WITHHELD
        return ConfirmRepairFlow() if is_withdrawal else NotLoadedFlow()
    subentry_id = str(about.get("subentry_id"))
    meter = entry.runtime_data.meters.get(subentry_id)
    flow: RepairsFlow
    match issue:
        case Issue.WITHDRAWAL_WITHHELD:
            flow = AcceptWithdrawalFlow(meter) if meter else ConfirmRepairFlow()
        case Issue.EARLIER_ROWS | Issue.EARLIER_ROWS_COVERED if meter:
            flow = EarlierRowsFlow(meter, *_EARLIER[issue])
        case Issue.METER_DELETED:
            flow = DeletedMeterFlow(entry, subentry_id)
        case Issue.NEW_RIGHTS:
            flow = NewRightsFlow(entry)
        case Issue.PRICE_DOUBTED if meter:
            flow = DoubtedPriceFlow(meter)
        case Issue.CURRENCY_CHANGED:
            flow = CurrencyFlow(entry)
        case _:
            case = about["case"]
            kind = _FLOWS.get(issue, ToMeterMenuFlow)
            flow = kind(entry, issue, None if case is None else str(case))
    return flow
