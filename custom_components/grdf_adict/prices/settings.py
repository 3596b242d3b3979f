"""The price settings of a meter, as its subentry stores them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ..metering.price import Per, Price, PriceList, PricePeriod, price_list

CONF_PRICE: Final = "price"
CONF_ENERGY: Final = "energy_price"
CONF_ENTITY: Final = "entity"
CONF_FROM: Final = "from"
CONF_PER: Final = "per"
CONF_SUBSCRIPTION: Final = "subscription"
_CONF_ASKED: Final = "asked"
CONF_PERIODS: Final = "periods"
_CONF_REPRICE: Final = "reprice"


@dataclass(frozen=True, slots=True)
class PriceEntity:
    """An entity whose value is the price of gas, and a subscription beside it."""

    entity_id: str
    subscription: Decimal = Decimal(0)
    per: Per = Per.YEAR


@dataclass(frozen=True, slots=True)
class Reprice:
    """A request to reprice the gas days from a date on; `asked` identifies it."""

    since: date
    asked: str


@dataclass(frozen=True, slots=True)
class PriceSettings:
    """Where a meter's prices come from: its price list, or an entity in its place."""

    periods: PriceList = ()
    entity: PriceEntity | None = None
    reprice: Reprice | None = None


def price_settings(data: Mapping[str, Any]) -> PriceSettings | None:
    """Return the settings that a subentry's data hold; None: it has no price."""
    stored = data.get(CONF_PRICE)
    if not stored:
        return None
    entity, reprice = stored.get(CONF_ENTITY), stored.get(_CONF_REPRICE)
    return PriceSettings(
        periods=price_list(map(price_period, stored[CONF_PERIODS])),
        entity=entity
        and PriceEntity(
            entity[CONF_ENTITY],
            Decimal(entity[CONF_SUBSCRIPTION]),
            Per(entity[CONF_PER]),
        ),
        reprice=reprice
        and Reprice(date.fromisoformat(reprice[CONF_FROM]), reprice[_CONF_ASKED]),
    )


def price_data(settings: PriceSettings) -> dict[str, Any]:
    """Return the settings as a subentry stores them: money as text, dates in ISO."""
    entity, reprice = settings.entity, settings.reprice
    return {
        CONF_PERIODS: [_period_data(period) for period in settings.periods],
        CONF_ENTITY: entity
        and {
            CONF_ENTITY: entity.entity_id,
            CONF_SUBSCRIPTION: str(entity.subscription),
            CONF_PER: entity.per.value,
        },
        _CONF_REPRICE: reprice
        and {CONF_FROM: reprice.since.isoformat(), _CONF_ASKED: reprice.asked},
    }


def price_period(stored: Mapping[str, Any]) -> PricePeriod:
    """Return a period from its stored form, or from a form with numbers as typed."""
    return PricePeriod(
        date.fromisoformat(stored[CONF_FROM]),
        Price(
            Decimal(str(stored[CONF_ENERGY])),
            Decimal(str(stored[CONF_SUBSCRIPTION])),
            Per(stored[CONF_PER]),
        ),
    )


def _period_data(period: PricePeriod) -> dict[str, str]:
    """Return a period as JSON values."""
    return {
        CONF_FROM: period.start.isoformat(),
        CONF_ENERGY: str(period.price.energy),
        CONF_SUBSCRIPTION: str(period.price.subscription),
        CONF_PER: period.price.per.value,
    }
