"""Another statistic's amounts for the gas days that a series lacks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import inf, nan
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import PARIS, Consumption
from custom_components.grdf_adict.metering.adoption import (
    Adoption,
    AdoptionOutcome,
    Doubt,
    Offered,
    SourceRow,
    adopt,
    day_values,
    nearest_coefficient,
    offered,
    within,
)
from custom_components.grdf_adict.metering.exported import ExportedMeter
from custom_components.grdf_adict.metering.file_merge import merge_file
from custom_components.grdf_adict.metering.gas_day import gas_day_at, gas_day_start
from custom_components.grdf_adict.metering.ledger import DayValue, Ledger, Source
from custom_components.grdf_adict.metering.series import RowKind, rows

from .factory import (
    DAY,
    answered,
    at_most,
    informative,
    later,
    no_limit,
    published,
)
from .strategies import (
    FIRST,
    exported_meters,
    informative_answers,
    published_answers,
)

NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)
SUMMER_TIME_BEGINS: Final = date(2026, 3, 29)
WINTER_TIME_BEGINS: Final = date(2026, 10, 25)
HOUR: Final = timedelta(hours=1)


def hours(start: datetime, count: int, change: float = 1.0) -> list[SourceRow]:
    begin = start.astimezone(UTC)
    return [SourceRow(begin + place * HOUR, change) for place in range(count)]


def midnight(day: date, change: float | None = 10.0) -> SourceRow:
    return SourceRow(datetime.combine(day, time(0), PARIS).astimezone(UTC), change)


def days(*changes: float | None, first: date = DAY) -> list[SourceRow]:
    """Return a daily statistic: a day before the first, then these amounts."""
    before = midnight(later(-1, first), 0.0)
    return [
        before,
        *(
            midnight(later(place, first), change)
            for place, change in enumerate(changes)
        ),
    ]


def offer(source: list[SourceRow], *, now: datetime = NOW, delay: int = 0) -> Offered:
    return offered(source, now=now, delay=delay)


def amounts(source: list[SourceRow], **more: int) -> Mapping[date, float]:
    return offer(source, **more).amounts  # type: ignore[arg-type]


def adopted(ledger: Ledger, energies: Mapping[date, float]) -> Adoption:
    return adopt(ledger, day_values(Offered(energies)), {}, no_limit)


def energies(ledger: Ledger) -> dict[date, float | None]:
    return {row.gas_day: row.energy for row in rows(ledger)}


def test_hours_are_summed_from_six_to_six_in_france() -> None:
    source = hours(gas_day_start(DAY) - HOUR, 1 + 24 + 24)
    source[1] = SourceRow(source[1].start, 5.0)

    assert amounts(source) == {DAY: 28.0, later(1): 24.0}


@pytest.mark.parametrize(
    ("day", "count"), [(SUMMER_TIME_BEGINS, 23), (WINTER_TIME_BEGINS, 25)]
)
def test_the_gas_day_before_the_clock_changes_has_its_own_length(
    day: date, count: int
) -> None:
    # The clock changes in the night that ends the gas day before.
    source = hours(gas_day_start(later(-1, day)) - HOUR, 1 + count + 24)

    assert amounts(source) == {later(-1, day): float(count), day: 24.0}


def test_a_row_a_day_is_its_calendar_days() -> None:
    assert amounts(days(10.0, 11.0)) == {DAY: 10.0, later(1): 11.0}


@pytest.mark.parametrize("day", [SUMMER_TIME_BEGINS, WINTER_TIME_BEGINS])
def test_a_row_a_day_stays_one_over_a_clock_change(day: date) -> None:
    found = offer(days(1.0, 2.0, 3.0, first=later(-1, day)))

    assert found.amounts == {later(-1, day): 1.0, day: 2.0, later(1, day): 3.0}


def test_what_a_statistic_books_late_goes_to_the_gas_day_it_is_of() -> None:
    assert amounts(days(10.0), delay=2) == {later(-2): 10.0}


def test_the_first_row_is_refused_for_its_days_are_unknown() -> None:
    found = offer([midnight(DAY), midnight(later(1))])

    assert found.amounts == {later(1): 10.0}
    assert found.doubts == {DAY: Doubt.GAP}


def test_a_day_after_missing_ones_is_refused() -> None:
    source = [*days(10.0), midnight(later(4), 40.0), midnight(later(5))]

    found = offer(source)

    assert found.doubts[later(4)] is Doubt.GAP
    assert found.amounts == {DAY: 10.0, later(5): 10.0}


def test_hours_missing_within_a_gas_day_do_no_harm() -> None:
    source = hours(gas_day_start(DAY) - HOUR, 25)
    # The row after a gap holds all that passed since the one before.
    source[12:15] = [SourceRow(source[14].start, 3.0)]

    assert amounts(source) == {DAY: 24.0}


@pytest.mark.parametrize("place", [0, 24])
def test_an_hour_missing_where_gas_days_meet_makes_them_doubtful(place: int) -> None:
    source = hours(gas_day_start(DAY) - HOUR, 25)
    del source[place]
    source.insert(0, SourceRow(source[0].start - 3 * HOUR, 1.0))

    assert offer(source).doubts[DAY] is Doubt.GAP


def test_a_gas_day_that_is_not_over_is_left_out() -> None:
    source = hours(gas_day_start(DAY) - HOUR, 1 + 24 + 12)

    found = offer(source, now=gas_day_start(later(1)) + 12 * HOUR)

    assert found.amounts == {DAY: 24.0}
    assert later(1) not in found.doubts


def test_days_before_a_statistic_became_hourly_are_its_rows() -> None:
    source = [
        *days(10.0, 11.0),
        *hours(datetime.combine(later(2), time(0), PARIS), 48),
    ]

    found = offer(source)

    assert found.amounts[DAY] == 10.0
    assert found.amounts[later(2)] == 24.0
    assert later(1) in {*found.doubts, *found.amounts}


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (-1.0, Doubt.NEGATIVE),
        (nan, Doubt.NOT_A_NUMBER),
        (inf, Doubt.NOT_A_NUMBER),
        (None, Doubt.NOT_A_NUMBER),
    ],
)
def test_what_is_no_amount_is_refused(change: float | None, doubt: Doubt) -> None:
    found = offer(days(10.0, change, 12.0))

    assert found.doubts == {later(-1): Doubt.GAP, later(1): doubt}
    assert found.amounts == {DAY: 10.0, later(2): 12.0}


def test_a_counter_that_was_reset_within_a_day_makes_it_doubtful() -> None:
    source = hours(gas_day_start(DAY) - HOUR, 25)
    source[10] = SourceRow(source[10].start, -5.0)

    assert offer(source).doubts[DAY] is Doubt.NEGATIVE


def test_a_rounding_below_zero_is_zero() -> None:
    assert amounts(days(-1e-9)) == {DAY: 0.0}


def test_dates_bound_what_is_offered() -> None:
    found = within(offer(days(1.0, nan, 3.0, 4.0)), later(1), later(2))

    assert found.amounts == {later(2): 3.0}
    assert found.doubts == {later(1): Doubt.NOT_A_NUMBER}


def test_only_days_that_have_no_value_are_filled() -> None:
    ledger = answered(informative(7.0), informative(9.0, later(2)))

    adoption = adopted(ledger, {DAY: 1.0, later(1): 2.5, later(5): 3.0})

    assert adoption.outcomes == {
        DAY: AdoptionOutcome.KEPT,
        later(1): AdoptionOutcome.NEW,
        later(5): AdoptionOutcome.NEW,
    }
    assert adoption.energy == 5.5
    assert energies(adoption.ledger) == {
        DAY: 7.0,
        later(1): 2.5,
        later(2): 9.0,
        later(3): None,
        later(4): None,
        later(5): 3.0,
    }


def test_a_published_total_is_never_bent() -> None:
    ledger = answered(published(30.0, days=3))

    adoption = adopted(ledger, {DAY: 25.0})

    assert adoption.outcomes == {DAY: AdoptionOutcome.KEPT}
    assert adoption.ledger is ledger


def test_a_later_value_of_grdf_replaces_what_was_adopted() -> None:
    ledger = adopted(Ledger(), {DAY: 1.0, later(1): 2.0}).ledger

    assert energies(answered(informative(7.0), ledger=ledger)) == {
        DAY: 7.0,
        later(1): 2.0,
    }
    months = rows(answered(published(31.0, days=31), ledger=ledger))
    assert {row.kind for row in months} == {RowKind.SPREAD}


def test_again_changes_nothing() -> None:
    once = adopted(answered(informative(7.0)), {DAY: 1.0, later(1): 2.0})
    twice = adopted(once.ledger, {DAY: 1.0, later(1): 2.0})

    assert twice.outcomes == {
        DAY: AdoptionOutcome.KEPT,
        later(1): AdoptionOutcome.EQUAL,
    }
    assert twice.ledger is once.ledger
    assert twice.energy == 0.0


def test_another_value_replaces_what_was_adopted_before() -> None:
    once = adopted(Ledger(), {DAY: 1.0, later(1): 2.0})
    twice = adopted(once.ledger, {DAY: 5.0})

    assert twice.outcomes == {DAY: AdoptionOutcome.CHANGED}
    assert energies(twice.ledger) == {DAY: 5.0, later(1): 2.0}


def test_more_than_the_meter_passes_is_refused() -> None:
    values = day_values(Offered({DAY: 90.0, later(1): 100.5}))

    adoption = adopt(Ledger(), values, {}, at_most(100.0))

    assert adoption.doubts == {later(1): Doubt.BEYOND_METER}
    assert energies(adoption.ledger) == {DAY: 90.0}


def test_an_index_counted_as_gas_is_refused_where_the_meter_is_unknown() -> None:
    index = {later(place): 60.0 for place in range(9)} | {later(9): 24_600.0}

    adoption = adopted(Ledger(), index)

    assert adoption.doubts == {later(9): Doubt.BEYOND_METER}


def test_a_cold_day_after_a_summer_is_accepted() -> None:
    summer = {later(place): 2.0 for place in range(60)} | {later(60): 240.0}

    assert not adopted(Ledger(), summer).doubts


def test_cubic_metres_become_energy_by_a_coefficient() -> None:
    values = day_values(Offered({DAY: 2.0}), lambda _: 11.2)

    assert (values[DAY].energy, values[DAY].volume, values[DAY].coefficient) == (
        22.4,
        2.0,
        11.2,
    )


def test_the_coefficient_is_that_of_the_nearest_gas_day() -> None:
    def with_coefficient(day: date, coefficient: float) -> tuple[date, DayValue]:
        (value,) = day_values(Offered({day: 1.0}), lambda _: coefficient).values()
        return day, value

    ledger = Ledger(
        daily={
            Source.INFORMATIVE: dict(
                [with_coefficient(DAY, 11.0), with_coefficient(later(10), 12.0)]
            )
        }
    )

    nearest = nearest_coefficient(ledger)

    assert nearest is not None
    assert [nearest(later(place)) for place in (-5, 0, 5, 6, 10, 30)] == [
        11.0,
        11.0,
        11.0,
        12.0,
        12.0,
        12.0,
    ]
    assert nearest_coefficient(Ledger()) is None


@given(
    informative_answers,
    published_answers,
    exported_meters,
    st.dictionaries(
        st.integers(-2, 14).map(lambda place: later(place, FIRST)),
        st.floats(0, 400).map(lambda energy: round(energy, 3)),
    ),
)
def test_no_value_of_grdf_or_a_file_ever_changes(
    days_of_grdf: list[Consumption],
    blocks: list[Consumption],
    exported: ExportedMeter,
    offer: dict[date, float],
) -> None:
    ledger = merge_file(answered(*days_of_grdf, *blocks), exported)
    before = {day: kwh for day, kwh in energies(ledger).items() if kwh is not None}

    adoption = adopted(ledger, offer)

    after = {
        day: kwh for day, kwh in energies(adoption.ledger).items() if kwh is not None
    }
    assert after == offer | before
    again = adopted(adoption.ledger, offer)
    assert again.ledger is adoption.ledger
    # Whether GRDF speaks first or last makes no difference.
    late = merge_file(
        answered(*days_of_grdf, *blocks, ledger=adopted(Ledger(), offer).ledger),
        exported,
    )
    late_energies = {d: k for d, k in energies(late).items() if k is not None}
    assert late_energies == after


@given(st.lists(st.floats(0, 10).map(lambda part: round(part, 3)), min_size=49))
def test_hours_are_neither_lost_nor_counted_twice(changes: list[float]) -> None:
    start = gas_day_start(DAY) - HOUR
    source = [
        SourceRow(start + place * HOUR, change) for place, change in enumerate(changes)
    ]

    found = offer(source)

    for day, amount in found.amounts.items():
        of_day = [row.change or 0.0 for row in source if gas_day_at(row.start) == day]
        assert amount == pytest.approx(sum(of_day))
