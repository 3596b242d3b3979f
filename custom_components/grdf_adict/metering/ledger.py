"""What GRDF said of each gas day of one meter; merging new blocks into it.

The gas that a site uses and the gas that it injects have a ledger each.

The ledger keeps each source's own word on a day, side by side, so that the order in
which answers arrive never matters; `series` decides between them. Nothing that an
answer does not mention is ever removed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
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
    FILE_DAILY = "file_daily"
    FILE_WEEKLY = "file_weekly"
    FILE_MONTHLY = "file_monthly"
    ADOPTED = "adopted"
    """Another statistic of this Home Assistant's, where nobody else says anything."""


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
    """A published amount of gas of several gas days.

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
class FileValue:
    """What a file that the household exported says of a period.

    Attributes:
        value: the whole period's, as of one day.
        exported_on: the day of the export; a later one is believed.
        index: m³ on the meter at the period's end; None when unknown.
    """

    value: DayValue
    exported_on: date
    index: float | None


@dataclass(frozen=True, slots=True)
class SuspectValue:
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
type Exported = Mapping[tuple[date, date], FileValue]
"""By first gas day and the first one after."""
type Limit = Callable[[datetime, datetime], float | None]
"""The most kWh that the meter can pass between two instants; None: unknown."""

_LONGEST_DAY: Final = timedelta(hours=25)
_EMPTY: Final[Mapping[Source, Daily]] = MappingProxyType({})
_NO_FILES: Final[Mapping[Source, Exported]] = MappingProxyType({})
_NO_SUSPECTS: Final[Mapping[str, SuspectValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that is known of the gas that flows one way through a meter.

    Attributes:
        daily: per source, its value of each gas day.
        blocks: published amounts of more than a day, by start, then end.
        suspects: implausible energies, by source, gas days and value.
        reading: the newest index that ADICT gave.
        files: per kind of exported file, what it says of each period.
    """

    daily: Mapping[Source, Daily] = _EMPTY
    blocks: tuple[PublishedBlock, ...] = ()
    suspects: Mapping[str, SuspectValue] = field(default=_NO_SUSPECTS)
    reading: IndexReading | None = None
    files: Mapping[Source, Exported] = _NO_FILES


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
    """Return the ledger with one answer's blocks of one direction taken in.

    A value beyond `limit` is held back, and taken when GRDF repeats it on a later day.

    Args:
        ledger: what is known so far.
        blocks: one answer's, in the order of its stream.
        direction: the way the ledger's gas flows; other blocks are left out.
        complete: whether the answer reached its end; only then may an explicit
            absence, or a weaker word than the one held, replace a value.
        today: the date in France.
        limit: the most energy that a period can hold.
        doubtful: gas days of which the answer also said something impossible.
    """
    usable = [
        block for block in blocks if is_of(block, direction) and _counts_gas(block)
    ]
    believed, suspects, kept_back = _hold_back(
        ledger.suspects, usable, today=today, limit=limit
    )
    daily = {source: dict(days) for source, days in ledger.daily.items()}
    published = {
        (block.start, block.end): block.value
        for block in ledger.blocks
        if not (complete and _is_superseded(block, believed))
    }
    for block in _strongest(believed):
        gas_days = _gas_days(block)
        # Where a value is kept back or impossible, the word that would win is missing.
        whole = (
            complete
            and _period(block) not in kept_back
            and not any(day in doubtful for day in gas_days)
        )
        if len(gas_days) == 1:
            days = daily.setdefault(_source(block), {})
            _believe(days, gas_days[0], _value(block), whole=whole)
        elif _source(block) is Source.PUBLISHED:
            period = block.start, block.end
            _believe(published, period, _value(block), whole=whole)
    return replace(
        ledger,
        daily={source: dict(sorted(days.items())) for source, days in daily.items()},
        blocks=tuple(
            PublishedBlock(start, end, value)
            for (start, end), value in sorted(published.items(), key=_by_period)
        ),
        suspects=suspects,
        reading=_newest_reading(ledger.reading, usable),
    )


