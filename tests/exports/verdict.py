"""How a file was dealt with: read to the truth, asked about, refused; or wrongly."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from custom_components.grdf_adict.files import (
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    Question,
    RowFinding,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportedMeter, ExportedRow

from .truth import Amount, Truth, period_of

TODAY: Final = date(2026, 11, 24)
# Relative, and in kWh or m³.
_NEAR: Final = 0.001
_VERY_NEAR: Final = 0.000_6
# Warnings that tell of nothing lost.
_NEUTRAL: Final = frozenset(
    {
        *("duplicate_rows", "presumed_days", "absent_data", "index_backwards"),
        *("pce_missing", "pce_unreadable", "pce_zero_lost"),
        *("export_date_missing", "exported_in_future", "unit_converted"),
        *("months_from_dates", "weeks_from_dates", "pce_carried_down"),
        "later_than_export",
        *("temperatures_kept", "temperatures_left_out"),
        *("hidden_sheets", "sheets_without_table"),
    }
)
_MOST_QUESTIONS: Final = 6
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went.

    Attributes:
        how: read, read with rows left out, asked or refused.
        what: the question or the problem.
        wrongs: what is silently wrong; empty: nothing.
    """

    how: str
    what: str = ""
    wrongs: tuple[str, ...] = ()


def judge(content: bytes, truth: Truth, *, name: str = "") -> Verdict:
    """Read a file, answer truly whatever is asked, and compare what was read.

    A file that is refused for some of its rows is read without them, too: what is left
    must be true.
    """
    answers: dict[Question, str] = {}
    verdict: Verdict | None = None
    leave_out = False
    for _ in range(_MOST_QUESTIONS):
        try:
            file = read_export(
                content,
                today=TODAY,
                name=name,
                answers=answers,
                leave_out_bad_rows=leave_out,
            )
        except ExportQuestionError as err:
            verdict = verdict or Verdict("asked", err.question)
            if err.question in answers:
                return Verdict("asked", err.question, (f"{err.question} asked again",))
            if err.question not in truth.answers or _is_seen_as_wrong(err, truth):
                return verdict
            answer = _true_answer(err, truth)
            if answer is None:
                wrong = f"{err.question} asked without the true answer"
                return Verdict("asked", err.question, (wrong,))
            answers[err.question] = answer
            if err.question is Question.SHEET:
                rivals = {int(option.value) for option in err.options}
                truth = truth.without_sheets(rivals - {int(answer)})
        except ExportFileError as err:
            verdict = verdict or Verdict("refused", err.problem)
            if leave_out or not err.rows_can_be_left_out:
                return verdict
            leave_out = True
        else:
            return _of_read(file, truth, verdict)
    return Verdict("asked", "", ("questions without an end",))


def _of_read(file: ExportFile, truth: Truth, before: Verdict | None) -> Verdict:
    wrongs = tuple(silent_wrongs(file, truth))
    if before is not None:
        after = "answered" if before.how == "asked" else "without its bad rows"
        wrongs = tuple(f"{after}, {wrong}" for wrong in wrongs)
        return Verdict(before.how, before.what, wrongs)
    is_whole = not any(found.count for found in _losses(file))
    return Verdict("read" if is_whole else "read, rows left out", "", wrongs)


def _is_seen_as_wrong(err: ExportQuestionError, truth: Truth) -> bool:
    """Return whether a person sees by the number of rows that these are not his."""
    is_of_rows = err.question in {Question.GAS, Question.PERIOD}
    return is_of_rows and err.facts.rows * 2 < len(truth.amounts)


def _true_answer(err: ExportQuestionError, truth: Truth) -> str | None:
    """Return the value of the option that is true; None: none is."""
    for answer in truth.answers[err.question]:
        for option in err.options:
            if answer in (option.label.strip(), option.value):
                return option.value
    return None


