"""Gas that a site injects: its history, its sensors, its repair, beside gas it uses."""

from datetime import date, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import FARM, HOUSE, PRODUCER, Fault, Flow, Perimeter, Sandbox

from .common import amounts, energies, held, next_day, series_of, settle, stored_rows
from .conftest import AddEntry
from .price_flow import reconfigure

INJECTION = f"grdf_adict:sandbox_{PRODUCER.lower()}_injection"


_SENSORS = {"injection", "last_day_injection", "month_injection", "year_injection"}


def _injected(sandbox: Sandbox, pce: str = PRODUCER) -> dict[date, float | None]:
    return held(sandbox, pce, flow=Flow.INJECTION)


def _keys(hass: HomeAssistant, pce: str) -> set[str]:
    begin = f"sandbox_{pce.lower()}_"
    return {
        entity.unique_id.removeprefix(begin)
        for entity in er.async_get(hass).entities.values()
        if entity.unique_id.startswith(begin)
    }


def _value(hass: HomeAssistant, pce: str, key: str) -> str:
    unique_id = f"sandbox_{pce.lower()}_{key}"
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
    assert entity_id is not None, key
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


@pytest.mark.whole_history
async def test_five_years_of_injection_are_the_sandboxs_day_by_day(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(PRODUCER)

    rows = await stored_rows(hass, INJECTION)
    known = _injected(sandbox)

    assert len(known) > 5 * 364
    assert {day: state for day, state, _ in rows} == known
    assert rows[-1][2] == sum(kwh or 0 for kwh in known.values())


async def test_of_a_producer_only_injections_are_read(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(PRODUCER)

    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == [
        "droits_acces",
        "donnees_techniques",
        "donnees_injection_publiees",
        "donnees_contractuelles",
    ]
    assert await series_of(hass, PRODUCER) == {"injection"}


async def test_a_site_that_does_both_has_both_series(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(FARM)

    assert await series_of(hass, FARM) == {"energy", "volume", "injection"}
    assert await energies(hass, FARM) == held(sandbox, FARM)
    assert await amounts(hass, FARM, "injection") == _injected(sandbox, FARM)


async def test_a_new_day_brings_both_ways_of_gas_with_a_call_each(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(FARM)
    sandbox.reset_calls()

    await next_day(hass, clock, entry)

    stored = await amounts(hass, FARM, "injection")
    known = _injected(sandbox, FARM)
    assert {day: stored[day] for day in known} == known
    assert sorted(call.path.rsplit("/", 1)[-1] for call in sandbox.calls) == [
        "donnees_consos_publiees",
        "donnees_injection_publiees",
        "droits_acces",
    ]


async def test_late_corrected_and_withdrawn_days_of_injection_repair_the_history(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    days = sorted(_injected(sandbox))
    late, corrected, withdrawn = days[-20], days[-12], days[-6]
    tomorrow = sandbox.today + timedelta(days=1)
    sandbox.delay(PRODUCER, late, tomorrow, Flow.INJECTION)
    entry = await import_meters(PRODUCER)
    assert (await amounts(hass, PRODUCER, "injection"))[late] is None
    sandbox.correct(PRODUCER, corrected, kwh=1, flow=Flow.INJECTION)
    sandbox.withdraw(PRODUCER, withdrawn, Flow.INJECTION)

    await next_day(hass, clock, entry)

    stored = await amounts(hass, PRODUCER, "injection")
    known = _injected(sandbox)
    assert stored[late] is not None
    assert stored[corrected] == 1
    assert stored[withdrawn] is None
    assert {day: stored[day] for day in known} == known


async def test_a_cut_answer_withdraws_no_injection(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(PRODUCER)
    before = await amounts(hass, PRODUCER, "injection")
    withdrawn = sorted(before)[-10]
    sandbox.withdraw(PRODUCER, withdrawn, Flow.INJECTION)
    sandbox.fail_next("injection", Fault.cut(after_objects=99))

    await next_day(hass, clock, entry)

    stored = await amounts(hass, PRODUCER, "injection")
    assert stored[withdrawn] == before[withdrawn]


async def test_more_injection_than_the_meter_passes_needs_a_second_answer(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(PRODUCER)
    before = await amounts(hass, PRODUCER, "injection")
    day = sorted(before)[-10]
    sandbox.correct(PRODUCER, day, kwh=900_000, flow=Flow.INJECTION)

    await next_day(hass, clock, entry)
    assert (await amounts(hass, PRODUCER, "injection"))[day] == before[day]

    await next_day(hass, clock, entry)
    assert (await amounts(hass, PRODUCER, "injection"))[day] == 900_000


async def test_gas_that_flows_the_other_way_among_consumptions_is_injection(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    days = sorted(sandbox.available_days(HOUSE))
    turned = days[-10]
    kwh = sandbox.available_days(HOUSE)[turned].kwh
    sandbox.right(HOUSE).published = False
    sandbox.raw(HOUSE, turned, sens_flux_gaz="Production")

    await import_meters(HOUSE)

    assert await amounts(hass, HOUSE, "injection") == {turned: kwh}
    assert (await energies(hass, HOUSE))[turned] is None
    assert "injection" in _keys(hass, HOUSE)


async def test_a_restart_costs_no_call_and_keeps_the_injection(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(FARM)
    (meter,) = entry.runtime_data.meters.values()
    shown, keys = meter.data, _keys(hass, FARM)
    sandbox.reset_calls()

    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    (meter,) = entry.runtime_data.meters.values()
    assert meter.data == shown
    assert meter.data.injection.days > 90
    assert _keys(hass, FARM) == keys
    assert sandbox.calls == []


async def test_a_lost_ledger_of_injection_is_recovered_from_the_rows(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(PRODUCER)
    before = await stored_rows(hass, INJECTION)
    await hass.config_entries.async_unload(entry.entry_id)
    del hass_storage[f"grdf_adict.meter.sandbox_{PRODUCER.lower()}"]
    del hass_storage[f"grdf_adict.account.{entry.entry_id}"]
    # GRDF now gives the last days only.
    right = sandbox.right(PRODUCER, Perimeter.INJECTION)
    right.injection_from = sandbox.today - timedelta(days=20)

    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert await stored_rows(hass, INJECTION) == before


async def test_many_withdrawn_days_of_gas_used_do_not_hold_up_injection(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await import_meters(FARM)
    (meter,) = entry.runtime_data.meters.values()
    before = await energies(hass, FARM)
    for day in sorted(before)[-45:-5]:
        sandbox.withdraw(FARM, day)

    await next_day(hass, clock, entry)

    stored = await energies(hass, FARM)
    assert {day: stored[day] for day in before} == before
    issue_id = f"withdrawal_withheld_{meter.subentry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None
    assert max(await amounts(hass, FARM, "injection")) == max(_injected(sandbox, FARM))


async def test_a_producer_has_the_sensors_of_injection_and_none_of_consumption(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(PRODUCER)

    assert _keys(hass, PRODUCER) == {
        "access_right",
        "access_right_end",
        "calibre",
        "conversion_coefficient",
        "data_accessible",
        "delivery_pressure",
        "delivery_tariff",
        "events",
        "flow_rate",
        "import_progress",
        "in_service",
        "index",
        "injection",
        "last_day_injection",
        "last_gas_day",
        "month_injection",
        "next_update",
        "proof_awaited",
        "proof_deadline",
        "proof_status",
        "reading_frequency",
        "serial_number",
        "state",
        "year_injection",
    }
    known = _injected(sandbox)
    newest = max(known)
    of_month = [kwh or 0 for day, kwh in known.items() if day >= date(2026, 11, 1)]
    of_year = [kwh or 0 for day, kwh in known.items() if day.year == 2026]
    assert float(_value(hass, PRODUCER, "injection")) == sum(
        kwh or 0 for kwh in known.values()
    )
    assert float(_value(hass, PRODUCER, "last_day_injection")) == known[newest]
    assert float(_value(hass, PRODUCER, "month_injection")) == sum(of_month)
    assert float(_value(hass, PRODUCER, "year_injection")) == sum(of_year)
    assert _value(hass, PRODUCER, "last_gas_day") == newest.isoformat()
    assert float(_value(hass, PRODUCER, "index")) > 0
    assert 9.5 <= float(_value(hass, PRODUCER, "conversion_coefficient")) <= 11.5
    assert _value(hass, PRODUCER, "reading_frequency") == "daily"


async def test_a_meter_that_only_uses_gas_has_no_sensor_of_injection(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    assert not {key for key in _keys(hass, HOUSE) if "injection" in key}
    assert await series_of(hass, HOUSE) == {"energy", "volume"}


async def test_sensors_of_injection_come_with_its_right_and_go_with_an_empty_one(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    injection = sandbox.right(FARM, Perimeter.INJECTION)
    sandbox.rights.remove(injection)
    entry = await import_meters(FARM)
    assert not _SENSORS & _keys(hass, FARM)

    # It covers no day yet.
    injection.injection_from = sandbox.today + timedelta(days=30)
    sandbox.rights.append(injection)
    await next_day(hass, clock, entry)
    assert {"energy"} | _SENSORS <= _keys(hass, FARM)

    sandbox.rights.remove(injection)
    await next_day(hass, clock, entry)
    assert not _SENSORS & _keys(hass, FARM)


async def test_a_right_on_injection_that_opens_later_is_used_at_once(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    injection = sandbox.right(FARM, Perimeter.INJECTION)
    sandbox.rights.remove(injection)
    entry = await import_meters(FARM)
    sandbox.rights.append(injection)
    account = entry.runtime_data.account

    await account.async_read_rights()
    account.async_update_listeners()
    (meter,) = entry.runtime_data.meters.values()
    assert meter.update_interval is not None
    assert meter.update_interval <= timedelta(seconds=1)
    await settle(hass, entry)

    assert await amounts(hass, FARM, "injection") == _injected(sandbox, FARM)


async def test_cumulative_injection_can_be_chosen_as_a_total(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(FARM)

    totals = {
        state.entity_id.removeprefix("sensor.meter_0084_"): state.attributes[
            "device_class"
        ]
        for state in hass.states.async_all("sensor")
        if state.attributes.get("state_class") == "total"
    }

    assert totals == {"energy": "energy", "injection": "energy"}


async def test_the_price_of_gas_and_the_weather_are_not_offered_to_a_producer(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(PRODUCER)

    menu = await reconfigure(hass, entry)

    assert menu["menu_options"] == ["files", "renew", "revoke", "erase"]


_PERIOD = {
    "from": "2024-01-01",
    "energy_price": "0.1",
    "subscription": "120",
    "per": "year",
}
# It does not exist.
_ENTITY = {"entity": "sensor.none", "subscription": "0", "per": "year"}


async def test_a_price_that_a_producer_has_already_changes_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await import_meters(PRODUCER)
    keys, issues = _keys(hass, PRODUCER), set(issue_registry.issues)
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, "price": {"periods": [_PERIOD], "entity": _ENTITY}}

    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await next_day(hass, clock, entry)

    (meter,) = entry.runtime_data.meters.values()
    assert meter.meter.prices is not None
    assert await series_of(hass, PRODUCER) == {"injection"}
    assert _keys(hass, PRODUCER) == keys
    assert set(issue_registry.issues) == issues
    stored = await amounts(hass, PRODUCER, "injection")
    known = _injected(sandbox)
    assert {day: stored[day] for day in known} == known
