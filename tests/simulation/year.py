"""Day after day: GRDF changes, Home Assistant looks, the rows are compared."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
import logging
from random import Random
from typing import Final, override
from zoneinfo import ZoneInfo

from tests.sandbox import HALF_YEARLY, HOUSE, INDUSTRY, Perimeter, Sandbox

from .fate import Fate
from .home import DOMAIN, Home, StoredRow
from .oracle import Oracle, OracleRow
from .report import Report

PARIS: Final = ZoneInfo("Europe/Paris")
_FIVE: Final = time(5)
_SIX: Final = time(6)
_NIGHT: Final = time(0, 20)
# The last one lies behind every slot of the day; `_EVENING` is when all is compared.
_TIMES: Final = tuple(
    time(hour, minute)
    for hour, minute in (
        *((3, 10), (7, 30), (10, 40), (13, 20), (15, 30), (16, 10), (17, 10), (18, 10)),
        *((19, 10), (20, 35), (21, 25)),
    )
)
_DAILY: Final = {HOUSE: Perimeter.INFORMATIVE, INDUSTRY: Perimeter.PUBLISHED}
# All that is published on a day is there by then.
_ALL_PUBLISHED: Final = time(15)
_FIRST_HISTORY: Final = 3
_MOST_TOLD: Final = 3
_LAST_EVENTS: Final = 15


class _Listener(logging.Handler):
    """Tells warnings as what happened on their day."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(logging.WARNING)
        self._fate = fate

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._fate.tell(datetime.now(PARIS).date(), record.getMessage())


