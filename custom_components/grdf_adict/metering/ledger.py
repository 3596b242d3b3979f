"""The values of each gas day of one meter by source; merging new blocks into them.

The gas that a site uses and the gas that it injects have a ledger each.

The ledger keeps the sources' values side by side, so that the order in which answers
arrive never matters; `series` decides between them. Nothing that an answer does not
mention is ever removed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from ..adict import (
    Consumption,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
    Reading,
)
from .gas_day import ONE_DAY, gas_day_start, gas_days_between

_LONGEST_DAY: Final = timedelta(hours=25)
_RANK: Final = {
    Qualification.ABSENT: 0,
    Qualification.UNKNOWN: 1,
    Qualification.ESTIMATED: 2,
    Qualification.MEASURED: 3,
    Qualification.CORRECTED: 4,
}


class Source(StrEnum):
    """Where the value of a gas day comes from."""

    PUBLISHED = "published"
    INFORMATIVE = "informative"
    RECOVERED = "recovered"
    FILE_DAILY = "file_daily"
    FILE_WEEKLY = "file_weekly"
    FILE_MONTHLY = "file_monthly"
    ADOPTED = "adopted"
    """Another statistic of this Home Assistant, where no other source has a value."""


@dataclass(frozen=True, slots=True)
class DayValue:
    """One source's value of one gas day.

    Attributes:
        energy: kWh PCS; None when the day is absent.
        volume: m³ counted by the index; None when unknown.
        coefficient: kWh PCS per m³; None when unknown.
        qualification: GRDF's.
        final: False while GRDF may still replace it without a correction.
    """

    energy: float | None
    volume: float | None
    coefficient: float | None
    qualification: Qualification
    final: bool


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """A published amount of several gas days: `end` is exclusive, both are aware."""

    start: datetime
    end: datetime
    value: DayValue

    @property
    def gas_days(self) -> list[date]:
        """The gas days it covers."""
        return gas_days_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class FileValue:
    """An exported file's value of a whole period; a later export takes precedence.

    `index` is m³ on the meter at the period's end; None when unknown.
    """

    value: DayValue
    exported_on: date
    index: float | None


@dataclass(frozen=True, slots=True)
class SuspectValue:
    """kWh PCS beyond the meter's limit, and the date in France when first received.

    It is accepted once GRDF repeats it on a later day.
    """

    energy: float
    seen: date


@dataclass(frozen=True, slots=True)
class IndexReading:
    """The newest index that GRDF gave: m³ on the meter, and when it was read."""

    index: float
    at: datetime


type Daily = Mapping[date, DayValue]
type Exported = Mapping[tuple[date, date], FileValue]
"""By first gas day and the first one after."""
type Limit = Callable[[datetime, datetime], float | None]
"""The most kWh that the meter can pass between two instants; None: unknown."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that is known of the gas that flows one way through a meter.

    Attributes:
        daily: per source, its value of each gas day.
        blocks: published amounts of more than a day, by start, then end.
        suspects: implausible energies, by source, gas days and value.
        reading: the newest index that ADICT gave.
        files: per kind of exported file, its value of each period.
    """

    daily: Mapping[Source, Daily] = field(default_factory=dict)
    blocks: tuple[PublishedBlock, ...] = ()
    suspects: Mapping[str, SuspectValue] = field(default_factory=dict)
    reading: IndexReading | None = None
    files: Mapping[Source, Exported] = field(default_factory=dict)


def rank(value: DayValue) -> int:
    """Order values of one day: corrected, measured, estimated, unknown, absent."""
    return 0 if value.energy is None else _RANK[value.qualification]


def is_of(block: Consumption, direction: FlowDirection) -> bool:
    """Whether a block's gas flows that way: gas is used unless marked as injected."""
    injected = block.direction is FlowDirection.PRODUCTION
    return injected is (direction is FlowDirection.PRODUCTION)


def recovered(days: Daily) -> Ledger:
    """Start a ledger from the recorder's rows, after the ledger was lost."""
    return Ledger(daily={Source.RECOVERED: dict(days)}) if days else Ledger()


def merge(
    ledger: Ledger,
    blocks: Iterable[Consumption],
    *,
    direction: FlowDirection = FlowDirection.CONSUMPTION,
    complete: bool,
    today: date,
    limit: Limit,
    doubtful: Collection[date] = (),
) -> Ledger:
    """Return the ledger with one answer's blocks of one direction merged into it.

    A value beyond `limit` is withheld, and accepted when GRDF repeats it on a later
    day.

    Args:
        ledger: what is known so far.
        blocks: one answer's, in the order of its stream.
        direction: the way the ledger's gas flows; other blocks are left out.
        complete: whether the answer reached its end; only then may an explicit
            absence, or a weaker value than the current one, replace a value.
        today: the date in France.
        limit: the most energy that a period can hold.
        doubtful: gas days of which the answer also gave an impossible value.
    """
    usable = [
        block for block in blocks if is_of(block, direction) and _has_content(block)
    ]
    accepted, suspects, withheld = _withhold(
        ledger.suspects, usable, today=today, limit=limit
    )
    daily = {source: dict(days) for source, days in ledger.daily.items()}
    published = {
        (block.start, block.end): block.value
        for block in ledger.blocks
        if not (complete and _is_superseded(block, accepted))
    }
    for block in _strongest(accepted):
        gas_days = _gas_days(block)
        # Where a value is withheld or impossible, the strongest one is missing.
        whole = (
            complete
            and _period(block) not in withheld
            and not any(day in doubtful for day in gas_days)
        )
        if len(gas_days) == 1:
            days = daily.setdefault(_source(block), {})
            _update(days, gas_days[0], _value(block), whole=whole)
        elif _source(block) is Source.PUBLISHED:
            _update(published, (block.start, block.end), _value(block), whole=whole)
    return replace(
        ledger,
        daily={source: dict(sorted(days.items())) for source, days in daily.items()},
        blocks=tuple(
            PublishedBlock(start, end, value)
            for (start, end), value in sorted(published.items())
        ),
        suspects=suspects,
        reading=_newest_reading(ledger.reading, usable, today),
    )


