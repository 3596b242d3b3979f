"""A meter's rows in the recorder: read, compare, rewrite from the first difference."""

import asyncio
from collections.abc import Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, auto
from typing import Final

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    async_list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.hass_dict import HassKey

from ..adict import Qualification
from ..const import DOMAIN
from ..helpers.executor import async_compute
from ..helpers.ids import (
    cost_statistic_id,
    energy_statistic_id,
    injection_statistic_id,
    key_of_statistic,
    volume_statistic_id,
)
from ..helpers.recorder import (
    async_clear_series,
    async_recorder_idle,
)
from ..metering import DayRow, DayValue, gas_day_at, gas_day_start
from .metadata import (
    cost_metadata,
    energy_metadata,
    injection_metadata,
    volume_metadata,
)

_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
# More days than this turning from a value to absence at once is more likely a fault
# than GRDF's will.
_MOST_WITHDRAWN: Final = 31
# Home Assistant keeps sums as doubles; energy is known to the watt-hour, money to a
# ten-thousandth.
_DIGITS: Final = 4

_ONE_SERIES_AT_A_TIME: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_statistics")


class Projection(IntEnum):
    """What comparing a meter's rows with the recorder's came to, the worst last."""

    UNCHANGED = auto()
    WRITTEN = auto()
    WITHHELD = auto()


@dataclass(frozen=True, slots=True)
class Costs:
    """What each row's gas day costs, in a currency; None: unknown."""

    currency: str
    amounts: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a series: the hour it starts, its amount, the running total."""

    start: float
    state: float | None
    sum: float

    def equals(self, other: _Row) -> bool:
        """Whether both rows say the same, to the last digit that we store."""
        return (
            self.start == other.start
            and round(self.sum - other.sum, _DIGITS) == 0
            and (self.state is None) == (other.state is None)
            and round((self.state or 0) - (other.state or 0), _DIGITS) == 0
        )


@dataclass(frozen=True, slots=True)
class _Series:
    """A series as it should stand in the recorder.

    Attributes:
        metadata: its name and unit.
        rows: every row from the first.
        guarded: whether many rows about to become absent must wait for a word.
    """

    metadata: StatisticMetaData
    rows: Sequence[_Row]
    guarded: bool = True


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

    Without costs, those of earlier days stay as they are. A series that never had a
    row is not begun.

    Every row from the first is compared; from the first difference on, all are
    written; with `rewrite`, all are. Returns WITHHELD when more than a month of days
    would become absent at once, unless that was accepted: then nothing is written of
    the gas that flows that way.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
    """
    used = await async_compute(hass, _wanted, key, name, list(rows), costs)
    given = await async_compute(hass, _injection_series, key, name, injected)
    return max(
        [
            await _async_project(hass, series, withdrawal_accepted, rewrite)
            for series in (used, [given])
        ]
    )


