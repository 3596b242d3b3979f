"""The failure of one meter's call costs that call alone."""

from collections import Counter
from datetime import date, timedelta
from http import HTTPStatus
import json
from threading import get_ident
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.contract import coordinator
from custom_components.grdf_adict.rights import ListedRights, listed_rights
from tests.sandbox import (
    BUSINESS,
    FARM,
    FLAT,
    HOUSE,
    INDUSTRY,
    Fault,
    Sandbox,
)
from tests.sandbox.faults import Faults

from .common import energies, held
from .conftest import AddEntry

HOUR = timedelta(hours=1)
REFUSAL = json.dumps({"statut_restitution": {"code": "2000107", "message": "Erreur"}})
EMPTY_LIST = json.dumps(
    {"code_statut_traitement": "0000000000", "message_retour_traitement": "OK"}
)


async def _pass(hass: HomeAssistant, clock: FrozenDateTimeFactory, hours: int) -> None:
    """Let hours pass, one after another, as at home: nothing is refreshed by hand."""
    for _ in range(hours):
        clock.tick(HOUR)
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)


def _calls_by_day(sandbox: Sandbox, path_part: str) -> list[int]:
    """Return the number of calls of each day, from the first one with a call."""
    days: Counter[date] = Counter(
        call.at.date() for call in sandbox.calls if path_part in call.path
    )
    if not days:
        return []
    first, last = min(days), max(days)
    return [days[first + timedelta(days=n)] for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("donnees_consos_informatives", Fault.status(500)),
        ("donnees_consos_informatives", Fault.status(200, REFUSAL)),
        ("donnees_consos_informatives", Fault.html()),
        ("donnees_consos_informatives", Fault.status(200, "")),
        ("donnees_consos_informatives", Fault.status(429)),
    ],
)
async def test_a_meter_whose_call_fails_for_days_costs_the_others_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    call: str,
    fault: Fault,
) -> None:
    await import_meters(HOUSE, FLAT)
    sandbox.fail_next(f"{HOUSE}/{call}", fault, times=10_000)
    sandbox.reset_calls()

    for _ in range(5):
        await _pass(hass, clock, 24)
        assert await energies(hass, FLAT) == held(sandbox, FLAT)

    failing = _calls_by_day(sandbox, f"{HOUSE}/{call}")
    rights = _calls_by_day(sandbox, "droits_acces")
    assert sum(failing[:2]) <= 6 + 2
    assert all(calls <= 2 for calls in failing[2:])
    assert len(rights) >= 5
    assert set(rights) == {1}


@pytest.mark.parametrize("call", ["donnees_techniques", "donnees_contractuelles"])
async def test_a_new_meter_whose_details_fail_gets_its_gas_days_and_so_do_others(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    call: str,
) -> None:
    sandbox.fail_next(f"{HOUSE}/{call}", Fault.status(500), times=10_000)

    entry = await import_meters(HOUSE, FLAT)
    await _pass(hass, clock, 24)

    for meter in entry.runtime_data.meters.values():
        assert await energies(hass, meter.pce) == held(sandbox, meter.pce)
        assert meter.data.health.state == "up_to_date"
        assert meter.data.progress == 100
        assert meter.last_update_success
    assert sum(_calls_by_day(sandbox, f"{HOUSE}/{call}")) <= 6 + 2


async def test_published_months_come_while_the_informative_call_gives_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next("informatives", Fault.status(HTTPStatus.NO_CONTENT), times=10_000)

    await import_meters(HOUSE)
    await _pass(hass, clock, 2)

    stored = await energies(hass, HOUSE)
    assert stored
    published = sandbox.available_published(HOUSE)
    assert sum(kwh or 0 for kwh in stored.values()) == pytest.approx(
        sum(block.kwh or 0 for block in published)
    )
    assert _calls_by_day(sandbox, "informatives")[0] <= 6


