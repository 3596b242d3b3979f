"""The price of an entity: its state, its history, its long-term statistics."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util

from ..helpers.statistics import (
    get_metadata,
    state_changes_during_period,
    statistics_during_period,
)
from ..metering import gas_day_start
from ..metering.price import Price, Quantity, daily_prices

# A higher price is taken for one of a MWh, or for one in cents.
MOST_PER_KWH: Final = Decimal(5)
_MOST_PER_CUBIC_METRE: Final = 12 * MOST_PER_KWH
_DIGITS: Final = Decimal("0.00000001")
_MIDNIGHT_TO_SIX: Final = timedelta(hours=6)
_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$"}


class PriceEntityError(Exception):
    """An entity without a usable price."""

    def __init__(self, key: str) -> None:
        """Keep the key of the text that explains it."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class _Unit:
    """The amount of kWh PCS or m³ that an entity's number is the price of."""

    quantity: Quantity
    amount: int

    def price(self, number: object) -> Decimal | None:
        """Return a number as the price of one kWh or m³; None: it is no number."""
        try:
            value = Decimal(str(number))
        except InvalidOperation:
            return None
        return (value / self.amount).quantize(_DIGITS) if value.is_finite() else None

    def is_likely(self, price: Decimal) -> bool:
        """Whether gas can cost that."""
        per_kwh = self.quantity is Quantity.KWH
        return 0 <= price <= (MOST_PER_KWH if per_kwh else _MOST_PER_CUBIC_METRE)

    def likely_price(self, number: object) -> Decimal | None:
        """Return a number as a price; None: gas cannot cost that."""
        price = self.price(number)
        return price if price is not None and self.is_likely(price) else None


_UNITS: Final = {
    "kwh": _Unit(Quantity.KWH, 1),
    "mwh": _Unit(Quantity.KWH, 1000),
    "m³": _Unit(Quantity.CUBIC_METRE, 1),
    "m3": _Unit(Quantity.CUBIC_METRE, 1),
}


def current_price(hass: HomeAssistant, entity_id: str, currency: str) -> Price:
    """Return the present price of an entity, in a currency.

    Raises:
        PriceEntityError: there is none, or it is implausible.
    """
    if (state := hass.states.get(entity_id)) is None:
        raise PriceEntityError("entity_gone")
    unit = _unit(currency, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
    if unit is None:
        raise PriceEntityError("entity_unit_unknown")
    price = unit.price(state.state)
    if price is None:
        raise PriceEntityError("entity_without_value")
    if price < 0:
        raise PriceEntityError("negative_price")
    if not unit.is_likely(price):
        raise PriceEntityError("price_too_high")
    return Price(price, quantity=unit.quantity)


def is_lost(hass: HomeAssistant, entity_id: str, currency: str) -> bool:
    """Whether an entity has no price until the user acts."""
    try:
        current_price(hass, entity_id, currency)
    except PriceEntityError as err:
        return err.key != "entity_without_value"
    return False


async def async_prices(
    hass: HomeAssistant, entity_id: str, gas_days: Collection[date], currency: str
) -> dict[date, Price]:
    """Return an entity's prices of gas days in a currency, without days without any.

    It is the price at the day's start, from the history; for days before it, the mean
    of the calendar day, from the long-term statistics.
    """
    if not gas_days:
        return {}
    start = gas_day_start(min(gas_days))
    read = get_instance(hass).async_add_executor_job
    prices = await read(_from_statistics, hass, entity_id, start, currency)
    changes = await read(_changes, hass, entity_id, start, currency)
    state = hass.states.get(entity_id)
    if state is not None and (now := _price_of(state, currency)) is not None:
        changes[state.last_changed] = now
    prices |= daily_prices(sorted(changes.items(), key=itemgetter(0)), gas_days)
    return {day: prices[day] for day in gas_days if day in prices}


def _price_of(state: State, currency: str) -> Price | None:
    """Return the price that a state was, in the unit that it had; None: it was none."""
    unit = _unit(currency, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
    if unit is None or (price := unit.likely_price(state.state)) is None:
        return None
    return Price(price, quantity=unit.quantity)


def _unit(currency: str, unit: str | None) -> _Unit | None:
    """Return the meaning of a unit such as €/kWh, EUR/MWh or €/m³; None: unknown."""
    money, _, quantity = (unit or "").replace(" ", "").partition("/")
    if money.upper() not in {currency, _SYMBOLS.get(currency, currency)}:
        return None
    return _UNITS.get(quantity.lower())


def _from_statistics(
    hass: HomeAssistant, entity_id: str, start: datetime, currency: str
) -> dict[date, Price]:
    """Return the mean of each calendar day (of a total, its last state)."""
    metadata = get_metadata(hass, statistic_ids={entity_id})
    if entity_id not in metadata:
        return {}
    # Statistics keep the unit that they were compiled in.
    unit = _unit(currency, metadata[entity_id][1]["unit_of_measurement"])
    if unit is None:
        return {}
    rows = statistics_during_period(
        hass,
        start - _MIDNIGHT_TO_SIX,
        None,
        {entity_id},
        "day",
        None,
        {"mean", "state"},
    )
    return {
        dt_util.as_local(datetime.fromtimestamp(row["start"], UTC)).date(): Price(
            price, quantity=unit.quantity
        )
        for row in rows.get(entity_id, [])
        for mean in [row.get("mean")]
        for number in [row.get("state") if mean is None else mean]
        if (price := unit.likely_price(number)) is not None
    }


def _changes(
    hass: HomeAssistant, entity_id: str, start: datetime, currency: str
) -> dict[datetime, Price]:
    """Return the prices in the history; a state that is no price changes nothing."""
    states = state_changes_during_period(hass, start, None, entity_id)
    return {
        state.last_changed: price
        for state in states.get(entity_id, [])
        if (price := _price_of(state, currency)) is not None
    }
