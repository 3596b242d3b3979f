"""What a meter is: a value, read from its config subentry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from ..const import CONF_OUTDOOR, CONF_PCE, CONF_SERIES, GrdfEnvironment
from ..contract.connection import environment_of
from ..helpers.ids import meter_key
from ..helpers.issues import Subject
from ..prices.settings import PriceSettings, price_settings


@dataclass(frozen=True, slots=True)
class Meter:
    """What a meter is.

    Attributes:
        subentry_id: of its config subentry.
        environment: GRDF's production or sandbox.
        pce: its PCE, 14 digits or `GI` and 6 digits.
        series: 1 for the first holder's statistics, 2 for the next one's, and so on.
        title: the name that its owner gave it.
        prices: where its prices come from; None: it has none.
        outdoor: the entity id of its outdoor temperature sensor, if it has one.
    """

    subentry_id: str
    environment: GrdfEnvironment
    pce: str
    series: int
    title: str
    prices: PriceSettings | None
    outdoor: str | None

    @property
    def key(self) -> str:
        """Its key in statistic, unique and storage ids."""
        return meter_key(self.environment, self.pce, self.series)

    @property
    def is_production(self) -> bool:
        """Whether it is in GRDF's production, not in its sandbox."""
        return self.environment is GrdfEnvironment.PRODUCTION

    @property
    def proofs_key(self) -> str:
        """The key under which proofs of consents are kept, whoever holds the PCE."""
        return meter_key(self.environment, self.pce)

    @property
    def series_title(self) -> str:
        """The name of its statistics; those of a later holder are numbered."""
        return self.title if self.series == 1 else f"{self.title} #{self.series}"

    @property
    def subject(self) -> Subject:
        """What a repair says of it."""
        return Subject(self.subentry_id, self.title, self.pce)


def meter_of(entry: ConfigEntry, subentry: ConfigSubentry) -> Meter:
    """Return the meter of a config subentry."""
    data: Mapping[str, Any] = subentry.data
    return Meter(
        subentry_id=subentry.subentry_id,
        environment=environment_of(entry.data),
        pce=data[CONF_PCE],
        series=data.get(CONF_SERIES, 1),
        title=subentry.title,
        prices=price_settings(data),
        outdoor=data.get(CONF_OUTDOOR),
    )
