"""The most gas that a meter can pass."""

from datetime import date

import pytest

from custom_components.grdf_adict.metering.facts import hourly_capacity, most_energy

from .factory import later, six_o_clock


@pytest.mark.parametrize(
    ("flow_rate", "normalised", "pressure", "capacity"),
    [
        # A house on the network at 21 mbar: 6 m³/h.
        (6.0, None, 0.021, 6 * 1.021 * 13),
        (6.0, None, None, 78.0),
        (6.0, 0.0, 0.3, 6 * 1.3 * 13),
        # The rate at normal conditions has the pressure in it.
        (65.0, 260.0, 4.0, 3380.0),
        (None, 260.0, 4.0, 3380.0),
        (None, None, 0.3, None),
        (0.0, 0.0, 0.3, None),
    ],
)
def test_a_capacity_comes_from_the_best_known_flow_rate(
    flow_rate: float | None,
    normalised: float | None,
    pressure: float | None,
    capacity: float | None,
) -> None:
    found = hourly_capacity(
        flow_rate=flow_rate,
        normalised_flow_rate=normalised,
        delivery_pressure=pressure,
    )

    assert found == (None if capacity is None else pytest.approx(capacity))


@pytest.mark.parametrize(
    ("gas_day", "hours"),
    [(date(2026, 1, 14), 24), (date(2026, 3, 28), 23), (date(2026, 10, 24), 25)],
)
def test_a_gas_day_holds_as_much_as_its_hours_do(gas_day: date, hours: int) -> None:
    start, end = six_o_clock(gas_day), six_o_clock(later(1, gas_day))

    assert most_energy(78, start, end) == 78 * hours


def test_a_meter_of_unknown_capacity_has_no_limit() -> None:
    day = date(2026, 1, 14)

    assert most_energy(None, six_o_clock(day), six_o_clock(later(1, day))) is None
