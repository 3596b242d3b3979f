"""A contract's meters, each making its calls as they fall due, for some weeks."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from custom_components.grdf_adict.adict import (
    PARIS,
    PROMPT,
    AdictQuotaError,
    Frequency,
    Quota,
    allowance_for,
)
from custom_components.grdf_adict.metering.gas_day import paris_date
from custom_components.grdf_adict.metering.schedule.calls import (
    DataFamily,
    Due,
    Perimeter,
    Span,
    agenda,
    first_due,
    rights_due,
)
from custom_components.grdf_adict.metering.schedule.records import CallRecord
from custom_components.grdf_adict.metering.schedule.slots import (
    Coverage,
    Share,
    next_monthly,
)

from .grdf import Grdf, draw
from .tally import Tally, evening_of
from .virtual_time import VirtualTimeLoop

FIRST_DAY: Final = date(2026, 9, 1)
# The first days still show where everything began.
WARM_UP: Final = 2

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_EVERYTHING: Final = Perimeter(
    dict.fromkeys(
        (
            DataFamily.TECHNICAL,
            DataFamily.CONTRACT,
            DataFamily.INFORMATIVE,
            DataFamily.PUBLISHED,
        ),
        Span(),
    )
)


@dataclass(slots=True)
class Meter:
    """What is kept of one meter: how its calls fared, and what it holds."""

    number: int
    draw: float
    marks: dict[DataFamily, CallRecord]
    informative: date
    published: date
    daily_on: date | None = None

    @property
    def known(self) -> Coverage:
        """How far it holds what GRDF has."""
        return Coverage(informative=self.informative, published=self.published)


class Portfolio:
    """The meters of one contract, their quota, and GRDF, on a clock of its own."""

    def __init__(self, meters: int, days: int, seed: int) -> None:
        """Begin in the steady state: every call was made before."""
        self._loop = VirtualTimeLoop()
        self._begin = datetime.combine(FIRST_DAY, time(), PARIS).astimezone(UTC)
        self._seconds = (days + WARM_UP) * _DAY.total_seconds()
        self._grdf = Grdf(seed)
        self._seed = seed
        self._quota = Quota(
            allowance_for(meters), clock=self._now, monotonic=self._loop.time
        )
        self._quota.daily_calls_left = self._daily_left
        self._daily_due: Counter[date] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._meters = [self._meter(number) for number in range(meters)]
        self.tally = Tally(
            meters, days, self._quota.allowance, FIRST_DAY + WARM_UP * _DAY
        )

    def run(self) -> Tally:
        """Let the days pass, and return what came of it."""
        for meter in self._meters:
            self._plan(meter, self._agenda(meter))
        self._start(self._read_rights())
        self._loop.run_until_complete(self._let_time_pass())
        self._loop.close()
        for meter in self._meters:
            self._count_missing(meter)
        return self.tally

    async def _let_time_pass(self) -> None:
        await asyncio.sleep(self._seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _meter(self, number: int) -> Meter:
        """Return a meter that has been called for months."""
        asked = self._begin - timedelta(hours=6) * draw(self._seed, 5, number)
        newest = FIRST_DAY - 3 * _DAY
        while self._grdf.informative_from(number, newest) > asked:
            newest -= _DAY
        reading = self._grdf.reading_published_at(number, asked)
        published = self._grdf.published_from(number, reading)
        own_draw = draw(self._seed, 6, number)
        long_ago = self._begin - 46 * _DAY
        answered = {
            DataFamily.INFORMATIVE: asked,
            DataFamily.PUBLISHED: min(asked, published + timedelta(hours=8)),
            DataFamily.TECHNICAL: next_monthly(long_ago, own_draw, offset=0),
            DataFamily.CONTRACT: next_monthly(long_ago, own_draw, offset=15),
        }
        return Meter(
            number,
            own_draw,
            {
                call: CallRecord(answered=at, whole=True)
                for call, at in answered.items()
            },
            informative=newest,
            published=reading - _DAY,
        )

    def _now(self) -> datetime:
        return self._begin + timedelta(seconds=self._loop.time())

    def _start(self, coroutine: Coroutine[object, object, None]) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _agenda(self, meter: Meter) -> tuple[Due, ...]:
        allowance = self._quota.allowance
        share = Share(
            meters=len(self._meters),
            calls_per_day=allowance.calls_per_day,
            calls_per_second=allowance.calls_per_second,
            calls_today=self._quota.calls_today + self._quota.waiting,
        )
        return agenda(
            Frequency.MONTHLY,
            _EVERYTHING,
            meter.marks,
            meter.draw,
            known=meter.known,
            share=share,
        )

    def _plan(self, meter: Meter, dues: tuple[Due, ...]) -> None:
        self._note_daily_call(meter, dues)
        at = (dues[0].at - self._begin).total_seconds()
        self._loop.call_at(at, lambda: self._start(self._refresh(meter)))

    def _note_daily_call(self, meter: Meter, dues: tuple[Due, ...]) -> None:
        if meter.daily_on is not None:
            self._daily_due[meter.daily_on] -= 1
        (meter.daily_on,) = (
            paris_date(due.at) for due in dues if due.call is DataFamily.INFORMATIVE
        )
        self._daily_due[meter.daily_on] += 1

    def _daily_left(self) -> int:
        today = paris_date(self._now())
        return sum(calls for day, calls in self._daily_due.items() if day <= today)

    async def _read_rights(self) -> None:
        mark = CallRecord(answered=self._begin, whole=True)
        while True:
            due = rights_due(mark, draw(self._seed, 9))
            await asyncio.sleep((due - self._now()).total_seconds())
            await self._quota.turn(PROMPT)
            self.tally.count_call(self._now())
            mark = mark.after_answer(self._now(), complete=True)

    async def _refresh(self, meter: Meter) -> None:
        """Make the calls that are due, as a meter's coordinator does."""
        while due := first_due(
            dues := self._agenda(meter), Frequency.MONTHLY, meter.marks, self._now()
        ):
            call, place = due
            try:
                await self._quota.turn(place)
            except AdictQuotaError as err:
                wait = max(_HOUR, timedelta(seconds=err.retry_after or 0))
                until = self._now() + wait
                meter.marks[call] = meter.marks[call].put_off(until)
                self.tally.deferred += 1
                continue
            self._answer(meter, call)
        self._plan(meter, dues)

    def _answer(self, meter: Meter, call: DataFamily) -> None:
        now = self._now()
        before = meter.marks[call]
        self.tally.count_call(now)
        meter.marks[call] = before.after_answer(now, complete=True)
        if call is DataFamily.INFORMATIVE:
            self.tally.count_silence(before, now)
            self._take_days(meter, now)
        elif call is DataFamily.PUBLISHED:
            reading = self._grdf.reading_published_at(meter.number, now)
            if reading > meter.published + _DAY:
                since = self._grdf.published_from(meter.number, reading)
                self.tally.count_publication(since, now)
                meter.published = reading - _DAY

    def _take_days(self, meter: Meter, now: datetime) -> None:
        coming = meter.informative + _DAY
        while (since := self._grdf.informative_from(meter.number, coming)) <= now:
            self.tally.count_day(since, now)
            meter.informative = coming
            coming += _DAY

    def _count_missing(self, meter: Meter) -> None:
        """Count the days that could be had for an evening, and never were taken."""
        coming = meter.informative + _DAY
        end = self._begin + timedelta(seconds=self._seconds)
        while (
            evening_of(since := self._grdf.informative_from(meter.number, coming))
            <= end
        ):
            self.tally.count_day(since, end)
            coming += _DAY
