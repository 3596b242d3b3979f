"""Days later than any answer: set aside, and given back when one has judged them."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.metering import (
    Ledger,
    SplitLedger,
    rejoined,
    rows,
    split_ahead,
)
from custom_components.grdf_adict.metering.ledger import Source

from .factory import (
    TODAY,
    answered,
    energies,
    informative,
    later,
    published,
    read,
    six_o_clock,
    value,
)

KNOWN = answered(
    informative(10, later(-2, TODAY)), published(90, later(-60, TODAY), days=30)
)


def at(days: int, ledger: Ledger = KNOWN) -> Ledger:
    """Return a ledger with an informative day that many days from today."""
    return answered(informative(7, later(days, TODAY)), ledger=ledger)


@pytest.mark.parametrize("days", [1, 40, 730])
def test_an_informative_day_of_the_future_is_set_aside(days: int) -> None:
    parts = split_ahead(at(days), answered=TODAY, today=TODAY)
    assert rows(parts.ledger) == rows(KNOWN)
    assert energies(parts.ahead, Source.INFORMATIVE) == {later(days, TODAY): 7}


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_ended_by_the_day_after_the_answer_is_not(days: int) -> None:
    assert split_ahead(at(days), answered=TODAY, today=TODAY) == (at(days), Ledger())


def test_a_block_that_reaches_into_the_future_is_set_aside_whole() -> None:
    ledger = answered(published(900, later(-5, TODAY), days=45), ledger=KNOWN)
    parts = split_ahead(ledger, answered=TODAY, today=TODAY)
    assert rows(parts.ledger) == rows(KNOWN)
    assert [block.value.energy for block in parts.ahead.blocks] == [900]


def test_a_clock_that_is_behind_hides_nothing_that_was_answered() -> None:
    assert split_ahead(KNOWN, answered=TODAY, today=later(-9000, TODAY)).ledger == KNOWN


def test_a_day_comes_back_with_an_answer_not_with_the_clock() -> None:
    ahead = later(40, TODAY)
    ledger = at(40)
    assert split_ahead(ledger, answered=TODAY, today=later(50, TODAY)).ahead != Ledger()
    assert split_ahead(ledger, answered=ahead, today=ahead) == (ledger, Ledger())


@pytest.mark.parametrize("source", [Source.RECOVERED, Source.ADOPTED])
def test_another_sources_days_after_the_last_answer_stay_unless_of_the_future(
    source: Source,
) -> None:
    days = {later(days, TODAY): value(5) for days in (-1, 0, 1)}
    ledger = Ledger(daily={source: days})
    parts = split_ahead(ledger, answered=later(-30, TODAY), today=TODAY)
    assert list(parts.ledger.daily[source]) == [later(-1, TODAY), TODAY]
    assert list(parts.ahead.daily[source]) == [later(1, TODAY)]


def test_a_reading_of_the_future_is_set_aside() -> None:
    block = read(informative(1), 4, six_o_clock(later(1)))
    ledger = replace(answered(block), blocks=())
    assert ledger.reading is not None
    late = replace(ledger, reading=replace(ledger.reading, at=six_o_clock(later(99))))
    parts = split_ahead(late, answered=TODAY, today=TODAY)
    assert (parts.ledger.reading, parts.ahead.reading) == (None, late.reading)


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
def test_the_parts_make_the_whole_again(day: int, start: int, answer: int) -> None:
    ledger = answered(published(50, later(start, TODAY), days=3), ledger=at(day))
    parts = split_ahead(ledger, answered=later(answer, TODAY), today=TODAY)
    assert rejoined(parts) == ledger


def test_what_an_answer_gives_replaces_what_was_ahead() -> None:
    parts = split_ahead(at(1), answered=TODAY, today=TODAY)
    right = answered(informative(12, later(1, TODAY)), ledger=parts.ledger)
    whole = rejoined(SplitLedger(right, parts.ahead))
    assert energies(whole, Source.INFORMATIVE)[later(1, TODAY)] == 12
