"""Pricing a meter's gas days, and keeping the prices that they were given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..external_statistics.rows import Costs
from ..helpers.executor import async_compute
from ..metering import DayRow, gas_day_at, gas_days_through
from ..metering.price import (
    CostSummary,
    Price,
    PriceBook,
    day_costs,
    priced_by_entity,
    priced_by_list,
    summarise_costs,
    unpriced,
)
from ..storage.meter_file import MeterFile
from .entity import async_prices
from .settings import PriceEntity, PriceSettings


@dataclass(frozen=True, slots=True)
class Priced:
    """A meter's file with its prices brought up to date.

    Attributes:
        file: the meter's.
        costs: of each row; None: its owner told no price.
    """

    file: MeterFile
    costs: Costs | None


async def async_priced(
    hass: HomeAssistant,
    settings: PriceSettings | None,
    file: MeterFile,
    rows: Sequence[DayRow],
) -> Priced:
    """Give each gas day that has none its price; an entity's, through today's.

    Args:
        hass: whose entities and recorder may tell prices.
        settings: where prices come from; None: nowhere, what was given stays.
        file: the meter's.
        rows: the meter's.
    """
    if settings is None:
        return Priced(replace(file, costs=CostSummary()), None)
    book = await _async_book(hass, settings, file.prices, rows)
    return await async_compute(hass, _priced, file, book, rows, hass.config.currency)


async def _async_book(
    hass: HomeAssistant,
    settings: PriceSettings,
    book: PriceBook,
    rows: Sequence[DayRow],
) -> PriceBook:
    today = gas_day_at(dt_util.utcnow())
    wish = settings.reprice
    since = wish.since if wish and wish.asked != book.repriced else None
    known = [row.gas_day for row in (*rows[:1], *rows[-1:])]
    # An entity may have forgotten today's price tomorrow; a list has not.
    days = sorted([*known, *([] if settings.entity is None else [today])])
    gas_days = list(gas_days_through(days[0], days[-1])) if days else []
    if settings.entity is None:
        book = priced_by_list(book, settings.periods, gas_days, since=since)
    else:
        missing = unpriced(book, gas_days, today=today, since=since)
        prices = await _async_entity_prices(hass, settings.entity, missing)
        book = priced_by_entity(book, missing, prices, today=today)
    return replace(book, repriced=wish.asked if wish else book.repriced)


async def _async_entity_prices(
    hass: HomeAssistant, entity: PriceEntity, gas_days: list[date]
) -> dict[date, Price]:
    told = await async_prices(hass, entity.entity_id, gas_days)
    return {
        day: replace(price, subscription=entity.subscription, per=entity.per)
        for day, price in told.items()
    }


def _priced(
    file: MeterFile, book: PriceBook, rows: Sequence[DayRow], currency: str
) -> Priced:
    amounts = day_costs(rows, book)
    last = file.summary.last.gas_day if file.summary.last else None
    costs = summarise_costs(rows, amounts, last)
    return Priced(replace(file, prices=book, costs=costs), Costs(currency, amounts))
