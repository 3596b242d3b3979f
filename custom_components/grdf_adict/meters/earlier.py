"""Rows that were imported by hand before a meter's first gas day."""

from dataclasses import replace
from datetime import date

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..adict import FlowDirection, mask_pce
from ..const import Issue
from ..external_statistics.stored import (
    async_currency,
    async_factor,
    async_foreign_rows,
)
from ..helpers.ids import Statistic
from ..helpers.issues import Repair, async_hide_issue, async_show_issue
from ..helpers.texts import escaped, shown_date
from ..metering import with_rows
from ..storage.meter_file import MeterFile
from .meter import Meter
from .summaries import MeterRows


async def async_with_earlier_rows(
    hass: HomeAssistant, meter: Meter, file: MeterFile, rows: MeterRows
) -> MeterFile:
    """Return a file with the recorder's rows from before the first gas day.

    Where there is nothing new, it is the same file.

    Args:
        hass: Home Assistant.
        meter: what the meter is.
        file: the meter's.
        rows: the file's.
    """
    firsts, key = first_days(meter, rows), meter.key
    begins = {
        statistic: known.written_from(first)
        if first and (known := file.earlier.get(statistic))
        else first
        for statistic, first in firsts.items()
    }
    found = await async_foreign_rows(hass, key, begins)
    if Statistic.COST in found:
        currency = await async_currency(hass, key)
        if (kept := file.prices.kept) and currency == kept.currency:
            # They are moved to a series of their own.
            del found[Statistic.COST]
    earlier = {
        statistic: with_rows(
            file.earlier.get(statistic),
            found.get(statistic, ()),
            await async_factor(hass, key, statistic),
        )
        for statistic in firsts
        if statistic in {*file.earlier, *found}
    }
    begun = {
        statistic: each.begun(first) if (first := firsts[statistic]) else each
        for statistic, each in earlier.items()
    }
    return file if begun == file.earlier else replace(file, earlier=begun)


def first_days(meter: Meter, rows: MeterRows) -> dict[Statistic, date | None]:
    """Return the first gas day of each series that is written; None: it has none.

    Costs are not, of a meter without a price: those in the recorder stay.
    """
    used, injected = (
        rows[direction].days[0].gas_day if rows[direction].days else None
        for direction in (FlowDirection.CONSUMPTION, FlowDirection.PRODUCTION)
    )
    return {
        Statistic.ENERGY: used,
        Statistic.VOLUME: used,
        **({} if meter.prices is None else {Statistic.COST: used}),
        Statistic.INJECTION: injected,
    }


def show_earlier(
    hass: HomeAssistant,
    entry: ConfigEntry,
    meter: Meter,
    file: MeterFile,
    rows: MeterRows,
) -> None:
    """Show a repair while the user has to see, or to decide, about earlier rows."""
    firsts = first_days(meter, rows)
    covered = any(
        first is not None and each.covered_by(first) and not each.is_settled
        for statistic, each in file.earlier.items()
        for first in [firsts.get(statistic)]
    )
    new = any(not each.is_announced for each in file.earlier.values())
    for issue, is_wanted in (
        (Issue.EARLIER_ROWS_COVERED, covered),
        (Issue.EARLIER_ROWS, new and not covered),
    ):
        if not is_wanted:
            async_hide_issue(hass, issue, meter.subentry_id)
            continue
        every = [row for each in file.earlier.values() for row in each.rows]
        days = [row.gas_day for row in every]
        begin = min((first for first in firsts.values() if first), default=max(days))
        language = hass.config.language
        texts = {
            "meter": escaped(meter.title),
            "pce": mask_pce(meter.pce),
            "count": str(len(every)),
            "first": shown_date(min(days), language),
            "last": shown_date(max(days), language),
            "begin": shown_date(begin, language),
        }
        repair = Repair(
            issue, meter.subentry_id, texts, data={"subentry_id": meter.subentry_id}
        )
        async_show_issue(hass, entry, repair)
