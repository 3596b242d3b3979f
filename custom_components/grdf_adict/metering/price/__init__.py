"""The price of each gas day, and what it costs."""

from .book import (
    CostSummary,
    Per,
    Price,
    PriceBook,
    PriceList,
    PricePeriod,
    Quantity,
    daily_prices,
    day_costs,
    price_list,
    priced_by_entity,
    priced_by_list,
    recovered_prices,
    summarise_costs,
    unpriced,
)
from .book_json import book_from_json, book_to_json, costs_from_json, costs_to_json

__all__ = [
    "CostSummary",
    "Per",
    "Price",
    "PriceBook",
    "PriceList",
    "PricePeriod",
    "Quantity",
    "book_from_json",
    "book_to_json",
    "costs_from_json",
    "costs_to_json",
    "daily_prices",
    "day_costs",
    "price_list",
    "priced_by_entity",
    "priced_by_list",
    "recovered_prices",
    "summarise_costs",
    "unpriced",
]
