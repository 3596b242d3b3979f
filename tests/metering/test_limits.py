"""The most gas that a meter can pass, by what is known of it (decision 15)."""

from datetime import date

import pytest

from custom_components.grdf_adict.adict import FlowDirection
from custom_components.grdf_adict.metering import Ledger, MeterFacts, limit_of

from .factory import DAY, answered, informative, later, published, six_o_clock

BARE = MeterFacts()
# A home's smallest meter, G4: 6 m³/h of the richest gas.
G4_A_DAY = 6 * 13 * 24


def a_day(
    facts: MeterFacts,
    ledger: Ledger | None = None,
    direction: FlowDirection = FlowDirection.CONSUMPTION,
) -> float | None:
    limit = limit_of(facts, ledger or Ledger(), direction)
    return limit(six_o_clock(DAY), six_o_clock(later(1)))


def history(*energies: float) -> Ledger:
    days = (informative(kwh, later(-n)) for n, kwh in enumerate(energies))
    return answered(*days)


@pytest.mark.parametrize(
    ("calibre", "cubic_metres"),
    [
        *(("G4", 6), ("G6", 10), ("G10", 16), ("G16", 25), ("G25", 40), ("G40", 65)),
        *(("G65", 100), ("G100", 160), ("G160", 250), ("G250", 400), ("G400", 650)),
        *(("G650", 1000), ("G1000", 1600)),
        *((" g 4 ", 6), ("4", 6), ("G 250", 400), ("G2,5", 4), ("g2.5", 4)),
    ],
)
def test_a_calibre_is_a_flow_rate_where_none_is_given(
    calibre: str, cubic_metres: int
) -> None:
    assert a_day(MeterFacts(calibre=calibre)) == cubic_metres * 13 * 24


@pytest.mark.parametrize(
    "calibre", [None, "", "G7", "G", "TURBINE", "G4/G6", "G4000000"]
)
def test_another_calibre_is_no_limit(calibre: str | None) -> None:
    assert a_day(MeterFacts(calibre=calibre)) is None


def test_the_flow_rate_goes_before_the_calibre_and_that_before_the_reference() -> None:
    facts = MeterFacts(calibre="G4", annual_reference_consumption=10_000_000)
    assert a_day(facts) == G4_A_DAY
    assert a_day(MeterFacts(capacity=500, calibre="G4")) == 500 * 24


def test_a_high_pressure_brings_more_through_a_calibre() -> None:
    facts = MeterFacts(calibre="G100", delivery_pressure=4)
    assert a_day(facts) == pytest.approx(160 * 5 * 13 * 24)


@pytest.mark.parametrize("reference", [12_000, 1_000_000])
def test_no_cold_day_reaches_the_limit_of_the_annual_reference(reference: int) -> None:
    limit = a_day(MeterFacts(annual_reference_consumption=reference))
    assert limit is not None
    # 20 °C below the base of heating, where a year has but a thousand degree days.
    assert reference * 20 / 1000 < limit < max(reference, G4_A_DAY + 1)


def test_the_larger_reference_counts_and_only_for_gas_used() -> None:
    facts = MeterFacts(
        annual_reference_consumption=100_000, next_annual_reference_consumption=400_000
    )
    assert a_day(facts) == pytest.approx(100_000)
    assert a_day(facts, direction=FlowDirection.PRODUCTION) is None


@pytest.mark.parametrize("reference", [0, 200])
def test_a_small_reference_is_no_limit_below_that_of_the_smallest_meter(
    reference: int,
) -> None:
    facts = MeterFacts(annual_reference_consumption=reference)
    assert a_day(facts) == (G4_A_DAY if reference else None)


def test_a_months_history_is_a_limit_where_nothing_else_is_known() -> None:
    assert a_day(BARE, history(*[900.0] * 29)) is None
    assert a_day(BARE, history(*[300.0] * 29, 900.0)) == pytest.approx(9000)
    assert a_day(BARE, history(*[5.0] * 40)) == G4_A_DAY


def test_a_published_block_is_history_by_its_average_day() -> None:
    ledger = answered(published(181 * 1000, date(2026, 5, 1), days=181))
    assert a_day(BARE, ledger) == pytest.approx(10_000)
