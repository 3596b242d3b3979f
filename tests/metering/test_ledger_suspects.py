"""Values beyond what the meter can pass: withheld, and accepted when repeated."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from custom_components.grdf_adict.adict import PARIS, Frequency, Qualification
from custom_components.grdf_adict.metering.facts import most_energy
from custom_components.grdf_adict.metering.ledger import (
    Ledger,
    Limit,
    Source,
    SuspectValue,
)
from custom_components.grdf_adict.metering.schedule.calls import DataFamily, agenda
from custom_components.grdf_adict.metering.schedule.records import CallRecord
from custom_components.grdf_adict.metering.schedule.slots import coverage as reach

from .factory import (
    DAY,
    TODAY,
    absent,
    answered,
    at_most,
    covering,
    energies,
    informative,
    later,
    published,
    qualified,
)

LIMIT = at_most(1000)
TOMORROW = later(1, TODAY)
DAYS_OF_TEN = [later(days) for days in range(10)]
DAYS_RUNNING = [later(days, TODAY) for days in range(7)]


def coverage(ledger: Ledger) -> list[SuspectValue]:
    return list(ledger.suspects.values())


def test_an_implausible_day_is_withheld() -> None:
    ledger = answered(informative(5000), limit=LIMIT)

    assert not ledger.daily
    assert coverage(ledger) == [SuspectValue(5000, TODAY)]


def test_a_day_at_the_limit_is_taken() -> None:
    ledger = answered(informative(1000), limit=LIMIT)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 1000}
    assert not ledger.suspects


def test_an_implausible_day_leaves_the_value_it_had() -> None:
    ledger = answered(informative(5000), ledger=answered(informative(50)), limit=LIMIT)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 50}


def test_an_implausible_day_does_not_take_the_others_with_it() -> None:
    ledger = answered(informative(5000), informative(50, later(1)), limit=LIMIT)

    assert energies(ledger, Source.INFORMATIVE) == {later(1): 50}


def test_an_implausible_day_repeated_on_the_same_day_stays_withheld() -> None:
    once = answered(informative(5000), limit=LIMIT)

    assert answered(informative(5000), ledger=once, limit=LIMIT) == once


def test_an_implausible_day_repeated_on_a_later_day_is_taken() -> None:
    once = answered(informative(5000), limit=LIMIT)

    ledger = answered(informative(5000), ledger=once, limit=LIMIT, today=TOMORROW)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 5000}


def test_an_implausible_day_that_changes_is_withheld_again() -> None:
    once = answered(informative(5000), limit=LIMIT)

    ledger = answered(informative(6000), ledger=once, limit=LIMIT, today=TOMORROW)

    assert not ledger.daily
    assert coverage(ledger) == [SuspectValue(6000, TOMORROW)]


def test_two_large_values_are_not_taken_for_one() -> None:
    once = answered(informative(12_345_678), limit=LIMIT)

    ledger = answered(informative(12_345_679), ledger=once, limit=LIMIT, today=TOMORROW)

    assert not ledger.daily
    assert coverage(ledger) == [SuspectValue(12_345_679, TOMORROW)]


def test_an_implausible_day_that_grdf_corrects_is_no_longer_withheld() -> None:
    once = answered(informative(5000), limit=LIMIT)

    ledger = answered(informative(50), ledger=once, limit=LIMIT, today=TOMORROW)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 50}
    assert not ledger.suspects


def test_an_implausible_day_is_taken_once_the_limit_is_known_to_be_higher() -> None:
    once = answered(informative(5000), limit=LIMIT)

    ledger = answered(informative(5000), ledger=once, limit=at_most(9000))

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 5000}
    assert not ledger.suspects


def test_a_withheld_day_stays_withheld_when_grdf_does_not_mention_it() -> None:
    once = answered(informative(5000), limit=LIMIT)

    ledger = answered(
        informative(50, later(1)), ledger=once, limit=LIMIT, today=TOMORROW
    )

    assert coverage(ledger) == [SuspectValue(5000, TODAY)]


def test_what_is_withheld_is_asked_for_again_until_it_is_repeated() -> None:
    once = answered(published(5000), limit=LIMIT)
    twice = answered(published(5000), ledger=once, limit=LIMIT, today=TOMORROW)

    assert reach(once, Ledger()).doubted == TODAY
    assert _due(once, TODAY) == TOMORROW
    assert _due(twice, TOMORROW) > later(30, TODAY)


def _due(ledger: Ledger, answered_on: date) -> date:
    """Return when a 6M meter is asked again that answered on a day."""
    evening = datetime.combine(answered_on, time(19), PARIS)
    mark = CallRecord().after_answer(evening, complete=True)
    (due,) = agenda(
        Frequency.SIX_MONTHLY,
        covering(DataFamily.PUBLISHED),
        {DataFamily.PUBLISHED: mark},
        0.5,
        known=reach(ledger, Ledger()),
    )
    return due.at.date()


def test_an_absent_day_is_never_implausible() -> None:
    ledger = answered(absent(informative(0)), limit=at_most(0))

    assert energies(ledger, Source.INFORMATIVE) == {DAY: None}


def test_an_implausible_published_block_is_withheld_too() -> None:
    block = published(90_000, days=22)
    once = answered(block, limit=LIMIT)

    twice = answered(block, ledger=once, limit=LIMIT, today=TOMORROW)

    assert not once.blocks
    assert coverage(once) == [SuspectValue(90_000, TODAY)]
    assert [block.value.energy for block in twice.blocks] == [90_000]


@pytest.mark.parametrize(
    ("day", "energy"),
    [(date(2026, 3, 28), 23), (date(2026, 11, 10), 24), (date(2026, 10, 24), 25)],
)
def test_the_limit_is_that_of_the_days_own_hours(day: date, energy: int) -> None:
    def taken(energy: float) -> Ledger:
        return answered(
            informative(energy, day),
            limit=lambda start, end: most_energy(1, start, end),
        )

    assert energies(taken(energy), Source.INFORMATIVE) == {day: energy}
    assert not taken(energy + 0.5).daily


def test_an_implausible_day_once_taken_stays_taken() -> None:
    ledger = Ledger()
    for today in DAYS_RUNNING:
        ledger = answered(informative(5000), ledger=ledger, limit=LIMIT, today=today)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 5000}


@pytest.mark.parametrize("estimate", [50, 4000])
def test_an_implausible_correction_once_taken_stays_taken(estimate: float) -> None:
    # GRDF gives both blocks in each answer: the estimate and what corrects it.
    answer = [
        qualified(informative(estimate), Qualification.ESTIMATED),
        qualified(informative(5000), Qualification.CORRECTED),
    ]
    ledger = Ledger()
    seen = []
    for today in DAYS_RUNNING:
        ledger = answered(*answer, ledger=ledger, limit=LIMIT, today=today)
        seen.append(energies(ledger, Source.INFORMATIVE).get(DAY))

    assert seen[1:] == [5000] * 6


def test_an_implausible_day_is_not_withdrawn_by_the_absence_that_it_follows() -> None:
    late = absent(informative(0))
    known = answered(late, informative(50))

    ledger = answered(late, informative(5000), ledger=known, limit=LIMIT)

    assert energies(ledger, Source.INFORMATIVE) == {DAY: 50}


@pytest.mark.parametrize("other", [50, 4000])
def test_one_series_does_not_make_the_other_wait(other: float) -> None:
    ledger = Ledger()
    for today in DAYS_RUNNING:
        for block in (informative(other), published(5000)):
            ledger = answered(block, ledger=ledger, limit=LIMIT, today=today)

    assert energies(ledger, Source.PUBLISHED) == {DAY: 5000}


def hourly(most: float) -> Limit:
    return lambda start, end: most_energy(most, start, end)


@pytest.mark.parametrize("order", [1, -1])
def test_a_block_that_leaves_more_to_its_other_days_than_they_hold_is_withheld(
    order: int,
) -> None:
    # 24 kWh a day at most: ten days hold 240, but eight of them have 10 of their own.
    days = [informative(10, later(number)) for number in range(8)]
    block = published(200, DAY, days=10)
    answer = [*days, block][::order]

    once = answered(*answer, limit=hourly(1))
    twice = answered(*answer, ledger=once, limit=hourly(1), today=TOMORROW)

    assert not once.blocks
    assert coverage(once) == [SuspectValue(200, TODAY)]
    assert energies(once, Source.INFORMATIVE) == dict.fromkeys(DAYS_OF_TEN[:8], 10)
    assert [block.value.energy for block in twice.blocks] == [200]


def test_a_block_that_its_other_days_can_hold_is_taken() -> None:
    days = [informative(10, later(number)) for number in range(8)]
    known = answered(*days)

    assert answered(published(128, days=10), ledger=known, limit=hourly(1)).blocks
    assert not answered(published(129, days=10), ledger=known, limit=hourly(1)).blocks


def test_a_withheld_day_is_none_of_its_own() -> None:
    answer = [informative(1000), published(1010, days=2)]

    assert len(coverage(answered(*answer, limit=hourly(1)))) == 2


def test_a_block_whose_days_all_have_their_own_is_taken_whatever_it_says() -> None:
    days = [informative(10, later(number)) for number in range(10)]

    assert answered(*days, published(200, days=10), limit=hourly(1)).blocks


def test_a_volume_beyond_the_meter_is_left_out_until_it_is_repeated() -> None:
    # 1,000 kWh of the richest gas, 13 kWh/m³, are 77 m³.
    plausible = replace(informative(900, later(1)), raw_volume=76.0)
    absurd = replace(informative(900), raw_volume=78.0)
    once = answered(absurd, plausible, limit=LIMIT)
    twice = answered(absurd, plausible, ledger=once, limit=LIMIT, today=TOMORROW)

    assert energies(once, Source.INFORMATIVE) == {DAY: 900, later(1): 900}
    assert volumes(once) == {DAY: None, later(1): 76}
    assert coverage(once) == [SuspectValue(78, TODAY)]
    assert volumes(twice) == {DAY: 78, later(1): 76}


def volumes(ledger: Ledger) -> dict[date, float | None]:
    return {day: of.volume for day, of in ledger.daily[Source.INFORMATIVE].items()}
