"""A comparison has one source of temperatures in both of its periods, or is unknown.

The files' station is three degrees warmer than the sensor: one source in one year and
the other in the next would make a change of a home that is as it was.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.metering.gas_day import ONE_DAY, gas_days_through
from custom_components.grdf_adict.metering.insight.anomaly import AnomalyKind
from custom_components.grdf_adict.metering.insight.insight_json import (
    insight_from_json,
    insight_to_json,
)
from custom_components.grdf_adict.metering.insight.insights import (
    Insight,
    Watch,
    insight,
)
from custom_components.grdf_adict.metering.insight.weather import TemperatureSource
from custom_components.grdf_adict.metering.ledger import Ledger
from custom_components.grdf_adict.metering.series import DayRow
from custom_components.grdf_adict.metering.temperatures import FiledTemperature

from .homes import SLOPE, between, heated, temperatures

LAST: Final = date(2025, 12, 31)
YEAR: Final = date(2025, 1, 1)
APART: Final = 3.0
# In percent: the home heats below 16 °C, and degree days are counted from 18 °C.
CLOSE: Final = 4
WEATHER: Final = temperatures(LAST)
ROWS: Final = heated(WEATHER)

type Days = Mapping[date, float]


def through(first: date, last: date, weather: Days = WEATHER) -> dict[date, float]:
    return {day: weather[day] for day in gas_days_through(first, last)}


def station(of: Days) -> dict[date, float]:
    """Return what the files' station measures where the sensor measures this."""
    return {day: celsius + APART for day, celsius in of.items()}


def found(sensor: Days | None, files: Days, rows: list[DayRow] = ROWS) -> Insight:
    filed = {day: FiledTemperature(LAST, each) for day, each in files.items()}
    today = LAST + 3 * ONE_DAY
    return insight(rows, Ledger(temperatures=filed), Watch(), today, sensor)[0]


def test_files_of_both_years_stand_in_for_a_sensor() -> None:
    shown = found(None, WEATHER)
    as_sensor = found(WEATHER, {})

    assert shown.corrected is not None
    assert as_sensor.corrected is not None
    assert shown.corrected.source is TemperatureSource.FILES
    assert asdict(shown.corrected) | {"source": "sensor"} == asdict(as_sensor.corrected)
    assert shown.heating is not None
    assert shown.heating.source is TemperatureSource.FILES
    assert shown.corrected.change == pytest.approx(0, abs=CLOSE)


def test_a_sensor_that_covers_both_years_is_used_alone() -> None:
    assert found(WEATHER, station(WEATHER)) == found(WEATHER, {})


def test_files_are_used_for_both_years_where_the_sensor_is_new() -> None:
    sensor = through(LAST - 30 * ONE_DAY, LAST)

    assert found(sensor, station(WEATHER)) == found(None, station(WEATHER))


@pytest.mark.parametrize("common", [0, 1, 59])
def test_a_sensor_and_files_that_never_met_long_enough_compare_nothing(
    common: int,
) -> None:
    sensor = through(YEAR - common * ONE_DAY, LAST)
    files = station(through(min(WEATHER), YEAR - ONE_DAY))

    shown = found(sensor, files)

    assert shown.corrected is None


def test_sixty_common_days_move_the_files_onto_the_sensors_scale() -> None:
    sensor = through(YEAR - 60 * ONE_DAY, LAST)
    files = station(through(min(WEATHER), YEAR - ONE_DAY))

    shown, truth = found(sensor, files), found(WEATHER, {})

    assert shown.corrected is not None
    assert truth.corrected is not None
    assert shown.corrected.source is TemperatureSource.BOTH
    assert shown.corrected.degree_days_before == pytest.approx(
        truth.corrected.degree_days_before, abs=0.2
    )
    assert shown.corrected.change == truth.corrected.change
    assert shown.heating is not None
    assert shown.heating.slope == pytest.approx(SLOPE, rel=0.15)


def test_some_odd_common_days_do_not_move_the_scale() -> None:
    sensor = through(YEAR - 60 * ONE_DAY, LAST)
    files = station(through(min(WEATHER), YEAR - ONE_DAY))
    for ago in range(1, 20):
        files[YEAR - ago * ONE_DAY] += 25

    shown, truth = found(sensor, files), found(WEATHER, {})

    assert shown.corrected is not None
    assert truth.corrected is not None
    assert shown.corrected.degree_days_before == pytest.approx(
        truth.corrected.degree_days_before, abs=0.2
    )


def test_common_days_in_the_newer_year_serve_as_well() -> None:
    sensor = through(YEAR, LAST)
    files = station(through(min(WEATHER), YEAR + 59 * ONE_DAY))

    shown = found(sensor, files)

    assert shown.corrected is not None
    assert shown.corrected.source is TemperatureSource.BOTH
    assert shown.corrected.change == pytest.approx(0, abs=CLOSE)


@pytest.mark.parametrize(("ended", "shows"), [(6, True), (7, False), (60, False)])
def test_files_are_not_extrapolated_beyond_their_end(
    ended: int, *, shows: bool
) -> None:
    files = through(min(WEATHER), LAST - ended * ONE_DAY)

    shown = found(None, files)

    assert (shown.corrected is not None) is shows


def test_files_that_have_ended_still_say_what_a_degree_costs() -> None:
    shown = found(None, through(min(WEATHER), LAST - 60 * ONE_DAY))

    assert shown.heating is not None
    assert shown.heating.source is TemperatureSource.FILES
    assert shown.heating.slope == pytest.approx(SLOPE, rel=0.15)


def test_unusual_days_are_found_with_the_temperatures_of_files() -> None:
    rows = heated(
        WEATHER, between(LAST - 13 * ONE_DAY, 14, lambda energy: energy * 1.6)
    )

    kinds = {one.kind for one in found(None, WEATHER, rows).watch.found}

    assert AnomalyKind.SUSTAINED in kinds
    assert found(None, {}, rows).watch.found == ()


def test_a_station_colder_than_the_sensor_makes_no_day_unusual() -> None:
    # Were they mixed, the last weeks would use too much for how mild they seem.
    sensor = through(LAST - 58 * ONE_DAY, LAST)
    files = {
        day: celsius - 2 * APART
        for day, celsius in through(min(WEATHER), LAST - 59 * ONE_DAY).items()
    }

    assert found(sensor, files).watch.found == found(None, {}).watch.found == ()


def test_an_insight_keeps_its_source_and_an_earlier_ones_is_the_sensor() -> None:
    shown = found(None, WEATHER)
    stored = insight_to_json(shown)

    assert insight_from_json(stored) == shown
    for part in ("heating", "corrected"):
        assert stored[part].pop("source") == "files"
    before = insight_from_json(stored)
    assert before.heating is not None
    assert before.corrected is not None
    assert before.heating.source is before.corrected.source is TemperatureSource.SENSOR


def test_a_year_of_files_compares_nothing_and_says_what_a_degree_costs() -> None:
    shown = found(None, through(YEAR - timedelta(days=30), LAST))

    assert shown.corrected is None
    assert shown.heating is not None
