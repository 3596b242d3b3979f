"""Answers in any order, twice or in part: the ledger comes out the same."""

from datetime import date

from hypothesis import given, settings, strategies as st

from custom_components.grdf_adict.adict import Consumption
from custom_components.grdf_adict.metering.ledger import (
    Ledger,
    Limit,
    Source,
    merge,
    rank,
)
from custom_components.grdf_adict.metering.series import rows

from .factory import TODAY, at_most, no_limit
from .strategies import informative_answers, published_answers

type Blocks = list[Consumption]

quick = settings(max_examples=60, deadline=None)
answers = informative_answers | published_answers
limits = st.sampled_from([no_limit, at_most(100)])
completeness = st.booleans()


def taken(
    ledger: Ledger, blocks: Blocks, *, complete: bool, limit: Limit = no_limit
) -> Ledger:
    return merge(ledger, blocks, complete=complete, today=TODAY, limit=limit)


def ranks(ledger: Ledger) -> dict[tuple[Source, date], int]:
    return {
        (source, day): rank(value)
        for source, days in ledger.daily.items()
        for day, value in days.items()
    }


@quick
@given(informative_answers, published_answers, completeness, completeness, limits)
def test_informative_and_published_answers_may_come_in_either_order(
    daily: Blocks,
    billed: Blocks,
    daily_complete: bool,  # noqa: FBT001
    billed_complete: bool,  # noqa: FBT001
    limit: Limit,
) -> None:
    ledger = Ledger()
    daily_first = taken(ledger, daily, complete=daily_complete, limit=limit)
    daily_first = taken(daily_first, billed, complete=billed_complete, limit=limit)
    billed_first = taken(ledger, billed, complete=billed_complete, limit=limit)
    billed_first = taken(billed_first, daily, complete=daily_complete, limit=limit)

    assert daily_first == billed_first
    assert rows(daily_first) == rows(billed_first)


@quick
@given(st.lists(answers, max_size=3), answers, completeness, limits)
def test_an_answer_taken_twice_changes_nothing_the_second_time(
    earlier: list[Blocks],
    answer: Blocks,
    complete: bool,  # noqa: FBT001
    limit: Limit,
) -> None:
    before = Ledger()
    for blocks in earlier:
        before = taken(before, blocks, complete=True)
    once = taken(before, answer, complete=complete, limit=limit)

    assert taken(once, answer, complete=complete, limit=limit) == once


@quick
@given(answers, answers)
def test_a_complete_answer_mends_what_cut_ones_left(
    answer: Blocks, earlier: Blocks
) -> None:
    before = taken(Ledger(), earlier, complete=True)
    in_steps = before
    for end in range(len(answer)):
        in_steps = taken(in_steps, answer[:end], complete=False)

    assert taken(in_steps, answer, complete=True) == taken(
        before, answer, complete=True
    )


@quick
@given(answers, answers)
def test_a_cut_answer_withdraws_and_weakens_no_day(
    earlier: Blocks, answer: Blocks
) -> None:
    before = taken(Ledger(), earlier, complete=True)

    after = ranks(taken(before, answer, complete=False))

    assert all(after[day] >= before_rank for day, before_rank in ranks(before).items())


@quick
@given(answers, answers, completeness, limits)
def test_days_outside_an_answer_are_never_touched(
    earlier: Blocks,
    answer: Blocks,
    complete: bool,  # noqa: FBT001
    limit: Limit,
) -> None:
    before = taken(Ledger(), earlier, complete=True)
    after = taken(before, answer, complete=complete, limit=limit)
    mentioned = ranks(taken(Ledger(), answer, complete=True))
    untouched = ranks(before).keys() - mentioned.keys()

    assert all(
        after.daily[source][day] == before.daily[source][day]
        for source, day in untouched
    )
