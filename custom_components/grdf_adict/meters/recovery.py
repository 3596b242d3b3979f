"""A meter's lost file, created again from the recorder's rows; or an older one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..adict import FlowDirection, mask_pce
from ..const import LOGGER
from ..external_statistics.stored import async_amounts, async_currency, async_recover
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..helpers.ids import Statistic
from ..metering import Daily, DayRow, DayValue, Ledger, gas_day_at, with_recovered
from ..metering.price import Price, PriceBook, priced_by_entity, recovered_prices
from ..prices.settings import PriceSettings
from ..storage.meter_file import MeterFile, without_days_ahead
from .summaries import MeterRows, meter_rows, with_summaries

_NOTHING: Final = MeterFile()
_ENERGIES: Final = {
    FlowDirection.CONSUMPTION: Statistic.ENERGY,
    FlowDirection.PRODUCTION: Statistic.INJECTION,
}


async def async_recovered_file(
    hass: HomeAssistant,
    pce: str,
    key: str,
    settings: PriceSettings | None,
    file: MeterFile = _NOTHING,
) -> MeterFile:
    """Return a file with the gas days that the recorder holds and it does not.

    So where it has a share of a published block, and the recorder another value.

    Args:
        hass: Home Assistant.
        pce: the meter's.
        key: the meter's.
        settings: of its prices; None: it has none.
        file: what could be read of the meter's.
    """
    rows, taken = await async_compute(hass, meter_rows, file), 0
    for direction, statistic in _ENERGIES.items():
        held = await async_recover(hass, key, statistic)
        if direction is FlowDirection.CONSUMPTION and file.prices == PriceBook():
            file = replace(file, prices=await _async_prices(hass, key, settings, held))
        known = {row.gas_day: row for row in rows[direction].days}
        lost = {
            day: value
            for day, value in held.items()
            if _is_better(value, known.get(day))
        }
        if lost:
            history = file.history(direction)
            ledger = with_recovered(history.ledger, lost)
            file = file.with_history(direction, replace(history, ledger=ledger))
            taken += len(lost)
    if taken:
        LOGGER.info(
            "Meter %s: %s gas days taken back from the recorder", mask_pce(pce), taken
        )
    file = without_days_ahead(replace(file, is_damaged=False), paris_today())
    after, _ = await async_compute(hass, with_summaries, file, rows)
    return after


async def async_with_newer_days(
    hass: HomeAssistant, pce: str, key: str, file: MeterFile, rows: MeterRows
) -> MeterFile:
    """Return a file with the gas days that the recorder holds beyond its own.

    Without them, a backup that is older than the database would have their rows
    deleted. Where there are none, it is the same file.

    Args:
        hass: Home Assistant.
        pce: the meter's.
        key: the meter's.
        file: the meter's.
        rows: the file's.
    """
    today, taken = paris_today(), 0
    for direction, statistic in _ENERGIES.items():
        days, history = rows[direction].days, file.history(direction)
        if not days or history.ahead != Ledger():
            continue
        last = days[-1].gas_day
        found = await async_recover(hass, key, statistic, beyond=last)
        newer = {day: value for day, value in found.items() if last < day <= today}
        if not newer:
            continue
        ledger = with_recovered(history.ledger, newer)
        file = file.with_history(direction, replace(history, ledger=ledger))
        taken += len(newer)
    if taken:
        LOGGER.info(
            "Meter %s: %s gas days beyond its file's taken back from the recorder",
            mask_pce(pce),
            taken,
        )
    return file


def _is_better(held: DayValue, row: DayRow | None) -> bool:
    """Whether the recorder has a gas day that a file lacks, or has but a share of."""
    return row is None or (not row.is_own and row.energy != held.energy)


async def _async_prices(
    hass: HomeAssistant, key: str, settings: PriceSettings | None, days: Daily
) -> PriceBook:
    currency = await async_currency(hass, key)
    # A price list still has all prices; an entity has few of its past ones.
    if settings is None or settings.entity is None:
        return PriceBook(currency=currency)
    costs = await async_amounts(hass, key, Statistic.COST)
    entity = settings.entity
    subscription = Price(Decimal(0), entity.subscription, entity.per)
    energies = {day: value.energy for day, value in days.items()}
    repriced = settings.reprice.asked if settings.reprice else None
    book = PriceBook(repriced=repriced, currency=currency)
    return priced_by_entity(
        book,
        [],
        recovered_prices(energies, costs, subscription),
        today=gas_day_at(dt_util.utcnow()),
        # What a gas day has cost is no doubt.
        since=date.min,
    )
