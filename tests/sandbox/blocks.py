"""What GRDF holds of a meter at a moment: its published and informative blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from .clock import at, next_month
from .generation import GasDay, History
from .meters import Flow, Frequency, Meter
from .weather import dice

ONE_DAY: Final = timedelta(days=1)
MEASURED: Final = "Mesuré"
ESTIMATED: Final = "Estimé"
CORRECTED: Final = "Corrigé"
ABSENT: Final = "Absence de Données"
PROVISIONAL: Final = "Provisoire"
FINAL: Final = "Définitive"
# (days after the gas day's start, hour) that a day appears (deck, Les types de
# données); the deck gives an hour for JJ only.
INFORMATIVE_DELAY: Final = {
    Frequency.MONTHLY: (3, 6),
    Frequency.BUSINESS_MONTHLY: (2, 6),
}
# (days after the reading, hour) that a block is published.
PUBLICATION_DELAY: Final = {
    Frequency.HALF_YEARLY: (1, 6),
    Frequency.MONTHLY: (1, 6),
    Frequency.BUSINESS_MONTHLY: (0, 12),
    Frequency.DAILY: (0, 15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One amount of gas as GRDF holds it; gas days from `start` to before `end`."""

    start: date
    end: date
    kwh: int | None
    m3: int | None
    index_start: int | None
    index_end: int | None
    converted_m3: int | None = None
    converted_index_start: int | None = None
    converted_index_end: int | None = None
    coefficient: float | None
    pta: float | None = None
    pcs: float | None = None
    qualification: str = MEASURED
    status: str | None = FINAL
    reason: str | None = None
    frequency: Frequency
    informative: bool = False
    flow: Flow = Flow.CONSUMPTION
    raw: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_absent(self) -> bool:
        """Whether GRDF says that it has nothing for these days."""
        return self.qualification == ABSENT


@dataclass(slots=True)
class Amendment:
    """What a test changed about one gas day."""

    kwh: int | None = None
    m3: int | None = None
    withdrawn: bool = False
    until: date | None = None
    raw: dict[str, object] = field(default_factory=dict)


type Amendments = Mapping[date, Amendment]


def published_blocks(
    meter: Meter,
    history: History,
    now: datetime,
    amendments: Amendments,
    flow: Flow = Flow.CONSUMPTION,
) -> list[Block]:
    """Return what is published at an aware moment, oldest first.

    `history` is the gas that passed the meter that way.
    """
    found = []
    days = history.before(now.date())
    for start, end, reason in _published_readings(meter, now):
        frequency = meter.frequency_on(start)
        part = days[(start - meter.since).days : (end - meter.since).days]
        block = replace(_published(part, end, frequency, reason), flow=flow)
        if frequency is Frequency.DAILY:
            final = now >= at(next_month(start), 6)
            block = replace(block, status=FINAL if final else PROVISIONAL)
            found.extend(amended(block, amendments.get(start), now))
        else:
            found.append(block)
    return found


def informative_blocks(
    meter: Meter,
    seed: int | None,
    history: History,
    now: datetime,
    amendments: Amendments,
    since: date = date.min,
) -> list[Block]:
    """Return the informative days there are at an aware moment, oldest first.

    A day that came late follows its own `Absence de Données`; which are missed depends
    on the seed, None: none.
    """
    ends = (end for _, end, _ in _published_readings(meter, now))
    final_before = max(ends, default=meter.since)
    found: list[Block] = []
    for day in history.between(since, now.date()):
        frequency = meter.frequency_on(day.day)
        if not frequency.is_informative:
            continue
        appears = _moment(day.day, INFORMATIVE_DELAY[frequency])
        if now < appears:
            break
        block = _informative(day, frequency, final=day.day < final_before)
        missed = {} if seed is None else absences(seed, meter.pce, day.day.year)
        late = missed.get(day.day)
        amendment = amendments.get(day.day)
        if late is None or amendment is not None:
            found.extend(amended(block, amendment, now))
            continue
        found.append(_absent(block))
        if late and now >= appears + timedelta(days=late):
            found.append(block)
    return found


@lru_cache(maxsize=256)
def absences(seed: int, pce: str, year: int) -> dict[date, int]:
    """Return a year's days that are missed, with the days they come late; 0: never."""
    roll = dice("absence", seed, pce, year)
    numbers = roll.sample(range(365), 5)
    lateness = (0, 0, 0, roll.randint(4, 9), roll.randint(10, 24))
    first = date(year, 1, 1)
    return {
        first + timedelta(days=number): late
        for number, late in zip(numbers, lateness, strict=True)
    }


