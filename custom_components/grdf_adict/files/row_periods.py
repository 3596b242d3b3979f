"""Whether rows that have one date cover a day, a week or a month.

GRDF writes months as text, "Novembre 2020", and a spreadsheet that saves such a file
turns them into dates on the 1st. Its daily layout has the index and the qualification
of each row, its weekly and monthly ones have neither (API notes §9).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum, auto
from itertools import pairwise
from typing import Final, NamedTuple

from ..adict import Qualification
from ..metering import ExportedRow, ExportKind
from .cells import Period, whole_month
from .date_order import are_swapped_months, steps, swapped
from .errors import ExportFileError, Problem, finding
from .header_text import header_words
from .questions import ExportQuestionError, Facts, Option, Question

_WEEK: Final = 7
_FEW_ROWS: Final = 2
_MONTHS_A_YEAR: Final = 12
# kWh. A boiler of 24 kW that runs for half of the coldest day burns less.
_MORE_THAN_A_DAY: Final = 300.0
# Of the rows of months, or weeks, that follow each other; holes are the others.
_MOSTLY: Final = 2 / 3
_DAY_WORDS: Final = frozenset({"jour", "jours", "journee", "date", "day"})
_HEADER_WORDS: Final = {
    "mois": ExportKind.MONTHLY,
    "month": ExportKind.MONTHLY,
    "semaine": ExportKind.WEEKLY,
    "week": ExportKind.WEEKLY,
}


class Doubt(Enum):
    """How sure it is what the rows of a meter cover."""

    NONE = auto()
    """Clear."""
    FOLLOWS = auto()
    """Too few rows to show anything: they are as those of other meters."""
    ASKED = auto()
    """A person has to say."""
    UNKNOWN = auto()
    """Neither days nor weeks nor months."""


class Guess(NamedTuple):
    """What the rows of a meter cover.

    Attributes:
        kind: the likeliest.
        other: what else it may be.
        swapped: the answer that is true only where day and month are swapped.
    """

    kind: ExportKind
    doubt: Doubt = Doubt.NONE
    other: ExportKind = ExportKind.DAILY
    swapped: ExportKind | None = None


_DAYS: Final = Guess(ExportKind.DAILY)


def header_kind(header: object) -> ExportKind | None:
    """Return the kind that the header of the dates names: "Mois", "Semaine"."""
    words = header_words(header)
    if words & _DAY_WORDS:
        return None
    kinds = {kind for word, kind in _HEADER_WORDS.items() if word in words}
    return kinds.pop() if len(kinds) == 1 else None


def kind_of_dates(
    meters: Sequence[Sequence[ExportedRow]],
    header: ExportKind | None,
    answer: str | None,
) -> ExportKind:
    """Return what the rows of a file cover, each of which has one date.

    Args:
        meters: the rows of each meter, in any order; a date may be repeated.
        header: what the header of the dates names, or text beside them shows.
        answer: to `Question.PERIOD`.

    Raises:
        ExportQuestionError: period.
        ExportFileError: mixed_kinds, month_first, unknown_periods.
    """
    guesses = [_guess(rows, header) for rows in meters]
    rows = [row for of_meter in meters for row in of_meter]
    doubts = {guess.doubt for guess in guesses}
    if Doubt.UNKNOWN in doubts:
        raise _refused(Problem.UNKNOWN_PERIODS, rows)
    clear = {guess.kind for guess in guesses if guess.doubt is Doubt.NONE}
    if len(clear) > 1:
        raise _refused(Problem.MIXED_KINDS, rows)
    if clear:
        return clear.pop()
    asked = [guess for guess in guesses if guess.doubt is Doubt.ASKED]
    if not asked:
        return ExportKind.DAILY
    first = next((guess for guess in asked if guess.swapped), asked[0])
    if answer not in {first.kind, first.other}:
        options = tuple(Option(kind) for kind in (first.kind, first.other))
        raise ExportQuestionError(Question.PERIOD, options, _facts(rows))
    if answer == first.swapped:
        raise _refused(Problem.MONTH_FIRST, rows)
    return ExportKind(answer)


def continue_months(
    dated: Iterable[ExportedRow], months: Iterable[ExportedRow]
) -> bool:
    """Return whether dates of a meter are months beside those that are still text."""
    written = {_month(row.first) for row in months}
    return all(row.first.day == 1 and _month(row.first) not in written for row in dated)


def as_months(rows: Iterable[ExportedRow]) -> list[ExportedRow]:
    """Return rows of one date each with the calendar month of that date.

    Where all others are on the 1st, the first begins with its own date.
    """
    by_date = sorted(rows, key=lambda row: row.first)
    months = [_with(row, whole_month(row.first)) for row in by_date]
    begun = by_date[0].first
    if begun.day != 1 and all(row.first.day == 1 for row in by_date[1:-1]):
        months[0] = replace(
            months[0], first=begun, written=(months[0].first, months[0].end)
        )
    return months


def as_weeks(rows: Iterable[ExportedRow]) -> list[ExportedRow]:
    """Return rows of one date each with the days from it to the next Monday."""
    return [replace(row, end=_monday_after(row.first)) for row in rows]


def _guess(rows: Iterable[ExportedRow], header: ExportKind | None) -> Guess:
    """Return what the rows of a meter cover, each of which has one date.

    Args:
        rows: in any order; a date may be repeated.
        header: what the header of the dates names.
    """
    by_date = sorted(rows, key=lambda row: row.first)
    days = sorted({row.first for row in by_date})
    if header and (named := _named_by_header(days, header)):
        return named
    is_bare = not any(map(_is_of_daily_layout, by_date))
    is_large = _is_large(by_date)
    if len(days) == 1:
        is_doubtful = is_bare and (is_large or days[0].day == 1)
        return _asked(_of_one(days[0])) if is_doubtful else _few(ExportKind.DAILY)
    if is_bare and is_large and are_swapped_months(days):
        return _asked(ExportKind.DAILY, ExportKind.MONTHLY, ExportKind.MONTHLY)
    return _of_several(by_date, days, is_bare=is_bare, is_large=is_large)


def _of_several(
    by_date: Sequence[ExportedRow],
    days: Sequence[date],
    *,
    is_bare: bool,
    is_large: bool,
) -> Guess:
    """Return what rows of several dates cover."""
    gaps = [(after - before).days for before, after in pairwise(days)]
    jumps = _index_jumps(by_date)
    if 1 in _whole_gaps(days) or any(jump > 0 for jump in jumps):
        return _DAYS if len(days) > _FEW_ROWS else _few(ExportKind.DAILY)
    joined = bool(jumps) and not any(jumps) and (is_large or len(jumps) > 1)
    if _are_months(days):
        return _of_months(days, is_bare=is_bare, is_large=is_large, joined=joined)
    if _are_weeks(days):
        return _of_weeks(gaps, is_bare=is_bare, is_large=is_large, joined=joined)
    # A qualification alone does not show days: people keep it beside their readings.
    is_far = min(gaps) >= _WEEK and (joined or not any(map(_has_indexes, by_date)))
    measured = sum(row.energy is not None for row in by_date)
    if is_far and (measured > _FEW_ROWS or is_large):
        return Guess(ExportKind.DAILY, Doubt.UNKNOWN)
    return _few(ExportKind.DAILY)


def _of_one(day: date) -> ExportKind:
    """Return the likeliest of one row that is no day."""
    is_week = _is_monday(day) and day.day != 1
    return ExportKind.WEEKLY if is_week else ExportKind.MONTHLY


def _whole_gaps(days: Sequence[date]) -> list[int]:
    """Return the days between dates, without those of weeks that are cut short."""
    is_cut = _are_weeks(days) and len(days) > _FEW_ROWS
    return [
        (after - before).days
        for before, after in pairwise(days)
        if not (is_cut and (before == days[0] or (before.month, before.day) == (1, 1)))
    ]


def _refused(problem: Problem, rows: Iterable[ExportedRow]) -> ExportFileError:
    sheets: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        sheets[row.sheet].append(row.number)
    return ExportFileError(
        problem,
        [
            finding(problem, numbers, sheet, len(numbers))
            for sheet, numbers in sorted(sheets.items())
        ],
    )


def _facts(rows: Sequence[ExportedRow]) -> Facts:
    """Return what a person needs to know to say what the rows cover."""
    return Facts(
        rows=len(rows),
        first=min(row.first for row in rows),
        last=max(row.first for row in rows),
        energy=round(sum(row.energy or 0.0 for row in rows), 3),
    )


def _named_by_header(days: Sequence[date], kind: ExportKind) -> Guess | None:
    """Return what rows cover under such a header; None: it does not say.

    A column of days may be headed by the month that they are of.
    """
    gaps = [(after - before).days for before, after in pairwise(days)]
    unknown = Guess(ExportKind.DAILY, Doubt.UNKNOWN)
    if kind is ExportKind.MONTHLY:
        if len({_month(day) for day in days}) == len(days):
            return Guess(kind)
        if _are_months(sorted(map(swapped, days))):
            return _asked(kind, ExportKind.DAILY, kind)
        return unknown if min(gaps) >= _WEEK else None
    if len(days) == 1 or _are_weeks(days):
        return Guess(kind, Doubt.NONE if _is_monday(days[-1]) else Doubt.UNKNOWN)
    return unknown if min(gaps) >= _WEEK else _asked(ExportKind.DAILY, kind)


def _of_months(
    days: Sequence[date], *, is_bare: bool, is_large: bool, joined: bool
) -> Guess:
    months = [_month(day) for day in days]
    following = sum(after - before == 1 for before, after in pairwise(months))
    if len(days) > _FEW_ROWS and not following:
        return Guess(ExportKind.DAILY, Doubt.UNKNOWN)
    # 01/01 to 01/12 are also the first days of January, swapped.
    may_be_swapped = (
        all(day.day == 1 for day in days)
        and steps(swapped(day) for day in days) == len(days) - 1
    )
    is_clear = following >= _MOSTLY * (len(days) - 1) and (
        (joined and not may_be_swapped)
        or (is_bare and is_large and len(days) > _FEW_ROWS)
    )
    if is_clear:
        return Guess(ExportKind.MONTHLY)
    swapped_kind = ExportKind.DAILY if may_be_swapped else None
    if is_bare or is_large or joined:
        return _asked(ExportKind.MONTHLY, ExportKind.DAILY, swapped_kind)
    return _asked(ExportKind.DAILY, ExportKind.MONTHLY, swapped_kind)


def _of_weeks(
    gaps: Sequence[int], *, is_bare: bool, is_large: bool, joined: bool
) -> Guess:
    is_few = len(gaps) < _FEW_ROWS
    if is_few and not is_bare:
        return _few(ExportKind.DAILY)
    following = sum(gap <= _WEEK for gap in gaps)
    if not is_few and not following:
        return Guess(ExportKind.DAILY, Doubt.UNKNOWN)
    if following >= _MOSTLY * len(gaps) and (
        joined or (is_bare and is_large and not is_few)
    ):
        return Guess(ExportKind.WEEKLY)
    if is_bare or joined:
        return _asked(ExportKind.WEEKLY)
    return _asked(ExportKind.DAILY, ExportKind.WEEKLY)


def _asked(
    kind: ExportKind,
    other: ExportKind = ExportKind.DAILY,
    swapped_kind: ExportKind | None = None,
) -> Guess:
    return Guess(kind, Doubt.ASKED, other, swapped_kind)


def _few(kind: ExportKind) -> Guess:
    return Guess(kind, Doubt.FOLLOWS)


def _is_of_daily_layout(row: ExportedRow) -> bool:
    return row.qualification is not Qualification.UNKNOWN or _has_indexes(row)


def _has_indexes(row: ExportedRow) -> bool:
    return row.index_start is not None and row.index_end is not None


def _is_large(rows: Iterable[ExportedRow]) -> bool:
    return max((row.energy or 0.0 for row in rows), default=0.0) > _MORE_THAN_A_DAY


def _index_jumps(rows: Sequence[ExportedRow]) -> list[float]:
    """Return by how much the index goes on between rows that are no neighbours.

    It stands still where each row covers all days until the next; a fall shows nothing.
    """
    return [
        after.index_start - before.index_end
        for before, after in pairwise(rows)
        if after.first > before.end
        and before.index_end is not None
        and after.index_start is not None
        and after.index_start >= before.index_end
        and before.energy
    ]


def _are_months(days: Sequence[date]) -> bool:
    """Return whether dates are on the 1st, all or all but the edges, one a month."""
    if len({_month(day) for day in days}) < len(days):
        return False
    inner = days[1:-1] if len(days) > _FEW_ROWS + 1 else days
    return all(day.day == 1 for day in inner)


def _are_weeks(days: Sequence[date]) -> bool:
    """Return whether dates are Mondays, but for the first and New Year's Day.

    GRDF cuts a week at New Year, and the first one where the export begins.
    """
    weeks = days[1:] if len(days) > _FEW_ROWS else days
    return all(_is_monday(day) or (day.month, day.day) == (1, 1) for day in weeks)


def _is_monday(day: date) -> bool:
    return day.weekday() == 0


def _monday_after(day: date) -> date:
    return day + timedelta(days=_WEEK - day.weekday())


def _month(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month


def _with(row: ExportedRow, period: Period) -> ExportedRow:
    return replace(row, first=period.first, end=period.end)