@dataclass
class Year:
    """One seed's simulation.

    Attributes:
        home: the Home Assistant.
        sandbox: the GRDF.
        fate: what befalls it.
        roll: decides on restarts.
        report: what is found.
    """

    home: Home
    sandbox: Sandbox
    fate: Fate
    roll: Random
    report: Report
    _oracles: dict[str, Oracle] = field(default_factory=dict)
    _heard: int = 0
    _in_doubt: set[int] = field(default_factory=set)
    _without: dict[str, Oracle] = field(default_factory=dict)

    async def run(self) -> Report:
        """Simulate every day, and compare each evening."""
        self._oracles = {pce: Oracle() for pce in self.home.pces}
        with self._warnings_told():
            await self._run()
        return self.report

    async def _run(self) -> None:
        await self.home.start()
        for number in range(self.fate.days):
            today = self.fate.first + timedelta(days=number)
            if number == _FIRST_HISTORY:
                self.sandbox.reset_calls()
                self._heard = 0
                self._in_doubt.clear()
            await self._day(today)
            self.report.days += 1
        self.report.steady_days = max(0, self.fate.days - _FIRST_HISTORY)
        self.report.calls = dict(Counter(map(self._callee, self.sandbox.calls)))
        await self.home.stop()

    @contextmanager
    def _warnings_told(self) -> Iterator[None]:
        """Tell what the integration warns of among what happened."""
        handler = _Listener(self.fate)
        logger = logging.getLogger(f"custom_components.{DOMAIN}")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

    async def _day(self, today: date) -> None:
        self.home.wake(_moment(today, _NIGHT))
        await self.home.settle()
        self.fate.morning(today)
        restart_at = self.roll.choice(_TIMES) if self.roll.random() < 0.12 else None
        answers = self.sandbox.journal.answers
        for moment in _TIMES:
            begun = len(answers)
            self.home.wake(_moment(today, moment))
            if moment == restart_at:
                await self._restart(today)
                # What was sent to a process that was stopping may have been lost.
                self._in_doubt.update(range(begun, len(answers)))
            await self.home.settle()
        self._listen()
        await self._compare(today)
        self._check_that_all_was_heard(today)

    async def _restart(self, today: date) -> None:
        """Restart at once, whatever was just begun."""
        self.report.restarts += 1
        for _ in range(self.roll.choice((0, 0, 30, 100, 300, 1000))):
            await asyncio.sleep(0)
        if self.roll.random() < 0.5:
            self.fate.tell(today, "the contract is reloaded")
            await self.home.reload()
            return
        await self.home.stop()
        backup = self.home.database.with_name("backup.db")
        if not backup.exists() or self.roll.random() < 0.3:
            await self.home.back_up_database(backup)
            self.fate.tell(today, "Home Assistant restarts; its database is backed up")
        elif self.roll.random() < 0.5:
            await self.home.restore_database(backup)
            self.fate.tell(today, "Home Assistant restarts with an older database")
        else:
            self.fate.tell(today, "Home Assistant restarts")
        await self.home.start()

    def _listen(self) -> None:
        answers = self.sandbox.journal.answers
        for number, answer in enumerate(answers[self._heard :], self._heard):
            oracle = self._oracles[answer.pce]
            if number in self._in_doubt:
                self._without.setdefault(answer.pce, deepcopy(oracle))
            elif (other := self._without.get(answer.pce)) is not None:
                other.hear(answer)
            oracle.hear(answer)
        self._heard = len(answers)

    async def _compare(self, today: date) -> None:
        stored = await self.home.rows()
        for pce, other in self._without.items():
            with_all, without = (
                any(
                    _differing(rows, wanted)
                    for _, rows, wanted in _series(stored, pce, oracle)
                )
                for oracle in (self._oracles[pce], other)
            )
            if with_all and not without:
                self._oracles[pce] = other
        for pce, oracle in self._oracles.items():
            for name, rows, wanted in _series(stored, pce, oracle):
                self._compare_series(today, name, rows, wanted)

    def _compare_series(
        self, today: date, name: str, ours: Sequence[StoredRow], wanted: list[StoredRow]
    ) -> None:
        self.report.rows += len(wanted)
        differing = _differing(ours, wanted)
        self.report.differing += len(differing)
        if differing and len(self.report.differences) < _MOST_TOLD:
            our, want = differing[0]
            self.report.differences.append(
                f"seed {self.report.seed}, evening of {today}, {name}:"
                f" {len(differing)} rows differ\n  ours   {our}\n  oracle {want}\n"
                + self._last_events()
            )

    def _check_that_all_was_heard(self, today: date) -> None:
        now = _moment(today, _TIMES[-1])
        for pce, family in _DAILY.items():
            if pce not in self._oracles or self._was_troubled(pce, now):
                continue
            self.report.evenings += 1
            if not self._answered_today(pce, family, today):
                self.report.silent_evenings += 1
                self._complain(today, f"{pce}: no whole answer today")
        for pce, oracle in self._oracles.items():
            if self._without.get(pce) is oracle:
                # It was sent, and lost: it is asked for again.
                continue
            self._check_that_daily_was_heard(pce, oracle, today)
            self._check_that_spans_were_heard(pce, oracle, today)
        self._without.clear()

    def _check_that_daily_was_heard(
        self, pce: str, oracle: Oracle, today: date
    ) -> None:
        family = _DAILY.get(pce)
        if family is None or not self._answered_today(pce, family, today):
            return
        known = oracle.days.get(family, {})
        for day, truth in self.sandbox.available_days(pce).items():
            word = known.get(day)
            if word is None or (word.kwh, word.m3) != (truth.kwh, truth.m3):
                self.report.unheard += 1
                self._complain(today, f"{pce}: {day} is {truth}, heard was {word}")

    def _check_that_spans_were_heard(
        self, pce: str, oracle: Oracle, today: date
    ) -> None:
        if not self._answered_today(pce, Perimeter.PUBLISHED, today):
            return
        given = [
            block
            for block in self.sandbox.available_published(pce)
            if (block.end - block.start).days > 1
        ]
        for block in given:
            # Of two words on one period, GRDF leaves it to us to take the stronger.
            words = {
                (rival.kwh, rival.m3)
                for rival in given
                if (rival.start, rival.end) == (block.start, block.end)
            }
            word = oracle.spans.get((block.start, block.end))
            if word is None or (word.kwh, word.m3) not in words:
                self.report.unheard += 1
                self._complain(today, f"{pce}: {block}, heard was {word}")

    def _was_troubled(self, pce: str, now: datetime) -> bool:
        """Whether GRDF failed a call that concerns the meter in the last day."""
        day_ago = now - timedelta(days=1)
        if any(
            outage.start <= now and day_ago <= outage.end
            for outage in self.sandbox.faults.outages
        ):
            return True
        calls = [call for call in self.sandbox.calls if call.at >= day_ago]
        answers = [
            answer
            for answer in self.sandbox.journal.answers
            if answer.at >= day_ago and answer.pce == pce and answer.is_whole
        ]
        asked = [call for call in calls if f"{pce}/donnees_consos" in call.path]
        tokens = [call for call in self.sandbox.token_calls if call.at >= day_ago]
        return len(answers) < len(asked) or any(
            call.status != 200 for call in (*calls, *tokens)
        )

    def _answered_today(self, pce: str, family: Perimeter, today: date) -> bool:
        published = _moment(today, _ALL_PUBLISHED)
        return any(
            answer.pce == pce
            and answer.family is family
            and answer.is_whole
            and answer.at >= published
            for answer in self.sandbox.journal.answers
        )

    def _complain(self, today: date, what: str) -> None:
        if len(self.report.differences) < _MOST_TOLD:
            self.report.differences.append(
                f"seed {self.report.seed}, evening of {today}, {what}\n"
                + self._last_events()
            )

    def _last_events(self) -> str:
        told = self.fate.told[-_LAST_EVENTS:]
        return "".join(f"    {day}: {what}\n" for day, what in told)

    def _callee(self, call: object) -> str:
        path = getattr(call, "path", "")
        return next((pce for pce in self.home.pces if pce in path), "rights")


