"""One row for each gas day, decided from all that the ledger holds.

Published and informative data describe the same gas: a day has its own value, or an
equal share of what a published block leaves once its other days are counted. Exported
files stand in where ADICT has no value: `file_merge` gives the order. What was adopted
of another statistic comes last.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ..adict import Qualification
from .gas_day import ONE_DAY, gas_days_through
from .ledger import DayValue, Ledger, PublishedBlock, Source, rank

# Kilowatt-hours and cubic metres are kept to the thousandth.
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
    for block in _strongest_first(ledger.blocks):
        found |= _share_rows(block.gas_days, block.value, found)
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


def differences(ledger: Ledger) -> tuple[BlockDifference, ...]:
    """Return how the published blocks differ from their days, by their first day.

    Only blocks that leave no day to share with can differ: the days are right to a
    kilowatt-hour each, and so is the block.
    """
    energies = {row.gas_day: row.energy or 0.0 for row in rows(ledger)}
    return tuple(
        BlockDifference(days[0], days[-1], difference)
        for block in ledger.blocks
        if (days := block.gas_days)
        and block.value.energy is not None
        and (
            difference := round(
                block.value.energy - sum(energies.get(day, 0.0) for day in days), 3
            )
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


def _strongest_first(blocks: tuple[PublishedBlock, ...]) -> list[PublishedBlock]:
    """Order blocks so that, where two overlap, the one that counts comes first.

    Corrected before measured, measured before estimated; among equals the later end,
    then the shorter.
    """
    return sorted(
        _valued(blocks),
        key=lambda block: (rank(block.value), block.end, block.start),
        reverse=True,
    )


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
    days: list[date], value: DayValue, found: Mapping[date, DayRow]
) -> dict[date, DayRow]:
    empty = [day for day in days if day not in found]
    known = [found[day] for day in days if day in found]
    energies = shares(value.energy, [row.energy for row in known], len(empty))
    volumes = shares(value.volume, [row.volume for row in known], len(empty))
    return {
        # Never final: the day's own value may still come.
        day: DayRow(day, energy, volume, value.coefficient, RowKind.SPREAD)
        for day, energy, volume in zip(empty, energies, volumes, strict=True)
    }


def shares(
    whole: float | None, known: Iterable[float | None], count: int
) -> list[float | None]:
    """Divide what remains of a whole into equal parts, exact to the thousandth.

    The parts add up to the remainder to the last digit; where it does not divide, the
    first parts are a thousandth larger. A remainder below zero gives zeros; an unknown
    whole gives unknown parts.

    Args:
        whole: the block's kWh or m³; None: unknown.
        known: what its other days have of it.
        count: how many parts.
    """
    if whole is None:
        return [None] * count
    remainder = _thousandths(whole) - sum(map(_thousandths, known))
    part, left_over = divmod(max(remainder, 0), count) if count else (0, 0)
    return [(part + (place < left_over)) / _PARTS for place in range(count)]


def _thousandths(value: float | None) -> int:
    return round((value or 0.0) * _PARTS)
