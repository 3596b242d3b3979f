"""What is to be seen to at a meter whose access right is in order, as of a date."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import Issue
from ..dashboard.offer import is_hidden, lacks_cost
from ..meters.coordinator import MeterCoordinator
from ..meters.data import files_end, late_since
from ..rights import HealthFinding

_WHOLE: Final = 100


def meter_findings(
    hass: HomeAssistant, meter: MeterCoordinator, today: date
) -> Iterator[HealthFinding]:
    """Yield what somebody may see to; nothing before the first import has ended."""
    if (ended := files_end(meter.rights, meter.data, today)) is not None:
        yield HealthFinding(Issue.FILES_END, ended)
    imported = meter.data.progress == _WHOLE or meter.contract is None
    if not imported or not meter.data.days:
        return
    if (newest := late_since(meter.rights, meter.data, today)) is not None:
        yield HealthFinding(Issue.DATA_LATE, newest)
    shown = meter.showable
    if shown is None:
        return
    if is_hidden(hass, shown):
        yield HealthFinding(Issue.ENERGY_NOT_SHOWN)
    elif lacks_cost(hass, shown):
        yield HealthFinding(Issue.ENERGY_COST_MISSING)
