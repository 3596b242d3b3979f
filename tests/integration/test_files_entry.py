"""A household without a contract: from exported files to an entry and its meter."""

from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.energy.data import async_get_manager
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import CONF_PCE
from tests.exports import (
    build_business,
    build_daily,
    build_monthly,
    build_text,
    build_weekly,
    invented_days,
    workbook_of,
)
from tests.exports.layouts import Row
from tests.exports.plain import Day
from tests.sandbox import Sandbox

from .common import stored_rows
from .file_flow import add_files, begin, defaults, entity_ids, send, send_files
from .right_flow import suggested
from .test_statistics import _no_space

HOME: Final = "09999999911111"
OTHER: Final = "09999999922222"
EXPORTED_ON: Final = date(2026, 11, 19)
LAST: Final = date(2026, 11, 16)
ABSENT: Final = date(2026, 11, 3)


def _days(count: int, last: date = LAST) -> list[Day]:
    return invented_days(last - timedelta(days=count - 1), last, absent=[ABSENT])


def _daily(days: list[Day], pce: str | None = HOME, on: date = EXPORTED_ON) -> bytes:
    return build_daily(days, pce=pce, exported_on=on)


async def _rows(hass: HomeAssistant, pce: str = HOME) -> dict[date, float | None]:
    rows = await stored_rows(hass, f"grdf_adict:{pce}_energy")
    return {day: state for day, state, _ in rows}


async def test_a_daily_workbook_becomes_an_entry_with_its_meter_and_its_history(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, sandbox: Sandbox
) -> None:
    days = _days(60)
    result = await begin(hass)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "files"

    result = await send_files(hass, hass_client, result, _daily(days))
    shown = result["description_placeholders"]["preview"]
    energy = sum(day.kwh or 0 for day in days)
    assert f"PCE {HOME}" in shown
    assert shown.startswith(
        f"**60 days, from 2026-09-18 to {LAST}, {energy:,.0f} kWh, all new"
        " (1 without data)**"
    )
    assert "its leading zero, which spreadsheets drop, was put back" in shown
    result = await send(hass, result, {"name": "House"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    (meter,) = entry.subentries.values()
    assert (meter.title, meter.unique_id) == ("House", HOME)
    assert await _rows(hass) == {day.gas_day: day.kwh for day in days}
    assert not sandbox.calls


async def test_its_sensors_are_those_that_files_can_feed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(60)

    entry = await add_files(hass, hass_client, _daily(days))

    ids = entity_ids(hass, entry)
    november = sum(day.kwh or 0 for day in days if day.gas_day.month == 11)
    for name, value in (
        ("energy", sum(day.kwh or 0 for day in days)),
        ("energy_of_the_last_gas_day", days[-1].kwh),
        ("energy_this_month", november),
        ("index", days[-1].index_end),
    ):
        entity_id = f"sensor.meter_1111_{name}"
        state = hass.states.get(entity_id)
        assert state is not None, ids
        assert float(state.state) == pytest.approx(value)
    for word in ("right", "proof", "calls", "progress", "next", "tariff", "accessible"):
        assert not any(word in entity_id for entity_id in ids), word
    assert any("unusual" in entity_id for entity_id in ids)
    state = hass.states.get("sensor.meter_1111_state")
    assert state is not None
    assert state.state == "up_to_date"


async def test_days_and_nights_pass_without_a_call_and_without_a_failure(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))
    (meter,) = entry.runtime_data.meters.values()

    for _ in range(3):
        clock.tick(timedelta(days=1))
        async_fire_time_changed(hass, dt_util.utcnow())
        await entry.runtime_data.account.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)

    assert meter.last_update_success
    assert not sandbox.calls
    assert len(await _rows(hass)) == 30


async def test_data_survive_a_restart_and_a_reload(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))
    before = await _rows(hass)

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await _rows(hass) == before
    assert hass.states.get("sensor.meter_1111_energy") is not None


