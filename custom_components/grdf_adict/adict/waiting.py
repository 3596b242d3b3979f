"""The waiting line of calls: by urgency, then by the age of their last success."""

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
    """The order of calls when the allowance is short."""

    PROMPT = 0
    """A user waits, or every meter depends on it."""
    DAILY = 1
    PATIENT = 2
    """May wait for days: it gives way when the allowance is short."""


@dataclass(frozen=True, slots=True, order=True)
class Priority:
    """The place of a call in the line.

    Of calls that are equally urgent, the one whose last success (aware) is the oldest
    goes first, so that no meter starves.
    """

    urgency: Urgency = Urgency.PROMPT
    last_success: datetime = _NEVER


PROMPT: Final = Priority()


class WaitingQueue:
    """Admits one at a time, the best place first, equals in the order of arrival."""

    def __init__(self) -> None:
        """Create an empty queue."""
        self._occupied = False
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    def __len__(self) -> int:
        """Return how many wait, at most: some may be cancelled."""
        return len(self._waiting)

    def ahead_of(self, place: Priority) -> int:
        """Return how many would go before one that arrived now, at most."""
        waiting = sum(other <= place for other, _, _ in self._waiting)
        return waiting + self._occupied

    @asynccontextmanager
    async def entered(self, place: Priority) -> AsyncIterator[None]:
        """Wait for a turn, and hold it."""
        await self._enter(place)
        try:
            yield
        finally:
            self._admit_next()

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
                # Admitted and cancelled at the same moment.
                self._admit_next()
            raise

    def _admit_next(self) -> None:
        while self._waiting:
            *_, admitted = heappop(self._waiting)
            if not admitted.done():
                admitted.set_result(None)
                return
        self._occupied = False
