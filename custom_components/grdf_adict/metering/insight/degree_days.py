"""Heating degree days (DJU), a home's consumption per degree, years compared by both.

A gas day's degree days are the degrees by which its mean outdoor temperature is below
18 °C. The "unified" method of French tables takes the middle of the day's least and
greatest temperature for its mean. The mean of all hours describes a home's heat loss
better, and is used where it is known, the middle of the extremes elsewhere. The two
differ by some tenths of a degree, and so do gas days, 06:00 to 06:00, from the tables'
days: sums come close to published ones and are not equal to them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Final

from ..gas_day import gas_day_at, gas_days_through, year_before
from ..series import DayRow
from .baseline import MEDIAN_DEVIATION, used_days
from .weather import TemperatureSource

BASE: Final = 18.0
"""The temperature in °C from which French degree days are counted."""

_LEAST_HOURS: Final = 20
# Enough of a degree to be a heating day; so little that nothing is heated.
_HEATING: Final = 3.0
_NO_HEATING: Final = 1.0
_LEAST_DAYS: Final = 30
LEAST_FITTED: Final = 2 * _LEAST_DAYS
"""How many gas days a fit needs at least."""
_ROUNDS: Final = 12
# Tukey's weight: a day this many spreads off does not count at all.
_CUT_OFF: Final = 4.685
_LEAST_SPREAD: Final = 0.5
_LEAST_SHARE: Final = 0.8
# A comparison whose last week lacks its temperatures is none of today's.
_NEWEST: Final = 7


@dataclass(frozen=True, slots=True)
class HourlyTemperature:
    """An hour's outdoor temperature in °C: its aware start, mean and extremes."""

    start: datetime
    mean: float | None = None
    least: float | None = None
    greatest: float | None = None


@dataclass(frozen=True, slots=True)
class HeatingFit:
    """How a home's consumption follows the cold: base load and slope.

    Those are kWh PCS a day where nothing is heated, and a degree day, counted from
    `base` in °C. `r_squared` is the share of the variance of all days that the fit
    explains, below 0 where a constant would explain more; `spread` the standard
    deviation of heating days, in kWh PCS, which had three degree days or more. `source`
    is that of the temperatures.
    """

    base: float
    base_load: float
    slope: float
    r_squared: float
    spread: float
    days: int
    heating_days: int
    source: TemperatureSource = TemperatureSource.SENSOR


@dataclass(frozen=True, slots=True)
class Corrected:
    """A period compared with the same one a year before, corrected for the weather.

    Energies are kWh PCS, of the `days` that have an energy and a temperature in both
    years; `expected` is that of those days had the home been as it was a year before.
    `source` is that of the temperatures of both.
    """

    days: int
    energy: float
    energy_before: float
    degree_days: float
    degree_days_before: float
    expected: float
    source: TemperatureSource = TemperatureSource.SENSOR

    @property
    def change(self) -> float | None:
        """The change in percent that the weather does not explain."""
        if self.expected <= 0:
            return None
        return round(100 * (self.energy / self.expected - 1), 1)


def daily_means(hours: Iterable[HourlyTemperature]) -> dict[date, float]:
    """Return the mean temperature in °C of each gas day that is known well enough.

    Twenty of its hours must have a mean, or else twenty must have extremes.
    """
    of_day: dict[date, list[HourlyTemperature]] = defaultdict(list)
    for hour in hours:
        of_day[gas_day_at(hour.start)].append(hour)
    means = ((day, _mean(known)) for day, known in sorted(of_day.items()))
    return {day: mean for day, mean in means if mean is not None}


def degree_days(mean: float, base: float = BASE) -> float:
    """Return the degree days of a gas day of this mean temperature in °C."""
    return max(0.0, base - mean)