def dated_readings(
    blocks: Iterable[Consumption],
) -> Iterator[tuple[datetime, Reading, Consumption]]:
    """Yield the readings of blocks that have a time, with it and their block."""
    for block in blocks:
        for reading in (block.start_reading, block.end_reading):
            if reading is not None and reading.at is not None:
                yield reading.at, reading, block


def _has_content(block: Consumption) -> bool:
    # A null energy that is not marked as an absence is no value.
    return (
        block.end > block.start
        and (block.energy is not None or block.qualification is Qualification.ABSENT)
        and block.kind is not ConsumptionKind.INFORMATIVE_HOURLY
    )


def _withhold(
    suspects: Mapping[str, SuspectValue],
    blocks: list[Consumption],
    *,
    today: date,
    limit: Limit,
) -> tuple[list[Consumption], dict[str, SuspectValue], set[str]]:
    """Separate the values beyond the limit that were not received before today.

    Returns the blocks to accept, the suspects from now on, and the periods with a
    value that was withheld.
    """
    accepted: list[Consumption] = []
    beyond: dict[str, SuspectValue] = {}
    withheld: set[str] = set()
    for block in blocks:
        most = limit(block.start, block.end)
        if block.energy is None or most is None or block.energy <= most:
            accepted.append(block)
            continue
        key = f"{_period(block)}{block.energy}"
        beyond[key] = suspects.get(key, SuspectValue(energy=block.energy, seen=today))
        if beyond[key].seen < today:
            accepted.append(block)
        else:
            withheld.add(_period(block))
    mentioned = tuple({_period(block) for block in blocks})
    unmentioned = {
        key: value for key, value in suspects.items() if not key.startswith(mentioned)
    }
    return accepted, unmentioned | beyond, withheld


def _is_superseded(known: PublishedBlock, accepted: Iterable[Consumption]) -> bool:
    """Whether GRDF now gives all of a block's days in other blocks."""
    periods = [
        (block.start, block.end)
        for block in accepted
        if _source(block) is Source.PUBLISHED and block.energy is not None
    ]
    if (known.start, known.end) in periods:
        return False
    covered = {day for period in periods for day in gas_days_between(*period)}
    return covered.issuperset(known.gas_days)


def _strongest(blocks: Iterable[Consumption]) -> list[Consumption]:
    """Return the one block that counts of each source and period.

    Corrected beats measured, measured beats estimated, anything beats absence; among
    equals the later end, then the later in the stream.
    """
    weakest_first = sorted(blocks, key=lambda block: (rank(_value(block)), block.end))
    return list({_period(block): block for block in weakest_first}.values())


def _update[K](
    known: dict[K, DayValue], period: K, value: DayValue, *, whole: bool
) -> None:
    """Set a value; of an answer that is not whole, only one as strong as before."""
    current = known.get(period)
    weakest = 1 if current is None else rank(current)
    if whole or rank(value) >= weakest:
        known[period] = value


def _period(block: Consumption) -> str:
    """Return a block's source and gas days, as the keys of suspects begin."""
    days = _gas_days(block)
    return f"{_source(block)} {days[0]}/{days[-1]} "


def _gas_days(block: Consumption) -> list[date]:
    # A day whose bounds are off 06:00 is still the day that GRDF names.
    if block.gas_day is not None and block.end - block.start <= _LONGEST_DAY:
        return [block.gas_day]
    return gas_days_between(block.start, block.end)


def _source(block: Consumption) -> Source:
    if block.kind in {ConsumptionKind.PUBLISHED, ConsumptionKind.INJECTION}:
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


def _newest_reading(
    known: IndexReading | None, blocks: Iterable[Consumption], today: date
) -> IndexReading | None:
    # An earlier version may have kept a reading of the future.
    latest = gas_day_start(today + 2 * ONE_DAY)
    readings = [
        *([known] if known and known.at < latest else []),
        *(
            IndexReading(reading.index, at)
            for at, reading, _ in dated_readings(blocks)
            if reading.index is not None
        ),
    ]
    # Of two readings of one instant, the last one that GRDF gave.
    return max(reversed(readings), key=attrgetter("at"), default=None)
