"""Several sheets of one workbook that have the same gas days: which one is read?"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from ..metering import ONE_DAY, ExportedRow
from .questions import ExportQuestionError, Facts, Option, Question

_BETWEEN: Final = " · "


def rival_sheets(
    named: Iterable[Sequence[ExportedRow]], unnamed: Sequence[ExportedRow]
) -> frozenset[int]:
    """Return the sheets of which only one can be right; empty: there are none.

    Args:
        named: the rows of each meter whose PCE is known.
        unnamed: the rows of all tables that name no PCE: of two sheets that share gas
            days, nothing shows that they are two meters'.
    """
    found: set[int] = set()
    for rows in named:
        found |= _at_odds(rows, equal_is_one=True)
    return frozenset(found | _at_odds(unnamed, equal_is_one=False))


def sheet_question(
    rivals: Iterable[int], rows: Iterable[ExportedRow], names: Mapping[int, str]
) -> ExportQuestionError:
    """Return the question which of several sheets is read.

    `names` is what the user calls each sheet, by its number.
    """
    by_sheet = {sheet: list[ExportedRow]() for sheet in sorted(rivals)}
    for row in rows:
        if row.sheet in by_sheet:
            by_sheet[row.sheet].append(row)
    options = tuple(
        Option(str(sheet), label=names[sheet], sample=_sample(_facts(of_sheet)))
        for sheet, of_sheet in by_sheet.items()
    )
    every = [row for of_sheet in by_sheet.values() for row in of_sheet]
    return ExportQuestionError(Question.SHEET, options, _facts(every))


def _at_odds(rows: Iterable[ExportedRow], *, equal_is_one: bool) -> set[int]:
    found: set[int] = set()
    by_period = sorted(rows, key=lambda row: (row.first, row.end))
    for row, following in pairwise(by_period):
        if (
            row.sheet != following.sheet
            and following.first < row.end
            and not (equal_is_one and _is_repeated(row, following))
        ):
            found |= {row.sheet, following.sheet}
    return found


def _is_repeated(row: ExportedRow, other: ExportedRow) -> bool:
    """Return whether two rows say the same, or one of them nothing."""
    if (row.first, row.end) != (other.first, other.end):
        return False
    return (
        row.energy is None
        or other.energy is None
        or (row.energy, row.volume) == (other.energy, other.volume)
    )


def _facts(rows: Sequence[ExportedRow]) -> Facts:
    energies = [row.energy for row in rows if row.energy is not None]
    return Facts(
        rows=len(rows),
        first=min(row.first for row in rows),
        last=max(row.end for row in rows) - ONE_DAY,
        energy=sum(energies) if energies else None,
    )


def _sample(facts: Facts) -> str:
    """Return the dates and the kWh of a sheet, in no language."""
    energy = "" if facts.energy is None else f"{_BETWEEN}{facts.energy:.0f} kWh"
    return f"{facts.first:%d/%m/%Y} → {facts.last:%d/%m/%Y}{energy}"
