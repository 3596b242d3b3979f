"""What came of a portfolio's days, counted once it runs steadily."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from custom_components.grdf_adict.adict import PARIS, Allowance
from custom_components.grdf_adict.metering.gas_day import ONE_DAY, paris_date
from custom_components.grdf_adict.metering.schedule.records import CallRecord

_EVENING: Final = time(22)
_ONE_SECOND: Final = timedelta(seconds=1)


def evening_of(moment: datetime) -> datetime:
    """Return 22:00 in France on the day of a moment."""
    return datetime.combine(paris_date(moment), _EVENING, PARIS)


@dataclass(slots=True)
class Tally:
    """What is counted, from a day on; `deferred` from the very beginning."""

    meters: int
    days: int
    allowance: Allowance
    counted_from: date
    calls: Counter[date] = field(default_factory=Counter)
    deferred: int = 0
    too_fast: int = 0
    in_time: int = 0
    a_day_late: int = 0
    later: int = 0
    published: int = 0
    publications_waited: timedelta = timedelta()
    longest_silence: timedelta = timedelta()
    _starts: deque[datetime] = field(default_factory=deque)

    @property
    def most_calls_a_day(self) -> int:
        """The calls of the busiest Paris day."""
        return max(self.calls.values())

    @property
    def calls_a_meter_and_day(self) -> float:
        """The mean, the rights included."""
        return self.calls.total() / self.meters / self.days

    @property
    def held_by_the_evening(self) -> float:
        """The share of gas days held by 22:00 of the day on which they could be had."""
        return self.in_time / (self.in_time + self.a_day_late + self.later)

    @property
    def held_by_the_next_evening(self) -> float:
        """The share of gas days held a day later at the latest."""
        held = self.in_time + self.a_day_late
        return held / (held + self.later)

    def count_call(self, at: datetime) -> None:
        """Take note of a call; of the pace from the very first."""
        self._starts.append(at)
        if len(self._starts) > self.allowance.calls_per_second:
            self.too_fast += at - self._starts.popleft() < _ONE_SECOND
        if (day := paris_date(at)) >= self.counted_from:
            self.calls[day] += 1

    def count_silence(self, mark: CallRecord, now: datetime) -> None:
        """Take note of how long a meter was not asked for its days."""
        if mark.answered is not None:
            self.longest_silence = max(self.longest_silence, now - mark.answered)

    def count_day(self, available: datetime, held: datetime) -> None:
        """Take note of a gas day that came in."""
        if paris_date(available) < self.counted_from:
            return
        if held <= evening_of(available):
            self.in_time += 1
        elif held <= evening_of(available) + ONE_DAY:
            self.a_day_late += 1
        else:
            self.later += 1

    def count_publication(self, available: datetime, held: datetime) -> None:
        """Take note of a published month that came in."""
        if paris_date(available) >= self.counted_from:
            self.published += 1
            self.publications_waited += held - available
