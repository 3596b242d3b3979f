"""What Home Assistant's cards show of a meter, beside the sandbox's gas days."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from tests.demo.cards import Calendar, calendar_dates
from tests.sandbox import HOUSE, Sandbox

from .common import PARIS, held
from .conftest import AddEntry

ENERGY: Final = f"grdf_adict:sandbox_{HOUSE}_energy"
ZONES: Final = ("Europe/Paris", "America/New_York")
# How many of each, from the one that is not over yet.
PERIODS: Final[Mapping[Calendar, int]] = {
    "day": 400,
    "week": 100,
    "month": 36,
    "year": 5,
}
NONE: Final = 0.0005

type Days = Mapping[date, float]
"""kWh by the date on which a gas day begins, where Home Assistant is."""


@pytest.fixture
async def days(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry, zone: str
) -> Days:
    """A house with all its history, in a Home Assistant in some zone."""
    await hass.config.async_set_time_zone(zone)
    await import_meters(HOUSE)
    return {
        datetime.combine(day, time(6), PARIS).astimezone(ZoneInfo(zone)).date(): kwh
        for day, kwh in held(sandbox, HOUSE).items()
        if kwh is not None
    }


def _within(days: Days, first: date, end: date) -> float:
    """Return the kWh from a date to another, which is not included."""
    return sum(kwh for day, kwh in days.items() if first <= day < end)


@pytest.mark.whole_history
@pytest.mark.parametrize("zone", ZONES)
async def test_a_statistic_card_shows_each_calendar_period_whole(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    days: Days,
    zone: str,
) -> None:
    client = await hass_ws_client(hass)
    today = datetime.now(ZoneInfo(zone)).date()
    wrong = []

    for period, number in PERIODS.items():
        for back in range(number):
            await client.send_json_auto_id(
                {
                    "type": "recorder/statistic_during_period",
                    "statistic_id": ENERGY,
                    "calendar": {"period": period, "offset": -back},
                    "types": ["change"],
                }
            )
            shown = (await client.receive_json())["result"]["change"] or 0.0
            first, end = calendar_dates(period, today, back)
            if abs(shown - (true := _within(days, first, end))) > NONE:
                wrong.append(f"{period} from {first}: {shown} instead of {true}")

    assert not wrong, f"{len(wrong)} wrong: {wrong[:3]}"


@pytest.mark.whole_history
@pytest.mark.parametrize("zone", ZONES)
async def test_graphs_and_the_energy_dashboard_show_each_bucket_whole(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    days: Days,
    zone: str,
) -> None:
    client = await hass_ws_client(hass)
    for period in ("hour", "day", "week", "month", "year"):
        await _compare(client, days, zone, period)


async def _compare(
    client: MockHAClientWebSocket, days: Days, zone: str, period: str
) -> None:
    await client.send_json_auto_id(
        {
            "type": "recorder/statistics_during_period",
            "start_time": "2000-01-01T00:00:00+00:00",
            "statistic_ids": [ENERGY],
            "period": period,
            "types": ["change", "state", "sum"],
        }
    )
    buckets = (await client.receive_json())["result"][ENERGY]

    shown: defaultdict[date, float] = defaultdict(float)
    for bucket in buckets:
        start = datetime.fromtimestamp(bucket["start"] / 1000, ZoneInfo(zone))
        shown[start.date()] += bucket["change"]
    starts = sorted(shown)
    wanted: defaultdict[date, float] = defaultdict(float)
    for day, kwh in days.items():
        wanted[max(start for start in starts if start <= day)] += kwh
    assert {day: round(kwh, 3) for day, kwh in shown.items() if round(kwh, 3)} == {
        day: round(kwh, 3) for day, kwh in wanted.items() if round(kwh, 3)
    }
    assert buckets[-1]["sum"] == pytest.approx(sum(days.values()), abs=NONE)
    if period == "day" and zone == "Europe/Paris":
        # A graph of states shows the day's own amount.
        states = {
            datetime.fromtimestamp(bucket["start"] / 1000, PARIS).date(): state
            for bucket in buckets
            if (state := bucket["state"]) is not None
        }
        assert states == days


@pytest.mark.parametrize("zone", ["Europe/Paris"])
async def test_an_action_reads_each_day_whole(hass: HomeAssistant, days: Days) -> None:
    assert await async_setup_component(hass, "recorder", {})

    answer: Any = await hass.services.async_call(
        "recorder",
        "get_statistics",
        {
            "statistic_ids": [ENERGY],
            "start_time": "2026-09-01T00:00:00+02:00",
            "end_time": "2026-09-30T12:00:00+02:00",
            "period": "day",
            "types": ["change"],
        },
        blocking=True,
        return_response=True,
    )

    shown = {
        datetime.fromisoformat(row["start"]).astimezone(PARIS).date(): row["change"]
        for row in answer["statistics"][ENERGY]
    }
    assert shown == {
        day: pytest.approx(kwh, abs=NONE) for day, kwh in days.items() if day.month == 9
    }
