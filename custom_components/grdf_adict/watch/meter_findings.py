"""What is to be seen to at a meter whose access right is in order, as of a date."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant

from ..adict import FlowDirection
from ..dashboard.offer import is_hidden, lacks_cost, showable
from ..helpers.issues import Issue
from ..metering.gas_day import ONE_DAY
from ..metering.schedule.calls import Call
from ..metering.schedule.lateness import late_from
from ..rights.findings import Finding
from ..rights.rules import Standing

if TYPE_CHECKING:
    from ..meters.coordinator import MeterCoordinator

_WHOLE: Final = 100
# Files are exported by hand: a month, and some days of grace.
_EXPORTED_ANEW_AFTER: Final = timedelta(days=40)


def meter_findings(
    hass: HomeAssistant, meter: MeterCoordinator, today: date
) -> Iterator[Finding]:
    """Yield what somebody may see to; nothing before the first import has ended."""
    if (ended := files_end(meter, today)) is not None:
        yield Finding(Issue.FILES_END, ended)
    imported = meter.data.progress == _WHOLE or not meter.has_contract
    if not imported or not meter.data.days:
        return
    if (newest := late_since(meter, today)) is not None:
        yield Finding(Issue.DATA_LATE, newest)
    shown = showable(meter)
    if shown is None:
        return
    if is_hidden(hass, shown):
        yield Finding(Issue.ENERGY_NOT_SHOWN)
    elif lacks_cost(hass, shown):
        yield Finding(Issue.ENERGY_COST_MISSING)


def late_since(meter: MeterCoordinator, today: date) -> date | None:
    """Return the newest gas day of a meter whose data are late; None: they are not."""
    right = meter.rights.main
    newest = newest_gas_day(meter)
    if right is None or newest is None or right.standing(today) is not Standing.ACTIVE:
        return None
    if meter.data.codes:
        # GRDF has said why: that has a repair of its own.
        return None
    if right.first is not None:
        # A right that begins after a pause has brought nothing yet.
        newest = max(newest, right.first - ONE_DAY)
    late = late_from(
        meter.data.facts.frequency,
        newest,
        informative=Call.INFORMATIVE in right.calls,
    )
    return newest if late is not None and late <= today else None


def files_end(meter: MeterCoordinator, today: date) -> date | None:
    """Return the newest gas day of a meter that lives on files, once it is old.

    That is a meter without a contract, or one whose access right opens nothing any
    more. None: it has no files, or it is not yet time for another one.
    """
    filed = meter.data.filed
    right = meter.rights.main
    if filed is None or (right is not None and right.is_open(today)):
        return None
    newest = max(filed, newest_gas_day(meter) or filed)
    return newest if newest + _EXPORTED_ANEW_AFTER <= today else None


def newest_gas_day(meter: MeterCoordinator) -> date | None:
    """Return the newest gas day that GRDF told a value or the share of a period of."""
    data = meter.data
    consumes = FlowDirection.CONSUMPTION in meter.directions
    row = data.newest
    published = data.held.published if consumes else data.held.injected
    shown = row.gas_day if row else None
    days = [day for day in (shown, published) if day is not None]
    return max(days, default=None)
