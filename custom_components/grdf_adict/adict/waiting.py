"""The waiting line of calls: by urgency, then by who waits for news the longest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from typing import Final

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Urgency(IntEnum):
    """What goes first when calls are short."""

    PROMPT = 0
    """Somebody waits, or every meter depends on it."""
    DAILY = 1
    PATIENT = 2
    """May be put off for days: it gives way when calls are short."""


@dataclass(frozen=True, slots=True, order=True)
class Priority:
    """Where a call stands in the line.

    Attributes:
        urgency: decides first.
        last_success: when the same call last succeeded, aware; the oldest goes first,
            so that nobody starves.
    """

    urgency: Urgency = Urgency.PROMPT
    last_success: datetime = _NEVER


PROMPT: Final = Priority()


class WaitingQueue:
    """Lets one in at a time, the best place first, equals in the order of coming."""

    def __init__(self) -> None:
        """Begin empty."""
        self._occupied = False
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    def __len__(self) -> int:
        """Return how many wait, at most: some may have given up."""
        return len(self._waiting)

    def ahead_of(self, place: Priority) -> int:
        """Return how many would go before one that came now, at most."""
        waiting = sum(other <= place for other, _, _ in self._waiting)
        return waiting + self._occupied

    @asynccontextmanager
    async def entered(self, place: Priority) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it."""
        await self._enter(place)
        try:
            yield
        finally:
            self._let_next_in()

    async def _enter(self, place: Priority) -> None:
        if not self._occupied:
            self._occupied = True
            return
        admitted = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (place, next(self._arrivals), admitted))
        try:
            await admitted
        except asyncio.CancelledError:
            if admitted.done() and not admitted.cancelled():
                # Let in and called off at the same moment.
                self._let_next_in()
            raise

    def _let_next_in(self) -> None:
        while self._waiting:
            *_, admitted = heappop(self._waiting)
            if not admitted.done():
                admitted.set_result(None)
                return
        self._occupied = False
