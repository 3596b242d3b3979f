"""What the tests of the integration do again and again."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant import loader
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.metering.gas_day import gas_day_at
from tests.oracle import Amounts, expected_days
from tests.sandbox import Flow, Perimeter, Sandbox

PARIS: Final = ZoneInfo("Europe/Paris")
_BASE_HOUR: Final = 5
_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def settle(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Refresh what is due, and wait until the rows are written."""
    for meter in list(entry.runtime_data.meters.values()):
        await meter.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)


async def next_day(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Let a day pass, and refresh."""
    clock.tick(timedelta(days=1))
    async_fire_time_changed(hass, dt_util.utcnow())
    await entry.runtime_data.account.async_refresh()
    await settle(hass, entry)


def held(
    sandbox: Sandbox, pce: str, what: str = "kwh", flow: Flow = Flow.CONSUMPTION
) -> Amounts:
    """Return what a perfect client holds of a meter: kWh, or m³ by day."""
    if flow is Flow.CONSUMPTION:
        first = sandbox.right(pce).consumption_from
    else:
        first = sandbox.right(pce, Perimeter.INJECTION).injection_from
    return expected_days(
        {
            day: getattr(row, what)
            for day, row in sandbox.available_days(pce, flow).items()
            if day >= (first or date.min)
        },
        [
            (block.start, block.end, getattr(block, what))
            for block in sandbox.available_published(pce, flow)
            if (block.end - block.start).days > 1
        ],
    )


async def stored_rows(
    hass: HomeAssistant, statistic_id: str
) -> list[tuple[date, float | None, float | None]]:
    """Return a series as the recorder holds it: gas day, amount, running total.

    Without the rows at 05:00, which hold what came before a gas day.
    """
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        _ALWAYS,
        None,
        {statistic_id},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        (gas_day_at(start), row["state"], row["sum"])
        for row in rows.get(statistic_id, [])
        for start in [datetime.fromtimestamp(row["start"], PARIS)]
        if start.hour != _BASE_HOUR
    ]


async def energies(hass: HomeAssistant, pce: str) -> dict[date, float | None]:
    """Return a meter's kWh of each gas day, as the recorder holds them."""
    return await amounts(hass, pce, "energy")


async def amounts(
    hass: HomeAssistant, pce: str, series: str
) -> dict[date, float | None]:
    """Return one of a meter's series of each gas day, as the recorder holds it."""
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{pce.lower()}_{series}")
    return {day: state for day, state, _ in rows}


async def series_of(hass: HomeAssistant, pce: str) -> set[str]:
    """Return the names of the series that the recorder knows of a meter."""
    begin = f"grdf_adict:sandbox_{pce.lower()}_"
    known = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    return {
        row["statistic_id"].removeprefix(begin)
        for row in known
        if row["statistic_id"].startswith(begin)
    }


def restart(hass: HomeAssistant, *, recovery: bool = False) -> None:
    """Forget what a start looks for anew: our code, and repairs not persistent."""
    hass.config.recovery_mode = recovery
    if "grdf_adict" in hass.config.components:
        hass.config.components.remove("grdf_adict")
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
    hass.data["setup_tasks"].pop("grdf_adict", None)
    for known in (loader.DATA_INTEGRATIONS, loader.DATA_COMPONENTS):
        for name in [each for each in hass.data[known] if "grdf_adict" in each]:
            del hass.data[known][name]
    registry = ir.async_get(hass)
    for domain, issue in list(registry.issues):
        if domain == "grdf_adict":
            registry.async_delete(domain, issue)
