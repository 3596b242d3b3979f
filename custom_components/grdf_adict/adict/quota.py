"""Calls a second and calls a day: GRDF's allowance, counted and paced."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time as day_time, timedelta
import time
from typing import Final

from .errors import AdictDeferredError, AdictQuotaError
from .models.wire import PARIS
from .waiting import PROMPT, Priority, Urgency, WaitingQueue

# Two calls within one second make one of them fail: starts keep a margin.
PACE_MARGIN: float = 1.2
SAVE_BLOCK: Final = 20

_WIDEST_GAP: Final = 60.0
_LONGEST_WAIT: Final = 60.0
_NARROWING: Final = 0.9
_CLOCK_SLACK: Final = timedelta(days=7)
# A return a moment before midnight would find the day used up again.
_AFTER_MIDNIGHT: Final = 5.0
# A meter whose patient call waits cannot fetch its day meanwhile.
_LONGEST_QUEUE: Final = 600.0
_QUEUE_PAUSE: Final = 4 * 3600.0


@dataclass(frozen=True)
class Allowance:
    """The calls that GRDF allows: all APIs together, per second and per Paris day."""

    calls_per_second: int
    calls_per_day: int


def allowance_for(pce_count: int) -> Allowance:
    """Return the allowance for a number of PCE (deck, Quotas GRDF ADICT)."""
    if pce_count <= 5_000:  # noqa: PLR2004
        return Allowance(calls_per_second=1, calls_per_day=6_000)
    if pce_count <= 50_000:  # noqa: PLR2004
        return Allowance(calls_per_second=1, calls_per_day=60_000)
    return Allowance(calls_per_second=3, calls_per_day=240_000)


@dataclass(frozen=True)
class QuotaState:
    """The calls of a Paris day, as they are stored over a restart."""

    day: date
    calls: int


class Quota:
    """Schedules calls: spaced starts, the most urgent first, counted.

    Attributes:
        allowance: what GRDF grants, or less.
        daily_calls_left: returns how many daily calls are still to come on this Paris
            day; patient calls leave room for them.

    Args:
        allowance: what GRDF grants.
        clock: the time now, aware.
        state: what an earlier run saved.
        save: awaited with a count ahead of the calls, so that a restart never counts
            fewer than were made. What it raises reaches the caller of `turn`.
        monotonic: seconds that never go back.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        allowance: Allowance,
        *,
        clock: Callable[[], datetime],
        state: QuotaState | None = None,
        save: Callable[[QuotaState], Awaitable[None]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Start from the saved count, or from zero."""
        self.allowance = allowance
        self._clock = clock
        self._save = save
        self._monotonic = monotonic
        self._sleep = sleep
        self._state = state or QuotaState(self._today(), 0)
        self._saved = self._state
        self.daily_calls_left: Callable[[], int] = lambda: 0
        self._line = WaitingQueue()
        self._last_start: float | None = None
        self._held_until: float | None = None
        self._stretch = 1.0
        self._throttled = QuotaState(self._state.day, 0)

    def resume(
        self,
        state: QuotaState | None,
        save: Callable[[QuotaState], Awaitable[None]],
    ) -> None:
        """Continue the count that an earlier run saved, and save from now on.

        The calls counted so far are added, once: a contract's first calls are made
        before its stored count can be read.
        """
        current = self.state
        if self._save is None and state is not None and state.day == current.day:
            self._state = QuotaState(state.day, state.calls + current.calls)
        self._save = save

    @property
    def state(self) -> QuotaState:
        """Return the exact count of this Paris day.

        A clock that went back a little changes nothing: a machine without a battery
        clock starts in the past, and its count must hold.
        """
        today = self._today()
        if today <= self._state.day <= today + _CLOCK_SLACK:
            return self._state
        return QuotaState(today, 0)

    @property
    def calls_today(self) -> int:
        """Return the calls counted on this Paris day."""
        return self.state.calls

    @property
    def remaining(self) -> int:
        """Return the calls that this Paris day still allows."""
        return max(0, self.allowance.calls_per_day - self.calls_today)

    @property
    def waiting(self) -> int:
        """Return how many calls wait for their turn, at most."""
        return len(self._line)

    def seconds_to_turn(self, place: Priority = PROMPT) -> float:
        """Return about how long a call made now would wait for its start."""
        until_start = self._earliest_start() - self._monotonic()
        return max(0.0, until_start) + self._line.ahead_of(place) * self._gap()

    @property
    def throttled_below_own_count(self) -> int:
        """Return today's 429 answers that our own count does not explain.

        Above zero, another client uses the same contract.
        """
        throttled = self._throttled
        return throttled.calls if throttled.day == self.state.day else 0

    async def turn(
        self,
        place: Priority = PROMPT,
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Wait for the next start, and count the call that follows.

        Args:
            place: among the calls that wait.
            ready: awaited ahead of the start: what the call needs, and may take long.

        Raises:
            AdictDeferredError: a patient call is to be repeated later.
            AdictQuotaError: the day is used up, or GRDF asked for a long pause.
        """
        if place.urgency is Urgency.PATIENT:
            self._defer_when_line_is_long()
        async with self._line.entered(place):
            self._refuse_when_used_up()
            if place.urgency is Urgency.PATIENT:
                self._defer_when_calls_are_short()
            await self._wait_for_start()
            if ready is not None:
                await ready()
                await self._wait_for_start()
            # The day may have changed meanwhile, or the allowance.
            self._refuse_when_used_up()
            current = self.state
            counted = QuotaState(current.day, current.calls + 1)
            await self._save_ahead(counted)
            self._state = counted
            self.started()

    def started(self) -> None:
        """Record that a call starts now: later than its turn, if it was held up."""
        self._last_start = self._monotonic()

    def throttled(self, retry_after: float | None = None) -> None:
        """Record a 429: starts are twice as far apart, after a pause in seconds."""
        if (gap := self._plain_gap()) > 0:
            self._stretch = min(self._stretch * 2, max(1.0, _WIDEST_GAP / gap))
        if retry_after is not None and retry_after > 0:
            until = self._monotonic() + retry_after
            self._held_until = max(until, self._held_until or until)
        if self.remaining > 0:
            count = self.throttled_below_own_count + 1
            self._throttled = QuotaState(self.state.day, count)

    def succeeded(self) -> None:
        """Record a success: the gap narrows a little."""
        self._stretch = max(1.0, self._stretch * _NARROWING)

    def _today(self) -> date:
        return self._clock().astimezone(PARIS).date()

    def _refuse_when_used_up(self) -> None:
        if self.remaining <= 0:
            raise AdictQuotaError(
                "the calls of this day are used up",
                retry_after=self._seconds_to_tomorrow(),
            )

    def _defer_when_line_is_long(self) -> None:
        if len(self._line) * self._gap() > _LONGEST_QUEUE:
            raise AdictDeferredError("more urgent calls wait", retry_after=_QUEUE_PAUSE)

    def _defer_when_calls_are_short(self) -> None:
        until_tomorrow = self._seconds_to_tomorrow()
        gap = self._gap()
        in_time = until_tomorrow / gap if gap > 0 else self.remaining
        if min(self.remaining, in_time) <= self.daily_calls_left():
            raise AdictDeferredError(
                "what remains of the day is for daily calls", retry_after=until_tomorrow
            )

    def _seconds_to_tomorrow(self) -> float:
        now = self._clock()
        tomorrow = now.astimezone(PARIS).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, day_time(), PARIS)
        return midnight.timestamp() - now.timestamp() + _AFTER_MIDNIGHT

    def _plain_gap(self) -> float:
        return PACE_MARGIN / self.allowance.calls_per_second

    def _gap(self) -> float:
        return self._plain_gap() * self._stretch

    def _earliest_start(self) -> float:
        now = self._monotonic()
        earliest = now
        if self._last_start is not None:
            earliest = self._last_start + self._gap()
        return max(earliest, self._held_until or earliest)

    async def _wait_for_start(self) -> None:
        start = self._earliest_start()
        while (delay := start - self._monotonic()) > 0:
            if delay > _LONGEST_WAIT:
                raise AdictQuotaError("GRDF asked for a pause", retry_after=delay)
            await self._sleep(delay)
            # A 429 may have come meanwhile and moved the start further away.
            if (later := self._earliest_start()) <= start:
                break
            start = later

    async def _save_ahead(self, counted: QuotaState) -> None:
        if self._save is None:
            return
        if counted.day == self._saved.day and counted.calls <= self._saved.calls:
            return
        ahead = QuotaState(counted.day, counted.calls + SAVE_BLOCK - 1)
        await self._save(ahead)
        self._saved = ahead
