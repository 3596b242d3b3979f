"""A meter's rows in the recorder: those that differ are written.

Two rows a gas day: at 06:00 its amount and the running total through it; at 05:00,
without an amount, the total before it. Of a calendar period, Home Assistant's Statistic
card takes the first row from an hour before the period on as what came before it
(recorder/statistics.py, `_get_oldest_sum_statistic_in_sub_period`): with one row a day,
each period lacked its first gas day.
"""

import asyncio
from collections.abc import Iterable, Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, auto
from itertools import batched
from math import inf, nan
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

from ..adict import Qualification
from ..const import DOMAIN
from ..helpers.executor import async_compute
from ..helpers.ids import Statistic, key_of_statistic, statistic_id
from ..helpers.recorder import async_clear_series, async_recorder_idle
from ..helpers.statistics import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
    async_add_external_statistics,
    async_list_statistic_ids,
    statistics_during_period,
)
from ..metering import ONE_DAY, DayRow, DayValue, exact, gas_day_at, gas_day_start

_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
# More days than this that become absent at once are more likely a fault than intended.
_MOST_WITHDRAWN: Final = 31
# Stored as doubles; energy is given to the watt-hour, money to a ten-thousandth.
_DIGITS: Final = 4
_HOUR: Final = 3600.0
# As many keep a slow recorder busy for some seconds.
_MOST_AT_ONCE: Final = 1000

_ONE_SERIES_AT_A_TIME: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_statistics")


class Projection(IntEnum):
    """The outcome of comparing a meter's rows with the recorder's, the worst last."""

    UNCHANGED = auto()
    WRITTEN = auto()
    WITHHELD = auto()


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of each row's gas day, in a currency; None: unknown."""

    currency: str
    amounts: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a series: the hour it starts, its amount, the running total."""

    start: float
    state: float | None
    sum: float

    def equals(self, other: _Row) -> bool:
        """Whether both rows are the same, to the last digit that is written."""
        return (
            self.start == other.start
            and round(self.sum - other.sum, _DIGITS) == 0
            and (self.state is None) == (other.state is None)
            and round((self.state or 0) - (other.state or 0), _DIGITS) == 0
        )


@dataclass(frozen=True, slots=True)
class _Series:
    """A series as the recorder should hold it, with every row from the first.

    Where it is guarded, many rows become absent only once the user has accepted that.
    """

    metadata: StatisticMetaData
    rows: Sequence[_Row]
    is_guarded: bool


async def async_project(
    hass: HomeAssistant,
    key: str,
    name: str,
    rows: Sequence[DayRow],
    costs: Costs | None = None,
    *,
    injected: Sequence[DayRow] = (),
    withdrawal_accepted: bool = False,
    rewrite: bool = False,
) -> Projection:
    """Make the recorder's rows of a meter equal to its ledgers'.

    Without costs, those of earlier days stay. A series without rows is not created.

    Every row from the first is compared; those that differ are written, with `rewrite`
    all are. Returns WITHHELD when more than a month of days
    would become absent at once, unless that was accepted: then nothing is written of
    the gas that flows that way.

    Raises:
        RecorderBusyError: the recorder is still processing its queue.
    """
    series = await async_compute(hass, _series, key, name, rows, costs, injected)
    return max(
        [
            await _async_project(
                hass, each, withdrawal_accepted=withdrawal_accepted, rewrite=rewrite
            )
            for each in series
        ]
    )


async def _async_project(
    hass: HomeAssistant,
    wanted: Sequence[_Series],
    *,
    withdrawal_accepted: bool,
    rewrite: bool,
) -> Projection:
    lock = hass.data.setdefault(_ONE_SERIES_AT_A_TIME, asyncio.Lock())
    outcome = Projection.UNCHANGED
    for series in wanted:
        async with lock:
            await async_recorder_idle(hass)
            stored = await _async_stored(hass, series.metadata["statistic_id"])
            if (
                series.is_guarded
                and not withdrawal_accepted
                and _withdraws_many(series.rows, stored)
            ):
                return Projection.WITHHELD
            if await _async_write(hass, series, stored, rewrite=rewrite):
                outcome = Projection.WRITTEN
    return outcome


@callback
def async_register_series(
    hass: HomeAssistant, key: str, name: str, *, volume: bool, cost: bool
) -> None:
    """Create a meter's series of m³ or kWh, and of costs, possibly without rows."""
    series = [Statistic.VOLUME if volume else Statistic.ENERGY]
    if cost:
        series.append(Statistic.COST)
    for each in series:
        metadata = _metadata(key, name, each, hass.config.currency)
        async_add_external_statistics(hass, metadata, [])


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
    return {
        day: DayValue(kwh, volumes.get(day), None, Qualification.UNKNOWN, final=False)
        for day, kwh in energies.items()
    }


async def async_amounts(
    hass: HomeAssistant, key: str, statistic: Statistic, *, beyond: date | None = None
) -> dict[date, float]:
    """Return the recorder's amount of each gas day, in the unit of the statistic."""
    since = _ALWAYS if beyond is None else gas_day_start(beyond + ONE_DAY)
    return {
        gas_day_at(datetime.fromtimestamp(row.start, UTC)): row.state
        for row in await _async_stored(hass, statistic_id(key, statistic), since)
        if row.state is not None
    }


