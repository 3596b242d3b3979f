"""What was seen of a run, evening by evening: plain data that all checks share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from .forecast import Met
from .home import StoredRow
from .oracle import OracleRow

type Series = tuple[str, str]
"""A PCE and what its rows are of: `energy` (used) or `injection`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the state sensor of a meter shows; `reason` as text, None: none."""

    state: str
    reason: str | None


class Period(NamedTuple):
    """A published block that lasts several gas days; `end` is exclusive."""

    start: date
    end: date
    kwh: int


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening.

    Attributes:
        number: of the day, 0 = the first.
        day: its date.
        rows: those of the recorder.
        expected: those of the oracle.
        offered: the gas days that GRDF gives now with an amount.
        own: the kWh of the gas days that GRDF answered by themselves, so far.
        periods: the published blocks that it answered, so far.
        shown: what the state sensors show, by PCE.
    """

    number: int
    day: date
    rows: Mapping[Series, tuple[StoredRow, ...]]
    expected: Mapping[Series, tuple[OracleRow, ...]]
    offered: Mapping[Series, frozenset[date]]
    own: Mapping[Series, Mapping[date, int]]
    periods: Mapping[Series, tuple[Period, ...]]
    shown: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Logged:
    """A record of the log at warning or above."""

    at: datetime
    logger: str
    text: str
    has_traceback: bool


class Start(NamedTuple):
    """The start of a call: seconds on the simulated clock, the time, HTTP status."""

    seconds: float
    at: datetime
    status: int


@dataclass(slots=True)
class Diary:
    """A run: its evenings, the weather its calls met, their starts, and its log."""

    evenings: list[Evening] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)


class Runs(NamedTuple):
    """The same days twice: without weather, and with that of a schedule."""

    calm: Diary
    troubled: Diary