def silent_wrongs(file: ExportFile, truth: Truth) -> Iterator[str]:
    """Yield everything in what was read that is neither true nor told."""
    if file.kind is not truth.kind:
        yield f"{file.kind} instead of {truth.kind}"
        return
    left = {(each.pce, each.first): each for each in truth.amounts}
    doubts: list[tuple[str, Amount]] = []
    bare = {each.sheet for each in file.warnings if each.problem == "volume_left_out"}
    odd = {each.sheet for each in file.warnings if each.problem == "energy_mismatch"}
    for meter in file.meters:
        pce = _meter_meant(meter, truth)
        if pce is None:
            yield "a meter that is not in the file"
            continue
        for row in meter.rows:
            amount = _amount_meant(row, pce, left, truth)
            if amount is None:
                yield f"{row.first} is not in the file, or is there once"
                continue
            del left[amount.pce, amount.first]
            yield from _wrong_span(row, amount, truth)
            for wrong, is_doubt in _wrong_values(row, amount, truth):
                if wrong.endswith("m³") and amount.sheet in (bare if is_doubt else odd):
                    continue
                if is_doubt:
                    doubts.append((wrong, amount))
                else:
                    yield wrong
    doubts += [
        (f"{each.first} is lost", each)
        for each in left.values()
        if each.kwh is not None
    ]
    silent = [wrong for wrong, amount in doubts if not _is_told(amount, file)]
    if len(silent) > _told_without_rows(file, known=all(a.rows for _, a in doubts)):
        yield f"{len(silent)} rows without a word: {silent[0]}"


def _losses(file: ExportFile) -> Iterator[RowFinding]:
    """Yield the warnings that tell of rows left out or doubted."""
    return (each for each in file.warnings if str(each.problem) not in _NEUTRAL)


def _is_told(amount: Amount, file: ExportFile) -> bool:
    """Return whether a warning names a row."""
    return any(
        found.sheet == amount.sheet and set(found.rows) & set(amount.rows)
        for found in _losses(file)
    )


def _told_without_rows(file: ExportFile, *, known: bool) -> int:
    """Return how many rows the warnings count without naming them."""
    return sum(
        found.count - len(found.rows) if known else found.count
        for found in _losses(file)
    )


def _meter_meant(meter: ExportedMeter, truth: Truth) -> str | None:
    meters = {amount.pce for amount in truth.amounts}
    if meter.pce is not None:
        return meter.pce.pce if meter.pce.pce in meters else None
    firsts = {row.first for row in meter.rows}

    def alike(pce: str) -> int:
        return sum(
            amount.pce == pce and amount.first in firsts for amount in truth.amounts
        )

    return max(sorted(meters), key=alike)


def _amount_meant(
    row: ExportedRow, pce: str, left: dict[tuple[str, date], Amount], truth: Truth
) -> Amount | None:
    if (pce, row.first) in left:
        return left[pce, row.first]
    start = period_of(truth.kind, row.first)[0]
    near = (
        amount
        for amount in left.values()
        if amount.pce == pce and period_of(truth.kind, amount.first)[0] == start
    )
    return next((each for each in near if each.first.year == row.first.year), None)


def _wrong_span(row: ExportedRow, amount: Amount, truth: Truth) -> Iterator[str]:
    last = row.end - _ONE_DAY
    if (row.first, last) == (amount.first, amount.last):
        return
    shown = [each for each in truth.amounts if each.dated]
    firsts = [each.first for each in shown if each.pce == amount.pce]
    if _cut_by_new_year(amount) and row.first == amount.first:
        # GRDF labels such a week by its Sunday: where its other part is not in the
        # file, nobody can say which it is.
        whole = last == period_of(truth.kind, last)[1]
        if whole and amount.last + _ONE_DAY not in firsts:
            return
    at_edge = amount.first in (min(firsts), max(firsts))
    first_possible, last_possible = period_of(truth.kind, amount.first)
    possible = first_possible <= row.first and last <= last_possible
    said = row.written is not None or not truth.edges_known
    if not (at_edge and possible and said):
        yield f"{row.first} to {last} instead of {amount.first} to {amount.last}"


def _cut_by_new_year(amount: Amount) -> bool:
    return (amount.last.month, amount.last.day) == (12, 31)


def _wrong_values(
    row: ExportedRow, amount: Amount, truth: Truth
) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong, and whether a warning excuses it."""
    if amount.kwh is None:
        if row.energy == 0 and not truth.zeros_unsure:
            yield f"{row.first}: 0 kWh instead of none", True
        elif row.energy:
            yield f"{row.first}: {row.energy} kWh instead of none", False
        return
    if row.energy is None:
        yield f"{row.first}: none instead of {amount.kwh} kWh", True
    elif not _near(row.energy, amount.kwh):
        yield f"{row.first}: {row.energy} instead of {amount.kwh} kWh", False
    if amount.m3 is None:
        return
    if row.volume is None:
        if truth.volume_shown and row.energy is not None:
            yield f"{row.first}: none instead of {amount.m3} m³", True
    elif not _near(row.volume, amount.m3) and (
        truth.volume_shown or abs(row.volume - amount.m3) > 1
    ):
        yield f"{row.first}: {row.volume} instead of {amount.m3} m³", False


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= max(_VERY_NEAR, _NEAR * abs(other))
