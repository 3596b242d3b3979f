"""One row for each gas day, decided from all that the ledger holds.

Published and informative data describe the same gas: a day has its own value, or an
equal share of what a published block leaves once its other days are counted. Exported
files stand in where ADICT says nothing: `file_merge` tells in which order. What was
adopted of another statistic stands in last of all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ..adict import Qualification
from .gas_day import ONE_DAY, gas_days_through
from .ledger import DayValue, Ledger, PublishedBlock, Source, rank


class RowKind(StrEnum):
    """How a gas day came by its value."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    CORRECTED = "corrected"
    SPREAD = "spread"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One gas day of a meter.

    Attributes:
        gas_day: its name, the date of its start in France.
        energy: kWh PCS; None when absent.
        volume: m³; None when unknown.
        coefficient: kWh PCS per m³; None when unknown.
        kind: how the value came about.
        final: whether only a correction can still change it.
    """

    gas_day: date
    energy: float | None
    volume: float | None
    coefficient: float | None
    kind: RowKind
    final: bool


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """A published block whose energy is not that of its days.

    Attributes:
        first: the block's first gas day.
        last: its last gas day.
        energy: kWh PCS published beyond the days' own; negative: short of them.
    """

    first: date
    last: date
    energy: float


_KINDS: Final = {
    Qualification.ESTIMATED: RowKind.ESTIMATED,
    Qualification.CORRECTED: RowKind.CORRECTED,
}


def rows(ledger: Ledger) -> tuple[DayRow, ...]:
    """Return a row for every gas day from the first with a value to the newest known.

    Days that nothing is known of, and days that GRDF calls absent and no published
    block covers, are rows of kind `absent`.
    """
    found = _own_rows(ledger)
    for block in _strongest_first(ledger.blocks):
        found |= _share_rows(block.gas_days, block.value, found)
    for gas_days, _, value in _file_blocks(ledger):
        found |= _share_rows(gas_days, value, found)
    found |= {
        day: row
        for day, row in _adopted_rows(ledger).items()
        if day not in found or found[day].energy is None
    }
    if not found:
        return ()
    newest = max(found.keys() | _mentioned(ledger))
    return tuple(
        found.get(day) or DayRow(day, None, None, None, RowKind.ABSENT, final=False)
        for day in gas_days_through(min(found), newest)
    )


def sources(ledger: Ledger) -> dict[date, Source]:
    """Return whose word the energy of each gas day is; of a share, its period's.

    Gas days without a value have none.
    """
    told = {
        day: source
        for day, (source, value) in _own_words(ledger).items()
        if value.energy is not None
    }
    periods = [
        *((block.gas_days, Source.PUBLISHED) for block in _valued(ledger.blocks)),
        *(
            (gas_days, source)
            for gas_days, source, value in _file_blocks(ledger)
            if value.energy is not None
        ),
        (_adopted_rows(ledger), Source.ADOPTED),
    ]
    for gas_days, source in periods:
        told = dict.fromkeys(gas_days, source) | told
    return told


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


def _own_rows(ledger: Ledger) -> dict[date, DayRow]:
    return {
        day: _row(day, value)
        for day, (_, value) in _own_words(ledger).items()
        if value.energy is not None
    }


def _adopted_rows(ledger: Ledger) -> dict[date, DayRow]:
    adopted = ledger.daily.get(Source.ADOPTED, {})
    return {day: _row(day, value) for day, value in adopted.items()}


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


def _own_words(ledger: Ledger) -> dict[date, tuple[Source, DayValue]]:
    """Return the value that each gas day has of its own, and whose word it is."""
    # The daily series is the finer one; a published day of a 1M meter is a short block.
    told = _said(ledger, Source.PUBLISHED)
    for day, word in _said(ledger, Source.INFORMATIVE).items():
        if word[1].energy is not None or not _has_value(told.get(day)):
            told[day] = word
    for (first, end), filed in ledger.files.get(Source.FILE_DAILY, {}).items():
        if (
            filed.value.energy is not None
            and end - first == ONE_DAY
            and not _has_value(told.get(first))
        ):
            told[first] = Source.FILE_DAILY, filed.value
    # Rows that outlived a lost ledger stand in where GRDF no longer says anything.
    return _said(ledger, Source.RECOVERED) | told


def _said(ledger: Ledger, source: Source) -> dict[date, tuple[Source, DayValue]]:
    return {day: (source, value) for day, value in ledger.daily.get(source, {}).items()}


def _has_value(word: tuple[Source, DayValue] | None) -> bool:
    return word is not None and word[1].energy is not None


def _strongest_first(blocks: tuple[PublishedBlock, ...]) -> list[PublishedBlock]:
    """Order blocks so that, where two overlap, the one to believe comes first.

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
    """Give the weeks and months of exported files, the one to believe first.

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
        day: DayRow(day, energy, volume, value.coefficient, RowKind.SPREAD, final=False)
        for day, energy, volume in zip(empty, energies, volumes, strict=True)
    }


# Kilowatt-hours and cubic metres are kept to the thousandth.
_PARTS: Final = 1000


def shares(
    whole: float | None, known: Iterable[float | None], count: int
) -> list[float | None]:
    """Share out what remains of a whole: equal parts, exact to the thousandth.

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
