"""The prices and costs of a meter's gas days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..external_statistics.rows import Costs
from ..helpers.executor import async_compute
from ..metering import DayRow, gas_day_at, gas_days_through, rows as rows_of
from ..metering.price import (
    CostSummary,
    PriceBook,
    PriceJump,
    day_costs,
    price_jumps,
    priced_by_entity,
    priced_by_list,
    summarise_costs,
    unpriced,
)
from ..storage.meter_file import MeterFile
from .entity import async_prices
from .settings import PriceSettings


@dataclass(frozen=True, slots=True)
class Priced:
    """A meter's file with up-to-date prices, and its costs; None: it has no price."""

    file: MeterFile
    costs: Costs | None


async def async_priced(
    hass: HomeAssistant,
    settings: PriceSettings | None,
    file: MeterFile,
    rows: Sequence[DayRow],
) -> Priced:
    """Give each gas day that has none its price; from an entity, also today's.

    Without settings, the earlier prices stay in the file.
    """
    if settings is None:
        nothing = CostSummary(currency=file.prices.currency)
        return Priced(replace(file, costs=nothing), None)
    currency = file.prices.currency or hass.config.currency
    before = replace(file.prices, currency=currency)
    book = await _async_book(hass, settings, before, rows)
    return await async_compute(hass, _priced, file, book, rows, currency)


async def async_jumps(
    hass: HomeAssistant, settings: PriceSettings, file: MeterFile
) -> list[PriceJump]:
    """Return the prices of gas days that settings would make jump, by day.

    A first price list is what its owner typed: nothing is known to compare it with.
    """
    before = file.prices
    if settings.entity is None and not before.days:
        return []
    days = await async_compute(hass, rows_of, file.ledger)
    after = await _async_book(hass, settings, before, days)
    given = dict(after.days) | dict(after.doubted)
    offered = {day: each.price for day, each in given.items()}
    return price_jumps(before.days, offered)


async def _async_book(
    hass: HomeAssistant,
    settings: PriceSettings,
    book: PriceBook,
    rows: Sequence[DayRow],
) -> PriceBook:
    today = gas_day_at(dt_util.utcnow())
    reprice, entity = settings.reprice, settings.entity
    since = reprice.since if reprice and reprice.asked != book.repriced else None
    known = [row.gas_day for row in (*rows[:1], *rows[-1:])]
    # Tomorrow an entity may no longer have today's price; a list still does.
    days = sorted([*known, *([] if entity is None else [today])])
    gas_days = list(gas_days_through(days[0], days[-1])) if days else []
    if entity is None:
        book = priced_by_list(book, settings.periods, gas_days, since=since)
    else:
        missing = unpriced(book, gas_days, today=today, since=since)
        currency = book.currency or hass.config.currency
        energy_prices = await async_prices(hass, entity.entity_id, missing, currency)
        prices = {
            day: replace(price, subscription=entity.subscription, per=entity.per)
            for day, price in energy_prices.items()
        }
        book = priced_by_entity(book, missing, prices, today=today, since=since)
    return replace(book, repriced=reprice.asked if reprice else book.repriced)


def _priced(
    file: MeterFile, book: PriceBook, rows: Sequence[DayRow], currency: str
) -> Priced:
    amounts = day_costs(rows, book)
    last = file.summary.last.gas_day if file.summary.last else None
    costs = summarise_costs(rows, amounts, last, currency)
    kept = book.kept and book.kept.currency
    return Priced(
        replace(file, prices=book, costs=costs), Costs(currency, amounts, kept)
    )
