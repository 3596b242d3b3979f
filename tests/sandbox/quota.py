"""The calls that GRDF allows (deck, Quotas GRDF ADICT)."""

from collections import deque
from collections.abc import Callable
from datetime import date
import time


class CallQuota:
    """Counts the calls of the last second and of the day."""

    def __init__(
        self,
        calls_per_second: int,
        calls_per_day: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Allow so many calls; `monotonic` gives seconds."""
        self.calls_per_second = calls_per_second
        self.calls_per_day = calls_per_day
        self.monotonic = monotonic
        self._recent: deque[float] = deque()
        self._day: date | None = None
        self._calls = 0

    def admit(self, today: date) -> bool:
        """Count a call of a day in France; False where the quota refuses it."""
        if today != self._day:
            self._day, self._calls = today, 0
        now = self.monotonic()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        if (
            len(self._recent) >= self.calls_per_second
            or self._calls >= self.calls_per_day
        ):
            return False
        self._recent.append(now)
        self._calls += 1
        return True