def fit(
    rows: Sequence[DayRow], temperatures: Mapping[date, float], base: float = BASE
) -> HeatingFit | None:
    """Fit base load and slope to a meter's days; None where they are too few.

    At least thirty heating days and thirty days without heating are needed. Odd days
    (holidays, guests, a fault) count little or not at all.
    Days without a value of their own are left out. Temperatures are the mean ones of
    each gas day, in °C, as is `base`.
    """
    points = [
        (degree_days(temperatures[day.gas_day], base), day.energy)
        for day in used_days(rows)
        if day.gas_day in temperatures
    ]
    cold = [(degrees, energy) for degrees, energy in points if degrees >= _HEATING]
    mild = [energy for degrees, energy in points if degrees <= _NO_HEATING]
    if len(cold) < _LEAST_DAYS or len(mild) < _LEAST_DAYS:
        return None
    base_load = median(mild)
    slope = median((energy - base_load) / degrees for degrees, energy in cold)
    for _ in range(_ROUNDS):
        base_load, slope = _refined(points, base_load, max(0.0, slope))
    return HeatingFit(
        base=base,
        base_load=round(max(0.0, base_load), 3),
        slope=round(max(0.0, slope), 3),
        r_squared=round(_r_squared(points, base_load, slope), 3),
        spread=round(_spread(cold, base_load, slope), 3),
        days=len(points),
        heating_days=len(cold),
    )


def corrected(
    rows: Sequence[DayRow],
    temperatures: Mapping[date, float],
    slope: float,
    first: date,
    last: date,
) -> Corrected | None:
    """Compare a period with the same one a year before, as if it had been as cold.

    Only days that have an energy and a temperature in both years are compared; None
    where those are fewer than four in five, or where none of the last seven days is
    known. A 29 February has none to compare with.
    `temperatures` are the mean ones of each gas day, in °C; `slope` is in kWh PCS a
    degree day, of the year before.
    """
    known = {
        row.gas_day: (row.energy, degree_days(temperatures[row.gas_day]))
        for row in rows
        if row.energy is not None and row.gas_day in temperatures
    }
    period = list(gas_days_through(first, last))
    pairs = [
        (known[day], known[before])
        for day in period
        if (before := year_before(day)) is not None and day in known and before in known
    ]
    is_recent = any(day in known for day in period[-_NEWEST:])
    if not is_recent or not pairs or len(pairs) < _LEAST_SHARE * len(period):
        return None
    (energy, cold), (energy_before, cold_before) = (
        map(sum, zip(*year, strict=True)) for year in zip(*pairs, strict=True)
    )
    return Corrected(
        days=len(pairs),
        energy=round(energy, 3),
        energy_before=round(energy_before, 3),
        degree_days=round(cold, 1),
        degree_days_before=round(cold_before, 1),
        expected=round(energy_before + slope * (cold - cold_before), 3),
    )


def _mean(hours: Sequence[HourlyTemperature]) -> float | None:
    means = [hour.mean for hour in hours if hour.mean is not None]
    if len(means) >= _LEAST_HOURS:
        return sum(means) / len(means)
    least = [hour.least for hour in hours if hour.least is not None]
    greatest = [hour.greatest for hour in hours if hour.greatest is not None]
    if min(len(least), len(greatest)) >= _LEAST_HOURS:
        return (min(least) + max(greatest)) / 2
    return None


def _refined(
    points: Sequence[tuple[float, float]], base_load: float, slope: float
) -> tuple[float, float]:
    """Return a line nearer to most points than the one given."""
    cold = [point for point in points if point[0] >= _HEATING]
    mild = [point for point in points if point[0] < _HEATING]
    # Days without heat scatter less, and each kind is judged by its own scatter.
    spreads = _spread(mild, base_load, slope), _spread(cold, base_load, slope)
    total = of_x = of_y = of_xx = of_xy = 0.0
    for x, y in points:
        spread = spreads[x >= _HEATING]
        off = (y - base_load - slope * x) / (_CUT_OFF * spread)
        weight = max(0.0, 1 - off * off) ** 2 / spread**2
        total += weight
        of_x += weight * x
        of_y += weight * y
        of_xx += weight * x * x
        of_xy += weight * x * y
    scatter = total * of_xx - of_x * of_x
    if scatter <= 0:
        return base_load, slope
    slope = (total * of_xy - of_x * of_y) / scatter
    return (of_y - slope * of_x) / total, slope


def _spread(
    points: Sequence[tuple[float, float]], base_load: float, slope: float
) -> float:
    off = [abs(y - base_load - slope * x) for x, y in points]
    return max(_LEAST_SPREAD, MEDIAN_DEVIATION * median(off))


def _r_squared(
    points: Sequence[tuple[float, float]], base_load: float, slope: float
) -> float:
    mean = sum(y for _, y in points) / len(points)
    total = sum((y - mean) ** 2 for _, y in points)
    left = sum((y - base_load - slope * x) ** 2 for x, y in points)
    return 1 - left / total if total else 0.0
