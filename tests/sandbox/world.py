"""The sandbox itself: its meters, rights, time and what tests do to them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
import time

from .blocks import (
    Amendment,
    Block,
    amended,
    informative_blocks,
    published_blocks,
)
from .cases import case_meters, case_rights
from .clock import Clock, years_before
from .faults import Fault, Faults
from .generation import History
from .meters import Frequency, Meter, fleet
from .quota import CallQuota
from .rights import Perimeter, Right, deciding, opening_rights
from .tokens import Tokens

PUBLISHED_YEARS = 5
INFORMATIVE_YEARS = 3


@dataclass(slots=True)
class Call:
    """One HTTP call as it came; `monotonic` in seconds, status 0 if it was dropped."""

    at: datetime
    monotonic: float
    method: str
    path: str
    query: Mapping[str, str]
    status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of consumptions as it was sent: what came through, and to the end?"""

    at: datetime
    pce: str
    family: Perimeter
    blocks: tuple[Block, ...]
    is_whole: bool


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


@dataclass(slots=True)
class Switches:
    """How the sandbox answers where GRDF has been seen to answer in several ways.

    `depth` shortens, in days, how far back it holds data; older dates may be asked for.
    """

    pretty: bool = False
    gives_day_before: bool = True
    refusal_status: int = 200
    wraps_rights: bool = False
    lists_cases: bool = False
    content_type: str = "application/x-ndjson"
    depth: dict[Perimeter, int] = field(default_factory=dict)


@dataclass(slots=True)
class Journal:
    """The calls that came, and the answers of consumptions that were sent."""

    api: list[Call] = field(default_factory=list)
    token: list[Call] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


