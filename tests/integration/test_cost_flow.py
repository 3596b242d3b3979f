"""The reconfiguration of a meter: its price list, a price entity, or no price."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.prices.settings import PriceSettings, price_settings
from tests.sandbox import HOUSE

from .conftest import AddEntry
from .price_flow import YEARLY, choose, period, set_list, start, submit

SENSOR = "sensor.gas_price"


@pytest.fixture(autouse=True)
def _euro(hass: HomeAssistant) -> None:
    hass.config.currency = "EUR"


@pytest.fixture
async def house(add_entry: AddEntry) -> MockConfigEntry:
    """A house without a price; the flow needs no contract that is loaded."""
    return await add_entry(HOUSE, set_up=False)


def _stored(entry: MockConfigEntry) -> PriceSettings | None:
    (subentry,) = entry.subentries.values()
    return price_settings(subentry.data)


def _starts(entry: MockConfigEntry) -> list[str]:
    stored = _stored(entry)
    return [each.start.isoformat() for each in stored.periods] if stored else []


async def test_without_a_price_one_can_be_told_and_nothing_be_priced_anew(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    result = await start(hass, house)

    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["price_list", "price_entity"]


async def test_a_price_list_is_shown_as_it_grows_and_saved_as_it_was_typed(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    result = await choose(hass, await start(hass, house), "price_list")
    assert result["menu_options"] == ["add_period"]
    assert "—" in result["description_placeholders"]["rows"]

    result = await choose(hass, result, "add_period")
    result = await submit(hass, result, period("2026-07-01", 0.1029, 301.5))
    result = await choose(hass, result, "add_period")
    monthly = {**period("2025-01-01", 0.0987, 21.25), "per": "month"}
    result = await submit(hass, result, monthly)

    assert result["description_placeholders"] == {
        "currency": "EUR",
        "rows": (
            "| 2025-01-01 | 0.0987 |  | 21.25 |\n| 2026-07-01 | 0.1029 | 301.5 |  |"
        ),
    }
    result = await choose(hass, result, "save_list")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    stored = _stored(house)
    assert stored is not None
    assert [str(each.price.energy) for each in stored.periods] == ["0.0987", "0.1029"]


async def test_closing_the_window_changes_nothing(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    result = await choose(hass, await start(hass, house), "price_list", "add_period")
    result = await submit(hass, result, period("2026-07-01", 0.1))

    hass.config_entries.subentries.async_abort(result["flow_id"])

    assert _stored(house) is None


async def test_a_list_that_did_not_change_has_nothing_to_save(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2026-07-01", 0.1))

    result = await choose(hass, await start(hass, house), "price_list")

    assert result["menu_options"] == ["add_period", "edit_period", "remove_period"]


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"energy_price": -0.1}, {"energy_price": "negative_price"}),
        ({"energy_price": 98.7}, {"energy_price": "price_too_high"}),
        ({"subscription": -1}, {"subscription": "negative_price"}),
        ({"from": "2026-01-01"}, {"from": "same_date"}),
    ],
)
async def test_a_price_that_makes_no_sense_is_refused_and_can_be_put_right(
    hass: HomeAssistant,
    house: MockConfigEntry,
    wrong: dict[str, Any],
    errors: dict[str, str],
) -> None:
    await set_list(hass, house, period("2026-01-01", 0.1))
    result = await choose(hass, await start(hass, house), "price_list", "add_period")

    right = period("2026-07-01", 0.1)
    result = await submit(hass, result, {**right, **wrong})
    assert result["errors"] == errors

    result = await submit(hass, result, right)
    await choose(hass, result, "save_list")
    assert _starts(house) == ["2026-01-01", "2026-07-01"]


async def test_the_only_price_is_changed_without_asking_which(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2026-01-01", 0.1, 250))

    result = await choose(hass, await start(hass, house), "price_list", "edit_period")
    shown = {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
    }
    assert (result["step_id"], shown) == (
        "change_period",
        period("2026-01-01", 0.1, 250),
    )
    result = await submit(hass, result, period("2026-02-01", 0.1))
    await choose(hass, result, "save_list")

    assert _starts(house) == ["2026-02-01"]


async def test_one_of_several_prices_is_changed(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2025-01-01", 0.1), period("2026-01-01", 0.2))

    result = await choose(hass, await start(hass, house), "price_list", "edit_period")
    result = await submit(hass, result, {"periods": "2026-01-01"})
    result = await submit(hass, result, period("2025-01-01", 0.2))
    assert result["errors"] == {"from": "same_date"}
    result = await submit(hass, result, period("2026-01-01", 0.3))
    await choose(hass, result, "save_list")

    stored = _stored(house)
    assert stored is not None
    assert [str(each.price.energy) for each in stored.periods] == ["0.1", "0.3"]


async def test_prices_are_removed_but_an_empty_list_is_not_saved(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2025-01-01", 0.1), period("2026-01-01", 0.2))

    result = await choose(hass, await start(hass, house), "price_list", "remove_period")
    result = await submit(hass, result, {"periods": ["2025-01-01"]})
    assert "save_list" in result["menu_options"]
    result = await choose(hass, result, "remove_period")
    result = await submit(hass, result, {"periods": ["2026-01-01"]})

    assert result["menu_options"] == ["add_period"]
    assert _starts(house) == ["2025-01-01", "2026-01-01"]


@pytest.mark.parametrize(
    ("value", "unit", "error"),
    [
        ("0.1", None, "entity_unit_unknown"),
        ("0.1", "kWh", "entity_unit_unknown"),
        ("0.1", "USD/kWh", "entity_unit_unknown"),
        ("0.1", "EUR/L", "entity_unit_unknown"),
        ("unavailable", "EUR/kWh", "entity_without_value"),
        ("nan", "EUR/kWh", "entity_without_value"),
        ("-0.1", "EUR/kWh", "negative_price"),
        ("98.7", "EUR/kWh", "price_too_high"),
        ("9870", "EUR/MWh", "price_too_high"),
        ("61", "EUR/m³", "price_too_high"),
    ],
)
async def test_an_entity_that_tells_no_price_is_refused_and_another_can_be_picked(
    hass: HomeAssistant,
    house: MockConfigEntry,
    value: str,
    unit: str | None,
    error: str,
) -> None:
    hass.states.async_set(SENSOR, value, {"unit_of_measurement": unit} if unit else {})
    hass.states.async_set("sensor.good", "0.1", {"unit_of_measurement": "EUR/kWh"})
    result = await choose(hass, await start(hass, house), "price_entity")

    result = await submit(hass, result, {"entity": SENSOR, **YEARLY})
    assert result["errors"] == {"entity": error}

    result = await submit(hass, result, {"entity": "sensor.good", **YEARLY})
    assert result["step_id"] == "confirm_entity"


async def test_an_entity_that_is_gone_and_a_negative_subscription_are_refused(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    result = await choose(hass, await start(hass, house), "price_entity")

    form = {"entity": SENSOR, "subscription": -1, "per": "month"}
    result = await submit(hass, result, form)

    assert result["errors"] == {
        "entity": "entity_gone",
        "subscription": "negative_price",
    }


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.0987", "EUR/kWh", ("0.0987", "EUR/kWh")),
        ("0.0987", "€/kWh", ("0.0987", "EUR/kWh")),
        ("98.7", "EUR / MWh", ("0.0987", "EUR/kWh")),
        ("1.1", "€/m³", ("1.1", "EUR/m³")),
        ("10", "EUR/m3", ("10", "EUR/m³")),
        ("0", "EUR/kWh", ("0", "EUR/kWh")),
    ],
)
async def test_the_form_shows_the_price_as_it_is_understood(
    hass: HomeAssistant,
    house: MockConfigEntry,
    value: str,
    unit: str,
    shown: tuple[str, str],
) -> None:
    hass.states.async_set(SENSOR, value, {"unit_of_measurement": unit})
    result = await choose(hass, await start(hass, house), "price_entity")

    result = await submit(hass, result, {"entity": SENSOR, **YEARLY})

    said = result["description_placeholders"]
    assert (said["price"], said["unit"]) == shown


async def test_an_entity_is_kept_with_its_subscription_and_shown_again(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    hass.states.async_set(SENSOR, "98.7", {"unit_of_measurement": "EUR/MWh"})
    form = {"entity": SENSOR, "subscription": 21.25, "per": "month"}
    result = await choose(hass, await start(hass, house), "price_entity")
    result = await submit(hass, result, form)
    await submit(hass, result, {})

    result = await choose(hass, await start(hass, house), "price_entity")

    assert form == {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
    }


async def test_a_list_outlives_an_entity_that_takes_its_place(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2025-01-01", 0.1))
    hass.states.async_set(SENSOR, "98.7", {"unit_of_measurement": "EUR/MWh"})
    result = await choose(hass, await start(hass, house), "price_entity")
    result = await submit(hass, result, {"entity": SENSOR, **YEARLY})
    await submit(hass, result, {"from": "2026-01-01"})
    assert _starts(house) == ["2025-01-01"]

    await choose(hass, await start(hass, house), "price_list", "save_list")

    stored = _stored(house)
    assert stored is not None
    assert stored.entity is None


async def test_each_wish_to_price_the_past_anew_is_a_new_one(
    hass: HomeAssistant, house: MockConfigEntry, clock: Any
) -> None:
    await set_list(hass, house, period("2025-01-01", 0.1))
    wishes = []
    for _ in range(2):
        result = await choose(hass, await start(hass, house), "reprice")
        await submit(hass, result, {"from": "2026-01-01"})
        stored = _stored(house)
        assert stored is not None
        wishes.append(stored.reprice)
        clock.tick(60)

    assert {wish.since.isoformat() for wish in wishes if wish} == {"2026-01-01"}
    assert wishes[0] != wishes[1]


async def test_no_price_asks_before_it_forgets_the_list(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2025-01-01", 0.1))

    result = await choose(hass, await start(hass, house), "no_price")
    assert result["type"] is FlowResultType.FORM
    result = await submit(hass, result, {})

    assert result["reason"] == "reconfigure_successful"
    assert _stored(house) is None
