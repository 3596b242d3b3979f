"""A meter's gas days as a table of days, months or years."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Consumption
from custom_components.grdf_adict.metering.exported import ExportedMeter
from custom_components.grdf_adict.metering.file_merge import merge_file
from custom_components.grdf_adict.metering.gas_day import gas_days_through
from custom_components.grdf_adict.metering.ledger import Ledger, Source
from custom_components.grdf_adict.metering.periods import (
    Basis,
    CostedDay,
    PeriodRow,
    Step,
    costed_days,
    period_table,
)
from custom_components.grdf_adict.metering.series import DayRow, RowKind, rows, sources

from .factory import DAY, answered, informative, later, published, value
from .strategies import (
    FIRST as FIRST_OF_ALL,
    exported_meters,
    informative_answers,
    published_answers,
)

FIRST: Final = date(2026, 1, 30)


def day(
    gas_day: date,
    energy: float | None = 10.0,
    *,
    volume: float | None = 1.0,
    coefficient: float | None = 11.0,
    cost: str | None = "0.5",
) -> CostedDay:
    kind = RowKind.ABSENT if energy is None else RowKind.MEASURED
    row = DayRow(gas_day, energy, volume, coefficient, kind, final=True)
    amount = None if cost is None else Decimal(cost)
    return CostedDay(row, Source.INFORMATIVE if energy is not None else None, amount)


def table(*days: CostedDay, step: Step = Step.MONTH) -> list[PeriodRow]:
    return list(period_table(days, step))


def test_a_month_is_the_sum_of_its_days() -> None:
    days = [day(each) for each in gas_days_through(FIRST, date(2026, 2, 28))]

    january, february = table(*days)

    assert (january.first, january.last) == (date(2026, 1, 1), date(2026, 1, 31))
    assert (january.energy, january.volume, january.cost) == (20.0, 2.0, Decimal(1))
    assert (february.energy, february.cost) == (280.0, Decimal(14))


def test_a_period_has_how_many_of_its_days_have_a_value() -> None:
    january, february = table(
        day(date(2026, 1, 31)), day(date(2026, 2, 1), None), day(date(2026, 2, 2))
    )

    assert (january.known, january.days) == (1, 31)
    assert (february.known, february.days) == (1, 28)
    assert not january.is_whole


def test_a_year_has_its_leap_day() -> None:
    (year,) = table(
        *[day(each) for each in gas_days_through(date(2028, 1, 1), date(2028, 12, 31))],
        step=Step.YEAR,
    )

    assert (year.known, year.days, year.is_whole) == (366, 366, True)


def test_dates_cut_the_periods_at_the_edges() -> None:
    days = [day(each) for each in gas_days_through(FIRST, date(2026, 3, 31))]

    periods = list(
        period_table(days, Step.MONTH, first=date(2026, 1, 31), last=date(2026, 2, 10))
    )

    assert [(row.first, row.last, row.known, row.days) for row in periods] == [
        (date(2026, 1, 31), date(2026, 1, 31), 1, 1),
        (date(2026, 2, 1), date(2026, 2, 10), 10, 10),
    ]


def test_absent_days_keep_their_row_without_an_amount() -> None:
    (row,) = table(day(FIRST, None, volume=None, cost=None), step=Step.DAY)

    assert row == PeriodRow(FIRST, FIRST, None, None, None, None, (), 0, 1)


def test_an_absent_day_may_cost_its_part_of_the_subscription() -> None:
    (month,) = table(day(later(0)), day(later(1), None, volume=None, cost="0.3"))

    assert month.cost == Decimal("0.8")


@pytest.mark.parametrize("unknown", ["volume", "cost"])
def test_what_is_unknown_of_one_day_is_unknown_of_the_period(unknown: str) -> None:
    lacking = (
        day(later(1), volume=None) if unknown == "volume" else day(later(1), cost=None)
    )

    (month,) = table(day(later(0)), lacking)

    assert getattr(month, unknown) is None
    assert month.energy == 20.0


def test_coefficients_weigh_as_much_as_their_volume() -> None:
    (month,) = table(
        day(later(0), volume=3.0, coefficient=11.0),
        day(later(1), volume=1.0, coefficient=12.0),
        day(later(2), volume=5.0, coefficient=None),
    )

    assert month.coefficient == 11.25


def test_coefficients_weigh_the_same_where_no_gas_was_counted() -> None:
    (month,) = table(
        day(later(0), volume=0.0, coefficient=11.0),
        day(later(1), volume=None, coefficient=12.0),
    )

    assert month.coefficient == 11.5


def test_each_source_is_listed_once_and_a_share_as_a_share() -> None:
    ledger = answered(informative(30.0), published(100.0, days=3))

    days = costed_days(rows(ledger), sources(ledger), None)
    (month,) = period_table(days, Step.MONTH)

    assert month.bases == (Basis.PUBLISHED_SHARE, Basis.INFORMATIVE)
    assert month.energy == 100.0


@pytest.mark.parametrize("source", [Source.RECOVERED, Source.ADOPTED])
def test_a_value_of_another_source_is_listed_as_such(source: Source) -> None:
    ledger = Ledger(daily={source: {DAY: value(1.0)}})

    (row,) = period_table(costed_days(rows(ledger), sources(ledger), None), Step.DAY)

    assert row.bases == (Basis(source.value),)


@given(informative_answers, published_answers, exported_meters)
def test_every_value_has_a_source_and_nothing_else_has(
    days: list[Consumption], blocks: list[Consumption], exported: ExportedMeter
) -> None:
    ledger = merge_file(answered(*days, *blocks), exported)
    adopted = {later(place, FIRST_OF_ALL): value(1.0) for place in (3, 12)}
    ledger = replace(ledger, daily={**ledger.daily, Source.ADOPTED: adopted})

    assert sources(ledger).keys() == {
        row.gas_day for row in rows(ledger) if row.energy is not None
    }


_DAYS: Final = st.lists(
    st.tuples(
        st.integers(0, 800),
        st.none() | st.integers(0, 10**6).map(lambda part: part / 1000),
    ),
    unique_by=lambda pair: pair[0],
    max_size=40,
).map(
    lambda pairs: [
        day(later(place, FIRST), energy, volume=None, cost=None)
        for place, energy in sorted(pairs)
    ]
)


@given(_DAYS, st.sampled_from(Step))
def test_totals_are_those_of_the_days_whatever_the_step(
    days: list[CostedDay], step: Step
) -> None:
    periods = list(period_table(days, step))

    energies = [each.row.energy for each in days if each.row.energy is not None]
    assert sum(row.known for row in periods) == len(energies)
    assert round(sum(row.energy or 0.0 for row in periods), 3) == round(
        sum(energies), 3
    )
    assert all(0 <= row.known <= row.days for row in periods)
    starts = [row.first for row in periods]
    assert starts == sorted(set(starts))