class Sandbox:
    """A GRDF of our own; `serve` puts it on HTTP."""

    def __init__(
        self,
        seed: int = 1,
        now: datetime | None = None,
        *,
        quota: bool = False,
        calls_per_day: int = 6000,
        calls_per_second: int = 1,
        client_id: str = "demo",
        client_secret: str = "demo-secret",  # noqa: S107 - of the demo
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Build the fleet around an aware moment; None follows the machine's clock."""
        self._clock = Clock(now)
        self.seed = seed
        self.has_quota = quota
        self.quota = CallQuota(calls_per_second, calls_per_day, monotonic)
        self.client_id = client_id
        self.client_secret = client_secret
        self.tokens = Tokens()
        self.faults = Faults()
        self.switches = Switches()
        self.journal = Journal()
        self.meters = fleet(self.today)
        self.rights = opening_rights(self.meters.values(), self.today)
        self.cases = case_meters()
        self.case_rights = case_rights()
        self._histories: dict[str, History] = {}
        self._amendments: dict[str, dict[date, Amendment]] = defaultdict(dict)
        self._amended_blocks: dict[str, dict[date, Amendment]] = defaultdict(dict)
        self._more_published: dict[str, list[Block]] = defaultdict(list)

    @property
    def now(self) -> datetime:
        """The sandbox's time in Europe/Paris; set None to follow the machine."""
        return self._clock.now()

    @now.setter
    def now(self, value: datetime | None) -> None:
        self._clock.set(value)

    @property
    def today(self) -> date:
        """The sandbox's date in France."""
        return self._clock.today()

    @property
    def calls(self) -> list[Call]:
        """The API calls, oldest first."""
        return self.journal.api

    @property
    def token_calls(self) -> list[Call]:
        """The calls of the token address, oldest first."""
        return self.journal.token

    def reset_calls(self) -> None:
        """Forget the calls that came."""
        self.journal.api.clear()
        self.journal.token.clear()
        self.journal.answers.clear()

    def meter(self, pce: str) -> Meter | None:
        """Return a meter of the fleet or of GRDF's test cases."""
        return self.meters.get(pce) or self.cases.get(pce)

    def right(self, pce: str) -> Right:
        """Return the right that decides for a PCE; KeyError where there is none."""
        found = self.deciding_right(pce)
        if found is None:
            raise KeyError(pce)
        return found

    def deciding_right(self, pce: str) -> Right | None:
        """Return the right that decides for a PCE: an active one, else the newest."""
        return deciding([*self.rights, *self.case_rights], pce)

    def fail_next(self, path_part: str | None, fault: Fault, times: int = 1) -> None:
        """Let the next calls fail whose path holds a text.

        None means any API call; "token" reaches the token address.
        """
        self.faults.plan(path_part, fault, times)

    def correct(
        self, pce: str, day: date, *, kwh: int | None = None, m3: int | None = None
    ) -> None:
        """Let GRDF correct a gas day of the daily series."""
        change = self._change(pce, day)
        change.kwh = change.kwh if kwh is None else kwh
        change.m3 = change.m3 if m3 is None else m3

    def withdraw(self, pce: str, day: date) -> None:
        """Turn a gas day into an `Absence de Données`."""
        self._change(pce, day).withdrawn = True

    def delay(self, pce: str, day: date, until: date) -> None:
        """Hold a gas day back, without a word, until a date."""
        self._change(pce, day).until = until

    def raw(self, pce: str, day: date, **fields: object) -> None:
        """Overwrite wire fields of a gas day's block.

        A bare name lies in `consommation` (or its `coeff_calcul`); `a__b__c` is a path.
        """
        self._change(pce, day).raw.update(fields)

    def restore(self, pce: str, day: date) -> None:
        """Undo what was changed of a gas day."""
        self._amendments[pce].pop(day, None)

    def amend_published(self, pce: str, start: date, change: Amendment) -> None:
        """Change what is published from a gas day on: a month, a half-year."""
        self._amended_blocks[pce][start] = change

    def publish(self, pce: str, *blocks: Block) -> None:
        """Publish blocks beside the others, which they may overlap."""
        self._more_published[pce].extend(blocks)

    def oldest(self, family: Perimeter) -> date:
        """Return the oldest day that GRDF still holds consumptions of."""
        years = {
            Perimeter.INFORMATIVE: INFORMATIVE_YEARS,
            Perimeter.PUBLISHED: PUBLISHED_YEARS,
        }
        oldest = years_before(self.today, years[family])
        depth = self.switches.depth.get(family)
        if depth is None:
            return oldest
        return max(oldest, self.today - timedelta(days=depth))

    def published(self, pce: str) -> list[Block]:
        """Return every published block there is now, whatever the rights."""
        meter = self._known(pce)
        blocks = published_blocks(
            meter, self._history(meter), self.now, self._amendments[pce]
        )
        changes = self._amended_blocks[pce]
        kept = [
            block
            for made in blocks
            for block in amended(made, changes.get(made.start), self.now)
        ]
        both = [*kept, *self._more_published[pce]]
        return sorted(both, key=lambda block: block.start)

    def informative(self, pce: str, since: date = date.min) -> list[Block]:
        """Return every informative block there is now, whatever the rights."""
        meter = self._known(pce)
        changes = self._amendments[pce]
        history = self._history(meter)
        return informative_blocks(
            meter, self.seed, history, self.now, changes, since=since
        )

    def truth(self, pce: str) -> Truth:
        """Return the gas days that have ended, measured or not, and what is published.

        These are what passed the meter, with corrections; what GRDF misses is here.
        """
        meter = self._known(pce)
        published = self.published(pce)
        until = published[-1].end if published else meter.since
        changes = self._amendments[pce]
        days = {}
        for day in self._history(meter).before(self._gas_today()):
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

    def available_days(self, pce: str) -> dict[date, TruthDay]:
        """Return the gas days that the daily series gives now, within the right.

        The first is the oldest `date_debut` that GRDF accepts. Absent days are here
        with kWh None; delayed ones are not.
        """
        meter = self._known(pce)
        informative = meter.frequency.is_informative
        family = Perimeter.INFORMATIVE if informative else Perimeter.PUBLISHED
        oldest = self.oldest(family)
        right = self.deciding_right(pce)
        if right is None or right.refusal(family, self.today) is not None:
            return {}
        blocks = self.informative(pce, oldest) if informative else self.published(pce)
        found: dict[date, TruthDay] = {}
        for block in blocks:
            daily = informative or block.frequency is Frequency.DAILY
            if daily and block.start >= oldest and right.covers(block.start, block.end):
                found[block.start] = _truth_day(block)
        return found

    def available_published(self, pce: str) -> list[Block]:
        """Return the published blocks that the API gives now, within the right."""
        right = self.deciding_right(pce)
        if right is None or right.refusal(Perimeter.PUBLISHED, self.today):
            return []
        oldest = self.oldest(Perimeter.PUBLISHED)
        return [
            block
            for block in self.published(pce)
            if block.end > oldest and right.covers(block.start, block.end)
        ]

    def _known(self, pce: str) -> Meter:
        meter = self.meter(pce)
        if meter is None:
            raise KeyError(pce)
        return meter

    def _history(self, meter: Meter) -> History:
        return self._histories.setdefault(meter.pce, History(meter, self.seed))

    def _change(self, pce: str, day: date) -> Amendment:
        return self._amendments[pce].setdefault(day, Amendment())

    def _gas_today(self) -> date:
        return (self.now - timedelta(hours=6)).date()


def _truth_day(block: Block) -> TruthDay:
    coefficient = block.coefficient
    if block.pta is not None and block.pcs is not None:
        coefficient = round(block.pta * block.pcs, 2)
    return TruthDay(
        gas_day=block.start,
        kwh=block.kwh,
        m3=block.m3,
        coefficient=coefficient,
        is_final=block.status == "Définitive",
    )
