"""The price of gas: told through the meter's reconfiguration, and seen in the cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .bill import HALF_A_CENT, PRICES, year_costs
from .comparison import aligned, totals
from .home import Home
from .provision import DOMAIN, expect
from .rows import read_totals
from .saying import say
from .witness import Meter

_FLOW = "/api/config/config_entries/subentries/flow"


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one year of one meter cost, in EUR, beside its kWh."""

    meter: str
    year: int
    energy: float
    stored: float
    expected: float

    @property
    def equal(self) -> bool:
        """Whether both costs are the same to the cent."""
        return abs(self.stored - self.expected) < HALF_A_CENT


async def set_prices(home: Home, meters: Sequence[Meter]) -> None:
    """Give each priced meter its price list, once, as a person would.

    Raises:
        DemoError: the reconfiguration wants something else, or refuses a price.
    """
    registry = await home.ask("config/entity_registry/list")
    if any(
        entity["platform"] == DOMAIN and entity["translation_key"] == "month_cost"
        for entity in registry
    ):
        return
    (entry,) = await home.ask("config_entries/get", domain=DOMAIN)
    subentries = await home.ask(
        "config_entries/subentries/list", entry_id=entry["entry_id"]
    )
    priced = {meter.pce for meter in meters if meter.is_priced}
    for subentry in subentries:
        if subentry["unique_id"] in priced:
            say(f"telling the price of gas of {subentry['title']}")
            await _set_price_list(home, entry["entry_id"], subentry["subentry_id"])


async def read_costs(home: Home, meters: Sequence[Meter]) -> list[CostLine]:
    """Ask Home Assistant what each year cost, beside what it should have."""
    priced = [meter for meter in meters if meter.is_priced]
    years = await read_totals(home, [meter.cost_id for meter in priced], "year")
    return [
        CostLine(
            meter.label,
            start.year,
            energy,
            stored=years[meter.cost_id].get(start, 0.0),
            expected=year_costs(meter.energy)[start.year],
        )
        for meter in priced
        for start, energy in totals(meter.energy, "year").items()
    ]


def cost_table(lines: Iterable[CostLine]) -> str:
    """Return the costs as text, one line a meter and year."""
    header = ("meter", "year", "kWh", "EUR in HA", "EUR expected", "")
    return aligned(
        [
            header,
            *(
                (
                    line.meter,
                    str(line.year),
                    f"{line.energy:.3f}",
                    f"{line.stored:.2f}",
                    f"{line.expected:.2f}",
                    "equal" if line.equal else "DIFFERENT",
                )
                for line in lines
            ),
        ]
    )


async def _set_price_list(home: Home, entry_id: str, subentry_id: str) -> None:
    step = await home.post(
        _FLOW, {"handler": [entry_id, "meter"], "subentry_id": subentry_id}
    )
    expect(step, "menu", "reconfigure")
    flow = f"{_FLOW}/{step['flow_id']}"
    expect(await home.post(flow, {"next_step_id": "price"}), "menu", "price")
    expect(await home.post(flow, {"next_step_id": "price_list"}), "menu", "price_list")
    for price in PRICES:
        step = await home.post(flow, {"next_step_id": "add_period"})
        expect(step, "form", "add_period")
        answers = {
            "from": price.start.isoformat(),
            "energy_price": float(price.kwh),
            "subscription": float(price.subscription),
            "per": "year",
        }
        expect(await home.post(flow, answers), "menu", "price_list")
    expect(await home.post(flow, {"next_step_id": "save_list"}), "abort", None)
