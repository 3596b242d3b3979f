"""Rows that somebody imported by hand before a meter's first gas day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.sandbox import HOUSE, Sandbox

from .common import energies, held, next_day, settle
from .conftest import AddEntry
from .price_flow import period, set_list
from .repair import repair, shown, start_fix

PARIS: Final = ZoneInfo("Europe/Paris")
ENERGY: Final = f"grdf_adict:sandbox_{HOUSE}_energy"
COST: Final = f"grdf_adict:sandbox_{HOUSE}_cost"
MONTH_KWH: Final = 812.5

type Rows = dict[datetime, tuple[float | None, float]]


def _months(before: date, count: int) -> Rows:
    """Rows at the midnight of each month's first, the newest just before a date."""
    starts = []
    month = before.replace(day=1)
    for _ in range(count):
        starts.append(datetime(month.year, month.month, 1, tzinfo=PARIS))
        month = (month - timedelta(days=1)).replace(day=1)
    return {
        start.astimezone(UTC): (MONTH_KWH, MONTH_KWH * number)
        for number, start in enumerate(reversed(starts), 1)
    }


async def _import(
    hass: HomeAssistant, rows: Rows, series: str = ENERGY, unit: str = "kWh"
) -> None:
    """Import rows by hand, as an action or a script does."""
    metadata = StatisticMetaData(
        has_sum=True,
        mean_type=StatisticMeanType.NONE,
        name="by hand",
        source="grdf_adict",
        statistic_id=series,
        unit_class="energy" if unit.endswith("Wh") else None,
        unit_of_measurement=unit,
    )
    statistics = [
        StatisticData(start=start, state=state or 0, sum=total)
        for start, (state, total) in rows.items()
    ]
    async_add_external_statistics(hass, metadata, statistics)
    await async_wait_recording_done(hass)


async def _recorded(hass: HomeAssistant, series: str = ENERGY) -> Rows:
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        datetime(1970, 1, 1, tzinfo=UTC),
        None,
        {series},
        "hour",
        None,
        {"state", "sum"},
    )
    return {
        datetime.fromtimestamp(row["start"], UTC): (row["state"], row["sum"] or 0)
        for row in rows.get(series, [])
    }


def _after(rows: Rows, total: float) -> Rows:
    """Rows whose running total goes on from another."""
    return {start: (state, running + total) for start, (state, running) in rows.items()}


def _rounded(rows: Rows) -> Rows:
    return {start: (state, round(total, 4)) for start, (state, total) in rows.items()}