async def _async_project(
    hass: HomeAssistant,
    wanted: Sequence[_Series],
    withdrawal_accepted: bool,  # noqa: FBT001 - of this room
    rewrite: bool,  # noqa: FBT001 - of this room
) -> Projection:
    lock = hass.data.setdefault(_ONE_SERIES_AT_A_TIME, asyncio.Lock())
    outcome = Projection.UNCHANGED
    for series in wanted:
        async with lock:
            await async_recorder_idle(hass)
            stored = await _async_stored(hass, series.metadata["statistic_id"])
            if (
                series.guarded
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
    """Let the recorder know a meter's series, which may have no row yet.

    Args:
        hass: Home Assistant.
        key: the meter's.
        name: of its series.
        volume: whether m³ are meant, rather than kWh.
        cost: whether that of its costs is meant too.
    """
    used = volume_metadata(key, name) if volume else energy_metadata(key, name)
    async_add_external_statistics(hass, used, [])
    if cost:
        currency = hass.config.currency
        async_add_external_statistics(hass, cost_metadata(key, name, currency), [])


async def async_recover(hass: HomeAssistant, key: str) -> dict[date, DayValue]:
    """Return what the recorder still holds of a meter whose ledger is lost."""
    volumes = await _async_amounts(hass, volume_statistic_id(key))
    energies = await _async_amounts(hass, energy_statistic_id(key))
    return {day: _recovered(kwh, volumes.get(day)) for day, kwh in energies.items()}


async def async_recover_injection(
    hass: HomeAssistant, key: str
) -> dict[date, DayValue]:
    """Return what the recorder still holds of the gas injected there."""
    energies = await _async_amounts(hass, injection_statistic_id(key))
    return {day: _recovered(kwh, None) for day, kwh in energies.items()}


async def async_recover_costs(hass: HomeAssistant, key: str) -> dict[date, float]:
    """Return what the recorder still holds of what a meter's gas days cost."""
    return await _async_amounts(hass, cost_statistic_id(key))


async def _async_amounts(hass: HomeAssistant, statistic_id: str) -> dict[date, float]:
    return {
        gas_day_at(datetime.fromtimestamp(row.start, UTC)): row.state
        for row in await _async_stored(hass, statistic_id)
        if row.state is not None
    }


def _recovered(energy: float, volume: float | None) -> DayValue:
    return DayValue(energy, volume, None, Qualification.UNKNOWN, final=False)


def _wanted(
    key: str, name: str, rows: list[DayRow], costs: Costs | None
) -> list[_Series]:
    return [
        _energy_series(energy_metadata(key, name), rows),
        _Series(
            volume_metadata(key, name),
            _running([(row.gas_day, row.volume) for row in rows]),
        ),
        *([_cost_series(key, name, rows, costs)] if costs else []),
    ]


def _injection_series(key: str, name: str, rows: Sequence[DayRow]) -> _Series:
    return _energy_series(injection_metadata(key, name), rows)


def _energy_series(metadata: StatisticMetaData, rows: Sequence[DayRow]) -> _Series:
    return _Series(metadata, _running([(row.gas_day, row.energy) for row in rows]))


def _cost_series(key: str, name: str, rows: Sequence[DayRow], costs: Costs) -> _Series:
    return _Series(
        cost_metadata(key, name, costs.currency),
        _running(
            [
                (row.gas_day, None if cost is None else float(cost))
                for row, cost in zip(rows, costs.amounts, strict=True)
            ]
        ),
        # Absent days lose their cost with the subscription: its owner took it away.
        guarded=False,
    )


def _running(amounts: list[tuple[date, float | None]]) -> list[_Row]:
    rows: list[_Row] = []
    total = 0.0
    for gas_day, amount in amounts:
        total = round(total + (amount or 0.0), _DIGITS)
        rows.append(_Row(gas_day_start(gas_day).timestamp(), amount, total))
    return rows


async def _async_stored(hass: HomeAssistant, statistic_id: str) -> list[_Row]:
    stored = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        _ALWAYS,
        None,
        {statistic_id},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        # A sum that is missing differs from every sum, and so is written anew.
        _Row(row["start"], row.get("state"), _number(row.get("sum")))
        for row in stored.get(statistic_id, [])
    ]


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _withdraws_many(wanted: Sequence[_Row], stored: Sequence[_Row]) -> bool:
    valued = {row.start for row in wanted if row.state is not None}
    return (
        sum(row.state is not None and row.start not in valued for row in stored)
        > _MOST_WITHDRAWN
    )


async def _async_write(
    hass: HomeAssistant, series: _Series, stored: Sequence[_Row], *, rewrite: bool
) -> bool:
    """Write what differs; return whether anything was written."""
    wanted = series.rows
    if {row.start for row in stored} - {row.start for row in wanted}:
        # Single rows cannot be removed: rows that are not ours to keep go with all.
        await async_clear_series(hass, series.metadata["statistic_id"])
        stored = []
    same = 0
    for ours, theirs in zip(wanted, stored, strict=False):
        if rewrite or not ours.equals(theirs):
            break
        same += 1
    if same == len(wanted):
        return False
    # The recorder keeps and changes what it is given: fresh values, in a list.
    async_add_external_statistics(
        hass,
        series.metadata.copy(),
        [_statistic(row) for row in wanted[same:]],
    )
    await async_recorder_idle(hass)
    return True


def _statistic(row: _Row) -> StatisticData:
    start = datetime.fromtimestamp(row.start, UTC)
    if row.state is None:
        # What is not given is stored as NULL.
        return StatisticData(start=start, sum=row.sum)
    return StatisticData(start=start, state=row.state, sum=row.sum)


async def async_erase_statistics(
    hass: HomeAssistant, key: str, entity_ids: Sequence[str]
) -> None:
    """Erase every series of a meter, and those of its entities.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
    """
    known = await async_list_statistic_ids(hass)
    ours = {
        found["statistic_id"]
        for found in known
        if key_of_statistic(found["statistic_id"]) == key
    }
    await async_erase_series(hass, ours.union(entity_ids))


async def async_erase_series(
    hass: HomeAssistant, statistic_ids: AbstractSet[str]
) -> None:
    """Erase those of some series that the recorder knows.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
    """
    lock = hass.data.setdefault(_ONE_SERIES_AT_A_TIME, asyncio.Lock())
    async with lock:
        known = await async_list_statistic_ids(hass, set(statistic_ids))
        if known:
            await async_clear_series(hass, *(found["statistic_id"] for found in known))
