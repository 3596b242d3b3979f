"""What GRDF said of each gas day of one meter; merging new blocks into it.

The ledger keeps each source's own word on a day, side by side, so that the order in
which answers arrive never matters; `series` decides between them. Nothing that an
answer does not mention is ever removed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..adict import (
    Consumption,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
)
from .gas_day import gas_days_between


class Source(StrEnum):
    """Where the value of a gas day comes from."""

    PUBLISHED = "published"
    INFORMATIVE = "informative"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class DayValue:
    """What one source says of one gas day.

    Attributes:
        energy: kWh PCS; None when the day is absent.
        volume: m³ counted by the index; None when unknown.
        coefficient: kWh PCS per m³; None when unknown.
        qualification: how GRDF came by the value.
        final: False while GRDF may still replace it without a correction.
    """

    energy: float | None
    volume: float | None
    coefficient: float | None
    qualification: Qualification
    final: bool


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """A published consumption of several gas days.

    Attributes:
        start: first instant, aware.
        end: first instant after it, aware.
        value: the whole block's, as of one day.
    """

    start: datetime
    end: datetime
    value: DayValue

    @property
    def gas_days(self) -> list[date]:
        """The gas days it covers."""
        return gas_days_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class HeldValue:
    """An energy beyond what the meter can pass: taken once it is repeated.

    Attributes:
        energy: kWh PCS.
        seen: the date in France on which GRDF first said it.
    """

    energy: float
    seen: date


@dataclass(frozen=True, slots=True)
class IndexReading:
    """The newest index that GRDF gave: m³ on the meter, and when it was read."""

    index: float
    at: datetime


type Daily = Mapping[date, DayValue]
type Limit = Callable[[datetime, datetime], float | None]
"""The most kWh that the meter can pass between two instants; None: unknown."""

_EMPTY: Final[Mapping[Source, Daily]] = MappingProxyType({})
_NONE_HELD: Final[Mapping[str, HeldValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that is known of one meter's consumption.

    Attributes:
        daily: per source, its value of each gas day.
        blocks: published consumptions longer than a day, by start, then end.
        held: implausible energies by their period, as `period_key` names it.
        reading: the newest index.
    """

    daily: Mapping[Source, Daily] = _EMPTY
    blocks: tuple[PublishedBlock, ...] = ()
    held: Mapping[str, HeldValue] = field(default=_NONE_HELD)
    reading: IndexReading | None = None


_RANK: Final = {
    Qualification.ABSENT: 0,
    Qualification.UNKNOWN: 1,
    Qualification.ESTIMATED: 2,
    Qualification.MEASURED: 3,
    Qualification.CORRECTED: 4,
}


def rank(value: DayValue) -> int:
    """Order values of one day: corrected, measured, estimated, unknown, absent."""
    return 0 if value.energy is None else _RANK[value.qualification]


def period_key(start: datetime, end: datetime) -> str:
    """Name a period by its gas days, first and last."""
    days = gas_days_between(start, end)
    return f"{days[0]}/{days[-1]}"


def merge(
    ledger: Ledger,
    blocks: Iterable[Consumption],
    *,
    complete: bool,
    today: date,
    limit: Limit,
) -> Ledger:
    """Return the ledger with one answer's blocks taken in.

    A value beyond `limit` is held back, and taken when GRDF repeats it on a later day.

    Args:
        ledger: what is known so far.
        blocks: one answer's, in the order of its stream.
        complete: whether the answer reached its end; only then may an explicit
            absence, or a weaker word than the one held, replace a value.
        today: the date in France.
        limit: the most energy that a period can hold.
    """
    usable = [block for block in blocks if _counts_gas_used(block)]
    plausible, held = _hold_back(ledger.held, usable, today=today, limit=limit)
    days: dict[Source, dict[date, DayValue]] = {}
    published: dict[tuple[datetime, datetime], DayValue] = {}
    for block in _strongest_last(plausible):
        value = _value(block)
        gas_days = gas_days_between(block.start, block.end)
        if len(gas_days) == 1:
            days.setdefault(_source(block), {})[gas_days[0]] = value
        elif _source(block) is Source.PUBLISHED:
            published[block.start, block.end] = value
    return replace(
        ledger,
        daily=_merge_daily(ledger.daily, days, complete=complete),
        blocks=_merge_blocks(ledger.blocks, published, complete=complete),
        held=held,
        reading=_newest_reading(ledger.reading, usable),
    )