async def test_several_files_of_one_home_may_overlap_and_come_in_any_order(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(120)
    older, newer = days[:80], days[60:]

    await add_files(
        hass,
        hass_client,
        ("b.xlsx", _daily(newer)),
        (
            "2026-07-20_2026-11-16.xlsx",
            build_monthly(days, pce=HOME, exported_on=EXPORTED_ON),
        ),
        ("a.csv", build_text(older, pce=HOME, exported_on=date(2026, 10, 1))),
    )

    stored = await _rows(hass)
    assert {day: stored[day] for day in stored if day != ABSENT} == pytest.approx(
        {day.gas_day: day.kwh for day in days if day.kwh is not None}
    )


async def test_weeks_and_months_are_spread_over_their_days(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(90)

    await add_files(
        hass, hass_client, build_weekly(days, pce=HOME, exported_on=EXPORTED_ON)
    )

    stored = await _rows(hass)
    energy = sum(day.kwh or 0 for day in days)
    assert sum(state or 0 for state in stored.values()) == pytest.approx(energy)
    assert len(stored) == 90


async def test_of_several_meters_in_one_file_one_chooses(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(30)
    content = build_business({HOME: days, OTHER: days})
    result = await send_files(hass, hass_client, await begin(hass), content)
    assert result["step_id"] == "file_preview"

    result = await send(hass, result, {"meters": []})
    assert result["errors"] == {"base": "no_meter_chosen"}
    result = await send(hass, result, {"meters": [OTHER]})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    (meter,) = result["result"].subentries.values()
    assert meter.unique_id == OTHER
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await _rows(hass, OTHER)) == 30
    assert not await _rows(hass)


async def test_a_file_that_names_no_meter_needs_an_answer(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(
        hass, hass_client, await begin(hass), ("mine.xlsx", _daily(_days(30), None))
    )
    assert result["step_id"] == "file_pce"
    assert "mine.xlsx" in result["description_placeholders"]["files"]

    result = await send(hass, result, {CONF_PCE: "1234"})
    assert result["errors"] == {CONF_PCE: "invalid_pce"}
    result = await send(hass, result, {CONF_PCE: f"{HOME[:5]} {HOME[5:]}"})

    assert result["step_id"] == "file_preview"
    result = await send(hass, result, {})
    (meter,) = result["result"].subentries.values()
    assert (meter.unique_id, meter.title) == (HOME, "Meter …1111")


async def test_one_pce_is_typed_for_all_files_of_one_meter(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(60)
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.xlsx", _daily(days[:40], None)),
        ("two.xlsx", _daily(days[20:], None)),
    )
    assert result["step_id"] == "file_pce"
    listed = result["description_placeholders"]["files"]
    assert "one.xlsx · days · 2026-09-18 → 2026-10-27 · " in listed
    assert "two.xlsx · days · 2026-10-08 → 2026-11-16 · " in listed
    assert defaults(result)["all_of_them"] is True

    result = await send(hass, result, {CONF_PCE: HOME, "all_of_them": True})

    assert result["step_id"] == "file_preview"
    shown = result["description_placeholders"]["preview"]
    energy = sum(day.kwh or 0 for day in days)
    assert shown.startswith(
        f"**60 days, from 2026-09-18 to 2026-11-16, +{energy:,.0f} kWh in the history,"
        " all new (1 without data)**"
    )
    assert shown.count("PCE 0") == 1


async def test_files_of_several_meters_are_asked_about_one_by_one(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.xlsx", _daily(_days(10), None)),
        ("two.xlsx", _daily(_days(20), None)),
    )

    result = await send(hass, result, {CONF_PCE: HOME, "all_of_them": False})
    assert result["step_id"] == "file_pce"
    assert "one.xlsx" not in result["description_placeholders"]["files"]
    assert suggested(result) == {CONF_PCE: HOME}
    assert "all_of_them" not in defaults(result)
    result = await send(hass, result, {CONF_PCE: OTHER})

    assert result["step_id"] == "file_preview"
    shown = result["description_placeholders"]["preview"]
    assert f"PCE {HOME}" in shown
    assert f"PCE {OTHER}" in shown


async def test_the_pce_that_the_other_files_name_is_proposed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    result = await send_files(
        hass,
        hass_client,
        await begin(hass),
        ("one.xlsx", _daily(_days(10))),
        ("two.xlsx", _daily(_days(20), None)),
    )

    assert result["step_id"] == "file_pce"
    assert suggested(result) == {CONF_PCE: HOME}


async def test_two_tables_of_one_file_are_not_taken_for_one_meter_without_a_word(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    header = ("Date de relevé", "Energie consommée (kWh)")
    one: list[Row] = [header, ("01/10/2026", 10), ("02/10/2026", 11)]
    other: list[Row] = [header, ("01/11/2026", 70), ("02/11/2026", 71)]
    content = workbook_of(("A", one), ("B", other))

    result = await send_files(hass, hass_client, await begin(hass), content)

    assert result["step_id"] == "file_pce"
    assert defaults(result)["all_of_them"] is False


async def test_texts_and_numbers_are_french_in_a_french_home(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    hass.config.language = "fr"
    days = _days(365)

    result = await send_files(hass, hass_client, await begin(hass), _daily(days))

    shown = result["description_placeholders"]["preview"]
    energy = f"{sum(day.kwh or 0 for day in days):,.0f}".replace(",", "\xa0")
    assert shown.startswith(
        f"**365 jours, du 17/11/2025 au 16/11/2026, {energy} kWh, tous nouveaux"
        " (1 sans données)**"
    )
    assert "L'historique augmente de" in shown
    result = await send(hass, result, {})
    assert result["title"] == "Fichiers exportés (GRDF)"


async def test_there_is_one_entry_of_exported_files(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))

    again = await begin(hass)
    settings = dict(
        await hass.config_entries.flow.async_init(
            "grdf_adict",
            context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id},
        )
    )

    assert again["reason"] == "files_configured"
    assert settings["reason"] == "files_have_no_settings"


async def _add_meter(hass: HomeAssistant, entry: Any) -> dict[str, Any]:
    return dict(
        await hass.config_entries.subentries.async_init(
            (entry.entry_id, "meter"), context={"source": SOURCE_USER}
        )
    )


async def test_another_meter_joins_the_entry_from_its_own_file(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))
    result = await _add_meter(hass, entry)
    assert result["step_id"] == "files"

    content = _daily(_days(20), OTHER)
    result = await send_files(hass, hass_client, result, content)
    result = await send(hass, result, {"name": "Studio"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)

    assert len(await _rows(hass, OTHER)) == 20
    assert hass.states.get("sensor.studio_energy") is not None


async def test_of_several_new_meters_one_at_a_time_is_added_and_known_ones_are_named(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))
    third = "09999999933333"
    content = build_business({pce: _days(20) for pce in (HOME, OTHER, third)})

    result = await send_files(hass, hass_client, await _add_meter(hass, entry), content)
    shown = result["description_placeholders"]["preview"]
    assert "PCE …1111 is already a meter" in shown
    result = await send(hass, result, {"meters": third, "name": "Third"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert {meter.unique_id for meter in entry.subentries.values()} == {HOME, third}


async def test_the_file_of_a_meter_that_is_there_leads_to_that_meter(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))

    result = await send_files(
        hass, hass_client, await _add_meter(hass, entry), _daily(_days(40))
    )

    assert result["errors"] == {"base": "file_of_a_meter"}
    assert result["description_placeholders"]["pce"] == "…1111"
    assert result["description_placeholders"]["ready"] == "—"


async def test_a_full_disk_is_reported_and_the_form_can_be_sent_again(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = _days(30)
    result = await send_files(hass, hass_client, await begin(hass), _daily(days))

    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        result = await send(hass, result, {})
    assert result["errors"] == {"base": "write_failed"}
    result = await send(hass, result, {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await _rows(hass) == {day.gas_day: day.kwh for day in days}


async def test_a_meter_that_is_deleted_leaves_a_question_about_its_history(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await add_files(hass, hass_client, _daily(_days(30)))
    (meter_id,) = entry.subentries

    hass.config_entries.async_remove_subentry(entry, meter_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert issue_registry.async_get_issue("grdf_adict", f"meter_deleted_{meter_id}")
    assert len(await _rows(hass)) == 30


async def _shown(hass: HomeAssistant) -> list[str]:
    manager = await async_get_manager(hass)
    data = manager.data or manager.default_preferences()
    return [str(source.get("stat_energy_from")) for source in data["energy_sources"]]


async def test_meters_of_files_are_offered_to_the_energy_dashboard(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await hass.async_block_till_done()
    content = _daily(_days(20))
    result = await send_files(hass, hass_client, await begin(hass), content)
    result = await send(hass, result, {})
    assert result["step_id"] == "energy"
    result = await send(hass, result, {"show": True})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await _shown(hass) == [f"grdf_adict:{HOME}_energy"]

    second = await _add_meter(hass, result["result"])
    second = await send_files(hass, hass_client, second, _daily(_days(20), OTHER))
    second = await send(hass, second, {})
    assert second["step_id"] == "energy"
    second = await send(hass, second, {"show": False})

    assert second["type"] is FlowResultType.CREATE_ENTRY
    assert await _shown(hass) == [f"grdf_adict:{HOME}_energy"]