def is_of(block: Consumption, direction: FlowDirection) -> bool:
    """Whether a block's gas flows that way: it is gas used unless it says otherwise."""
    injected = block.direction is FlowDirection.PRODUCTION
    return injected is (direction is FlowDirection.PRODUCTION)


def recovered(days: Daily) -> Ledger:
    """Start a ledger from rows that outlived it."""
    return Ledger(daily={Source.RECOVERED: dict(days)}) if days else Ledger()


def _counts_gas(block: Consumption) -> bool:
    # A null energy that is not called an absence says nothing of its day.
    return (
        block.end > block.start
        and (block.energy is not None or block.qualification is Qualification.ABSENT)
        and block.kind is not ConsumptionKind.INFORMATIVE_HOURLY
    )


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


def _strongest(blocks: Iterable[Consumption]) -> list[Consumption]:
    """Return the one block to believe of each source and period.

    Corrected beats measured, measured beats estimated, anything beats absence; among
    equals the later end, then the later in the stream.
    """
    weakest_first = sorted(blocks, key=lambda block: (rank(_value(block)), block.end))
    return list({_period(block): block for block in weakest_first}.values())


def _hold_back(
    suspects: Mapping[str, SuspectValue],
    blocks: list[Consumption],
    *,
    today: date,
    limit: Limit,
) -> tuple[list[Consumption], dict[str, SuspectValue], set[tuple[Source, str]]]:
    """Sort out what is beyond the limit and was not said before today.

    Returns the blocks to believe, what is held from now on, and the periods of which
    something was held back.
    """
    believed: list[Consumption] = []
    beyond: dict[str, SuspectValue] = {}
    kept_back: set[tuple[Source, str]] = set()
    for block in blocks:
        most = limit(block.start, block.end)
        if block.energy is None or most is None or block.energy <= most:
            believed.append(block)
            continue
        key = f"{_prefix(_period(block))}{block.energy}"
        beyond[key] = suspects.get(key, SuspectValue(energy=block.energy, seen=today))
        if beyond[key].seen < today:
            believed.append(block)
        else:
            kept_back.add(_period(block))
    mentioned = tuple({_prefix(_period(block)) for block in blocks})
    unmentioned = {
        key: value for key, value in suspects.items() if not key.startswith(mentioned)
    }
    return believed, unmentioned | beyond, kept_back


def _period(block: Consumption) -> tuple[Source, str]:
    return _source(block), _key(_gas_days(block))


def _gas_days(block: Consumption) -> list[date]:
    # A day whose bounds are off 06:00 is still the day that GRDF calls it.
    if block.gas_day is not None and block.end - block.start <= _LONGEST_DAY:
        return [block.gas_day]
    return gas_days_between(block.start, block.end)


def _key(days: list[date]) -> str:
    return f"{days[0]}/{days[-1]}"


def _prefix(period: tuple[Source, str]) -> str:
    return " ".join((*period, ""))


def _is_superseded(known: PublishedBlock, said: Iterable[Consumption]) -> bool:
    """Whether GRDF now tells all of a block's days in other blocks."""
    periods = [
        (block.start, block.end)
        for block in said
        if _source(block) is Source.PUBLISHED and block.energy is not None
    ]
    if (known.start, known.end) in periods:
        return False
    told = {day for period in periods for day in gas_days_between(*period)}
    return told.issuperset(known.gas_days)


def _believe[K](
    known: dict[K, DayValue], period: K, said: DayValue, *, whole: bool
) -> None:
    """Take a value in; of an answer that is not whole, only one as strong as before."""
    held = known.get(period)
    weakest = 1 if held is None else rank(held)
    if whole or rank(said) >= weakest:
        known[period] = said


def _by_period(
    block: tuple[tuple[datetime, datetime], DayValue],
) -> tuple[datetime, datetime]:
    return block[0]


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
