"""A meter's comparisons and unusual days, and what was announced of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ..gas_day import ONE_DAY
from ..ledger import Ledger
from ..series import BlockDifference, DayRow
from .anomaly import Anomaly, news, remember
from .baseline import used_days
from .compare import Comparison, compare, published_difference
from .degree_days import Corrected, HeatingFit, corrected, fit
from .unusual import findings, has_a_year
from .weather import Weather, weathers

# After a long silence only the last days are examined one by one.
_CATCH_UP: Final = 14
_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Watch:
    """What is unusual as of the newest gas day examined, and what was announced of it.

    `judged` is that day; None: less than a year is known.
    """

    judged: date | None = None
    found: tuple[Anomaly, ...] = ()
    announced: tuple[Anomaly, ...] = ()


@dataclass(frozen=True, slots=True)
class Insight:
    """What is computed from the rows and kept while the ledger is not loaded.

    `energy` is in kWh PCS, `volume` in m³. `difference` is that of the newest published
    block. `heating` is fitted to the last two years, `corrected` compares the last
    twelve months with those before; None without outdoor temperatures of one source.
    """

    energy: Comparison = field(default_factory=Comparison)
    volume: Comparison = field(default_factory=Comparison)
    difference: BlockDifference | None = None
    watch: Watch = field(default_factory=Watch)
    heating: HeatingFit | None = None
    corrected: Corrected | None = None

    def is_still(self, later: Insight) -> bool:
        """Whether a later day's insight differs in nothing but its date."""
        known = self.energy.on(later.energy.today) is self.energy
        same = replace(
            later,
            energy=replace(later.energy, today=self.energy.today),
            volume=replace(later.volume, today=self.volume.today),
        )
        return known and same == self


def insight(
    rows: Sequence[DayRow],
    ledger: Ledger,
    watch: Watch,
    today: date,
    temperatures: Mapping[date, float] | None = None,
) -> tuple[Insight, tuple[Anomaly, ...]]:
    """Return the insight of a meter's rows, and the findings that are news.

    What is unusual when a meter is first examined is shown, and is no news: it may have
    been so for long.

    Args:
        rows: a meter's, oldest first.
        ledger: the one that they come from, with the temperatures of exported files.
        watch: how far they were examined before.
        today: the date in France.
        temperatures: the mean outdoor temperature in °C of each gas day by a sensor, if
            known.
    """
    volumes = [replace(row, energy=row.volume) for row in rows]
    weather, year = _compared(rows, weathers(temperatures or {}, ledger.temperatures))
    known = weather.of if weather else {}
    watched, fresh = _watched(rows, watch, today, known)
    return (
        Insight(
            energy=compare(rows, today),
            volume=compare(volumes, today),
            difference=published_difference(ledger),
            watch=watched,
            heating=_heating(rows, weather) if weather else None,
            corrected=year,
        ),
        fresh,
    )


def _watched(
    rows: Sequence[DayRow],
    watch: Watch,
    today: date,
    temperatures: Mapping[date, float],
) -> tuple[Watch, tuple[Anomaly, ...]]:
    days = used_days(rows)
    if not has_a_year(days):
        return Watch(announced=watch.announced), ()
    fresh: tuple[Anomaly, ...] = ()
    found: tuple[Anomaly, ...] = ()
    announced = watch.announced
    newest = days[-1].gas_day
    # The first time, the newest day only.
    since = max(watch.judged or newest, newest - _CATCH_UP * ONE_DAY)
    earlier = [day.gas_day for day in days if since < day.gas_day < newest]
    for day in (*earlier, newest):
        until = [row for row in rows if row.gas_day <= day]
        found = findings(until, day if day < newest else today, temperatures)
        fresh += news(found, announced)
        announced = remember(found, announced)
    return Watch(newest, found, announced), fresh if watch.judged is not None else ()


def _compared(
    rows: Sequence[DayRow], found: Sequence[Weather]
) -> tuple[Weather | None, Corrected | None]:
    """Return the weather to be used, and the comparison of two years that it gives.

    The first one that covers both years, else the one that knows most of their days.
    """
    for weather in found:
        if (year := _corrected(rows, weather)) is not None:
            return weather, year
    days = [row.gas_day for row in rows[-2 * _YEAR :]]
    return max(found, key=lambda each: each.known(days), default=None), None


def _heating(rows: Sequence[DayRow], weather: Weather) -> HeatingFit | None:
    found = fit(rows[-2 * _YEAR :], weather.of)
    return found and replace(found, source=weather.source)


def _corrected(rows: Sequence[DayRow], weather: Weather) -> Corrected | None:
    """Compare the twelve months that end with the newest day with those before."""
    days = used_days(rows)
    if not days:
        return None
    last = days[-1].gas_day
    first = last - (_YEAR - 1) * ONE_DAY
    before = [row for row in rows if first - _YEAR * ONE_DAY <= row.gas_day < first]
    earlier = fit(before, weather.of)
    if earlier is None:
        return None
    year = corrected(rows, weather.of, earlier.slope, first, last)
    return year and replace(year, source=weather.source)