async def _choose(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, text: str, choice: str
) -> None:
    fix = await start_fix(hass, hass_client, text)
    assert choice in fix.answer["menu_options"]
    done = await fix.submit(next_step_id=choice)
    assert done["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("count", [24, 36])
async def test_older_rows_stay_and_the_running_total_goes_on_from_theirs(
    hass: HomeAssistant,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    count: int,
) -> None:
    entry = await import_meters(HOUSE)
    own = await _recorded(hass)
    first = min(await energies(hass, HOUSE))
    older = _months(first - timedelta(days=40), count)
    sensors = {state.entity_id: state.state for state in hass.states.async_all()}

    await _import(hass, older)
    await settle(hass, entry)

    expected = {**older, **_after(own, MONTH_KWH * count)}
    assert _rounded(await _recorded(hass)) == _rounded(expected)
    assert shown(hass) == {"earlier_rows"}
    placeholders = repair(hass, "earlier_rows").translation_placeholders or {}
    assert placeholders["count"] == str(count)
    assert {each.entity_id: each.state for each in hass.states.async_all()} == sensors
    await next_day(hass, clock, entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)
    assert older.items() <= (await _recorded(hass)).items()


@pytest.mark.parametrize(("unit", "factor"), [("MWh", 1000), ("Wh", 0.001)])
async def test_older_rows_in_another_unit_become_kilowatt_hours_once(
    hass: HomeAssistant, import_meters: AddEntry, unit: str, factor: float
) -> None:
    entry = await import_meters(HOUSE)
    own = await _recorded(hass)
    first = min(await energies(hass, HOUSE))
    months = sorted(_months(first - timedelta(days=40), 24).items())
    older = dict(months[12:])
    await _import(hass, older)
    await settle(hass, entry)
    in_unit: Rows = {
        start: ((state or 0) / factor, total / factor)
        for start, (state, total) in months[:12]
    }

    # Everything stands as megawatt-hours now, what was there before as well.
    await _import(hass, in_unit, unit=unit)
    for _ in range(2):
        await settle(hass, entry)

        assert _rounded(await _recorded(hass)) == _rounded(
            {**dict(months), **_after(own, MONTH_KWH * 24)}
        )


async def test_rows_that_were_there_before_the_meter_stay(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    first = min(held(sandbox, HOUSE))
    older = _months(first - timedelta(days=40), 12)
    await _import(hass, older)

    await import_meters(HOUSE)

    rows = await _recorded(hass)
    assert older.items() <= rows.items()
    kwh = sum(amount or 0 for amount in held(sandbox, HOUSE).values())
    assert max(rows.items())[1][1] == pytest.approx(kwh + 12 * MONTH_KWH)
    assert shown(hass) == {"earlier_rows"}


async def test_once_seen_they_are_not_asked_about_again(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await import_meters(HOUSE)
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    await _import(hass, older)
    await settle(hass, entry)

    await _choose(hass, hass_client, "earlier_rows", "keep_rows")
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    assert shown(hass) == set()
    assert older.items() <= (await _recorded(hass)).items()


async def test_they_are_removed_where_the_user_wants_that(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await import_meters(HOUSE)
    own = await _recorded(hass)
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    await _import(hass, older)
    await settle(hass, entry)

    await _choose(hass, hass_client, "earlier_rows", "remove_rows")
    await settle(hass, entry)

    assert await _recorded(hass) == own
    assert shown(hass) == set()


async def test_a_series_that_was_cleared_gets_them_back(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    await _import(hass, older)
    await settle(hass, entry)
    before = await _recorded(hass)

    get_instance(hass).async_clear_statistics([ENERGY])
    await async_wait_recording_done(hass)
    await settle(hass, entry)

    assert await _recorded(hass) == before


async def test_a_lost_file_takes_no_gas_day_from_them(
    hass: HomeAssistant, import_meters: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await import_meters(HOUSE)
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    # A month at the hour of a gas day is still no gas day.
    older = {start + timedelta(hours=6): row for start, row in older.items()}
    await _import(hass, older)
    await settle(hass, entry)
    before = await _recorded(hass)
    (meter,) = entry.runtime_data.meters.values()
    days = meter.data.days
    await hass.config_entries.async_unload(entry.entry_id)
    del hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]

    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    (meter,) = entry.runtime_data.meters.values()
    assert meter.data.days == days
    assert await _recorded(hass) == before


@pytest.fixture
async def covered(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> tuple[MockConfigEntry, Rows]:
    """A house whose right begins earlier now than the newest imported rows."""
    right = sandbox.right(HOUSE)
    first, right.consumption_from = right.consumption_from, date(2026, 9, 20)
    right.published = False
    entry = await import_meters(HOUSE)
    older = _months(date(2026, 9, 1), 8)
    await _import(hass, older)
    await settle(hass, entry)
    assert shown(hass) == {"earlier_rows"}
    right.consumption_from = min(first or date.max, date(2026, 7, 10))
    for meter in entry.runtime_data.meters.values():
        await meter.book.async_forget_answers()
    await next_day(hass, clock, entry)
    return entry, older


async def test_gas_days_of_the_same_time_are_asked_about_and_count_nothing_twice(
    hass: HomeAssistant, sandbox: Sandbox, covered: tuple[MockConfigEntry, Rows]
) -> None:
    _, older = covered

    assert shown(hass) == {"earlier_rows_covered"}
    rows = await _recorded(hass)
    assert older.items() <= rows.items()
    first = datetime(2026, 9, 20, 4, tzinfo=UTC)
    assert {at for at in rows if at < first - timedelta(hours=1)} == set(older)
    later = sum(
        kwh or 0 for day, kwh in held(sandbox, HOUSE).items() if day >= first.date()
    )
    assert max(rows.items())[1][1] == pytest.approx(later + 8 * MONTH_KWH)


async def test_gas_days_take_the_place_of_rows_but_of_the_one_begun_before(
    hass: HomeAssistant,
    sandbox: Sandbox,
    covered: tuple[MockConfigEntry, Rows],
    hass_client: ClientSessionGenerator,
) -> None:
    entry, older = covered
    known = held(sandbox, HOUSE)
    first = min(known)
    begin = datetime(first.year, first.month, first.day, 6, tzinfo=PARIS)

    await _choose(hass, hass_client, "earlier_rows_covered", "replace_rows")

    rows = await _recorded(hass)
    kept = {at: row for at, row in older.items() if at < begin}
    assert 0 < len(kept) < len(older)
    assert kept.items() <= rows.items()
    assert not (older.keys() - kept.keys()) & rows.keys()
    next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    later = sum(kwh or 0 for day, kwh in known.items() if day >= next_month)
    total = later + len(kept) * MONTH_KWH
    assert max(rows.items())[1][1] == pytest.approx(total)
    await settle(hass, entry)
    assert shown(hass) == set()


async def test_rows_that_are_to_stay_stay_and_are_not_asked_about_again(
    hass: HomeAssistant,
    covered: tuple[MockConfigEntry, Rows],
    hass_client: ClientSessionGenerator,
) -> None:
    entry, _ = covered
    before = await _recorded(hass)

    await _choose(hass, hass_client, "earlier_rows_covered", "let_rows_stay")
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    assert await _recorded(hass) == before
    assert shown(hass) == set()


async def test_imported_costs_keep_their_currency(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    await hass.config.async_update(currency="EUR")
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1))
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    await _import(hass, older, COST, "EUR")
    await settle(hass, entry)
    await hass.config.async_update(currency="CHF")
    await hass.async_block_till_done(wait_background_tasks=True)

    await _choose(hass, hass_client, "currency_changed", "price_anew")

    assert older.items() <= (await _recorded(hass, f"{COST}_eur")).items()
    assert not older.keys() & (await _recorded(hass, COST)).keys()
    assert any(state for state, _ in (await _recorded(hass, COST)).values())


@pytest.mark.parametrize("choice", ["keep_rows", "remove_rows"])
async def test_an_answer_leaves_costs_of_a_meter_without_a_price_alone(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    choice: str,
) -> None:
    entry = await import_meters(HOUSE)
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)
    await _import(hass, older)
    await _import(hass, older, COST, "EUR")
    await settle(hass, entry)

    await _choose(hass, hass_client, "earlier_rows", choice)

    assert await _recorded(hass, COST) == older


async def test_imported_rows_alone_become_no_gas_days(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    first = min(held(sandbox, HOUSE))
    older = {
        start + timedelta(hours=6): row
        for start, row in _months(first - timedelta(days=40), 12).items()
    }
    await _import(hass, older)

    entry = await import_meters(HOUSE)

    assert older.items() <= (await _recorded(hass)).items()
    (meter,) = entry.runtime_data.meters.values()
    assert min(meter.data.summary.months) == (first.year, first.month)


async def test_imported_costs_in_a_symbol_stay(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await hass.config.async_update(currency="EUR")
    entry = await import_meters(HOUSE)
    await set_list(hass, entry, period("2024-01-01", 0.1))
    older = _months(min(await energies(hass, HOUSE)) - timedelta(days=40), 6)

    await _import(hass, older, COST, "€")
    await settle(hass, entry)

    assert older.items() <= (await _recorded(hass, COST)).items()