def recovered(days: Daily) -> Ledger:
    """Start a ledger from rows that outlived it."""
    return Ledger(daily={Source.RECOVERED: dict(days)}) if days else Ledger()


def _counts_gas_used(block: Consumption) -> bool:
    # A null energy that is not called an absence says nothing of its day.
    return (
        block.end > block.start
        and (block.energy is not None or block.qualification is Qualification.ABSENT)
        and block.direction is not FlowDirection.PRODUCTION
        and block.kind is not ConsumptionKind.INFORMATIVE_HOURLY
    )


def _source(block: Consumption) -> Source:
    if block.kind is ConsumptionKind.PUBLISHED:
        return Source.PUBLISHED
    return Source.INFORMATIVE


def _value(block: Consumption) -> DayValue:
    absent = block.qualification is Qualification.ABSENT
    final = block.status is ConsumptionStatus.FINAL or (
        # Only a published JJ day of the running month is marked provisional.
        block.status is None and _source(block) is Source.PUBLISHED
    )
    return DayValue(
        energy=None if absent else block.energy,
        volume=None if absent else block.raw_volume,
        coefficient=None if absent else block.conversion_coefficient,
        qualification=block.qualification,
        final=final,
    )


def _strongest_last(blocks: Iterable[Consumption]) -> list[Consumption]:
    """Order blocks so that the one to believe of a day comes last.

    Corrected beats measured, measured beats estimated, anything beats absence; among
    equals the later end, then the later in the stream.
    """
    return sorted(blocks, key=lambda block: (rank(_value(block)), block.end))


def _hold_back(
    held: Mapping[str, HeldValue],
    blocks: list[Consumption],
    *,
    today: date,
    limit: Limit,
) -> tuple[list[Consumption], Mapping[str, HeldValue]]:
    plausible: list[Consumption] = []
    still_held = dict(held)
    for block in blocks:
        key = period_key(block.start, block.end)
        most = limit(block.start, block.end)
        if block.energy is None:
            plausible.append(block)
        elif most is None or block.energy <= most:
            plausible.append(block)
            still_held.pop(key, None)
        elif (known := held.get(key)) is None or known.energy != block.energy:
            still_held[key] = HeldValue(energy=block.energy, seen=today)
        elif known.seen < today:
            plausible.append(block)
    return plausible, still_held


def _merge_daily(
    known: Mapping[Source, Daily],
    said: Mapping[Source, Daily],
    *,
    complete: bool,
) -> Mapping[Source, Daily]:
    merged = dict(known)
    for source, days in said.items():
        before = known.get(source, {})
        believed = {
            day: value
            for day, value in days.items()
            if complete or _may_replace(before.get(day), value)
        }
        merged[source] = dict(sorted({**before, **believed}.items()))
    return merged


def _merge_blocks(
    known: tuple[PublishedBlock, ...],
    said: Mapping[tuple[datetime, datetime], DayValue],
    *,
    complete: bool,
) -> tuple[PublishedBlock, ...]:
    merged = {(block.start, block.end): block.value for block in known}
    for period, value in said.items():
        if complete or _may_replace(merged.get(period), value):
            merged[period] = value
    return tuple(
        PublishedBlock(start, end, value)
        for (start, end), value in sorted(merged.items(), key=lambda item: item[0])
    )


def _may_replace(held: DayValue | None, said: DayValue) -> bool:
    """Whether an answer that was cut may say this: its stronger word may be missing."""
    return held is None or rank(said) >= rank(held)


def _readings(blocks: Iterable[Consumption]) -> Iterator[IndexReading]:
    for block in blocks:
        for reading in (block.start_reading, block.end_reading):
            if (
                reading is not None
                and reading.index is not None
                and reading.at is not None
            ):
                yield IndexReading(index=reading.index, at=reading.at)


def _newest_reading(
    known: IndexReading | None, blocks: Iterable[Consumption]
) -> IndexReading | None:
    candidates = [*([known] if known else []), *_readings(blocks)]
    # The sort is stable: of two readings of one instant, GRDF's latest word is last.
    by_time = sorted(candidates, key=lambda reading: reading.at)
    return by_time[-1] if by_time else None
