"""The forms in which a meter's owner tells prices."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from homeassistant.helpers.selector import (
    DateSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..helpers.texts import shown_date, shown_decimal
from ..metering.price import Per, PriceList, PricePeriod
from ..prices.entity import MOST_PER_KWH
from ..prices.settings import (
    CONF_ENERGY,
    CONF_ENTITY,
    CONF_FROM,
    CONF_PER,
    CONF_PERIODS,
    CONF_SUBSCRIPTION,
)

type Errors = dict[str, str]

_PER = SelectSelector(
    SelectSelectorConfig(
        options=[per.value for per in Per],
        mode=SelectSelectorMode.DROPDOWN,
        translation_key=CONF_PER,
    )
)


def period_schema(currency: str) -> vol.Schema:
    """Return the form of one period of a price list."""
    return vol.Schema(
        {
            vol.Required(CONF_FROM): DateSelector(),
            vol.Required(CONF_ENERGY): _amount(f"{currency}/kWh"),
            **_subscription(currency),
        }
    )


def entity_schema(currency: str) -> vol.Schema:
    """Return the form of a price entity."""
    return vol.Schema(
        {
            vol.Required(CONF_ENTITY): EntitySelector(
                EntitySelectorConfig(domain=["sensor", "input_number"])
            ),
            **_subscription(currency),
        }
    )


def choice_schema(
    periods: PriceList, currency: str, language: str, *, multiple: bool
) -> vol.Schema:
    """Return the form that picks periods of a price list."""
    options = [
        SelectOptionDict(
            value=period.start.isoformat(),
            label=f"{shown_date(period.start, language)} ·"
            f" {shown_decimal(period.price.energy, language)} {currency}/kWh",
        )
        for period in periods
    ]
    return vol.Schema(
        {
            vol.Required(CONF_PERIODS): SelectSelector(
                SelectSelectorConfig(
                    options=options, multiple=multiple, mode=SelectSelectorMode.LIST
                )
            )
        }
    )


def period_errors(period: PricePeriod, others: Iterable[PricePeriod]) -> Errors:
    """Return what is wrong with a period, by field, beside the others of its list."""
    errors = subscription_errors(period.price.subscription)
    if period.price.energy < 0:
        errors[CONF_ENERGY] = "negative_price"
    elif period.price.energy > MOST_PER_KWH:
        errors[CONF_ENERGY] = "price_too_high"
    if any(period.start == other.start for other in others):
        errors[CONF_FROM] = "same_date"
    return errors


def subscription_errors(amount: Decimal) -> Errors:
    """Return what is wrong with a subscription, by field."""
    return {CONF_SUBSCRIPTION: "negative_price"} if amount < 0 else {}


def table_rows(periods: PriceList, language: str) -> str:
    """Return the rows of a price list as a table in Markdown."""
    rows = [
        (
            shown_date(period.start, language),
            shown_decimal(period.price.energy, language),
            *(
                shown_decimal(period.price.subscription, language)
                if period.price.per is per
                else ""
                for per in (Per.YEAR, Per.MONTH)
            ),
        )
        for period in periods
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows or [("—",) * 4])


def form_values(period: PricePeriod) -> dict[str, Any]:
    """Return a period as its form shows it."""
    return {
        CONF_FROM: period.start.isoformat(),
        CONF_ENERGY: float(period.price.energy),
        CONF_SUBSCRIPTION: float(period.price.subscription),
        CONF_PER: period.price.per.value,
    }


def _subscription(currency: str) -> dict[vol.Marker, object]:
    return {
        vol.Required(CONF_SUBSCRIPTION, default=0): _amount(currency),
        vol.Required(CONF_PER, default=Per.YEAR.value): _PER,
    }


def _amount(unit: str) -> NumberSelector:
    # Without a least value: one below zero is refused in words.
    return NumberSelector(
        NumberSelectorConfig(
            mode=NumberSelectorMode.BOX, step="any", unit_of_measurement=unit
        )
    )
