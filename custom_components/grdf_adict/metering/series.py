"""One row for each gas day, decided from all that the ledger holds.

Published and informative data describe the same gas: a day has its own value, or an
equal share of what a published block leaves once its other days are counted. Exported
files stand in where ADICT has no value: `file_merge` gives the order. What was adopted
of another statistic comes last.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from ..adict import Qualification
from .amounts import exact, exact_sum
from .gas_day import ONE_DAY, gas_days_through
from .ledger import Daily, DayValue, Ledger, PublishedBlock, Source, rank, together

# Shares of kilowatt-hours and cubic metres are whole thousandths.
_PARTS: Final = 1000


class RowKind(StrEnum):
    """How a gas day came by its value."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    CORRECTED = "corrected"
    SPREAD = "spread"
    """A share of a longer period's amount."""
    ABSENT = "absent"


_KINDS: Final = {
    Qualification.ESTIMATED: RowKind.ESTIMATED,
    Qualification.CORRECTED: RowKind.CORRECTED,
}


@dataclass(frozen=True, slots=True)
class DayRow:
    """One gas day of a meter.

    Attributes:
        gas_day: the date of its start in France.
        energy: kWh PCS; None when absent.
        volume: m³; None when unknown.
        coefficient: kWh PCS per m³; None when unknown.
        kind: how the value came about.
        final: whether only a correction can still change it.
    """

    gas_day: date
    energy: float | None = None
    volume: float | None = None
    coefficient: float | None = None
    kind: RowKind = RowKind.ABSENT
    final: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it has a value that is not a share of a longer period's."""
        return self.energy is not None and self.kind is not RowKind.SPREAD


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """A published block, by its first and last gas day, that its days do not add up to.

    `energy` is the kWh PCS published beyond the days' own; negative: short of them.
    """

    first: date
    last: date
    energy: float


def rows(ledger: Ledger) -> tuple[DayRow, ...]:
    """Return a row for every gas day from the first with a value to the newest known.

    Days that nothing is known of, and days that GRDF calls absent and no published
    block covers, are rows of kind `absent`.
    """
    found = {
        day: _row(day, value)
        for day, (_, value) in _own_values(ledger).items()
        if value.energy is not None
    }
    beside = parts_beside_blocks(ledger)
    for block in _in_order(ledger.blocks):
        found |= _share_rows(block.gas_days, block.value, found, beside.get(block, {}))
    for gas_days, _, value in _file_blocks(ledger):
        found |= _share_rows(gas_days, value, found)
    for day, value in ledger.daily.get(Source.ADOPTED, {}).items():
        if day not in found or found[day].energy is None:
            found[day] = _row(day, value)
    if not found:
        return ()
    newest = max(found.keys() | _mentioned(ledger))
    return tuple(
        found.get(day) or DayRow(day) for day in gas_days_through(min(found), newest)
    )


def sources(ledger: Ledger) -> dict[date, Source]:
    """Return the source of each gas day's energy; of a share, its period's.

    Gas days without a value have none.
    """
    found = {
        day: source
        for day, (source, value) in _own_values(ledger).items()
        if value.energy is not None
    }
    periods = [
        *((block.gas_days, Source.PUBLISHED) for block in _valued(ledger.blocks)),
        *(
            (gas_days, source)
            for gas_days, source, value in _file_blocks(ledger)
            if value.energy is not None
        ),
        (ledger.daily.get(Source.ADOPTED, {}), Source.ADOPTED),
    ]
    for gas_days, source in periods:
        found = dict.fromkeys(gas_days, source) | found
    return found


def parts_beside_blocks(ledger: Ledger) -> dict[PublishedBlock, Daily]:
    """Return what is published of a block's gas days besides it.

    A part of a day, next to the block in time and too short for a day of its own: its
    gas comes on top of the block's.
    """
    parts = ledger.parts.get(Source.PUBLISHED, {})
    return {
        block: days
        for block in (_valued(ledger.blocks) if parts else ())
        if (
            days := {
                day: together(outside)
                for day in block.gas_days
                if (
                    outside := [
                        part
                        for part in parts.get(day, ())
                        if part.value.energy is not None
                        and not part.overlaps(block.start, block.end)
                    ]
                )
            }
        )
    }


def differences(ledger: Ledger) -> tuple[BlockDifference, ...]:
    """Return how the published blocks differ from their days, by their first day.

    Only blocks that leave no day to share with can differ: the days are right to a
    kilowatt-hour each, and so is the block.
    """
    energies = {row.gas_day: row.energy for row in rows(ledger)}
    beside = parts_beside_blocks(ledger)
    return tuple(
        BlockDifference(days[0], days[-1], float(difference))
        for block in ledger.blocks
        if (days := block.gas_days) and block.value.energy is not None
        if (
            difference := exact(block.value.energy)
            + exact_sum(value.energy for value in beside.get(block, {}).values())
            - exact_sum(energies.get(day) for day in days)
        )
    )


