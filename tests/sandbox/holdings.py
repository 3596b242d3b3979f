"""What GRDF holds of its meters' gas, and what tests do to it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .blocks import (
    Amendment,
    Block,
    amended,
    informative_blocks,
    published_blocks,
)
from .cases import case_meters
from .clock import Clock, years_before
from .generation import History
from .meters import Flow, Frequency, Meter, fleet
from .rights import Perimeter
from .switches import Switches

PUBLISHED_YEARS = 5
INFORMATIVE_YEARS = 3

type _Changes = defaultdict[tuple[str, Flow], dict[date, Amendment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthDay:
    """One gas day of the truth; kWh and m³ are None where GRDF has nothing."""

    gas_day: date
    kwh: int | None
    m3: int | None
    coefficient: float | None
    is_final: bool

    @property
    def is_absent(self) -> bool:
        """Whether the day is an `Absence de Données`."""
        return self.kwh is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All that is true of a meter: each gas day that passed, and what is published."""

    pce: str
    frequency: Frequency
    days: Mapping[date, TruthDay]
    published: tuple[Block, ...]


class Holdings:
    """Meters, their gas both ways, and the time; nothing about who may see it.

    A `flow` is the way of the gas: consumption, unless told otherwise.
    """

    def __init__(self, seed: int = 1, now: datetime | None = None) -> None:
        """Build the fleet around an aware moment; None follows the machine's clock."""
        self._clock = Clock(now)
        self.seed = seed
        self.switches = Switches()
        self.meters = fleet(self.today)
        self.cases = case_meters()
        self._histories: dict[tuple[str, Flow], History] = {}
        self._amendments: _Changes = defaultdict(dict)
        self._amended_blocks: _Changes = defaultdict(dict)
        self._more_published: dict[str, list[Block]] = defaultdict(list)

    @property
    def now(self) -> datetime:
        """The sandbox's time in Europe/Paris; set None to follow the machine."""
        return self._clock.now()

    @now.setter
    def now(self, value: datetime | None) -> None:
        self._clock.set(value)

    def shift(self, by: timedelta) -> None:
        """Move the time; one that follows the machine goes on, that much ahead."""
        self._clock.shift(by)

    @property
    def today(self) -> date:
        """The sandbox's date in France."""
        return self._clock.today()

    def meter(self, pce: str) -> Meter | None:
        """Return a meter of the fleet or of GRDF's test cases."""
        return self.meters.get(pce) or self.cases.get(pce)

    def correct(
        self,
        pce: str,
        day: date,
        *,
        kwh: int | None = None,
        m3: int | None = None,
        flow: Flow = Flow.CONSUMPTION,
    ) -> None:
        """Let GRDF correct a gas day of the daily series."""
        change = self._change(pce, day, flow)
        change.kwh = change.kwh if kwh is None else kwh
        change.m3 = change.m3 if m3 is None else m3

    def withdraw(self, pce: str, day: date, flow: Flow = Flow.CONSUMPTION) -> None:
        """Turn a gas day into an `Absence de Données`."""
        self._change(pce, day, flow).withdrawn = True

    def delay(
        self, pce: str, day: date, until: date, flow: Flow = Flow.CONSUMPTION
    ) -> None:
        """Hold a gas day back, without a word, until a date."""
        self._change(pce, day, flow).until = until

    def raw(
        self,
        pce: str,
        day: date,
        *,
        flow: Flow = Flow.CONSUMPTION,
        **fields: object,
    ) -> None:
        """Overwrite wire fields of a gas day's block.

        A bare name lies in `consommation` or `injection` (or its `coeff_calcul`);
        `a__b__c` is a path.
        """
        self._change(pce, day, flow).raw.update(fields)

    def restore(self, pce: str, day: date, flow: Flow = Flow.CONSUMPTION) -> None:
        """Undo what was changed of a gas day."""
        self._amendments[pce, flow].pop(day, None)

    def amend_published(
        self,
        pce: str,
        start: date,
        change: Amendment,
        flow: Flow = Flow.CONSUMPTION,
    ) -> None:
        """Change what is published from a gas day on: a month, a half-year."""
        self._amended_blocks[pce, flow][start] = change

    def publish(self, pce: str, *blocks: Block) -> None:
        """Publish blocks beside the others of their flow, which they may overlap."""
        self._more_published[pce].extend(blocks)

    def oldest(self, family: Perimeter) -> date:
        """Return the oldest day that GRDF still holds amounts of."""
        informative = family is Perimeter.INFORMATIVE
        years = INFORMATIVE_YEARS if informative else PUBLISHED_YEARS
        oldest = years_before(self.today, years)
        depth = self.switches.depth.get(family)
        if depth is None:
            return oldest
        return max(oldest, self.today - timedelta(days=depth))

    def published(self, pce: str, flow: Flow = Flow.CONSUMPTION) -> list[Block]:
        """Return every published block there is now, whatever the rights."""
        meter = self._known(pce)
        history = self._history(meter, flow)
        if history is None:
            return []
        blocks = published_blocks(
            meter, history, self.now, self._amendments[pce, flow], flow
        )
        changes = self._amended_blocks[pce, flow]
        kept = [
            block
            for made in blocks
            for block in amended(made, changes.get(made.start), self.now)
        ]
        more = (block for block in self._more_published[pce] if block.flow is flow)
        return sorted([*kept, *more], key=lambda block: block.start)

    def informative(self, pce: str, since: date = date.min) -> list[Block]:
        """Return every informative block there is now, whatever the rights."""
        meter = self._known(pce)
        changes = self._amendments[pce, Flow.CONSUMPTION]
        history = self._history(meter, Flow.CONSUMPTION)
        if history is None:
            return []
        return informative_blocks(
            meter,
            self.seed if self.switches.misses_days else None,
            history,
            self.now,
            changes,
            since=since,
        )

    def truth(self, pce: str, flow: Flow = Flow.CONSUMPTION) -> Truth:
        """Return the gas days that have ended, measured or not, and what is published.

        These are what passed the meter, with corrections; what GRDF misses is here.
        """
        meter = self._known(pce)
        history = self._history(meter, flow)
        published = self.published(pce, flow)
        until = published[-1].end if published else meter.since
        changes = self._amendments[pce, flow]
        days = {}
        for day in [] if history is None else history.before(self._gas_today()):
            change = changes.get(day.day) or Amendment()
            days[day.day] = TruthDay(
                gas_day=day.day,
                kwh=day.kwh if change.kwh is None else change.kwh,
                m3=day.m3 if change.m3 is None else change.m3,
                coefficient=day.coefficient,
                is_final=day.day < until,
            )
        return Truth(
            pce=pce, frequency=meter.frequency, days=days, published=tuple(published)
        )

    def _known(self, pce: str) -> Meter:
        meter = self.meter(pce)
        if meter is None:
            raise KeyError(pce)
        return meter

    def _history(self, meter: Meter, flow: Flow) -> History | None:
        if meter.through(flow) is None:
            return None
        found = self._histories.get((meter.pce, flow))
        if found is None:
            found = History(meter, self.seed, flow)
            self._histories[meter.pce, flow] = found
        return found

    def _change(self, pce: str, day: date, flow: Flow) -> Amendment:
        return self._amendments[pce, flow].setdefault(day, Amendment())

    def _gas_today(self) -> date:
        return (self.now - timedelta(hours=6)).date()
