"""The values of each gas day of one meter by source; merging new blocks into them.

The gas that a site uses and the gas that it injects have a ledger each.

The ledger keeps the sources' values side by side, so that the order in which answers
arrive never matters; `series` decides between them. Nothing that an answer does not
mention is ever removed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Final

from ..adict import Consumption, ConsumptionStatus, FlowDirection, Qualification
from .amounts import exact_sum
from .blocks import dated_readings, gas_days_of, has_content, is_of, is_published
from .day_parts import DayPart, DayParts, merged_parts, only_part, without_whole_days
from .facts import MOST_KWH_PER_M3
from .gas_day import ONE_DAY, gas_day_start, gas_days_between
from .temperatures import Temperatures

_RANK: Final = {
    Qualification.ABSENT: 0,
    Qualification.UNKNOWN: 1,
    Qualification.ESTIMATED: 2,
    Qualification.MEASURED: 3,
    Qualification.CORRECTED: 4,
}
# Of gas that came in several parts: it is estimated where one of them is, and so on.
_OF_PARTS: Final = (
    Qualification.ESTIMATED,
    Qualification.CORRECTED,
    Qualification.MEASURED,
    Qualification.UNKNOWN,
)


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

    @property
    def begins_and_ends_with_gas_days(self) -> bool:
        """Whether both of its bounds are 06:00 in France."""
        days = self.gas_days
        bounds = gas_day_start(days[0]), gas_day_start(days[-1] + ONE_DAY)
        return (self.start, self.end) == bounds


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
    """kWh PCS or m³ beyond the limit, and the date in France when first received.

    It is accepted once GRDF repeats it on a later day, and then kept as `repeated`.
    """

    energy: float
    seen: date
    repeated: bool = False


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
        parts: per source, what makes up its value of the gas days of which it did not
            give one value from 06:00 to 06:00.
        temperatures: local ones of gas days, from exported files; by date.
    """

    daily: Mapping[Source, Daily] = field(default_factory=dict)
    blocks: tuple[PublishedBlock, ...] = ()
    suspects: Mapping[str, SuspectValue] = field(default_factory=dict)
    reading: IndexReading | None = None
    files: Mapping[Source, Exported] = field(default_factory=dict)
    parts: Mapping[Source, Mapping[date, DayParts[DayValue]]] = field(
        default_factory=dict
    )
    temperatures: Temperatures = field(default_factory=dict)


def rank(value: DayValue) -> int:
    """Order values of one day: corrected, measured, estimated, unknown, absent."""
    return 0 if value.energy is None else _RANK[value.qualification]


def together(parts: Sequence[DayPart[DayValue]]) -> DayValue:
    """Return what parts of a gas day, at least one, are together.

    Energies add up, where there are any; a volume is unknown where one of theirs is.
    The coefficient is that of the last part.
    """
    known = [part.value for part in parts if part.value.energy is not None]
    if len(known) <= 1:
        return known[0] if known else parts[-1].value
    volumes = [value.volume for value in known]
    given = {value.qualification for value in known}
    return DayValue(
        energy=float(exact_sum(value.energy for value in known)),
        volume=None if None in volumes else float(exact_sum(volumes)),
        coefficient=known[-1].coefficient,
        qualification=next(each for each in _OF_PARTS if each in given),
        final=all(value.final for value in known),
    )


def recovered(days: Daily) -> Ledger:
    """Start a ledger from the recorder's rows, after the ledger was lost."""
    return Ledger(daily={Source.RECOVERED: dict(days)}) if days else Ledger()


def with_recovered(ledger: Ledger, days: Daily) -> Ledger:
    """Return a ledger with days of the recorder beside those it has."""
    known = ledger.daily.get(Source.RECOVERED, {})
    daily = {**ledger.daily, Source.RECOVERED: dict(sorted({**known, **days}.items()))}
    return replace(ledger, daily=daily)


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

    An energy or a volume beyond `limit` is withheld, and accepted when GRDF repeats it
    on a later day; so is a block that leaves its other days more than they can hold.

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
        block for block in blocks if is_of(block, direction) and has_content(block)
    ]
    accepted, suspects, withheld = _withhold(ledger, usable, today=today, limit=limit)
    daily = {source: dict(days) for source, days in ledger.daily.items()}
    parts = {source: dict(days) for source, days in ledger.parts.items()}
    published = _still_published(ledger.blocks, accepted if complete else ())
    for given in _strongest_first(accepted):
        strongest = given[0]
        source, gas_days = _source(strongest), gas_days_of(strongest)
        # Where a value is withheld or impossible, the strongest one is missing.
        whole = (
            complete
            and _period(strongest) not in withheld
            and not any(day in doubtful for day in gas_days)
        )
        first, last = gas_days[0], gas_days[-1]
        replaces = partial(_replaces, whole=whole)
        if first == last:
            known = _parts(ledger, source, first)
            of_day = merged_parts(known, map(_part, given), replaces)
            if of_day:
                daily.setdefault(source, {})[first] = together(of_day)
                parts.setdefault(source, {})[first] = of_day
        elif source is Source.PUBLISHED:
            before = published.get((first, last))
            value = _value(strongest)
            if replaces(value, [before.value] if before else []):
                published[first, last] = PublishedBlock(
                    strongest.start, strongest.end, value
                )
    return replace(
        ledger,
        daily={source: dict(sorted(days.items())) for source, days in daily.items()},
        blocks=tuple(sorted(published.values(), key=attrgetter("start", "end"))),
        suspects=suspects,
        reading=_newest_reading(ledger.reading, usable, today),
        parts={
            source: kept
            for source, days in parts.items()
            if (kept := without_whole_days(days))
        },
    )


