"""What the user wants of the rows that were imported before a meter's first gas day."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from ..external_statistics.rows import async_erase_series
from ..helpers.ids import statistic_id
from ..metering import EarlierRows
from .coordinator import MeterCoordinator
from .earlier import first_days


class EarlierChoice(StrEnum):
    """What the user wants of the earlier rows."""

    KEEP = "keep_rows"
    REMOVE = "remove_rows"
    REPLACE = "replace_rows"
    STAY = "let_rows_stay"


async def async_settle_earlier(meter: MeterCoordinator, choice: EarlierChoice) -> None:
    """Do with a meter's earlier rows what the user chose.

    Raises:
        RecorderBusyError: the recorder is still working off its queue.
        UpdateFailed: the disk is full; nothing is changed.
    """
    async with meter.book.async_open() as opened:
        firsts = first_days(meter.meter, await opened.async_rows())
        before = {
            statistic: earlier
            for statistic, earlier in opened.file.earlier.items()
            if statistic in firsts
        }
        after = {
            statistic: _settled(earlier, choice, firsts[statistic])
            for statistic, earlier in before.items()
        }
        if changed := {
            statistic_id(meter.key, statistic)
            for statistic, earlier in before.items()
            if (left := after[statistic]) is None or left.rows != earlier.rows
        }:
            # Rows that are in the recorder would count as imported anew.
            await async_erase_series(meter.hass, changed)
        kept = {statistic: left for statistic, left in after.items() if left}
        opened.file = replace(opened.file, earlier=kept)
        await opened.async_keep()
    await meter.async_compare()


def _settled(
    earlier: EarlierRows, choice: EarlierChoice, first: date | None
) -> EarlierRows | None:
    match choice:
        case EarlierChoice.KEEP:
            return replace(earlier, is_announced=True)
        case EarlierChoice.STAY:
            return replace(earlier, is_announced=True, is_settled=True)
        case EarlierChoice.REPLACE:
            return earlier.replaced_from(first) if first else earlier
        case EarlierChoice.REMOVE:
            return None
