"""What the entities of a meter show, and which ways gas flows there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ..adict import FlowDirection
from ..metering.facts import MeterFacts
from ..metering.file_merge import last_filed, newest_reading
from ..metering.insight.insight import Insight
from ..metering.ledger import IndexReading
from ..metering.price.book import CostSummary
from ..metering.schedule.calls import Call, Due, Perimeter
from ..metering.schedule.slots import Held, held
from ..metering.series import DayRow
from ..metering.summary import Summary
from ..rights.findings import codes_of
from ..rights.right import MeterRights
from ..storage.meter_file import MeterFile
from .refresh import progress


@dataclass(frozen=True, slots=True)
class MeterData:
    """What the entities of a meter show.

    Attributes:
        summary: the figures of its rows of gas used.
        injection: the figures of its rows of gas injected.
        facts: of the meter itself.
        reading: its newest index.
        costs: what its gas days cost.
        next_update: when GRDF is asked next; None: there is nothing to ask for.
        progress: how much of the first import is done, in percent.
        codes: of the calls that GRDF refused and has not answered since.
        insight: what its rows of gas used tell beyond their sums.
        held: how far its ledgers reach.
        filed: the last gas day that exported files cover; None: there were none.
        former: whose right came before that of the customer whose gas days these are.
    """

    summary: Summary = field(default_factory=Summary)
    injection: Summary = field(default_factory=Summary)
    facts: MeterFacts = field(default_factory=MeterFacts)
    reading: IndexReading | None = None
    costs: CostSummary = field(default_factory=CostSummary)
    next_update: datetime | None = None
    progress: int | None = None
    codes: Mapping[Call, str] = field(default_factory=dict)
    held: Held = field(default_factory=Held)
    filed: date | None = None
    former: str | None = None
    insight: Insight = field(default_factory=Insight)

    @property
    def days(self) -> int:
        """How many gas days are known, of gas used and injected."""
        return self.summary.days + self.injection.days

    @property
    def newest(self) -> DayRow | None:
        """The newest gas day with a value: of gas used, where the meter has any."""
        return self.summary.last or self.injection.last

    @property
    def coefficient(self) -> float | None:
        """The kWh PCS per m³ of the newest gas day that has one."""
        return self.summary.coefficient or self.injection.coefficient


def meter_data(file: MeterFile, dues: Sequence[Due], perimeter: Perimeter) -> MeterData:
    """Return what is shown of a meter's file.

    Args:
        file: the meter's.
        dues: its calls, the next to make first.
        perimeter: what its rights let us ask for.
    """
    return MeterData(
        summary=file.summary,
        injection=file.injection.summary,
        facts=file.facts,
        reading=newest_reading(file.ledger) or file.injection.ledger.reading,
        costs=file.costs,
        next_update=dues[0].at if dues else None,
        progress=progress(file, perimeter),
        codes=codes_of(perimeter.calls, file.marks),
        held=held(file.ledger, file.injection.ledger),
        filed=last_filed(file.ledger),
        former=file.former,
        insight=file.insight,
    )


def directions(rights: MeterRights, data: MeterData) -> frozenset[FlowDirection]:
    """Return the ways that gas flows through a meter, as a right or data tell.

    Where nothing tells yet, gas is used.
    """
    signs = {
        FlowDirection.CONSUMPTION: rights.consumption or data.summary.days,
        FlowDirection.PRODUCTION: rights.injection or data.injection.days,
    }
    told = frozenset(direction for direction, sign in signs.items() if sign)
    return told or frozenset({FlowDirection.CONSUMPTION})
