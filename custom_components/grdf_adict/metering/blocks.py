"""What a block of GRDF's is of: its gas days, its direction, its readings."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from ..adict import (
    Consumption,
    ConsumptionKind,
    FlowDirection,
    Qualification,
    Reading,
)
from .gas_day import gas_days_between

_LONGEST_DAY: Final = timedelta(hours=25)


def gas_days_of(block: Consumption) -> list[date]:
    """Name a block's gas days: that which GRDF names, else those that are nearest."""
    if block.gas_day is not None and block.end - block.start <= _LONGEST_DAY:
        return [block.gas_day]
    return gas_days_between(block.start, block.end)


def is_of(block: Consumption, direction: FlowDirection) -> bool:
    """Whether a block's gas flows that way: gas is used unless marked as injected."""
    injected = block.direction is FlowDirection.PRODUCTION
    return injected is (direction is FlowDirection.PRODUCTION)


def is_published(block: Consumption) -> bool:
    """Whether a block is of published gas; any other is informative."""
    return block.kind in {ConsumptionKind.PUBLISHED, ConsumptionKind.INJECTION}


def has_content(block: Consumption) -> bool:
    """Whether a block has an energy, or is marked as an absence of one."""
    # A null energy that is not marked as an absence is no value.
    return (
        block.end > block.start
        and (block.energy is not None or block.qualification is Qualification.ABSENT)
        and block.kind is not ConsumptionKind.INFORMATIVE_HOURLY
    )


def dated_readings(
    blocks: Iterable[Consumption],
) -> Iterator[tuple[datetime, Reading, Consumption]]:
    """Yield the readings of blocks that have a time, with it and their block."""
    for block in blocks:
        for reading in (block.start_reading, block.end_reading):
            if reading is not None and reading.at is not None:
                yield reading.at, reading, block
