"""The sandbox's own word on its meters, read beside GRDF's API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from tests.oracle import expected_days
from tests.sandbox import BUSINESS, HALF_YEARLY, HOUSE, INDUSTRY

from .bill import day_costs
from .rows import Days, Truth
from .waiting import look_until

CREDENTIALS = ("demo", "demo-secret")
_ROLES = {
    HOUSE: "house",
    HALF_YEARLY: "cottage",
    BUSINESS: "business",
    INDUSTRY: "industry",
}
_PARIS = ZoneInfo("Europe/Paris")
_ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter of the demo and what a perfect client would hold of it."""

    role: str
    pce: str
    frequency: str
    energy: Days
    volume: Days
    daily_from: date | None = None
    prefix: str = "sandbox_"

    @property
    def label(self) -> str:
        """Name it for people."""
        return f"{self.role} ({self.frequency})"

    @property
    def energy_id(self) -> str:
        """The statistic of its kWh."""
        return f"grdf_adict:{self.prefix}{self.pce.lower()}_energy"

    @property
    def volume_id(self) -> str:
        """The statistic of its m³."""
        return f"grdf_adict:{self.prefix}{self.pce.lower()}_volume"

    @property
    def cost_id(self) -> str:
        """The statistic of its cost."""
        return f"grdf_adict:{self.prefix}{self.pce.lower()}_cost"

    @property
    def is_priced(self) -> bool:
        """Whether the demo tells what its gas costs."""
        return self.pce == HOUSE

    @property
    def cost(self) -> Days:
        """What each gas day costs, in EUR; nothing without a price."""
        return day_costs(self.energy) if self.is_priced else {}


async def read_meters(http: aiohttp.ClientSession, address: str) -> list[Meter]:
    """Return the demo's meters, as soon as the sandbox answers.

    Raises:
        DemoError: it does not within half a minute.
    """
    await look_until(
        lambda: _answer(http, address),
        seconds=_ANSWER_SECONDS,
        every=0.1,
        complaint=lambda: f"The sandbox does not answer at {address}.",
    )
    return [await _read_meter(http, address, pce) for pce in _ROLES]


async def count_calls(http: aiohttp.ClientSession, address: str) -> int:
    """Return how many API calls the sandbox has answered since its start."""
    return len((await _get(http, f"{address}/_sandbox/calls"))["calls"])


def with_memory(meter: Meter, truth: Truth) -> Meter:
    """Return the meter with the days that only earlier runs could still ask for."""
    return replace(
        meter,
        energy=_remembered(
            truth.get(meter.energy_id, {}), meter.energy, meter.daily_from
        ),
        volume=_remembered(
            truth.get(meter.volume_id, {}), meter.volume, meter.daily_from
        ),
    )


def truth_of(meters: Sequence[Meter]) -> Truth:
    """Return the gas days of each statistic that shows them."""
    return {
        name: days
        for meter in meters
        for name, days in (
            (meter.energy_id, meter.energy),
            (meter.volume_id, meter.volume),
            *([(meter.cost_id, meter.cost)] if meter.is_priced else []),
        )
    }


def _remembered(known: Days, days: Days, daily_from: date | None) -> Days:
    """Keep the known days that have left the sandbox's window of years."""
    oldest = daily_from or min(days, default=date.max)
    return {
        **days,
        **{day: amount for day, amount in known.items() if day < oldest},
    }


async def _read_meter(http: aiohttp.ClientSession, address: str, pce: str) -> Meter:
    truth = await _get(http, f"{address}/_sandbox/truth/{pce}")
    return Meter(
        _ROLES[pce],
        pce,
        truth["frequency"],
        energy=_expected(truth, "kwh"),
        volume=_expected(truth, "m3"),
        daily_from=min(map(date.fromisoformat, truth["days"]), default=None),
    )


def _expected(truth: Any, what: str) -> Days:
    return expected_days(
        {
            date.fromisoformat(day): amounts[what]
            for day, amounts in truth["days"].items()
        },
        [
            (first, end, block[what])
            for block in truth["published"]
            for first, end in [(_gas_day(block["start"]), _gas_day(block["end"]))]
            if end - first > timedelta(days=1)
        ],
    )


def _gas_day(start: str) -> date:
    return datetime.fromisoformat(start).astimezone(_PARIS).date()


async def _answer(http: aiohttp.ClientSession, address: str) -> bool | None:
    try:
        await _get(http, f"{address}/_sandbox/clock")
    except aiohttp.ClientConnectorError:
        return None
    return True


async def _get(http: aiohttp.ClientSession, url: str) -> Any:
    async with http.get(url) as response:
        response.raise_for_status()
        return await response.json()
