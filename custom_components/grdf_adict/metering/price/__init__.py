"""The price of each gas day, and what it costs."""

from .book import (
    CostSummary as CostSummary,
    KeptCosts as KeptCosts,
    MonthCost as MonthCost,
    Per as Per,
    Price as Price,
    PriceBook as PriceBook,
    PriceList as PriceList,
    PricePeriod as PricePeriod,
    Quantity as Quantity,
    daily_prices as daily_prices,
    day_costs as day_costs,
    in_currency as in_currency,
    price_list as price_list,
    priced_by_list as priced_by_list,
    recovered_prices as recovered_prices,
    summarise_costs as summarise_costs,
)
from .book_json import (
    book_from_json as book_from_json,
    book_to_json as book_to_json,
    costs_from_json as costs_from_json,
    costs_to_json as costs_to_json,
)
from .by_entity import (
    PriceJump as PriceJump,
    decided as decided,
    doubted_prices as doubted_prices,
    price_jumps as price_jumps,
    priced_by_entity as priced_by_entity,
    unpriced as unpriced,
)
