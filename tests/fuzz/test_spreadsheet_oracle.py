"""The oracle of files with a known truth: it sees what is wrong, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from custom_components.grdf_adict.files import Problem, RowFinding, read_export
from custom_components.grdf_adict.metering.exported import ExportKind
from tests.exports.truth import Amount, Truth
from tests.exports.verdict import TODAY, Verdict, judge, silent_wrongs

from .spreadsheets import check, untouched
from .spreadsheets.cases import OPERATIONS, Drawn, draw
from .spreadsheets.table import Case
from .spreadsheets.writing import written

_CASES = dict(untouched())


@pytest.mark.parametrize("case", _CASES.values(), ids=_CASES)
def test_a_file_that_nobody_touched_is_read_to_the_truth(case: Case) -> None:
    assert check(case) == Verdict("read")


def _first_changed(truth: Truth, change: Callable[[Amount], Amount]) -> Truth:
    first, *others = truth.amounts
    return replace(truth, amounts=(change(first), *others))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (
            lambda truth: _first_changed(
                truth, lambda each: replace(each, kwh=(each.kwh or 0) + 1)
            ),
            "instead of",
        ),
        (
            lambda truth: _first_changed(
                truth, lambda each: replace(each, m3=(each.m3 or 0) + 1)
            ),
            "m³",
        ),
        (
            lambda truth: _first_changed(truth, lambda each: replace(each, kwh=None)),
            "instead of none",
        ),
        (lambda truth: replace(truth, amounts=truth.amounts[1:]), "is not in the file"),
        (
            lambda truth: replace(
                truth,
                amounts=tuple(
                    replace(each, pce="09999999930215") for each in truth.amounts
                ),
            ),
            "a meter that is not in the file",
        ),
        (lambda truth: replace(truth, kind=ExportKind.MONTHLY), "instead of monthly"),
        (
            lambda truth: replace(
                truth,
                amounts=(
                    *truth.amounts,
                    replace(
                        truth.amounts[-1],
                        first=truth.amounts[-1].first + timedelta(days=9),
                        kwh=5,
                    ),
                ),
            ),
            "is lost",
        ),
    ],
    ids=["kWh", "m³", "absent", "invented", "meter", "kind", "lost"],
)
def test_what_is_read_otherwise_is_seen(
    change: Callable[[Truth], Truth], wrong: str
) -> None:
    case = _CASES["daily"]
    truth = case.truth()

    verdict = judge(written(case), change(truth), name=case.name)

    assert verdict.how == "read"
    assert any(wrong in each for each in verdict.wrongs)


def test_a_lost_row_is_told_by_its_number_alone() -> None:
    case = _CASES["text"]
    truth = case.truth()
    file = read_export(written(case), today=TODAY)
    more = replace(truth.amounts[-1], first=truth.amounts[-1].first + timedelta(9))
    more = replace(more, kwh=5, rows=(99,))
    truth = replace(truth, amounts=(*truth.amounts, more))

    def wrongs(*warnings: RowFinding) -> list[str]:
        return list(silent_wrongs(replace(file, warnings=warnings), truth))

    assert wrongs()
    assert not wrongs(RowFinding(Problem.OTHER_ROWS, (99,), 1))
    assert wrongs(RowFinding(Problem.OTHER_ROWS, (98,), 1))
    assert wrongs(RowFinding(Problem.DUPLICATE_ROWS, (99,), 1))
    assert not wrongs(RowFinding(Problem.OTHER_ROWS, (), 1))


def test_every_operation_is_done_to_some_file() -> None:
    done = {
        name
        for seed, layout in enumerate(("daily", "text", "business", "weekly"))
        for name in OPERATIONS
        if name in Drawn(seed, layout, (name,)).made()[1]
    }

    assert done == set(OPERATIONS)


def test_a_case_is_the_same_each_time() -> None:
    drawn = [draw(seed) for seed in range(20)]

    assert drawn == [draw(seed) for seed in range(20)]
    for each in islice(drawn, 5):
        case, _ = each.made()
        assert case == each.made()[0]
        assert case.truth() == each.made()[0].truth()