async def test_grdf_is_away_where_several_meters_fail_and_comes_back_by_one_probe(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry: MockConfigEntry = await import_meters(HOUSE, FLAT, INDUSTRY)
    meters = entry.runtime_data.meters.values()
    sandbox.fail_next("/pce/", Fault.status(503), times=10_000)
    sandbox.fail_next("droits_acces", Fault.status(503), times=10_000)
    sandbox.reset_calls()
    await _pass(hass, clock, 48)
    assert {meter.data.health.state for meter in meters} == {"grdf_away"}
    # Each call is tried three times at first, later once; one an hour for all.
    assert len(sandbox.calls) <= 48 + 6 * len(meters)

    sandbox.faults = Faults()
    await _pass(hass, clock, 26)

    assert {meter.data.health.state for meter in meters} == {"up_to_date"}
    for pce in (HOUSE, FLAT, INDUSTRY):
        assert await energies(hass, pce) == held(sandbox, pce)


async def test_meters_that_fail_together_do_not_make_grdf_away_for_the_others(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    ill = (HOUSE, FLAT, BUSINESS)
    well = (INDUSTRY, FARM)
    entry: MockConfigEntry = await import_meters(*ill, *well)
    meters = entry.runtime_data.meters.values()
    for pce in ill:
        call = f"{pce}/donnees_consos"
        sandbox.fail_next(call, Fault.status(503), times=10_000)
    sandbox.reset_calls()

    for _ in range(5):
        for _ in range(24):
            await _pass(hass, clock, 1)
            seen = {meter.data.health.state for meter in meters if meter.pce in well}
            assert seen == {"up_to_date"}
        for pce in well:
            assert await energies(hass, pce) == held(sandbox, pce)
    failing = [meter for meter in meters if meter.pce in ill]
    assert {meter.data.health.state for meter in failing} == {"meter_failing"}
    assert sum(_calls_by_day(sandbox, "droits_acces")) <= 5 + len(ill)

    sandbox.faults = Faults()
    await _pass(hass, clock, 26)
    assert {meter.data.health.state for meter in meters} == {"up_to_date"}


async def test_a_first_answer_that_is_cut_is_asked_again_within_minutes(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next("informatives", Fault.cut(after_objects=20), times=1)
    await import_meters(HOUSE)
    assert await energies(hass, HOUSE) != held(sandbox, HOUSE)

    for _ in range(4):
        clock.tick(timedelta(seconds=30))
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


async def test_a_list_of_rights_that_fails_for_days_costs_no_meter_its_gas_days(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry: MockConfigEntry = await import_meters(HOUSE, FLAT, INDUSTRY, BUSINESS, FARM)
    meters = entry.runtime_data.meters.values()
    sandbox.fail_next("droits_acces", Fault.status(500), times=10_000)
    sandbox.reset_calls()

    for _ in range(4):
        await _pass(hass, clock, 24)
        for meter in meters:
            assert await energies(hass, meter.pce) == held(sandbox, meter.pce)
    assert {meter.data.health.state for meter in meters} == {"grdf_away"}
    calls = _calls_by_day(sandbox, "droits_acces")
    assert sum(calls[:2]) <= 6 + 2
    assert all(number <= 2 for number in calls[2:])

    sandbox.faults = Faults()
    await _pass(hass, clock, 13)
    assert {meter.data.health.state for meter in meters} == {"up_to_date"}


async def test_a_list_of_rights_that_is_empty_for_a_day_stops_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry: MockConfigEntry = await import_meters(HOUSE)
    sandbox.fail_next("droits_acces", Fault.status(200, EMPTY_LIST), times=2)
    sandbox.reset_calls()

    (meter,) = entry.runtime_data.meters.values()
    for _ in range(48):
        await _pass(hass, clock, 1)
        assert meter.rights.main is not None
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert sum(_calls_by_day(sandbox, "droits_acces")) <= 3


async def test_a_list_of_rights_is_compared_outside_the_event_loop(
    hass: HomeAssistant, import_meters: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def compare(*args: Any) -> ListedRights:
        threads.append(get_ident())
        return listed_rights(*args)

    monkeypatch.setattr(coordinator, "listed_rights", compare)

    await import_meters(HOUSE)

    assert threads
    assert hass.loop_thread_id not in threads


async def test_rights_that_stay_away_from_the_list_are_gone(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry: MockConfigEntry = await import_meters(HOUSE)
    sandbox.fail_next("droits_acces", Fault.status(200, EMPTY_LIST), times=10)

    await _pass(hass, clock, 72)

    (meter,) = entry.runtime_data.meters.values()
    assert meter.rights.main is None
