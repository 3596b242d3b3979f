"""A building's gas days: the sum of its meters'."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.metering.group_sum import (
    GroupFigures,
    Member,
    figures,
    summed,
)
from custom_components.grdf_adict.metering.series import DayRow, RowKind

from .factory import DAY, TODAY, later, row


def member(
    *energies: float | None, first: date = DAY, costs: list[str | None] | None = None
) -> Member:
    rows = [
        replace(row(energy, later(place, first)), volume=energy and energy / 10)
        for place, energy in enumerate(energies)
    ]
    if costs is None:
        return Member(rows)
    return Member(rows, [None if cost is None else Decimal(cost) for cost in costs])


def energies(*members: Member) -> dict[date, float | None]:
    return {each.gas_day: each.energy for each in summed(members).rows}


def test_a_gas_day_is_the_sum_of_every_meters() -> None:
    group = summed([member(10.0, 11.0), member(1.0, 2.5)])

    assert [(each.energy, each.volume) for each in group.rows] == [
        (11.0, 1.1),
        (13.5, 1.35),
    ]
    assert (group.meters, group.lacking) == (2, 0)


def test_a_gas_day_that_one_meter_lacks_is_absent() -> None:
    assert energies(member(10.0, 11.0, 12.0), member(1.0, None, 3.0)) == {
        DAY: 11.0,
        later(1): None,
        later(2): 15.0,
    }


def test_a_group_begins_with_its_youngest_meter_and_waits_for_its_latest() -> None:
    group = summed([member(10.0, 11.0, 12.0), member(1.0, first=later(1))])

    assert {each.gas_day: each.energy for each in group.rows} == {
        later(1): 12.0,
        later(2): None,
    }
    assert group.lacking == 1


def test_without_a_common_gas_day_there_is_no_row() -> None:
    group = summed([member(10.0), member(None), Member([])])

    assert group.rows == ()
    assert (group.meters, group.lacking) == (3, 2)
    assert summed([]).rows == ()


def test_a_volume_that_one_meter_lacks_is_unknown() -> None:
    bare = Member([row(5.0)])

    (only,) = summed([member(10.0), bare]).rows

    assert (only.energy, only.volume) == (15.0, None)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((RowKind.MEASURED, RowKind.MEASURED), RowKind.MEASURED),
        ((RowKind.MEASURED, RowKind.CORRECTED), RowKind.CORRECTED),
        ((RowKind.CORRECTED, RowKind.ESTIMATED), RowKind.ESTIMATED),
        ((RowKind.ESTIMATED, RowKind.SPREAD), RowKind.SPREAD),
    ],
)
def test_the_least_certain_kind_is_shown(
    kinds: tuple[RowKind, ...], expected: RowKind
) -> None:
    (only,) = summed([Member([replace(row(1.0), kind=kind)]) for kind in kinds]).rows

    assert only.kind is expected


def test_a_sum_is_final_once_every_meter_is() -> None:
    members = [Member([row(1.0)]), Member([row(1.0, final=False)])]

    assert not summed(members).rows[0].final
    assert summed(members[:1] * 2).rows[0].final


def test_costs_are_summed_where_every_meter_has_one() -> None:
    group = summed(
        [
            member(1.0, 1.0, None, costs=["0.5", "0.6", "0.1"]),
            member(1.0, 1.0, 1.0, costs=["0.25", None, "0.3"]),
        ]
    )

    assert group.costs == (Decimal("0.75"), None, None)


def test_a_meter_without_a_price_leaves_the_group_without_a_cost() -> None:
    assert summed([member(1.0, costs=["0.5"]), member(1.0)]).costs is None


def test_figures_are_those_of_the_sum() -> None:
    first = date(2026, 11, 1)
    group = summed(
        [
            member(*[10.0] * 15, first=first, costs=["1"] * 15),
            member(*[2.0] * 14, first=first, costs=["0.5"] * 14),
        ]
    )

    shown = figures(group, TODAY)

    assert shown.last is not None
    assert (shown.last.gas_day, shown.last.energy) == (date(2026, 11, 14), 12.0)
    assert shown.last_cost == 1.5
    assert shown.energy.month.energy == 168.0
    assert shown.volume.month.energy == pytest.approx(16.8)
    assert shown.cost.month.energy == 21.0
    assert shown.energy.last_month.energy is None
    assert (shown.meters, shown.lacking) == (2, 1)


def test_a_share_is_shown_as_the_last_day_only_where_no_day_is_its_own() -> None:
    spread = replace(row(5.0, later(1)), kind=RowKind.SPREAD)

    own = figures(summed([Member([row(4.0), spread])]), TODAY)
    shared = figures(summed([Member([spread])]), TODAY)

    assert own.last is not None
    assert shared.last is not None
    assert (own.last.energy, shared.last.energy) == (4.0, 5.0)


def test_nothing_known_is_no_figure() -> None:
    shown = figures(summed([]), TODAY)

    assert shown == replace(
        GroupFigures(), energy=shown.energy, volume=shown.volume, cost=shown.cost
    )
    assert shown.energy.month.energy is None


_ROWS: Final = st.lists(
    st.none() | st.integers(0, 10**6).map(lambda part: part / 1000), max_size=8
).map(lambda amounts: member(*amounts))


@given(st.lists(_ROWS, min_size=1, max_size=4))
def test_no_day_is_ever_a_part_of_the_whole(members: list[Member]) -> None:
    by_day: list[dict[date, DayRow]] = [
        {each.gas_day: each for each in of.rows} for of in members
    ]

    for each in summed(members).rows:
        found = [of[each.gas_day].energy for of in by_day if each.gas_day in of]
        known = [energy for energy in found if energy is not None]
        if len(known) == len(members):
            assert each.energy == round(sum(known), 3)
        else:
            assert each.energy is None