def _withhold(
    ledger: Ledger, blocks: list[Consumption], *, today: date, limit: Limit
) -> tuple[list[Consumption], dict[str, SuspectValue], set[str]]:
    """Separate the values beyond the limit that were not received before today.

    Returns the blocks to accept, the suspects from now on, and the periods with an
    energy that was withheld. A volume alone is left out of its block.
    """
    accepted: list[Consumption] = []
    beyond: dict[str, SuspectValue] = {}
    withheld: set[str] = set()
    own = _own_energies(ledger)

    def is_withheld(
        block: Consumption, value: float | None, most: float | None, unit: str = ""
    ) -> bool:
        if value is None or most is None or value <= most:
            return False
        key = f"{_period(block)}{value}{unit}"
        suspect = ledger.suspects.get(key, SuspectValue(value, seen=today))
        is_repeated = suspect.seen < today
        beyond[key] = replace(suspect, repeated=suspect.repeated or is_repeated)
        return not is_repeated

    # First the days that longer blocks are shared beside.
    for block in sorted(blocks, key=lambda block: len(gas_days_of(block)) > 1):
        if is_withheld(block, block.energy, _most_beside(own, block, limit)):
            withheld.add(_period(block))
            continue
        if block.energy is not None and len(gas_days_of(block)) == 1:
            own[gas_days_of(block)[0]] = block.energy
        most = limit(block.start, block.end)
        cubic_metres = None if most is None else most / MOST_KWH_PER_M3
        if is_withheld(block, block.raw_volume, cubic_metres, " m³"):
            accepted.append(replace(block, raw_volume=None))
        else:
            accepted.append(block)
    mentioned = tuple({_period(block) for block in blocks})
    unmentioned = {
        key: value
        for key, value in ledger.suspects.items()
        if not key.startswith(mentioned)
    }
    return accepted, unmentioned | beyond, withheld


def _own_energies(ledger: Ledger) -> dict[date, float]:
    return {
        day: value.energy
        for source, days in ledger.daily.items()
        if source is not Source.ADOPTED
        for day, value in days.items()
        if value.energy is not None
    }


def _most_beside(
    own: Mapping[date, float], block: Consumption, limit: Limit
) -> float | None:
    """Return the most kWh of a block, beside what its days have of their own."""
    most = limit(block.start, block.end)
    days = gas_days_of(block)
    others = [day for day in days if day not in own]
    if most is None or len(days) == 1 or not others:
        return most
    room = sum(
        limit(gas_day_start(day), gas_day_start(day + ONE_DAY)) or 0.0 for day in others
    )
    return min(most, room + sum(own.get(day, 0.0) for day in days))


def _still_published(
    known: Iterable[PublishedBlock], accepted: Iterable[Consumption]
) -> dict[tuple[date, date], PublishedBlock]:
    """Return the blocks by first and last day, without those that are superseded.

    GRDF now gives all of their days, in other blocks of the same time.
    """
    given = [
        (block, gas_days_of(block))
        for block in accepted
        if is_published(block) and block.energy is not None
    ]
    return {
        (days[0], days[-1]): block
        for block in known
        for days in [block.gas_days]
        if not {
            day
            for other, others in given
            if len(days) == 1 or others != days
            if other.start < block.end and block.start < other.end
            for day in others
        }.issuperset(days)
    }


def _strongest_first(blocks: Iterable[Consumption]) -> Iterable[list[Consumption]]:
    """Return the blocks of each source and gas days, those that count first.

    Corrected beats measured, measured beats estimated, anything beats absence; among
    equals the later end, then the later in the stream.
    """
    of_period: dict[str, list[Consumption]] = {}
    for block in blocks:
        of_period.setdefault(_period(block), []).insert(0, block)
    for given in of_period.values():
        given.sort(key=lambda block: (rank(_value(block)), block.end), reverse=True)
    return of_period.values()


def _replaces(value: DayValue, others: Iterable[DayValue], *, whole: bool) -> bool:
    """Whether a value replaces others; of an answer in part, only if as strong."""
    return whole or rank(value) >= max(map(rank, others), default=1)


def _parts(ledger: Ledger, source: Source, day: date) -> DayParts[DayValue]:
    """Return a source's value of a gas day in its parts."""
    if (parts := ledger.parts.get(source, {}).get(day)) is not None:
        return parts
    value = ledger.daily.get(source, {}).get(day)
    return () if value is None else only_part(value)


def _period(block: Consumption) -> str:
    """Return a block's source and gas days, as the keys of suspects begin."""
    days = gas_days_of(block)
    return f"{_source(block)} {days[0]}/{days[-1]} "


def _source(block: Consumption) -> Source:
    return Source.PUBLISHED if is_published(block) else Source.INFORMATIVE


def _part(block: Consumption) -> DayPart[DayValue]:
    return DayPart(
        block.start.astimezone(UTC), block.end.astimezone(UTC), _value(block)
    )


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
