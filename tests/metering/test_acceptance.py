"""Which blocks an answer's date and its query allow (decision 15)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Consumption, Reading, Refused
from custom_components.grdf_adict.metering import (
    Accepted,
    accepted,
    refused_from_json,
    refused_to_json,
    refused_values,
)

from .factory import DAY, TODAY, informative, later, published, six_o_clock

MONTH_AGO: Final = later(-30)


def judged(*blocks: Consumption, first: date = MONTH_AGO) -> Accepted:
    return accepted(blocks, first=first, last=TODAY, today=TODAY)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_gas_day_that_ended_by_the_day_after_the_answer_is_accepted(
    days: int,
) -> None:
    block = informative(10, later(days, TODAY))
    assert judged(block) == Accepted((block,), ())


@pytest.mark.parametrize("days", [1, 40, 790])
def test_a_later_gas_day_is_refused_with_its_date(days: int) -> None:
    gas_day = later(days, TODAY)
    taken = judged(informative(10, gas_day), informative(7))
    assert taken.blocks == (informative(7),)
    assert taken.refused == (Refused("date_fin: in the future", gas_day),)


def test_a_gas_day_of_the_future_is_refused_whatever_its_bounds() -> None:
    named = replace(informative(10), gas_day=date(2028, 11, 18))
    assert judged(named).blocks == ()


def test_a_published_block_that_reaches_into_the_future_is_refused() -> None:
    block = published(900, later(-5, TODAY), days=45)
    assert judged(block) == Accepted(
        (), (Refused("date_fin: in the future", later(-5, TODAY)),)
    )


def test_an_informative_value_of_several_days_is_refused_a_published_one_is_not() -> (
    None
):
    three = replace(informative(30), end=six_o_clock(later(3)))
    month = published(300, later(-20), days=20)

    assert judged(three, month) == Accepted(
        (month,), (Refused("date_fin: more than a gas day", DAY),)
    )


def test_the_gas_day_before_the_dates_asked_for_is_accepted_an_older_one_is_not() -> (
    None
):
    before, older = informative(1, later(-1)), informative(2, later(-3))
    taken = judged(older, before, first=DAY)
    assert taken.blocks == (before,)
    assert taken.refused == (Refused("date_debut: not asked for", later(-3)),)


def test_a_block_that_overlaps_the_dates_asked_for_is_accepted_whole() -> None:
    block = published(900, later(-25), days=30)
    assert judged(block, first=DAY).blocks == (block,)


def test_a_reading_of_the_future_is_removed_and_its_block_stays() -> None:
    late = Reading(index=4, at=datetime(2090, 1, 1, tzinfo=UTC))
    now = Reading(index=3, at=six_o_clock(DAY))
    block = replace(informative(10), start_reading=now, end_reading=late)
    taken = judged(block)
    assert taken.blocks == (replace(block, end_reading=None),)
    assert taken.refused == (Refused("horodate_Index: in the future", DAY),)


def test_a_converted_volume_alone_is_refused_with_a_reason_and_the_energy_stays() -> (
    None
):
    block = replace(informative(10), converted_volume=3.0)
    taken = judged(block)
    assert taken.blocks == (block,)
    assert taken.refused == (Refused("volume_brut: only volume_converti", DAY),)
    # Beside a raw volume it is no news, and 0 can mean absent.
    assert judged(replace(block, raw_volume=3.0)).refused == ()
    assert judged(replace(block, converted_volume=0.0)).refused == ()


@given(
    st.datetimes(datetime(1946, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001
    st.timedeltas(timedelta(minutes=1), timedelta(days=1830)),
    st.none() | st.dates(date(1946, 1, 1), date(2199, 12, 31)),
)
def test_whatever_is_accepted_ended_by_tomorrow_and_was_asked_for(
    start: datetime, length: timedelta, gas_day: date | None
) -> None:
    aware = start.replace(tzinfo=UTC)
    block = replace(informative(1), start=aware, end=aware + length, gas_day=gas_day)
    for each in judged(block).blocks:
        assert each.end < six_o_clock(later(2, TODAY))
        assert each.gas_day is None or each.gas_day <= TODAY
        assert each.end > six_o_clock(later(-33))


def test_the_newest_twenty_refused_values_are_kept_and_all_are_counted() -> None:
    many = [Refused("energie: negative", later(-day)) for day in range(1_000)]
    kept = refused_values([Refused("id_pce: no PCE"), *many])
    assert kept is not None
    assert kept.number == 1_001
    assert [value.gas_day for value in kept.newest] == [
        later(-day) for day in reversed(range(20))
    ]
    assert refused_from_json(refused_to_json(kept)) == kept
    assert refused_values([]) is None
