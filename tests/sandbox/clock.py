"""The sandbox's own time: French legal time, fixed or following the machine."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
SIX: Final = time(6)


class Clock:
    """Tells the sandbox's time; a test may fix it, move it or let it run."""

    def __init__(self, fixed: datetime | None = None) -> None:
        """Start at an aware instant, or follow the machine's clock on None."""
        self._fixed: datetime | None = None
        self._ahead = timedelta()
        self.set(fixed)

    def set(self, fixed: datetime | None) -> None:
        """Fix the time; None follows the machine's clock. ValueError if naive."""
        if fixed is not None and fixed.tzinfo is None:
            raise ValueError("The sandbox's time needs a zone")
        self._fixed = fixed
        self._ahead = timedelta()

    def shift(self, by: timedelta) -> None:
        """Move the time; one that runs goes on running, that much ahead."""
        if self._fixed is None:
            self._ahead += by
        else:
            # Elapsed time, over a clock change too.
            self._fixed = self._fixed.astimezone(UTC) + by

    def now(self) -> datetime:
        """Return the time in Europe/Paris."""
        if self._fixed is None:
            return to_paris(datetime.now(UTC) + self._ahead)
        return to_paris(self._fixed)

    def today(self) -> date:
        """Return the calendar date in France."""
        return self.now().date()


def to_paris(instant: datetime) -> datetime:
    """Return the same instant in Europe/Paris."""
    return instant.astimezone(PARIS)


def at(day: date, hour: int) -> datetime:
    """Return an hour of a day in French legal time."""
    return datetime.combine(day, time(hour), PARIS)


def gas_day_start(day: date) -> datetime:
    """Return the 06:00 of French legal time that a gas day starts at."""
    return datetime.combine(day, SIX, PARIS)


def years_before(day: date, years: int) -> date:
    """Return the same date some years ago; 29 February becomes the 28th."""
    year = day.year - years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def next_month(day: date) -> date:
    """Return the first day of the month after a date's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
