"""A meter's rows in the recorder: those that differ are written.

Two rows a gas day: at 06:00 its amount and the running total through it; at 05:00,
without an amount, the total before it. Of a calendar period, Home Assistant's Statistic
card takes the first row from an hour before the period on as what came before it
(recorder/statistics.py, `_get_oldest_sum_statistic_in_sub_period`): with one row a day,
each period lacked its first gas day.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, auto
from itertools import batched
from math import inf
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfVolume
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_conversion import EnergyConverter, VolumeConverter

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
)
from ..metering import DayRow, EarlierRows, exact, gas_day_start
from .stored import HOUR, StoredRow, async_stored

# More days than this that become absent at once are more likely a fault than intended.
_MOST_WITHDRAWN: Final = 31
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
    """The cost of each row's gas day, in a currency; None: unknown.

    `kept` is another currency: the rows in it stay, as a series of their own.
    """

    currency: str
    amounts: Sequence[Decimal | None]
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class _Series:
    """A series as the recorder should hold it, with every row from the first.

    Where it is guarded, many rows become absent only once the user has accepted that.
    Rows in the unit of `kept` are moved to a series of their own first.
    """

    metadata: StatisticMetaData
    rows: Sequence[StoredRow]
    is_guarded: bool
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class MeterSeries:
    """What the series of a meter, or of a group, follow from.

    Attributes:
        used: each gas day of gas used.
        costs: of these; None: those in the recorder stay.
        injected: each gas day of gas injected.
        earlier: the rows that were imported by hand before the first gas day.
    """

    used: Sequence[DayRow]
    costs: Costs | None = None
    injected: Sequence[DayRow] = ()
    earlier: Mapping[Statistic, EarlierRows] = field(default_factory=dict)


async def async_project(
    hass: HomeAssistant,
    key: str,
    name: str,
    wanted: MeterSeries,
    *,
    withdrawal_accepted: bool = False,
    rewrite: bool = False,
) -> Projection:
    """Make the recorder's rows of a meter equal to its ledgers'.

    A series without rows is not created.

    Every row from the first is compared; those that differ are written, with `rewrite`
    all are. Returns WITHHELD when more than a month of days
    would become absent at once, unless that was accepted: then nothing is written of
    the gas that flows that way.

    Raises:
        RecorderBusyError: the recorder is still processing its queue.
    """
    series = await async_compute(hass, _series, key, name, wanted)
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
            stored = await async_stored(hass, series.metadata["statistic_id"])
            if (
                series.is_guarded
                and not withdrawal_accepted
                and _withdraws_many(series.rows, stored)
            ):
                return Projection.WITHHELD
            if await _async_set_apart(hass, series, stored):
                stored = []
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


def _series(
    key: str, name: str, wanted: MeterSeries
) -> tuple[list[_Series], list[_Series]]:
    """Return the series of gas used and of gas injected."""

    def series(
        statistic: Statistic,
        rows: Sequence[DayRow],
        amounts: Iterable[float | None],
        currency: str = "",
    ) -> _Series:
        metadata = _metadata(key, name, statistic, currency)
        running = _running(rows, amounts, wanted.earlier.get(statistic))
        # Absent days lose their cost with the subscription: its owner removed it.
        return _Series(metadata, running, is_guarded=statistic is not Statistic.COST)

    rows, costs = wanted.used, wanted.costs
    used = [
        series(Statistic.ENERGY, rows, (row.energy for row in rows)),
        series(Statistic.VOLUME, rows, (row.volume for row in rows)),
    ]
    if costs:
        amounts = (None if cost is None else float(cost) for cost in costs.amounts)
        cost = series(Statistic.COST, rows, amounts, costs.currency)
        used.append(replace(cost, kept=costs.kept))
    energies = (row.energy for row in wanted.injected)
    return used, [series(Statistic.INJECTION, wanted.injected, energies)]


def _running(
    rows: Sequence[DayRow],
    amounts: Iterable[float | None],
    earlier: EarlierRows | None,
) -> list[StoredRow]:
    """Return each row with the running total of an amount, and its base row before."""
    running: list[StoredRow] = []
    total, first = Decimal(0), date.min
    if earlier is not None:
        running = [StoredRow(*row) for row in earlier.rows]
        total = exact(earlier.total)
        first = earlier.written_from(rows[0].gas_day) if rows else first
    for row, amount in zip(rows, amounts, strict=True):
        if row.gas_day < first:
            continue
        start = gas_day_start(row.gas_day).timestamp()
        running.append(StoredRow(start - HOUR, None, float(total)))
        total += exact(amount)
        running.append(StoredRow(start, amount, float(total)))
    return running


def _withdraws_many(wanted: Sequence[StoredRow], stored: Sequence[StoredRow]) -> bool:
    kept = {row.start for row in wanted if row.state is not None}
    # Where others stay, days of the future go without a question: none is right.
    now = dt_util.utcnow().timestamp() if kept else inf
    valued = {row.start for row in stored if row.state is not None and row.start <= now}
    withdrawn = valued - kept
    return len(withdrawn) > _MOST_WITHDRAWN


async def _async_write(
    hass: HomeAssistant, series: _Series, stored: Sequence[StoredRow], *, rewrite: bool
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
    await _async_add(hass, metadata, different)
    if different or not await _async_is_named_otherwise(hass, metadata):
        return bool(different)
    async_add_external_statistics(hass, metadata.copy(), [])
    await async_recorder_idle(hass)
    return True


async def _async_set_apart(
    hass: HomeAssistant, series: _Series, stored: Sequence[StoredRow]
) -> bool:
    """Move the rows in an earlier currency to a series of their own, if there are any.

    Rows that are there already, of the same currency before, go on with these.
    """
    if series.kept in {None, series.metadata["unit_of_measurement"]}:
        return False
    statistic_id = series.metadata["statistic_id"]
    found = await async_list_statistic_ids(hass, {statistic_id})
    if [each["statistics_unit_of_measurement"] for each in found] != [series.kept]:
        return False
    apart = series.metadata.copy()
    apart["statistic_id"] = f"{statistic_id}_{series.kept.lower()}"
    apart["name"], apart["unit_of_measurement"] = found[0]["name"], series.kept
    first = min((row.start for row in stored if row.state is not None), default=inf)
    earlier = await async_stored(hass, apart["statistic_id"])
    total = max((row.sum for row in earlier if row.start < first - HOUR), default=0.0)
    await _async_add(
        hass,
        apart,
        [
            replace(row, sum=row.sum + total)
            for row in stored
            if row.start >= first - HOUR
        ],
    )
    await async_clear_series(hass, statistic_id)
    return True


async def _async_add(
    hass: HomeAssistant, metadata: StatisticMetaData, rows: Sequence[StoredRow]
) -> None:
    for part in batched(rows, _MOST_AT_ONCE, strict=False):
        # The recorder keeps and changes its arguments: they are new values, in a list.
        statistics = [_statistic(row) for row in part]
        async_add_external_statistics(hass, metadata.copy(), statistics)
        await async_recorder_idle(hass)


async def _async_is_named_otherwise(
    hass: HomeAssistant, wanted: StatisticMetaData
) -> bool:
    """Whether a series that is there has another name or unit."""
    for found in await async_list_statistic_ids(hass, {wanted["statistic_id"]}):
        shown = found["name"], found["statistics_unit_of_measurement"]
        return shown != (wanted["name"], wanted["unit_of_measurement"])
    return False


def _statistic(row: StoredRow) -> StatisticData:
    start = datetime.fromtimestamp(row.start, UTC)
    if row.state is None:
        # A missing value is stored as NULL.
        return StatisticData(start=start, sum=row.sum)
    return StatisticData(start=start, state=row.state, sum=row.sum)


async def async_erase_statistics(
    hass: HomeAssistant, key: str, entity_ids: Sequence[str]
) -> None:
    """Erase a meter's or a group's series, and its entities'.

    Raises as `async_erase_series`.
    """
    ids = {found["statistic_id"] for found in await async_list_statistic_ids(hass)}
    ours = {
        each
        for each in ids
        if each.startswith(f"{DOMAIN}:{key}_")
        # The key of a later holder's series begins like that of the first.
        and key_of_statistic(each) in {key, None}
    }
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
