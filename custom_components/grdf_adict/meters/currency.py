"""A change of Home Assistant's currency: what was priced in the one before."""

from collections.abc import Iterable
from dataclasses import replace

from ..adict import FlowDirection
from ..helpers.ids import Statistic
from ..metering.price import in_currency
from .coordinator import MeterCoordinator


def priced_otherwise(
    meters: Iterable[MeterCoordinator], currency: str
) -> list[MeterCoordinator]:
    """Return the meters with a price whose costs are in another currency."""
    return [
        meter
        for meter in meters
        if meter.meter.prices is not None
        and meter.data.costs.currency not in {None, currency}
    ]


async def async_price_in(
    meter: MeterCoordinator, currency: str, *, keep_earlier: bool
) -> None:
    """Price a meter's gas days in another currency.

    Args:
        meter: with a price.
        currency: the other one (ISO 4217).
        keep_earlier: whether the costs through the newest gas day stay as they are, as
            a series of their own; else all gas days are priced anew.

    Raises:
        RecorderBusyError: the recorder is still working off its queue; its rows follow.
        UpdateFailed: the disk is full; nothing is changed.
    """
    async with meter.book.async_open() as opened:
        days = (await opened.async_rows())[FlowDirection.CONSUMPTION].days
        through = days[-1].gas_day if keep_earlier and days else None
        others = {**opened.file.earlier}
        if (imported := others.pop(Statistic.COST, None)) is not None:
            # Their currency cannot change.
            through = through or imported.rows[-1].gas_day
        prices = in_currency(opened.file.prices, currency, keep_through=through)
        opened.file = replace(opened.file, prices=prices, earlier=others)
        await opened.async_keep()
    await meter.async_compare()
