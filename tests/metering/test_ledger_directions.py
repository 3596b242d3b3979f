"""Gas used and gas injected have a ledger each, and the same rules."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings, strategies as st

from custom_components.grdf_adict.adict import (
    Consumption,
    ConsumptionKind,
    FlowDirection,
)
from custom_components.grdf_adict.metering.ledger import Ledger, Source, merge

from .factory import (
    DAY,
    TODAY,
    at_most,
    energies,
    informative,
    later,
    no_limit,
    published,
)
from .strategies import informative_answers, published_answers

USED, INJECTED = FlowDirection.CONSUMPTION, FlowDirection.PRODUCTION


def injected(block: Consumption) -> Consumption:
    """Return a block as published injections give it."""
    return replace(block, direction=INJECTED, kind=ConsumptionKind.INJECTION)


def ledger_of(
    blocks: Sequence[Consumption],
    direction: FlowDirection,
    ledger: Ledger | None = None,
) -> Ledger:
    return merge(
        ledger or Ledger(),
        blocks,
        direction=direction,
        complete=True,
        today=TODAY,
        limit=at_most(100),
    )


@settings(max_examples=60, deadline=None)
@given(published_answers)
def test_injections_are_kept_by_the_rules_of_published_gas(
    blocks: list[Consumption],
) -> None:
    turned = [injected(block) for block in blocks]

    assert ledger_of(turned, INJECTED) == ledger_of(blocks, USED)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(informative_answers | published_answers, max_size=3),
    st.randoms(use_true_random=False),
)
def test_each_block_of_an_answer_goes_to_one_of_the_two_ledgers(
    answers: list[list[Consumption]], roll: object
) -> None:
    mixed = [
        replace(block, direction=roll.choice((USED, INJECTED, None)))  # type: ignore[attr-defined]
        for blocks in answers
        for block in blocks
    ]

    for direction in (USED, INJECTED):
        own = [
            block
            for block in mixed
            if (block.direction is INJECTED) is (direction is INJECTED)
        ]
        assert ledger_of(mixed, direction) == ledger_of(own, direction)


def test_an_answer_on_gas_used_leaves_what_is_known_of_gas_injected() -> None:
    known = merge(
        Ledger(),
        [injected(published(70, DAY)), injected(published(900, later(1)))],
        direction=INJECTED,
        complete=True,
        today=TODAY,
        limit=at_most(100),
    )
    assert known.suspects

    assert ledger_of([published(8, DAY)], INJECTED, known) == known


def test_gas_given_twice_in_two_answers_is_counted_once() -> None:
    among_consumptions = replace(published(70, DAY), direction=INJECTED)

    ledger = ledger_of([among_consumptions], INJECTED)
    ledger = ledger_of([injected(published(71, DAY))], INJECTED, ledger)

    assert energies(ledger, Source.PUBLISHED) == {DAY: 71}
    assert energies(ledger, Source.INFORMATIVE) == {}


def test_a_ledger_of_gas_used_takes_no_gas_injected() -> None:
    blocks = [replace(informative(8), direction=INJECTED), injected(published(9))]

    assert (
        merge(Ledger(), blocks, complete=True, today=TODAY, limit=no_limit) == Ledger()
    )
