"""The gas day: 06:00 to 06:00 French legal time, named by its start (API notes §5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from ..adict import PARIS

ONE_DAY: Final = timedelta(days=1)

_START_OF_DAY: Final = time(6)


def paris_date(instant: datetime) -> date:
    """Return the calendar date in France at an aware instant."""
    return instant.astimezone(PARIS).date()


def gas_day_at(instant: datetime) -> date:
    """Return the name of the gas day that an aware instant lies in."""
    local = instant.astimezone(PARIS)
    return local.date() if local.time() >= _START_OF_DAY else local.date() - ONE_DAY


def gas_day_start(gas_day: date) -> datetime:
    """Return the start of a gas day, in UTC: 04:00 in summer, 05:00 in winter."""
    return datetime.combine(gas_day, _START_OF_DAY, PARIS).astimezone(UTC)


def gas_days_between(start: datetime, end: datetime) -> list[date]:
    """Name the gas days of an aware period whose end is exclusive.

    GRDF writes bounds off 06:00 too (API notes §5): each goes to the nearest start of a
    gas day, of two as near to the earlier. So periods that follow each other share no
    day and leave none out. A period too short for a day is of the one that it lies most
    in, of two that share it evenly of the earlier.
    """
    if end <= start:
        return []
    first, after = _nearest_start(start), _nearest_start(end)
    if first < after:
        return list(gas_days_through(first, after - ONE_DAY))
    begin = start.astimezone(UTC)
    middle = begin + (end.astimezone(UTC) - begin) / 2
    return [gas_day_at(middle - datetime.resolution)]


def _nearest_start(instant: datetime) -> date:
    """Return the gas day whose start is nearest to an aware instant."""
    before = gas_day_at(instant)
    since = instant.astimezone(UTC) - gas_day_start(before)
    until = gas_day_start(before + ONE_DAY) - instant.astimezone(UTC)
    return before if since <= until else before + ONE_DAY


def gas_days_through(first: date, last: date) -> Iterator[date]:
    """Name each gas day from the first through the last, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def year_before(gas_day: date) -> date | None:
    """Return the same gas day a year before; None for a 29 February."""
    try:
        return gas_day.replace(year=gas_day.year - 1)
    except ValueError:
        return None


def hours_between(start: datetime, end: datetime) -> float:
    """Return the hours that pass between two aware instants."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(hours=1)
