"""The Energy dashboard, set up in the browser, beside the sandbox's truth."""

from datetime import date

import pytest

from tests.demo.provision import energy_sources
from tests.demo.rows import Days, measured_span
from tests.demo.witness import Meter
from tests.sandbox import HOUSE

from .energy import Span, is_shown_as
from .house import House
from .texts import Language


def newest(meter: Meter) -> date:
    """Return the newest gas day that has an amount."""
    span = measured_span(meter.energy)
    assert span is not None
    return span[1]


def total(days: Days, span: Span, around: date) -> float:
    """Return the sum of the day, month or year around a date."""
    length = {"day": 3, "month": 2, "year": 1}[span]
    return sum(
        amount or 0.0
        for day, amount in days.items()
        if day.timetuple()[:length] == around.timetuple()[:length]
    )


async def test_a_meter_becomes_a_gas_source_with_the_right_totals(house: House) -> None:
    (meter,) = await house.stage.add_contract(HOUSE)
    await house.stage.import_history([meter])
    name = house.stage.meter_name(HOUSE)
    series, cost = f"{name} (kWh)", f"{name} (EUR)"

    settings = await house.energy_settings()
    await settings.add_gas_source(series, cost)
    await house.picture("energy-source")
    await settings.save(series)
    (source,) = await energy_sources(house.stage.home)
    assert (source["stat_energy_from"], source["stat_cost"]) == (
        meter.energy_id,
        meter.cost_id,
    )

    dashboard = await house.energy_dashboard()
    for span in ("day", "month", "year"):
        await dashboard.show(span, newest(meter))
        await dashboard.shows_total(
            series,
            total(meter.energy, span, newest(meter)),
            total(meter.cost, span, newest(meter)),
        )
        await house.picture(f"energy-{span}", in_documents=True)


async def test_a_meter_has_a_page_with_its_sensors(house: House) -> None:
    await house.stage.import_history(await house.stage.add_contract(HOUSE))

    await house.open_device(house.stage.meter_name(HOUSE))

    for sensor in ("energy", "month_energy", "month_cost", "last_gas_day"):
        await house.see(house.texts.ours(f"entity.sensor.{sensor}.name"))
    await house.picture("device", in_documents=True)


@pytest.mark.parametrize(
    ("amount", "text", "language", "same"),
    [
        (7779.0, "7,779 kWh", "en", True),
        (7779.0, "7\u202f779 kWh", "fr", True),
        (58.204, "58,20\u00a0€", "fr", True),
        (58.204, "58,21\u00a0€", "fr", False),
        (0.0, "", "en", False),
    ],
)
def test_an_amount_is_read_as_the_screen_writes_it(
    amount: float, text: str, language: Language, *, same: bool
) -> None:
    assert is_shown_as(amount, text, language) is same
