"""The dashboard to copy: built-in cards, and what they show exists."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import yaml as yaml_util

from tests.sandbox import HOUSE

from .common import series_of
from .conftest import AddEntry
from .price_flow import period, set_list

DASHBOARD: Final = Path(__file__).parent.parent.parent / "docs" / "dashboard.yaml"
# Of Home Assistant's own frontend.
CARDS: Final = {
    "entities",
    "heading",
    "logbook",
    "statistic",
    "statistics-graph",
    "tile",
}


def _cards() -> list[dict[str, Any]]:
    dashboard: Any = yaml_util.load_yaml(str(DASHBOARD))
    return [
        card
        for view in dashboard["views"]
        for section in view["sections"]
        for card in section["cards"]
    ]


def _shown(tree: Any) -> Iterator[str]:
    """Yield every entity and statistic that a card names."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list):
        for item in tree:
            yield from _shown(item)
    elif isinstance(tree, dict):
        for key in ("entity", "entities", "target", "entity_id"):
            yield from _shown(tree.get(key, []))


def test_every_card_is_built_in() -> None:
    assert {card["type"] for card in _cards()} <= CARDS


def test_it_shows_days_months_and_years_cost_quality_and_the_right() -> None:
    graphs = [card for card in _cards() if card["type"] == "statistics-graph"]
    years = [card["period"] for card in _cards() if card["type"] == "statistic"]

    assert {graph["period"] for graph in graphs} == {"day", "month"}
    assert {"calendar": {"period": "year"}} in years
    assert {"calendar": {"period": "year", "offset": -1}} in years
    assert any("_cost" in str(graph["entities"]) for graph in graphs)
    assert "sensor.meter_0001_access_right" in _shown(_cards())


async def test_everything_it_shows_is_there(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1))
    shown = set(_shown(_cards()))
    statistics = {name for name in shown if ":" in name}

    begin = f"grdf_adict:sandbox_{HOUSE}_"
    assert {name.removeprefix(begin) for name in statistics} <= await series_of(
        hass, HOUSE
    )
    missing = {name for name in shown - statistics if hass.states.get(name) is None}
    assert missing == set()