def _series(
    key: str,
    name: str,
    rows: Sequence[DayRow],
    costs: Costs | None,
    injected: Sequence[DayRow],
) -> tuple[list[_Series], list[_Series]]:
    """Return the series of gas used and of gas injected."""

    def series(
        statistic: Statistic,
        rows: Sequence[DayRow],
        amounts: Iterable[float | None],
        currency: str = "",
    ) -> _Series:
        metadata = _metadata(key, name, statistic, currency)
        # Absent days lose their cost with the subscription: its owner removed it.
        is_guarded = statistic is not Statistic.COST
        return _Series(metadata, _running(rows, amounts), is_guarded)

    used = [
        series(Statistic.ENERGY, rows, (row.energy for row in rows)),
        series(Statistic.VOLUME, rows, (row.volume for row in rows)),
    ]
    if costs:
        amounts = (None if cost is None else float(cost) for cost in costs.amounts)
        used.append(series(Statistic.COST, rows, amounts, costs.currency))
    energies = (row.energy for row in injected)
    return used, [series(Statistic.INJECTION, injected, energies)]


def _running(rows: Sequence[DayRow], amounts: Iterable[float | None]) -> list[_Row]:
    """Return each row with the running total of an amount, and its base row before."""
    running: list[_Row] = []
    total = Decimal(0)
    for row, amount in zip(rows, amounts, strict=True):
        start = gas_day_start(row.gas_day).timestamp()
        running.append(_Row(start - _HOUR, None, float(total)))
        total += exact(amount)
        running.append(_Row(start, amount, float(total)))
    return running


async def _async_stored(
    hass: HomeAssistant, statistic_id: str, since: datetime = _ALWAYS
) -> list[_Row]:
    stored = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        since,
        None,
        {statistic_id},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        # A missing sum, not a number, differs from every sum, and so is written again.
        _Row(row["start"], row.get("state"), nan if total is None else total)
        for row in stored.get(statistic_id, [])
        for total in [row.get("sum")]
    ]


def _withdraws_many(wanted: Sequence[_Row], stored: Sequence[_Row]) -> bool:
    kept = {row.start for row in wanted if row.state is not None}
    # Where others stay, days of the future go without a question: none is right.
    now = dt_util.utcnow().timestamp() if kept else inf
    valued = {row.start for row in stored if row.state is not None and row.start <= now}
    withdrawn = valued - kept
    return len(withdrawn) > _MOST_WITHDRAWN


async def _async_write(
    hass: HomeAssistant, series: _Series, stored: Sequence[_Row], *, rewrite: bool
) -> bool:
    """Write what differs; return whether anything was written."""
    wanted = series.rows
    if {row.start for row in stored} - {row.start for row in wanted}:
        # Single rows cannot be removed: to remove some, all are cleared.
        await async_clear_series(hass, series.metadata["statistic_id"])
        stored = []
    metadata = series.metadata
    known = {} if rewrite else {row.start: row for row in stored}
    different = [
        row
        for row in wanted
        if (before := known.get(row.start)) is None or not row.equals(before)
    ]
    for part in batched(different, _MOST_AT_ONCE, strict=False):
        # The recorder keeps and changes its arguments: they are new values, in a list.
        statistics = [_statistic(row) for row in part]
        async_add_external_statistics(hass, metadata.copy(), statistics)
        await async_recorder_idle(hass)
    if different or not await _async_is_named_otherwise(hass, metadata):
        return bool(different)
    async_add_external_statistics(hass, metadata.copy(), [])
    await async_recorder_idle(hass)
    return True


async def _async_is_named_otherwise(
    hass: HomeAssistant, wanted: StatisticMetaData
) -> bool:
    """Whether a series that is there has another name or unit."""
    for found in await async_list_statistic_ids(hass, {wanted["statistic_id"]}):
        shown = found["name"], found["statistics_unit_of_measurement"]
        return shown != (wanted["name"], wanted["unit_of_measurement"])
    return False


def _statistic(row: _Row) -> StatisticData:
    start = datetime.fromtimestamp(row.start, UTC)
    if row.state is None:
        # A missing value is stored as NULL.
        return StatisticData(start=start, sum=row.sum)
    return StatisticData(start=start, state=row.state, sum=row.sum)


async def async_erase_statistics(
    hass: HomeAssistant, key: str, entity_ids: Sequence[str]
) -> None:
    """Erase a meter's series and its entities'; raises as `async_erase_series`."""
    ids = {found["statistic_id"] for found in await async_list_statistic_ids(hass)}
    ours = {each for each in ids if key_of_statistic(each) == key}
    await async_erase_series(hass, ours.union(entity_ids))


async def async_erase_series(
    hass: HomeAssistant, statistic_ids: AbstractSet[str]
) -> None:
    """Erase those of some series that are in the recorder.

    Raises:
        RecorderBusyError: the recorder is still processing its queue.
    """
    lock = hass.data.setdefault(_ONE_SERIES_AT_A_TIME, asyncio.Lock())
    async with lock:
        known = await async_list_statistic_ids(hass, set(statistic_ids))
        if known:
            await async_clear_series(hass, *(found["statistic_id"] for found in known))


def _metadata(
    key: str, name: str, statistic: Statistic, currency: str
) -> StatisticMetaData:
    """Return a statistic's name and unit: kWh PCS, m³, or for costs the currency."""
    unit_class: str | None
    unit: str
    match statistic:
        case Statistic.VOLUME:
            unit_class, unit = VolumeConverter.UNIT_CLASS, UnitOfVolume.CUBIC_METERS
        case Statistic.COST:
            unit_class, unit = None, currency
        case _:
            unit_class, unit = EnergyConverter.UNIT_CLASS, UnitOfEnergy.KILO_WATT_HOUR
    kind = "injection, " if statistic is Statistic.INJECTION else ""
    return StatisticMetaData(
        has_sum=True,
        mean_type=StatisticMeanType.NONE,
        name=f"{name} ({kind}{unit})",
        source=DOMAIN,
        statistic_id=statistic_id(key, statistic),
        unit_class=unit_class,
        unit_of_measurement=unit,
    )
