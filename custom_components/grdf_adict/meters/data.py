"""The data that the entities of a meter show, and what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from ..adict import FlowDirection
from ..metering import (
    ONE_DAY,
    DayRow,
    IndexReading,
    MeterFacts,
    Summary,
    last_filed,
    newest_reading,
)
from ..metering.insight import Insight
from ..metering.price import CostSummary
from ..metering.schedule import (
    Coverage,
    DataFamily,
    Due,
    Perimeter,
    coverage,
    late_from,
)
from ..rights import MeterRight, MeterRights, Standing, codes_of
from ..storage.meter_file import MeterFile
from .summaries import progress

# Users export files themselves: a month, and some days of grace.
_EXPORTED_ANEW_AFTER: Final = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class MeterData:
    """The data that the entities of a meter show.

    Attributes:
        summary, injection: the figures of its rows of gas used, and injected.
        next_update: when the next call is due; None: there is nothing to ask for.
        progress: how much of the first import is done, in percent.
        codes: of the calls that GRDF refused and has not answered since.
        coverage: how far its ledgers reach.
        filed: the last gas day that exported files cover; None: there were none.
        former, insight: as in `MeterFile`.
    """

    summary: Summary = field(default_factory=Summary)
    injection: Summary = field(default_factory=Summary)
    facts: MeterFacts = field(default_factory=MeterFacts)
    reading: IndexReading | None = None
    costs: CostSummary = field(default_factory=CostSummary)
    next_update: datetime | None = None
    progress: int | None = None
    codes: Mapping[DataFamily, str] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
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
    """Return what is shown of a meter's file; the first of its due calls is next."""
    return MeterData(
        summary=file.summary,
        injection=file.injection.summary,
        facts=file.facts,
        reading=newest_reading(file.ledger) or file.injection.ledger.reading,
        costs=file.costs,
        next_update=dues[0].at if dues else None,
        progress=progress(file, perimeter),
        codes=codes_of(perimeter.calls, file.records),
        coverage=coverage(file.ledger, file.injection.ledger),
        filed=last_filed(file.ledger),
        former=file.former,
        insight=file.insight,
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


def late_since(rights: MeterRights, data: MeterData, today: date) -> date | None:
    """Return the newest gas day of a meter whose data are late; None: they are not."""
    right = rights.main
    newest = _newest_gas_day(rights, data)
    if right is None or newest is None or right.standing(today) is not Standing.ACTIVE:
        return None
    if data.codes:
        # GRDF has given a reason: that is another repair.
        return None
    if right.first is not None:
        # A right that begins after a pause has no data yet.
        newest = max(newest, right.first - ONE_DAY)
    late = late_from(
        data.facts.frequency, newest, informative=DataFamily.INFORMATIVE in right.calls
    )
    return newest if late is not None and late <= today else None


def files_end(rights: MeterRights, data: MeterData, today: date) -> date | None:
    """Return the newest gas day of a meter fed by files alone, once it is old.

    That is a meter without a contract, or without an open access right.
    """
    right = rights.main
    if data.filed is None or (right is not None and right.is_open(today)):
        return None
    newest = max(data.filed, _newest_gas_day(rights, data) or data.filed)
    return newest if newest + _EXPORTED_ANEW_AFTER <= today else None


def _newest_gas_day(rights: MeterRights, data: MeterData) -> date | None:
    """Return the newest gas day with a value, or in a published period."""
    consumes = FlowDirection.CONSUMPTION in directions(rights, data)
    published = data.coverage.published if consumes else data.coverage.injected
    shown = data.newest.gas_day if data.newest else None
    days = [day for day in (shown, published) if day is not None]
    return max(days, default=None)