def _moment(day: date, delay: tuple[int, int]) -> datetime:
    days, hour = delay
    return at(day + timedelta(days=days), hour)


def _readings(meter: Meter, today: date) -> Iterator[tuple[date, date, str]]:
    """Yield (first gas day, reading day, reason) of the periods read by a date."""
    special = {since: "CFR" for since, _ in meter.phases[1:]}
    special |= {event.day: event.reason for event in meter.events}
    if meter.until is not None:
        special[meter.until] = "RSP"
    start = meter.since
    limit = min(today, meter.until or today)
    while start < limit:
        end = min(
            _next_reading(meter, start),
            min((day for day in special if day > start), default=date.max),
        )
        if end > limit:
            return
        yield start, end, special.get(end, "RNO")
        start = end


def _next_reading(meter: Meter, start: date) -> date:
    match meter.frequency_on(start):
        case Frequency.DAILY:
            return start + ONE_DAY
        case Frequency.BUSINESS_MONTHLY:
            return next_month(start)
        case Frequency.MONTHLY:
            months = range(1, 13)
        case Frequency.HALF_YEARLY:
            months = range(4, 13, 6)
    dates = (
        date(year, month, meter.reading_day)
        for year in (start.year, start.year + 1)
        for month in months
    )
    return next(day for day in dates if day > start)


def _published_readings(
    meter: Meter, now: datetime
) -> Iterator[tuple[date, date, str]]:
    for start, end, reason in _readings(meter, now.date()):
        if now < _moment(end, PUBLICATION_DELAY[meter.frequency_on(start)]):
            return
        yield start, end, reason


def _published(
    part: list[GasDay], end: date, frequency: Frequency, reason: str
) -> Block:
    energy = sum(day.energy for day in part)
    gas = sum(day.gas for day in part)
    first, last = part[0], part[-1]
    m3 = last.end_index - first.start_index if len(part) > 1 else first.m3
    has_parts = frequency is not Frequency.MONTHLY
    converts = frequency is Frequency.DAILY
    pta = sum(day.pta * day.gas for day in part) / gas
    # The spring reading of a 6M meter is often estimated.
    guessed = frequency is Frequency.HALF_YEARLY and end.month < 7 and end.year % 2 == 0
    return Block(
        start=first.day,
        end=end,
        kwh=round(energy),
        m3=m3,
        index_start=first.start_index,
        index_end=last.end_index,
        converted_m3=round(gas * pta) if converts else None,
        converted_index_start=int(first.converted) if converts else None,
        converted_index_end=last.end_converted_index if converts else None,
        coefficient=None if has_parts else round(energy / gas, 2),
        pta=round(pta, 4) if has_parts else None,
        pcs=round(energy / gas / pta, 2) if has_parts else None,
        qualification=ESTIMATED if guessed else MEASURED,
        reason=reason,
        frequency=frequency,
    )


def _informative(day: GasDay, frequency: Frequency, *, final: bool) -> Block:
    has_parts = frequency is Frequency.BUSINESS_MONTHLY
    return Block(
        start=day.day,
        end=day.day + ONE_DAY,
        kwh=day.kwh,
        m3=day.m3,
        index_start=day.start_index if has_parts else None,
        index_end=day.end_index,
        coefficient=None if has_parts else day.coefficient,
        pta=day.pta if has_parts else None,
        pcs=day.pcs if has_parts else None,
        status=FINAL if final else PROVISIONAL,
        frequency=frequency,
        informative=True,
    )


def _absent(block: Block) -> Block:
    return replace(
        block,
        kwh=None,
        m3=None,
        index_start=None,
        index_end=None,
        converted_m3=None,
        converted_index_start=None,
        converted_index_end=None,
        coefficient=None,
        pta=None,
        pcs=None,
        qualification=ABSENT,
        status=None,
    )


def amended(block: Block, change: Amendment | None, now: datetime) -> list[Block]:
    """Return what GRDF gives of a block once a test has changed it."""
    if change is None:
        return [block]
    if change.until is not None and now.date() < change.until:
        return []
    if change.kwh is not None or change.m3 is not None:
        block = replace(
            block,
            kwh=block.kwh if change.kwh is None else change.kwh,
            m3=block.m3 if change.m3 is None else change.m3,
            qualification=CORRECTED,
        )
    if change.withdrawn:
        block = _absent(block)
    return [replace(block, raw=change.raw)]