def total(amounts: Collection[float | None]) -> float | None:
    """Return the sum to the thousandth; None of none, or where one is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return round(sum(known), 3) if known and len(known) == len(amounts) else None


def _own_values(ledger: Ledger) -> dict[date, tuple[Source, DayValue]]:
    """Return the value that each gas day has of its own, and its source."""

    def of(source: Source) -> dict[date, tuple[Source, DayValue]]:
        return {
            day: (source, value) for day, value in ledger.daily.get(source, {}).items()
        }

    def has_value(day: date) -> bool:
        return day in found and found[day][1].energy is not None

    # The daily series is the finer one; a published day of a 1M meter is a short block.
    found = of(Source.PUBLISHED)
    for days in parts_beside_blocks(ledger).values():
        for day, part in days.items():
            # Of gas besides a block alone, the day has no value of its own.
            if found.get(day, (None, None))[1] == part:
                del found[day]
    for day, informative in of(Source.INFORMATIVE).items():
        if informative[1].energy is not None or not has_value(day):
            found[day] = informative
    for (first, end), filed in ledger.files.get(Source.FILE_DAILY, {}).items():
        if (
            filed.value.energy is not None
            and end - first == ONE_DAY
            and not has_value(first)
        ):
            found[first] = Source.FILE_DAILY, filed.value
    # Rows that were kept when the ledger was lost, where GRDF no longer has any value.
    return of(Source.RECOVERED) | found


def _row(day: date, value: DayValue) -> DayRow:
    return DayRow(
        day,
        value.energy,
        value.volume,
        value.coefficient,
        _KINDS.get(value.qualification, RowKind.MEASURED),
        final=value.final,
    )


def _mentioned(ledger: Ledger) -> set[date]:
    return {day for days in ledger.daily.values() for day in days} | {
        first for first, _ in ledger.files.get(Source.FILE_DAILY, {})
    }


def _in_order(blocks: tuple[PublishedBlock, ...]) -> list[PublishedBlock]:
    """Order blocks so that, where two overlap, the one that counts comes first.

    Corrected before measured, measured before estimated; among equals the later end,
    then the shorter. Yet one inside another comes before it, unless it is the larger
    one: so both have all of their energy.
    """
    days = {block: block.gas_days for block in _valued(blocks)}
    strongest_first = sorted(
        days,
        key=lambda block: (rank(block.value), block.end, block.start),
        reverse=True,
    )

    def inside(block: PublishedBlock) -> Iterator[PublishedBlock]:
        first, last = days[block][0], days[block][-1]
        for other in strongest_first:
            fits = (other.value.energy or 0.0) <= (block.value.energy or 0.0)
            if fits and first <= days[other][0] and days[other][-1] <= last:
                yield other

    ordered: dict[PublishedBlock, None] = {}
    for block in strongest_first:
        inner_first = sorted(inside(block), key=lambda other: len(days[other]))
        ordered |= dict.fromkeys(inner_first)
    return list(ordered)


def _valued(blocks: tuple[PublishedBlock, ...]) -> Iterator[PublishedBlock]:
    return (block for block in blocks if block.value.energy is not None)


def _file_blocks(
    ledger: Ledger,
) -> Iterator[tuple[list[date], Source, DayValue]]:
    """Yield the weeks and months of exported files, the one that counts first.

    Weeks before months; then the later export, the later end, the shorter.
    """
    for source in (Source.FILE_WEEKLY, Source.FILE_MONTHLY):
        periods = ledger.files.get(source, {})
        for first, end in sorted(
            periods,
            key=lambda period: (periods[period].exported_on, *reversed(period)),
            reverse=True,
        ):
            days = gas_days_through(first, end - ONE_DAY)
            yield list(days), source, periods[first, end].value


def _share_rows(
    days: list[date],
    value: DayValue,
    found: Mapping[date, DayRow],
    beside: Daily = MappingProxyType({}),
) -> dict[date, DayRow]:
    """Return rows of the days without one: their shares, and what is beside a block."""
    empty = [day for day in days if day not in found]

    def shared(of: Callable[[DayRow | DayValue], float | None]) -> list[float | None]:
        # What is beside the block is part of its days' own values.
        known = [
            *(of(found[day]) for day in days if day in found),
            *(-(of(part) or 0.0) for day, part in beside.items() if day in found),
        ]
        parts = zip(empty, shares(of(value), known, len(empty)), strict=True)
        return [
            part if day not in beside else _plus(part, of(beside[day]))
            for day, part in parts
        ]

    amounts = shared(attrgetter("energy")), shared(attrgetter("volume"))
    return {
        # Never final: the day's own value may still come.
        day: DayRow(day, energy, volume, value.coefficient, RowKind.SPREAD)
        for day, energy, volume in zip(empty, *amounts, strict=True)
    }


def _plus(share: float | None, more: float | None) -> float | None:
    if share is None or more is None:
        return None
    return float(exact(share) + exact(more))


def shares(
    whole: float | None, known: Iterable[float | None], count: int
) -> list[float | None]:
    """Divide what remains of a whole into equal parts, each a whole thousandth.

    The parts add up to the remainder to the last digit: where it does not divide, the
    first parts are a thousandth larger, and the very first has what is less than one.
    A remainder below zero gives zeros; an unknown whole gives unknown parts.

    Args:
        whole: the block's kWh or m³; None: unknown.
        known: what its other days have of it.
        count: how many parts.
    """
    if whole is None or not count:
        return [None] * count
    remainder = max(exact(whole) - exact_sum(known), Decimal(0)) * _PARTS
    part, left_over = divmod(int(remainder), count)
    return [
        float(
            (part + (place < left_over) + (remainder % 1 if not place else 0)) / _PARTS
        )
        for place in range(count)
    ]
