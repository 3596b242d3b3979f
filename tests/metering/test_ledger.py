"""What an answer changes in a ledger, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from custom_components.grdf_adict.adict import (
    Consumption,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
    Reading,
)
from custom_components.grdf_adict.metering.ledger import (
    DayValue,
    IndexReading,
    Ledger,
    PublishedBlock,
    Source,
    recovered,
)

from .factory import (
    DAY,
    absent,
    answered,
    energies,
    informative,
    later,
    published,
    qualified,
    read,
    six_o_clock,
    value,
)

WEAKEST_FIRST = [
    absent(informative(0)),
    qualified(informative(1), Qualification.UNKNOWN),
    qualified(informative(2), Qualification.ESTIMATED),
    qualified(informative(3), Qualification.MEASURED),
    qualified(informative(4), Qualification.CORRECTED),
]
PAIRS = [
    (weaker, stronger)
    for place, weaker in enumerate(WEAKEST_FIRST)
    for stronger in WEAKEST_FIRST[place + 1 :]
]


def informative_energy(ledger: Ledger, day: date = DAY) -> float | None:
    return energies(ledger, Source.INFORMATIVE)[day]


def test_a_day_is_kept_as_its_source_gives_it() -> None:
    block = replace(informative(8), raw_volume=1, conversion_coefficient=11.16)

    assert answered(block).daily == {
        Source.INFORMATIVE: {
            DAY: DayValue(
                energy=8,
                volume=1,
                coefficient=11.16,
                qualification=Qualification.MEASURED,
                final=False,
            )
        }
    }


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 28),
        date(2026, 10, 24),
        date(2028, 2, 29),
        date(2026, 12, 31),
    ],
)
def test_a_day_of_23_or_25_hours_a_leap_day_and_new_years_eve_are_gas_days(
    day: date,
) -> None:
    assert energies(answered(informative(8, day)), Source.INFORMATIVE) == {day: 8}


def test_a_day_written_in_utc_is_the_gas_day_it_is_in_france() -> None:
    block = replace(
        informative(8),
        start=datetime(2026, 10, 24, 4, tzinfo=UTC),
        end=datetime(2026, 10, 25, 5, tzinfo=UTC),
        gas_day=None,
    )

    assert energies(answered(block), Source.INFORMATIVE) == {date(2026, 10, 24): 8}


def test_published_and_informative_values_of_a_day_are_kept_side_by_side() -> None:
    ledger = answered(published(21), ledger=answered(informative(20)))

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 20}
    assert energies(ledger, Source.PUBLISHED) == {DAY: 21}


def test_a_block_of_no_stated_kind_counts_as_informative() -> None:
    ledger = answered(replace(informative(8), kind=ConsumptionKind.UNKNOWN))

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 8}


@pytest.mark.parametrize(
    "block",
    [
        replace(informative(8), direction=FlowDirection.PRODUCTION),
        replace(informative(8), kind=ConsumptionKind.INFORMATIVE_HOURLY),
        informative(None),
        qualified(informative(None), Qualification.UNKNOWN),
        replace(informative(8), end=six_o_clock(DAY)),
        replace(informative(8), end=six_o_clock(later(-1))),
    ],
    ids=["injected", "hourly", "null", "null unknown", "no time", "backwards"],
)
def test_a_block_that_has_no_gas_day_used_is_passed_over(block: Consumption) -> None:
    ledger = answered(read(block, 1325, six_o_clock(later(1))))

    assert ledger == Ledger()


def test_an_informative_block_of_several_days_is_no_days_value() -> None:
    block = replace(informative(80), end=six_o_clock(later(7)))

    ledger = answered(block)

    assert not ledger.daily
    assert not ledger.blocks


def test_an_absent_day_has_no_value_even_where_grdf_writes_zero() -> None:
    block = replace(
        qualified(informative(0), Qualification.ABSENT),
        raw_volume=0,
        conversion_coefficient=11.2,
    )

    ledger = answered(block)

    assert ledger.daily[Source.INFORMATIVE][DAY] == value(
        None, Qualification.ABSENT, final=False
    )


def test_a_measured_zero_is_a_value() -> None:
    assert informative_energy(answered(informative(0))) == 0


@pytest.mark.parametrize(
    ("status", "informative_final", "published_final"),
    [
        (ConsumptionStatus.FINAL, True, True),
        (ConsumptionStatus.PROVISIONAL, False, False),
        (ConsumptionStatus.UNKNOWN, False, False),
        (None, False, True),
    ],
)
def test_a_published_day_is_final_unless_marked_otherwise(
    status: ConsumptionStatus | None,
    informative_final: bool,  # noqa: FBT001
    published_final: bool,  # noqa: FBT001
) -> None:
    ledger = answered(
        replace(informative(8), status=status), replace(published(8), status=status)
    )

    assert ledger.daily[Source.INFORMATIVE][DAY].final is informative_final
    assert ledger.daily[Source.PUBLISHED][DAY].final is published_final


@pytest.mark.parametrize("order", list(permutations(WEAKEST_FIRST)))
def test_of_several_blocks_on_a_day_the_strongest_value_counts(
    order: tuple[Consumption, ...],
) -> None:
    assert informative_energy(answered(*order)) == 4


@pytest.mark.parametrize(("weaker", "stronger"), PAIRS)
def test_of_two_blocks_on_a_day_the_stronger_value_counts_in_either_order(
    weaker: Consumption, stronger: Consumption
) -> None:
    assert informative_energy(answered(weaker, stronger)) == stronger.energy
    assert informative_energy(answered(stronger, weaker)) == stronger.energy


def test_of_equal_values_of_a_day_the_later_end_counts() -> None:
    whole = informative(24)
    part = replace(informative(12), end=six_o_clock(DAY).replace(hour=18))

    assert informative_energy(answered(whole, part)) == 24
    assert informative_energy(answered(part, whole)) == 24


def test_a_stronger_value_of_a_day_counts_though_it_ends_earlier() -> None:
    whole = informative(24)
    part = replace(
        qualified(informative(12), Qualification.CORRECTED),
        end=six_o_clock(DAY).replace(hour=18),
    )

    assert informative_energy(answered(whole, part)) == 12
    assert informative_energy(answered(part, whole)) == 12


def test_of_equal_values_with_equal_ends_the_later_in_the_stream_counts() -> None:
    assert informative_energy(answered(informative(7), informative(9))) == 9
    assert informative_energy(answered(informative(9), informative(7))) == 7


def test_a_complete_answer_replaces_a_value_with_a_later_one() -> None:
    ledger = answered(informative(9), ledger=answered(informative(7)))

    assert informative_energy(ledger) == 9


@pytest.mark.parametrize(("weaker", "stronger"), PAIRS)
def test_a_complete_answer_may_give_less_of_a_day(
    weaker: Consumption, stronger: Consumption
) -> None:
    ledger = answered(weaker, ledger=answered(stronger))

    assert informative_energy(ledger) == weaker.energy


@pytest.mark.parametrize(("weaker", "stronger"), PAIRS)
def test_a_cut_answer_may_not_give_less_of_a_day(
    weaker: Consumption, stronger: Consumption
) -> None:
    ledger = answered(weaker, ledger=answered(stronger), complete=False)

    assert informative_energy(ledger) == stronger.energy


@pytest.mark.parametrize(("weaker", "stronger"), PAIRS)
def test_a_cut_answer_may_give_more_of_a_day(
    weaker: Consumption, stronger: Consumption
) -> None:
    ledger = answered(stronger, ledger=answered(weaker), complete=False)

    assert informative_energy(ledger) == stronger.energy


def test_a_cut_answer_may_replace_a_value_by_an_equally_strong_one() -> None:
    ledger = answered(informative(9), ledger=answered(informative(7)), complete=False)

    assert informative_energy(ledger) == 9


def test_a_cut_answer_gives_days_that_were_unknown_but_no_absence() -> None:
    ledger = answered(informative(7), absent(informative(0, later(1))), complete=False)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 7}


@pytest.mark.parametrize("complete", [True, False])
def test_a_day_that_an_answer_does_not_mention_stays(complete: bool) -> None:  # noqa: FBT001
    before = answered(informative(7), informative(9, later(2)))

    after = answered(informative(8, later(1)), ledger=before, complete=complete)

    assert energies(after, Source.INFORMATIVE) == {DAY: 7, later(1): 8, later(2): 9}


@pytest.mark.parametrize("complete", [True, False])
def test_an_answer_without_data_changes_nothing(complete: bool) -> None:  # noqa: FBT001
    before = answered(
        read(informative(7), 1325, six_o_clock(later(1))), published(200, days=22)
    )

    assert answered(ledger=before, complete=complete) == before


def test_days_are_kept_in_their_order_however_they_arrive() -> None:
    ledger = answered(
        informative(2, later(2)),
        informative(0),
        ledger=answered(informative(1, later(1))),
    )

    assert list(ledger.daily[Source.INFORMATIVE]) == [DAY, later(1), later(2)]


def test_a_published_block_of_several_days_is_kept_whole() -> None:
    block = replace(
        published(2032, date(2021, 1, 1), days=22),
        raw_volume=180,
        conversion_coefficient=11.29,
    )

    ledger = answered(block)

    assert not ledger.daily
    assert ledger.blocks == (
        PublishedBlock(
            block.start,
            block.end,
            DayValue(2032, 180, 11.29, Qualification.MEASURED, final=True),
        ),
    )
    assert ledger.blocks[0].gas_days == [date(2021, 1, day) for day in range(1, 23)]


def test_published_blocks_are_kept_by_start_then_end() -> None:
    ledger = answered(
        published(3, later(30), days=30),
        published(2, days=30),
        published(1, days=20),
    )

    assert [block.value.energy for block in ledger.blocks] == [1, 2, 3]


def test_a_block_whose_days_grdf_now_gives_in_other_blocks_is_superseded() -> None:
    known = answered(published(300, days=30))

    divided = (published(100, days=10), published(190, later(10), days=20))

    assert [
        block.value.energy for block in answered(*divided, ledger=known).blocks
    ] == [100, 190]


@pytest.mark.parametrize("complete", [True, False])
def test_a_block_of_which_a_day_is_in_no_other_stays(
    complete: bool,  # noqa: FBT001
) -> None:
    known = answered(published(300, days=30))
    answer = (published(100, days=10), published(180, later(10), days=19))
    if not complete:
        answer = (published(100, days=10), published(190, later(10), days=20))

    ledger = answered(*answer, ledger=known, complete=complete)

    assert 300 in [block.value.energy for block in ledger.blocks]


def test_a_published_block_given_anew_in_utc_replaces_itself() -> None:
    block = published(200, days=22)
    in_utc = replace(
        published(210, days=22),
        start=block.start.astimezone(UTC),
        end=block.end.astimezone(UTC),
    )

    ledger = answered(in_utc, ledger=answered(block))

    assert [block.value.energy for block in ledger.blocks] == [210]


@pytest.mark.parametrize(("complete", "energy"), [(True, None), (False, 200)])
def test_only_a_complete_answer_withdraws_a_published_block(
    complete: bool,  # noqa: FBT001
    energy: float | None,
) -> None:
    block = published(200, days=22)

    ledger = answered(absent(block), ledger=answered(block), complete=complete)

    assert [block.value.energy for block in ledger.blocks] == [energy]


def test_the_newest_index_is_kept() -> None:
    ledger = answered(
        read(informative(1, later(1)), 1326, six_o_clock(later(2))),
        read(informative(1), 1325, six_o_clock(later(1))),
    )

    assert ledger.reading == IndexReading(1326, six_o_clock(later(2)))


def test_an_older_index_that_comes_later_is_passed_over() -> None:
    newest = read(informative(1, later(1)), 1326, six_o_clock(later(2)))
    older = read(informative(1), 1325, six_o_clock(later(1)))

    ledger = answered(older, ledger=answered(newest))

    assert ledger.reading == IndexReading(1326, six_o_clock(later(2)))


def test_an_index_of_one_instant_is_the_latest_that_grdf_gave() -> None:
    first = read(informative(1), 1325, six_o_clock(later(1)))
    corrected = read(informative(1), 1320, six_o_clock(later(1)))

    ledger = answered(corrected, ledger=answered(first))

    assert ledger.reading == IndexReading(1320, six_o_clock(later(1)))


def test_a_block_whose_end_was_not_read_gives_the_index_of_its_start() -> None:
    block = replace(
        read(informative(1), None, six_o_clock(later(1))),
        start_reading=Reading(index=1324, at=six_o_clock(DAY)),
    )

    assert answered(block).reading == IndexReading(1324, six_o_clock(DAY))


def test_an_index_without_a_time_is_passed_over() -> None:
    assert answered(read(informative(1), 1325, None)).reading is None


def test_a_ledger_starts_again_from_the_rows_kept_after_it_was_lost() -> None:
    days = {DAY: value(8, Qualification.UNKNOWN, final=False)}

    assert recovered(days) == Ledger(daily={Source.RECOVERED: days})


def test_a_ledger_without_rows_to_start_from_is_empty() -> None:
    assert recovered({}) == Ledger()
