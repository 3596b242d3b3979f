"""Prices and their jumps as texts show them."""

from ..helpers.texts import shown_date, shown_decimal
from ..metering.price import Price, PriceJump, Quantity

_UNITS = {Quantity.KWH: "kWh", Quantity.CUBIC_METRE: "m³"}


def price_unit(price: Price, currency: str) -> str:
    """Return the unit of a price, such as EUR/kWh."""
    return f"{currency}/{_UNITS[price.quantity]}"


def shown_price(price: Price, currency: str, language: str) -> str:
    """Return a price with its unit."""
    number = shown_decimal(price.energy.normalize(), language)
    return f"{number} {price_unit(price, currency)}"


def jump_texts(jump: PriceJump, currency: str, language: str) -> dict[str, str]:
    """Return the placeholders of texts about a price that jumps."""
    return {
        "date": shown_date(jump.gas_day, language),
        "before": shown_price(jump.before, currency, language),
        "after": shown_price(jump.after, currency, language),
    }
