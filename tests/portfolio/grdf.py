"""When GRDF has what, for any number of 1M meters: drawn, and not kept."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from custom_components.grdf_adict.adict import PARIS
from custom_components.grdf_adict.metering.gas_day import paris_date

_SPREAD: Final = 2**64
_DAY: Final = timedelta(days=1)
_INFORMATIVE_AFTER: Final = timedelta(days=3)

# Nine days in ten come between 05:00 and noon, one in a hundred after 18:00.
_HOURS: Final = ((0.90, 5.0, 12.0), (0.09, 12.0, 18.0), (0.01, 18.0, 20.5))
_LATE_PUBLICATIONS: Final = 0.2
_MOST_DAYS_LATE: Final = 3


def draw(*what: int) -> float:
    """Return the number from 0 to below 1 that belongs to these."""
    mixed = 0x9E3779B97F4A7C15
    for part in what:
        mixed = (mixed ^ part) * 0xBF58476D1CE4E5B9 % _SPREAD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % _SPREAD
        mixed ^= mixed >> 31
    return mixed / _SPREAD


@dataclass(frozen=True, slots=True)
class Grdf:
    """What GRDF makes available, and when, to meters that are numbers."""

    seed: int

    def informative_from(self, meter: int, gas_day: date) -> datetime:
        """Return the moment from which an informative day can be had."""
        lot = draw(self.seed, 1, meter, gas_day.toordinal())
        for share, first, last in _HOURS:
            if lot < share:
                hour = first + (last - first) * lot / share
                break
            lot -= share
        else:
            hour = _HOURS[-1][2]
        midnight = datetime.combine(gas_day + _INFORMATIVE_AFTER, time(), PARIS)
        return midnight + timedelta(hours=hour)

    def reading_before(self, meter: int, day: date) -> date:
        """Return the last date before a day on which the meter was read (DPM)."""
        own = 1 + int(28 * draw(self.seed, 2, meter))
        reading = day.replace(day=own)
        return (
            reading if reading < day else (day.replace(day=1) - _DAY).replace(day=own)
        )

    def reading_published_at(self, meter: int, moment: datetime) -> date:
        """Return the newest reading whose month is published at a moment."""
        reading = self.reading_before(meter, paris_date(moment))
        while self.published_from(meter, reading) > moment:
            reading = self.reading_before(meter, reading)
        return reading

    def published_from(self, meter: int, reading: date) -> datetime:
        """Return the moment from which the month that a reading ends is published."""
        lot = draw(self.seed, 3, meter, reading.toordinal())
        late = int(lot / _LATE_PUBLICATIONS * _MOST_DAYS_LATE) + 1
        days = 1 + (late if lot < _LATE_PUBLICATIONS else 0)
        hour = 5 + 7 * draw(self.seed, 4, meter, reading.toordinal())
        midnight = datetime.combine(reading + days * _DAY, time(), PARIS)
        return midnight + timedelta(hours=hour)
