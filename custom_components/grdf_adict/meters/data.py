"""The data that the entities of a meter show, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from homeassistant.util import dt as dt_util

from ..adict import FlowDirection
from ..health import Arrivals, Health, Way, first_unknown
from ..metering import (
    DayRow,
    IndexReading,
    MeterFacts,
    RefusedValues,
    Source,
    Summary,
    last_filed,
    newest_reading,
)
from ..metering.insight import Insight
from ..metering.price import CostSummary
from ..metering.schedule import (
    LATE_DAYS,
    CallRecord,
    DataFamily,
    Due,
    Perimeter,
    coverage,
    without_future_times,
)
from ..rights import MeterRight, MeterRights
from ..storage.meter_file import MeterFile
from .summaries import progress

# How far back a gas day that nothing is known of is still to be expected.
_RECENT: Final = LATE_DAYS


@dataclass(frozen=True, slots=True)
class MeterData:
    """The data that the entities of a meter show.

    Attributes:
        summary, injection: the figures of its rows of gas used, and injected.
        next_update: when the next call is due; None: there is nothing to ask for.
        progress: how much of the first import is done, in percent.
        used, injected: what the lateness of its gas days is judged by.
        filed: the last gas day that exported files cover; None: there were none.
        temperatures: of how many gas days such files give the temperature.
        doubted: the date in France on which GRDF last gave a value that waits for its
            repetition.
        health: the verdict on all that is known of it.
        records, refused, former, insight: as in `MeterFile`.
    """

    summary: Summary = field(default_factory=Summary)
    injection: Summary = field(default_factory=Summary)
    facts: MeterFacts = field(default_factory=MeterFacts)
    reading: IndexReading | None = None
    costs: CostSummary = field(default_factory=CostSummary)
    next_update: datetime | None = None
    progress: int | None = None
    records: Mapping[DataFamily, CallRecord] = field(default_factory=dict)
    refused: Mapping[DataFamily, RefusedValues] = field(default_factory=dict)
    used: Way = field(default_factory=Way)
    injected: Way = field(default_factory=Way)
    filed: date | None = None
    temperatures: int = 0
    doubted: date | None = None
    health: Health = field(default_factory=Health)
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
    """Return what is shown of a meter's file; the first of its due calls is next."""
    now = dt_util.utcnow()
    reach = coverage(file.ledger, file.injection.ledger)
    return MeterData(
        summary=file.summary,
        injection=file.injection.summary,
        facts=file.facts,
        reading=newest_reading(file.ledger) or file.injection.ledger.reading,
        costs=file.costs,
        next_update=dues[0].at if dues else None,
        progress=progress(file, perimeter),
        records={
            family: without_future_times(record, now)
            for family, record in file.records.items()
        },
        refused=file.refused,
        used=_way(file, FlowDirection.CONSUMPTION, reach.used),
        injected=_way(file, FlowDirection.PRODUCTION, reach.injected),
        filed=last_filed(file.ledger),
        temperatures=len(file.ledger.temperatures),
        doubted=reach.doubted,
        former=file.former,
        insight=file.insight,
    )


def _way(file: MeterFile, direction: FlowDirection, newest: date | None) -> Way:
    """Return what the lateness of one way's gas days is judged by."""
    history = file.history(direction)
    last = history.summary.last
    days = [day for day in (newest, last and last.gas_day) if day]
    reached = max(days, default=None)
    return Way(
        days=history.summary.days,
        newest=reached,
        gap=reached and first_unknown(history.ledger, reached - _RECENT, reached),
        has_informative=bool(history.ledger.daily.get(Source.INFORMATIVE)),
        arrivals=file.arrivals.get(direction, Arrivals()),
    )


def directions(rights: MeterRights, data: MeterData) -> frozenset[FlowDirection]:
    """Return the ways that gas flows through a meter, from its rights and its data.

    While neither shows any, gas is used.
    """
    signs = {
        FlowDirection.CONSUMPTION: rights.consumption or data.summary.days,
        FlowDirection.PRODUCTION: rights.injection or data.injection.days,
    }
    found = frozenset(direction for direction, sign in signs.items() if sign)
    return found or frozenset({FlowDirection.CONSUMPTION})


def is_of_another_holder(
    right: MeterRight | None, known: MeterFile | MeterData
) -> bool:
    """Whether a right is of another customer than the known gas days."""
    return (
        right is not None
        and right.former is not None
        and right.former != known.former
        and known.days > 0
    )


def of_the_holder(file: MeterFile, right: MeterRight | None) -> MeterFile:
    """Return a meter's file as that of this right's customer."""
    if right is None or right.former == file.former:
        return file
    return replace(file, former=right.former)
