"""What a published block leaves to its days: exact, whatever the order of arrival."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.adict import Qualification
from custom_components.grdf_adict.metering.ledger import Ledger, recovered
from custom_components.grdf_adict.metering.series import (
    BlockDifference,
    RowKind,
    differences,
    rows,
    shares,
)

from .factory import (
    DAY,
    TODAY,
    absent,
    answered,
    informative,
    later,
    published,
    qualified,
    value,
)
from .strategies import informative_answers, published_answers

quick = settings(max_examples=80, deadline=None)
amounts = st.floats(0, 1e6, allow_nan=False).map(lambda amount: round(amount, 3))


def energies(ledger: Ledger) -> list[float | None]:
    return [row.energy for row in rows(ledger)]


@quick
@given(amounts, st.lists(amounts, max_size=6), st.integers(1, 200))
def test_the_parts_add_up_to_what_remains(
    whole: float, known: list[float], count: int
) -> None:
    parts = shares(whole, known, count)

    remains = max(
        round(whole * 1000) - sum(round(amount * 1000) for amount in known), 0
    )
    wholes = [round((part or 0) * 1000) for part in parts]
    assert sum(wholes) == remains
    assert max(wholes) - min(wholes) <= 1
    assert wholes == sorted(wholes, reverse=True)


def test_an_unknown_whole_leaves_unknown_parts() -> None:
    assert shares(None, [1.0], 2) == [None, None]
    assert shares(10.0, [1.0], 0) == []


def test_a_published_block_alone_is_spread_over_its_days() -> None:
    found = rows(answered(published(220, days=22)))

    assert [(row.energy, row.kind) for row in found] == [(10, RowKind.SPREAD)] * 22
    assert not any(row.final for row in found)


def test_days_with_a_value_keep_it_and_the_others_share_the_rest() -> None:
    ledger = answered(
        informative(40), absent(informative(0, later(1))), published(100, days=4)
    )

    assert energies(ledger) == [40, 20, 20, 20]


def test_days_worth_more_than_their_block_leave_nothing() -> None:
    ledger = answered(
        informative(40), informative(70, later(1)), published(100, days=3)
    )

    assert energies(ledger) == [40, 70, 0]
    assert differences(ledger) == (BlockDifference(DAY, later(2), -10),)


def test_a_block_that_its_days_fill_is_compared_with_them() -> None:
    ledger = answered(
        informative(40), informative(57, later(1)), published(100, days=2)
    )

    assert energies(ledger) == [40, 57]
    assert differences(ledger) == (BlockDifference(DAY, later(1), 3),)


def test_a_block_that_agrees_with_its_days_shows_no_difference() -> None:
    assert differences(answered(informative(40), published(100, days=3))) == ()


def test_a_withdrawn_day_goes_back_to_its_share() -> None:
    ledger = answered(
        informative(40), informative(50, later(1)), published(100, days=2)
    )

    ledger = answered(absent(informative(0)), ledger=ledger)

    assert energies(ledger) == [50, 50]


def test_two_blocks_that_overlap_count_no_gas_twice() -> None:
    month = published(300, days=30)
    corrected = qualified(published(50, days=10), Qualification.CORRECTED)

    found = energies(answered(month, corrected))

    assert found == [5] * 10 + [12.5] * 20


def test_an_estimate_gives_way_to_the_measure_of_the_same_days() -> None:
    estimate = qualified(published(900, days=30), Qualification.ESTIMATED)
    measure = published(300, days=30)

    assert energies(answered(measure, estimate)) == [10] * 30


def test_an_absent_block_spreads_nothing() -> None:
    assert rows(answered(absent(published(0, days=30)))) == ()


def test_a_lost_and_recovered_day_is_not_spread_over() -> None:
    ledger = Ledger()
    known = {DAY: value(30, Qualification.UNKNOWN, final=False)}

    ledger = answered(published(100, days=3), ledger=recovered(known))

    assert energies(ledger) == [30, 35, 35]


def test_volumes_are_shared_like_energies() -> None:
    block = published(100, days=4)

    found = rows(answered(block, informative(40)))

    own = found[0].volume or 0
    assert sum(row.volume or 0 for row in found[1:]) == pytest.approx(
        (block.raw_volume or 0) - own
    )


def test_blocks_may_arrive_in_any_order() -> None:
    answers = (
        [
            published(300, days=30),
            qualified(published(50, days=10), Qualification.CORRECTED),
        ],
        [published(80, later(25), days=10)],
        [informative(7), absent(informative(0, later(3)))],
        [informative(9, later(40))],
    )
    found = set()
    for order in permutations(answers):
        ledger = Ledger()
        for blocks in order:
            ledger = answered(*blocks, ledger=ledger, today=TODAY)
        found.add(rows(ledger))

    assert len(found) == 1


@quick
@given(informative_answers, published_answers)
def test_the_energy_of_published_blocks_is_conserved(
    daily: list[object], billed: list[object]
) -> None:
    ledger = answered(*billed, ledger=answered(*daily))  # type: ignore[arg-type]
    by_day = {row.gas_day: row for row in rows(ledger)}
    found = {(item.first, item.last): item.energy for item in differences(ledger)}

    for block in ledger.blocks:
        days = block.gas_days
        total = sum(by_day[day].energy or 0 for day in days if day in by_day)
        expected = block.value.energy
        if expected is not None:
            difference = found.get((days[0], days[-1]), 0.0)
            assert total + difference == pytest.approx(expected, abs=0.001)
            assert days[-1] - days[0] >= timedelta(days=1)
