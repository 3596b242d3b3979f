"""What is unusual in a home, and what only seems so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.grdf_adict.metering.insight.anomaly import (
    Anomaly,
    AnomalyKind,
    Confidence,
)
from custom_components.grdf_adict.metering.insight.unusual import findings
from custom_components.grdf_adict.metering.series import DayRow, RowKind

from .factory import later, row
from .homes import FIRST, between, flat, heated, provisional, temperatures

quick = settings(max_examples=25, deadline=None)

WINTER: Final = date(2026, 1, 20)
SUMMER: Final = date(2026, 7, 20)
LATE: Final = 3


def found(
    rows: list[DayRow], outdoor: Mapping[date, float] | None = None
) -> tuple[Anomaly, ...]:
    """Return the findings three days after the newest gas day."""
    return findings(rows, later(LATE, rows[-1].gas_day), outdoor)


def kinds(
    rows: list[DayRow], outdoor: Mapping[date, float] | None = None
) -> set[AnomalyKind]:
    return {finding.kind for finding in found(rows, outdoor)}


def excess(finding: Anomaly) -> float:
    return finding.actual - finding.expected


def test_nothing_is_found_before_there_is_a_year_of_data() -> None:
    start = later(-100, SUMMER)
    leak = between(start, 101, lambda energy: energy + 10)
    rows = flat(SUMMER, leak)

    young = [one for one in rows if one.gas_day > later(-364, SUMMER)]

    assert found([*young]) == ()
    grown = [one for one in rows if one.gas_day >= later(-364, SUMMER)]
    assert AnomalyKind.BASE_LOAD in kinds(grown)


def test_nothing_is_found_in_a_year_with_too_few_days_of_their_own() -> None:
    rows = flat(SUMMER, between(later(-20, SUMMER), 21, lambda energy: energy + 10))
    shares = [
        replace(one, kind=RowKind.SPREAD) if one.gas_day.day % 3 == 0 else one
        for one in rows
    ]

    assert kinds(rows) >= {AnomalyKind.BASE_LOAD}
    assert found(shares) == ()


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert findings([], SUMMER) == ()
    assert findings([row(None)], SUMMER) == ()


def test_what_ended_long_ago_is_no_news() -> None:
    rows = flat(SUMMER, between(later(-20, SUMMER), 21, lambda energy: energy + 10))

    assert findings(rows, later(45, SUMMER)) != ()
    assert findings(rows, later(46, SUMMER)) == ()


@pytest.mark.parametrize("last", [WINTER, SUMMER, date(2026, 5, 3), date(2026, 10, 9)])
@pytest.mark.parametrize("outdoor", [True, False])
def test_a_home_that_lives_as_ever_is_never_unusual(
    last: date,
    outdoor: bool,  # noqa: FBT001
) -> None:
    weather = temperatures(last)

    assert found(heated(weather), weather if outdoor else None) == ()
    assert found(flat(last)) == ()


@pytest.mark.parametrize("outdoor", [True, False])
def test_a_base_load_that_rose_in_summer_is_found(outdoor: bool) -> None:  # noqa: FBT001
    began = later(-24, SUMMER)
    weather = temperatures(SUMMER)
    rows = heated(weather, between(began, 25, lambda energy: energy + 10))

    base_load = found(rows, weather if outdoor else None)[0]

    assert base_load.kind is AnomalyKind.BASE_LOAD
    assert base_load.last == SUMMER
    # Without the weather, June may still be a time of heating.
    late = 2 if outdoor else 12
    assert later(-2, began) <= base_load.first <= later(late, began)
    assert excess(base_load) / base_load.days == pytest.approx(10, abs=2)
    assert base_load.confidence is not Confidence.LOW


def test_a_base_load_of_a_flat_is_found_in_winter_too() -> None:
    rows = flat(WINTER, between(later(-24, WINTER), 25, lambda energy: energy + 10))

    assert AnomalyKind.BASE_LOAD in kinds(rows)


def test_a_window_open_for_a_week_is_found_where_the_weather_is_known() -> None:
    began = later(-6, WINTER)
    weather = temperatures(WINTER)
    rows = heated(weather, between(began, 7, lambda energy: energy * 1.5))

    (window,) = found(rows, weather)

    assert window.kind is AnomalyKind.SUSTAINED
    assert (window.first, window.last) == (began, WINTER)
    assert excess(window) == pytest.approx(window.actual / 3, rel=0.15)
    assert window.days == 7


def test_a_slow_rise_of_fifteen_percent_is_found_where_the_weather_is_known() -> None:
    weather = temperatures(WINTER)
    rows = heated(
        weather, between(later(-35, WINTER), 36, lambda energy: energy * 1.15)
    )

    (rise,) = found(rows, weather)

    assert rise.kind is AnomalyKind.SUSTAINED
    assert rise.days > 20
    assert excess(rise) / rise.expected == pytest.approx(0.15, abs=0.05)


@pytest.mark.parametrize("outdoor", [True, False])
def test_a_cold_spell_is_not_unusual(outdoor: bool) -> None:  # noqa: FBT001
    weather = temperatures(WINTER)
    for place in range(9):
        weather[later(-place, WINTER)] -= 7
    rows = heated(weather)

    assert found(rows, weather if outdoor else None) == ()


@pytest.mark.parametrize("days", [1, 2, 5, 9, 16])
@pytest.mark.parametrize("outdoor", [True, False])
def test_a_vacation_and_coming_home_are_not_unusual(
    days: int,
    outdoor: bool,  # noqa: FBT001
) -> None:
    for home in (WINTER, SUMMER):
        weather = temperatures(home)
        away = between(later(-days - 12, home), 12, lambda energy: energy * 0.05)
        # The walls are cold on the first day.
        back = between(later(-days, home), 1, lambda energy: energy * 3)
        rows = heated(weather, away, back)

        assert found(rows, weather if outdoor else None) == ()


def test_a_single_day_far_off_is_found_and_named() -> None:
    odd = later(-2, WINTER)
    weather = temperatures(WINTER)
    rows = heated(weather, between(odd, 1, lambda energy: energy * 2.5))

    (day,) = found(rows, weather)

    assert (day.kind, day.first, day.last) == (AnomalyKind.DAY, odd, odd)
    assert day.actual == next(one.energy for one in rows if one.gas_day == odd)
    assert excess(day) > 0.4 * day.actual


def test_a_single_day_is_found_without_the_weather_once_its_neighbours_are_known() -> (
    None
):
    weather = temperatures(WINTER)

    def kinds_after(days: int) -> set[AnomalyKind]:
        odd = later(-days, WINTER)
        return kinds(heated(weather, between(odd, 1, lambda energy: energy * 4)))

    assert kinds_after(1) == set()
    assert kinds_after(2) == {AnomalyKind.DAY}


def test_days_like_their_neighbours_are_no_odd_days() -> None:
    weather = temperatures(SUMMER)
    cool = between(later(-6, SUMMER), 4, lambda energy: energy + 40)

    assert AnomalyKind.DAY not in kinds(heated(weather, cool))
    assert kinds(heated(weather, between(later(-6, SUMMER), 1, lambda _: 60))) == {
        AnomalyKind.DAY
    }


def test_a_day_that_is_only_a_share_of_a_block_does_not_count() -> None:
    weather = temperatures(WINTER)
    rows = heated(weather, between(later(-2, WINTER), 1, lambda energy: energy * 2.5))

    shares = [
        replace(one, kind=RowKind.SPREAD) if one.gas_day > later(-7, WINTER) else one
        for one in rows
    ]

    assert kinds(rows, weather) == {AnomalyKind.DAY}
    assert found(shares, weather) == ()


def test_absent_days_are_passed_over() -> None:
    weather = temperatures(WINTER)
    rows = heated(weather, between(later(-35, WINTER), 36, lambda energy: energy * 1.3))

    gone = {later(-3, WINTER), later(-4, WINTER), later(-11, WINTER)}
    rows = [row(None, one.gas_day) if one.gas_day in gone else one for one in rows]

    assert kinds(rows, weather) == {AnomalyKind.SUSTAINED}


def test_a_week_of_which_little_is_known_is_not_judged() -> None:
    began = later(-6, WINTER)
    weather = temperatures(WINTER)
    rows = heated(weather, between(began, 7, lambda energy: energy * 1.4))
    gone = {later(place, began) for place in (0, 2, 4, 6)}

    few = [row(None, one.gas_day) if one.gas_day in gone else one for one in rows]

    assert kinds(rows, weather) == {AnomalyKind.SUSTAINED}
    assert kinds(few, weather) == set()


def test_a_day_without_its_temperature_is_passed_over() -> None:
    weather = temperatures(WINTER)
    odd = later(-2, WINTER)
    rows = heated(weather, between(odd, 1, lambda energy: energy * 2.5))

    del weather[odd]

    assert found(rows, weather) == ()


def test_a_thermometer_that_is_stuck_does_no_harm() -> None:
    weather = dict.fromkeys(temperatures(SUMMER), 20.0)
    leak = between(later(-24, SUMMER), 25, lambda energy: energy + 10)

    assert found(flat(SUMMER), weather) == ()
    assert AnomalyKind.BASE_LOAD in kinds(flat(SUMMER, leak), weather)


def test_days_that_may_still_be_replaced_are_counted() -> None:
    began = later(-6, WINTER)
    weather = temperatures(WINTER)
    rows = heated(weather, between(began, 7, lambda energy: energy * 1.5))

    (window,) = found(provisional(rows, later(4, began)), weather)

    assert window.provisional == 3


def test_outdoor_temperatures_of_a_few_months_do_not_count_as_known() -> None:
    began = later(-6, WINTER)
    weather = temperatures(WINTER)
    rows = heated(weather, between(began, 7, lambda energy: energy * 1.5))

    recent = {day: mean for day, mean in weather.items() if day > later(-90, WINTER)}

    assert found(rows, weather) != ()
    assert found(rows, recent) == found(rows)


def test_findings_do_not_depend_on_anything_older_than_two_years() -> None:
    long = heated(temperatures(SUMMER, FIRST.replace(year=2022)))
    short = [one for one in long if one.gas_day > later(-729, SUMMER)]

    assert found(long) == found(short)


@quick
@given(
    energies=st.lists(st.none() | st.integers(0, 400), min_size=365, max_size=420),
    outdoor=st.booleans(),
)
def test_whatever_the_rows_a_finding_is_more_than_was_likely(
    energies: list[int | None],
    outdoor: bool,  # noqa: FBT001
) -> None:
    rows = [row(energy, later(place, FIRST)) for place, energy in enumerate(energies)]
    weather = temperatures(rows[-1].gas_day) if outdoor else None

    for finding in found(rows, weather):
        assert finding.first <= finding.last <= rows[-1].gas_day
        assert excess(finding) > 0
        assert 0 <= finding.provisional <= finding.days
