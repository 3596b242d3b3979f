"""A meter that the Energy dashboard counts twice: the repair, and what it leaves."""

from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import BUSINESS, FARM, FLAT, HALF_YEARLY, HOUSE, INDUSTRY

from .common import settle
from .conftest import AddEntry
from .energy import gas, save, sources
from .price_flow import period, set_list

SENSOR = "sensor.meter_0001_energy"
SIX = (BUSINESS, FARM, FLAT, HALF_YEARLY, HOUSE, INDUSTRY)
ELECTRICITY = {
    "type": "solar",
    "stat_energy_from": "sensor.roof",
    "config_entry_solar_forecast": None,
}


def series(what: str, pce: str = HOUSE) -> str:
    return f"grdf_adict:sandbox_{pce.lower()}_{what}"


@pytest.fixture(autouse=True)
async def _dashboard(hass: HomeAssistant, _home_in_france: None) -> None:
    hass.config.currency = "EUR"
    assert await async_setup_component(hass, "energy", {})
    assert await async_setup_component(hass, REPAIRS, {})


@pytest.fixture
async def house(add_entry: AddEntry) -> MockConfigEntry:
    """A house before its first import: its sources can be chosen all the same."""
    return await add_entry(HOUSE)


def _repairs(hass: HomeAssistant) -> list[ir.IssueEntry]:
    return [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
        and issue.active
        and str(issue.translation_key).startswith("energy_counted_twice")
    ]


async def _form(hass: HomeAssistant) -> dict[str, Any]:
    (issue,) = _repairs(hass)
    manager = hass.data[REPAIRS]["flow_manager"]
    return dict(await manager.async_init(DOMAIN, data={"issue_id": issue.issue_id}))


async def _keep(
    hass: HomeAssistant, form: dict[str, Any], what: str | None = None
) -> dict[str, Any]:
    manager = hass.data[REPAIRS]["flow_manager"]
    answer = {} if what is None else {"keep": what}
    return dict(await manager.async_configure(form["flow_id"], answer))


@pytest.mark.parametrize(
    "both",
    [
        (series("energy"), SENSOR),
        (series("energy"), series("volume")),
        (SENSOR, series("volume")),
        (series("volume"), series("energy"), SENSOR),
    ],
)
@pytest.mark.usefixtures("house")
async def test_a_meter_counted_twice_has_one_repair_until_its_user_mends_it(
    hass: HomeAssistant, both: tuple[str, ...]
) -> None:
    await save(hass, [gas(both[0]), gas("sensor.neighbour")])
    assert _repairs(hass) == []

    await save(hass, [gas(both[0]), gas("sensor.neighbour"), *map(gas, both[1:])])
    (issue,) = _repairs(hass)
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["meter"] == "Meter 0001"
    assert HOUSE not in str(issue)

    await save(hass, [gas(both[-1]), gas("sensor.neighbour")])
    assert _repairs(hass) == []


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        (None, series("energy")),
        ("energy", series("energy")),
        ("volume", series("volume")),
        ("sensor", SENSOR),
    ],
)
@pytest.mark.usefixtures("house")
async def test_the_one_chosen_stays_and_nothing_else_changes(
    hass: HomeAssistant, keep: str | None, kept: str
) -> None:
    others = [ELECTRICITY, gas("sensor.neighbour", number_energy_price=0.1)]
    ours = [gas(SENSOR), gas(series("energy")), gas(series("volume"))]
    await save(hass, [ours[0], others[0], *ours[1:], others[1]])

    form = await _form(hass)
    assert form["type"] is FlowResultType.FORM
    assert "statistics in kWh" in form["description_placeholders"]["series"]
    result = await _keep(hass, form, keep)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    left = await sources(hass)
    assert sorted(map(str, left)) == sorted(map(str, [*others, gas(kept)]))
    assert _repairs(hass) == []


@pytest.mark.usefixtures("house")
async def test_a_name_and_a_cost_of_the_source_removed_go_to_the_one_kept(
    hass: HomeAssistant,
) -> None:
    named = gas(SENSOR, stat_cost="sensor.my_cost", name="Cooker", stat_rate="sensor.r")
    await save(hass, [gas(series("energy")), named])

    await _keep(hass, await _form(hass))

    assert await sources(hass) == [{**named, "stat_energy_from": series("energy")}]


async def test_a_plain_price_that_statistics_cannot_have_gives_way_to_their_cost(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    await set_list(hass, house, period("2024-01-01", 0.1))
    await settle(hass, house)
    priced = gas(SENSOR, number_energy_price=0.1)
    await save(hass, [priced, gas(series("energy"))])

    await _keep(hass, await _form(hass), "energy")
    assert await sources(hass) == [gas(series("energy"))]
    shown = {issue.translation_key for issue in ir.async_get(hass).issues.values()}
    assert "energy_cost_missing" in shown

    await save(hass, [priced, gas(series("energy"), stat_cost=series("cost"))])
    await _keep(hass, await _form(hass), "sensor")
    assert await sources(hass) == [priced]


@pytest.mark.usefixtures("house")
async def test_beside_a_source_in_cubic_metres_the_volume_is_advised(
    hass: HomeAssistant,
) -> None:
    hass.states.async_set("sensor.neighbour", "5", {"unit_of_measurement": "m³"})
    await save(
        hass, [gas("sensor.neighbour"), gas(series("energy")), gas(series("volume"))]
    )

    await _keep(hass, await _form(hass))

    assert await sources(hass) == [gas("sensor.neighbour"), gas(series("volume"))]


@pytest.mark.usefixtures("house")
async def test_a_repair_whose_cause_is_gone_has_nothing_left_to_do(
    hass: HomeAssistant,
) -> None:
    await save(hass, [gas(series("energy")), gas(SENSOR)])
    form = await _form(hass)
    await save(hass, [gas(SENSOR)])

    result = await _keep(hass, form, "energy")

    assert result["reason"] == "already_mended"
    assert await sources(hass) == [gas(SENSOR)]


@pytest.mark.usefixtures("house")
async def test_a_refusal_of_the_dashboard_is_shown_and_removes_nothing(
    hass: HomeAssistant,
) -> None:
    odd = [gas(series("energy")), gas(SENSOR), {**gas("sensor.old"), "odd": 1}]
    await save(hass, odd)

    result = await _keep(hass, await _form(hass), "energy")

    assert result["reason"] == "energy_refused"
    assert await sources(hass) == odd


async def test_six_meters_of_one_name_are_told_apart_and_mended_together(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    entry = await add_entry(*SIX)
    for subentry in list(entry.subentries.values()):
        hass.config_entries.async_update_subentry(entry, subentry, title="Gas")
    await hass.async_block_till_done(wait_background_tasks=True)
    await save(
        hass, [gas(series(unit, p)) for p in SIX for unit in ("energy", "volume")]
    )

    (issue,) = _repairs(hass)
    assert issue.translation_key == "energy_counted_twice_many"
    assert issue.translation_placeholders is not None
    named = issue.translation_placeholders["meters"].splitlines()
    assert named == sorted(f"- Gas (…{pce[-4:]})" for pce in SIX)
    form = await _form(hass)
    told = form["description_placeholders"]["series"].splitlines()
    assert sorted(line.partition(":")[0] for line in told) == named
    await _keep(hass, form)

    assert await sources(hass) == [gas(series("energy", pce)) for pce in SIX]
    assert _repairs(hass) == []
