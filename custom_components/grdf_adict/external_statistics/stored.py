"""A series as the recorder holds it: its rows, its currency.

Ours come in pairs: a gas day's at 06:00 in France, and one without an amount an hour
before. Others were imported by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import isnan, nan
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    EnergyConverter,
    VolumeConverter,
)

from ..adict import PARIS, Qualification
from ..helpers.ids import Statistic, statistic_id
from ..helpers.statistics import async_list_statistic_ids, statistics_during_period
from ..metering import (
    ONE_DAY,
    DayValue,
    EarlierRow,
    gas_day_at,
    gas_day_start,
)

HOUR: Final = 3600.0
_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Stored as doubles; energy is given to the watt-hour, money to a ten-thousandth.
_DIGITS: Final = 4
_SIX: Final = 6
# When clocks go back, in seconds.
_LONGEST_DAY: Final = 25 * HOUR


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a series: the hour it starts, its amount, the running total."""

    start: float
    state: float | None
    sum: float

    def equals(self, other: StoredRow) -> bool:
        """Whether both rows are the same, to the last digit that is written."""
        return (
            self.start == other.start
            and round(self.sum - other.sum, _DIGITS) == 0
            and (self.state is None) == (other.state is None)
            and round((self.state or 0) - (other.state or 0), _DIGITS) == 0
        )


async def async_recover(
    hass: HomeAssistant,
    key: str,
    energy: Statistic = Statistic.ENERGY,
    *,
    beyond: date | None = None,
) -> dict[date, DayValue]:
    """Return the gas days that the recorder holds of a meter whose ledger is lost.

    Those after `beyond` alone, where it is given.
    """
    volumes: dict[date, float] = {}
    if energy is Statistic.ENERGY:
        volumes = await async_amounts(hass, key, Statistic.VOLUME, beyond=beyond)
    energies = await async_amounts(hass, key, energy, beyond=beyond)
    # A value below zero was written by hand: it is no gas day's.
    return {
        day: DayValue(
            kwh,
            None if volume is None or volume < 0 else volume,
            None,
            Qualification.UNKNOWN,
            final=False,
        )
        for day, kwh in energies.items()
        if kwh >= 0
        for volume in [volumes.get(day)]
    }


async def async_amounts(
    hass: HomeAssistant, key: str, statistic: Statistic, *, beyond: date | None = None
) -> dict[date, float]:
    """Return the recorder's amount of each gas day, in the unit of the statistic."""
    first = None if beyond is None else gas_day_start(beyond + ONE_DAY)
    rows = await async_stored(
        hass, statistic_id(key, statistic), first and first - timedelta(hours=1)
    )
    return {gas_day_at(_instant(row)): row.state or 0.0 for row in _gas_days(rows)}


async def async_currency(hass: HomeAssistant, key: str) -> str | None:
    """Return the currency of a meter's costs in the recorder; None: there are none."""
    return await _async_unit(hass, statistic_id(key, Statistic.COST))


async def async_factor(hass: HomeAssistant, key: str, statistic: Statistic) -> float:
    """Return by how much a series' amounts are multiplied: into kWh, or into m³.

    A series is in another unit where somebody imported rows into it by hand. Money is
    not converted.
    """
    unit = await _async_unit(hass, statistic_id(key, statistic))
    if unit is None or statistic is Statistic.COST:
        return 1.0
    converter: type[BaseUnitConverter]
    own: str
    if statistic is Statistic.VOLUME:
        converter, own = VolumeConverter, UnitOfVolume.CUBIC_METERS
    else:
        converter, own = EnergyConverter, UnitOfEnergy.KILO_WATT_HOUR
    return converter.convert(1, unit, own) if unit in converter.VALID_UNITS else 1.0


async def _async_unit(hass: HomeAssistant, statistic_id: str) -> str | None:
    found = await async_list_statistic_ids(hass, {statistic_id})
    return next((each["statistics_unit_of_measurement"] for each in found), None)


async def async_foreign_rows(
    hass: HomeAssistant, key: str, firsts: Mapping[Statistic, date | None]
) -> dict[Statistic, list[EarlierRow]]:
    """Return the rows that are not ours, and begin before a series' first gas day.

    Their amounts are in the unit that the series has in the recorder.

    Args:
        hass: Home Assistant.
        key: a meter's.
        firsts: the first gas day of each series; None: it has none yet.
    """
    found: dict[Statistic, list[EarlierRow]] = {}
    for statistic, first in firsts.items():
        end = None if first is None else gas_day_start(first) - timedelta(hours=1)
        rows = await async_stored(hass, statistic_id(key, statistic), end=end)
        own = _own(rows)
        total = 0.0
        for row in rows:
            total = total if isnan(row.sum) else row.sum
            if row.start not in own and row.start + HOUR not in own:
                earlier = EarlierRow(row.start, row.state, total)
                found.setdefault(statistic, []).append(earlier)
    return found


async def async_stored(
    hass: HomeAssistant,
    statistic_id: str,
    since: datetime | None = None,
    *,
    end: datetime | None = None,
) -> list[StoredRow]:
    """Return the rows of a series that start within a period, the earliest first."""
    stored = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        since or _ALWAYS,
        end,
        {statistic_id},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        # A missing sum, not a number, differs from every sum, and so is written again.
        StoredRow(row["start"], row.get("state"), nan if total is None else total)
        for row in stored.get(statistic_id, [])
        for total in [row.get("sum")]
    ]


def _gas_days(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """Return the rows that are a gas day's amount, the earliest first.

    A database of an earlier version has no row an hour before any: its rows are gas
    days' where all of them begin at 06:00, and most a day after another.
    """
    valued = [row for row in rows if row.state is not None]
    found = [row for row in valued if _hour(row) == _SIX]
    if own := _own(rows):
        return [row for row in found if row.start >= min(own)]
    follow = sum(
        after.start - before.start <= _LONGEST_DAY for before, after in pairwise(found)
    )
    is_daily = len(found) == len(valued) and 2 * follow >= len(found) - 1
    return found if is_daily else []


def _own(rows: Sequence[StoredRow]) -> set[float]:
    """Return the starts of those that have a row without an amount an hour before."""
    bases = {row.start for row in rows if row.state is None and _hour(row) == _SIX - 1}
    return {
        row.start for row in rows if _hour(row) == _SIX and row.start - HOUR in bases
    }


def _instant(row: StoredRow) -> datetime:
    return datetime.fromtimestamp(row.start, UTC)


def _hour(row: StoredRow) -> int:
    return _instant(row).astimezone(PARIS).hour