def meters(*, lone: bool) -> tuple[str, ...]:
    """Return the meters of a simulation."""
    return (HOUSE,) if lone else (HOUSE, INDUSTRY, HALF_YEARLY)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, PARIS)


def _stored_rows(expected: Sequence[OracleRow], number: int) -> Iterator[StoredRow]:
    """Yield two rows a gas day: the total before it at 05:00, its own at 06:00."""
    before = 0
    for row in expected:
        yield StoredRow(_moment(row.gas_day, _FIVE), None, before / 1000)
        before = row.so_far[number]
        amount = None if row.amounts is None else row.amounts[number] / 1000
        yield StoredRow(_moment(row.gas_day, _SIX), amount, before / 1000)


def _is_same(ours: StoredRow, wanted: StoredRow) -> bool:
    # Sums are doubles: the last digit that is stored is the thousandth.
    return (
        ours.start == wanted.start
        and ours.state == wanted.state
        and ours.sum is not None
        and wanted.sum is not None
        and abs(ours.sum - wanted.sum) < 0.000_5
    )


def _series(
    stored: Mapping[str, Sequence[StoredRow]], pce: str, oracle: Oracle
) -> Iterator[tuple[str, Sequence[StoredRow], list[StoredRow]]]:
    """Yield the name of each of a meter's series, its rows, and those of an oracle."""
    expected = oracle.rows()
    for number, what in enumerate(("energy", "volume")):
        rows = stored.get(f"grdf_adict:sandbox_{pce.lower()}_{what}", [])
        yield f"{pce} {what}", rows, list(_stored_rows(expected, number))


def _differing(
    ours: Sequence[StoredRow], wanted: Sequence[StoredRow]
) -> list[tuple[StoredRow | None, StoredRow | None]]:
    return [
        (our, want)
        for our, want in zip_longest(ours, wanted)
        if our is None or want is None or not _is_same(our, want)
    ]
