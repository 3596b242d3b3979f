"""Files for a meter that is there, of a contract or of files."""

from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.grdf_adict.system_health import async_system_health_info
from tests.exports import build_business, build_daily, invented_days
from tests.exports.plain import Day
from tests.sandbox import FLAT, HOUSE, Sandbox

from .actions import act
from .common import energies, held, stored_rows
from .conftest import AddEntry
from .file_flow import add_files, send, send_files
from .price_flow import choose, period, reconfigure, set_list
from .test_statistics import _no_space

HOME: Final = "09999999911111"
OTHER: Final = "09999999922222"
LAST: Final = date(2026, 11, 16)


def _days(first: date, count: int, seed: int = 1) -> list[Day]:
    return invented_days(first, first + timedelta(days=count - 1), seed=seed)


def _daily(days: list[Day], pce: str | None, on: date = date(2026, 11, 19)) -> bytes:
    return build_daily(days, pce=pce, exported_on=on)


async def _open(hass: HomeAssistant, entry: Any) -> dict[str, Any]:
    return await choose(hass, await reconfigure(hass, entry), "files")


async def test_older_years_join_a_meter_of_a_contract(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    entry = await import_meters(HOUSE)
    first = sandbox.today - timedelta(days=130)
    days = _days(first, 40)
    result = await _open(hass, entry)

    result = await send_files(hass, hass_client, result, _daily(days, HOUSE))
    shown = result["description_placeholders"]["preview"]
    assert f"PCE {HOUSE}" in shown
    assert shown.startswith(
        f"**40 days, from {first} to {first + timedelta(days=39)},"
        f" {sum(day.kwh or 0 for day in days):,.0f} kWh: 30 new, 10 known already**"
    )
    assert "| New: they had no data | 30 |" in shown
    assert "| Kept as GRDF told the contract | 10 |" in shown
    result = await send(hass, result, {})

    assert result["reason"] == "files_taken"
    assert result["description_placeholders"]["days"] == "30"
    await hass.async_block_till_done(wait_background_tasks=True)
    older = {day.gas_day: day.kwh for day in days}
    assert await energies(hass, HOUSE) == older | held(sandbox, HOUSE)


async def test_a_newer_export_goes_on_with_a_meter_of_files_and_is_news(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
) -> None:
    days = _days(date(2026, 9, 1), 77)
    entry = await add_files(
        hass, hass_client, _daily(days[:75], HOME, date(2026, 11, 17))
    )
    heard = async_capture_events(hass, EVENT_STATE_CHANGED)

    result = await send_files(
        hass, hass_client, await _open(hass, entry), _daily(days, HOME)
    )
    result = await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert result["reason"] == "files_taken"
    rows = await stored_rows(hass, f"grdf_adict:{HOME}_energy")
    assert [state for _, state, _ in rows] == [day.kwh for day in days]
    total = hass.states.get("sensor.meter_1111_energy")
    assert total is not None
    assert float(total.state) == sum(day.kwh or 0 for day in days)
    states = [event.data["new_state"] for event in heard]
    assert [
        state.attributes["gas_day"]
        for state in states
        if state and state.entity_id == "event.meter_1111_events"
    ] == ["2026-11-15", "2026-11-16"]


async def test_the_same_file_again_changes_nothing_and_reports_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(date(2026, 10, 1), 30)
    content = build_daily(
        days, pce=HOME, exported_on=date(2026, 11, 19), lost_zero=False
    )
    entry = await add_files(hass, hass_client, content)
    before = await stored_rows(hass, f"grdf_adict:{HOME}_energy")

    result = await send_files(hass, hass_client, await _open(hass, entry), content)
    shown = result["description_placeholders"]["preview"]
    result = await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert "kWh: nothing new, all of it is there already**" in shown
    assert "| The same already: nothing to do | 30 |" in shown
    assert "| 0 |" not in shown
    assert "Worth knowing" not in shown
    assert result["description_placeholders"]["days"] == "0"
    assert await stored_rows(hass, f"grdf_adict:{HOME}_energy") == before


async def test_a_file_of_another_customers_meter_is_refused_unless_confirmed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_files(
        hass, hass_client, _daily(_days(date(2026, 10, 1), 10), HOME)
    )
    theirs = _daily(_days(date(2026, 9, 1), 10), OTHER)

    result = await send_files(hass, hass_client, await _open(hass, entry), theirs)
    assert result["step_id"] == "file_other"
    assert result["description_placeholders"]["pce"] == "…2222"
    result = await send(hass, result, {"confirm": False})
    assert result["step_id"] == "files"
    assert result["errors"] == {"base": "no_file"}

    result = await send_files(hass, hass_client, result, theirs)
    result = await send(hass, result, {"confirm": True})
    assert result["step_id"] == "file_preview"
    result = await send(hass, result, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await stored_rows(hass, f"grdf_adict:{HOME}_energy")) == 40


async def test_a_file_of_several_others_is_refused_and_ones_own_part_is_taken(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(date(2026, 10, 1), 10)
    entry = await add_files(hass, hass_client, _daily(days, HOME))
    others = build_business({OTHER: days, FLAT: days})
    with_ours = build_business({OTHER: days, HOME: _days(date(2026, 10, 1), 12)})

    result = await send_files(hass, hass_client, await _open(hass, entry), others)
    assert result["errors"] == {"base": "file_of_other_meters"}
    assert result["description_placeholders"]["count"] == "2"
    result = await send_files(hass, hass_client, result, with_ours)

    assert f"PCE {HOME}" in result["description_placeholders"]["preview"]
    assert OTHER not in result["description_placeholders"]["preview"]
    result = await send(hass, result, {})
    assert result["description_placeholders"]["days"] == "2"


async def test_a_full_disk_loses_nothing_and_the_form_can_be_sent_again(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = _days(date(2026, 10, 1), 20)
    entry = await add_files(hass, hass_client, _daily(days[:10], HOME))
    result = await send_files(
        hass, hass_client, await _open(hass, entry), _daily(days, HOME)
    )

    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        result = await send(hass, result, {})
    assert result["errors"] == {"base": "write_failed"}
    result = await send(hass, result, {})

    assert result["reason"] == "files_taken"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await stored_rows(hass, f"grdf_adict:{HOME}_energy")) == 20


async def test_files_wait_until_their_entry_is_loaded(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(date(2026, 10, 1), 20)
    entry = await add_files(hass, hass_client, _daily(days, HOME))
    result = await _open(hass, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)

    result = await send_files(hass, hass_client, result, _daily(days, HOME))

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "entry_not_loaded"


async def test_a_price_gives_the_days_of_files_their_cost(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    days = _days(date(2026, 10, 1), 20)
    entry = await add_files(hass, hass_client, _daily(days, HOME))

    await set_list(hass, entry, period("2026-01-01", 0.1))  # type: ignore[arg-type]

    rows = await stored_rows(hass, f"grdf_adict:{HOME}_cost")
    assert [state for _, state, _ in rows] == pytest.approx(
        [(day.kwh or 0) * 0.1 for day in days]
    )


async def test_what_is_unusual_is_reported_for_files_too(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,  # noqa: ARG001 - fixes today
) -> None:
    days = _days(date(2025, 8, 1), 473)
    entry = await add_files(hass, hass_client, _daily(days, HOME))
    (meter,) = entry.runtime_data.meters.values()

    state = hass.states.get("binary_sensor.meter_1111_unusual_consumption")

    assert state is not None
    assert state.state in {"on", "off"}
    assert meter.data.insight.watch.judged is not None


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("get_consumption", {"period": "2026-10"}),
        ("rebuild_statistics", {"from_grdf": True}),
    ],
)
async def test_what_only_grdf_can_answer_is_refused_for_files(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    device_registry: dr.DeviceRegistry,
    action: str,
    fields: dict[str, Any],
) -> None:
    days = _days(date(2026, 10, 1), 20)
    entry = await add_files(hass, hass_client, _daily(days, HOME))
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, HOME), entry.entry_id
    )
    assert device is not None

    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device.id, **fields},
            blocking=True,
            return_response=action == "get_consumption",
        )

    assert caught.value.translation_key == "no_contract"


async def test_beside_files_the_only_contract_is_still_the_one_that_actions_mean(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    import_meters: AddEntry,
) -> None:
    await import_meters(HOUSE)
    days = _days(date(2026, 10, 1), 20)
    files = await add_files(hass, hass_client, _daily(days, HOME))

    response = await act(hass, "get_access_rights")
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_access_rights", config_entry_id=files.entry_id)

    assert response["access_rights"]
    assert caught.value.translation_key == "no_contract"


async def test_what_maintainers_see_of_files_names_no_meter(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    days = _days(date(2026, 10, 1), 20)
    name = f"Donnees_informatives_{HOME}_01-10-2026_20-10-2026.xlsx"
    entry = await add_files(hass, hass_client, (name, _daily(days, HOME)))

    dump: Any = await async_get_config_entry_diagnostics(hass, entry)
    health = await async_system_health_info(hass)

    assert dump["has_contract"] is False
    assert dump["meters"][0]["pce"] == "…1111"
    assert dump["meters"][0]["sources"] == {}
    assert HOME not in str(dump)
    assert (health["contracts"], health["meters_of_files"]) == (0, 1)
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.grdf_adict")
    ]
    assert ours
    assert not any(HOME in message for message in ours)
