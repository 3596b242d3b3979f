"""The gas that truly passes a meter, day after day."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final, NamedTuple

from .meters import Flow, Meter, Use
from .weather import dice, temperatures

_ONE_DAY: Final = timedelta(days=1)
_SUMMER: Final = range(130, 275)
# Below this a boiler is lit even between May and September.
_COLD_SUMMER_DAY: Final = 11.0
_HOLIDAY: Final = 9


class GasDay(NamedTuple):
    """One gas day as it was, before GRDF rounds it.

    `gas` is m³ at the meter, `energy` kWh (PCS); `counter` is the m³ that the meter
    showed at the day's start, `converted` the same at normal conditions.
    """

    day: date
    gas: float
    energy: float
    pta: float
    pcs: float
    counter: float
    converted: float

    @property
    def coefficient(self) -> float:
        """Return kWh for each m³ at the meter."""
        return round(self.pta * self.pcs, 2)

    @property
    def kwh(self) -> int:
        """Return the energy as GRDF sends it: rounded from the real gas."""
        return round(self.energy)

    @property
    def m3(self) -> int:
        """Return the volume as GRDF sends it: rounded by itself, not from indexes."""
        return round(self.gas)

    @property
    def start_index(self) -> int:
        """Return the meter's figure at the day's start: whole m³ only."""
        return int(self.counter)

    @property
    def end_index(self) -> int:
        """Return the meter's figure at the day's end."""
        return int(self.counter + self.gas)

    @property
    def end_converted_index(self) -> int:
        """Return the converter's figure at the day's end."""
        return int(self.converted + self.gas * self.pta)


class History:
    """A meter's gas days from the first, made as far as they are asked for."""

    def __init__(self, meter: Meter, seed: int, flow: Flow = Flow.CONSUMPTION) -> None:
        """Prepare the history of one meter, one way; a seed always gives the same one.

        ValueError where no gas passes it that way.
        """
        use = meter.through(flow)
        if use is None:
            raise ValueError(flow)
        word = "use" if flow is Flow.CONSUMPTION else "output"
        self._meter = meter
        self._seed = seed
        self._days: list[GasDay] = []
        self._maker = _days(meter, use, seed, word)

    def before(self, end: date) -> list[GasDay]:
        """Return all gas days before a date."""
        if self._meter.until is not None:
            end = min(end, self._meter.until)
        missing = (end - self._meter.since).days - len(self._days)
        self._days.extend(next(self._maker) for _ in range(missing))
        return self._days[: max(0, (end - self._meter.since).days)]

    def between(self, start: date, end: date) -> list[GasDay]:
        """Return the gas days from a date to before another."""
        return self.before(end)[max(0, (start - self._meter.since).days) :]


def _days(meter: Meter, use: Use, seed: int, word: str) -> Iterator[GasDay]:
    day = meter.since
    counter = meter.first_index + 0.37
    converted = counter
    new_meters = {event.day for event in meter.events if event.new_meter}
    while True:
        roll = dice(word, seed, meter.pce, day.year)
        away = _holiday(use, day.year, roll)
        weather = temperatures(seed, day.year)
        year = day.year
        while day.year == year:
            if day in new_meters:
                counter = 0.0
            pta, pcs = conversion(seed, use.conversion, day.year, day.month)
            energy = _energy(use, day, weather, roll, away=day in away)
            gas = energy / (pta * pcs)
            yield GasDay(day, gas, energy, pta, pcs, counter, converted)
            counter += gas
            converted += gas * pta
            day += _ONE_DAY


def _energy(
    use: Use, day: date, weather: tuple[float, ...], roll: Random, *, away: bool
) -> float:
    mood = max(0.4, roll.gauss(1, 0.1))
    if away:
        return 7 * mood**2
    number = day.timetuple().tm_yday - 1
    outside = weather[number]
    heats = number not in _SUMMER or outside < _COLD_SUMMER_DAY
    heating = use.heating * max(0.0, use.base_temperature - outside) if heats else 0
    # People stay in on Sunday, yet the cold does not know the weekday.
    week = use.week[day.weekday()]
    return mood * (use.hot_water * week + heating * (1 + week) / 2)


def _holiday(use: Use, year: int, roll: Random) -> frozenset[date]:
    start = date(year, 7, 15) + timedelta(days=roll.randrange(25))
    length = _HOLIDAY if use.holidays else 0
    return frozenset(start + timedelta(days=day) for day in range(length))


@cache
def conversion(seed: int, base: float, year: int, month: int) -> tuple[float, float]:
    """Return a month's PTA and PCS (kWh/m³); their product lies in 9.5 to 11.5."""
    roll = dice("conversion", seed, base, year, month)
    coefficient = min(11.45, max(9.55, roll.gauss(base, 0.14)))
    pta = round(roll.uniform(0.965, 0.995), 4)
    return pta, round(coefficient / pta, 2)
