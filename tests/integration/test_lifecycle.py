"""Set-up, unloading, removal, repairs, diagnostics: nothing lost, nothing left."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
import logging
import threading
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict import event, sensor
from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.entities.adding import async_add_meter_entities
from custom_components.grdf_adict.runtime import GrdfConfigEntry
from custom_components.grdf_adict.sensor import GROUPS, MeterSensor
from tests.sandbox import BUSINESS, HOUSE, Fault, Sandbox

from .common import next_day, settle, stored_rows
from .conftest import NOW, AddEntry

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"


async def test_unloading_leaves_no_task_and_no_timer(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.reset_calls()

    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.state is ConfigEntryState.NOT_LOADED
    assert sandbox.calls == []


async def test_rights_read_while_entities_are_added_begin_the_import(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def add_slowly(
        hass: HomeAssistant, entry: GrdfConfigEntry, *args: Any
    ) -> None:
        await entry.runtime_data.contract.async_refresh()
        await async_add_meter_entities(hass, entry, *args)

    monkeypatch.setattr(event, "async_add_meter_entities", add_slowly)

    await add_entry(HOUSE)
    assert sandbox.calls
    clock.tick(timedelta(seconds=5))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)

    assert await stored_rows(hass, ENERGY)


async def test_others_run_while_the_sensors_of_a_meter_are_added(
    add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0
    added_in: list[int] = []

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    class Sensor(MeterSensor):
        def __init__(self, *args: Any) -> None:
            added_in.append(rounds)
            super().__init__(*args)

    groups = [
        replace(group, kind=Sensor) if group.kind is MeterSensor else group
        for group in GROUPS
    ]
    monkeypatch.setattr(sensor, "GROUPS", groups)
    counting = asyncio.create_task(count())

    await add_entry(HOUSE, BUSINESS)

    counting.cancel()
    most = max(len(group.descriptions) for group in GROUPS)
    assert len(added_in) > 2 * most
    assert max(Counter(added_in).values()) <= most


async def test_removing_a_contract_removes_its_file_and_keeps_the_ledgers(
    hass: HomeAssistant, import_meters: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    ours = {key for key in hass_storage if key.startswith(DOMAIN)}
    assert ours == {
        f"grdf_adict.{kind}.sandbox_{HOUSE}" for kind in ("meter", "settings")
    }
    assert await stored_rows(hass, ENERGY) == before


async def test_statistics_wait_for_home_assistant_to_have_started(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    hass.set_state(CoreState.starting)
    entry = await add_entry(HOUSE)
    assert entry.state is ConfigEntryState.LOADED
    assert not entry.runtime_data.started.is_set()

    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY)


async def test_a_repair_lets_a_withdrawal_through_once_confirmed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, "repairs", {})
    # No published month fills the days.
    sandbox.right(HOUSE).published = False
    entry = await import_meters(HOUSE)
    for day, state, _ in (await stored_rows(hass, ENERGY))[-45:-5]:
        if state is not None:
            sandbox.withdraw(HOUSE, day)
    await next_day(hass, clock, entry)
    clock.move_to(NOW)  # the test user's token lasts half an hour
    (meter,) = entry.runtime_data.meters.values()
    issue_id = f"withdrawal_withheld_{meter.subentry_id}"
    client = await hass_client()

    started = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    form = await started.json()
    assert (started.status, form["step_id"]) == (HTTPStatus.OK, "confirm")
    assert form["description_placeholders"]["pce"] == f"…{HOUSE[-4:]}"
    done = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})

    assert (await done.json())["type"] == "create_entry"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    states = [state for _, state, _ in await stored_rows(hass, ENERGY)]
    assert states[-46:-6] == [None] * 40


async def test_the_repair_of_a_deleted_meter_only_needs_a_confirmation(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, "repairs", {})
    entry = await add_entry(HOUSE)
    for issue_id, entry_id in (("a", entry.entry_id), ("b", "gone")):
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={"entry_id": entry_id, "subentry_id": "gone"},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="withdrawal_withheld",
        )
    client = await hass_client()

    for issue_id in ("a", "b"):
        answer = await client.post(
            "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
        )
        assert (await answer.json())["step_id"] == "confirm"


async def test_diagnostics_and_logs_hold_no_secret_and_no_person(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.grdf_adict")
    sandbox.right(HOUSE).holder_name = "MARKER-NAME"
    sandbox.right(HOUSE).mail = "marker-mail@example.com"
    sandbox.right(HOUSE).postcode = "98765"
    sandbox.fail_next("informatives", Fault.status(400, body='{"message": "MARKER"}'))
    entry = await import_meters(HOUSE, BUSINESS)

    dump = str(await get_diagnostics_for_config_entry(hass, hass_client, entry))
    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.grdf_adict")
    )

    assert f"…{HOUSE[-4:]}" in dump
    assert f"…{HOUSE[-4:]}" in ours
    for marker in (
        HOUSE,
        BUSINESS,
        "MARKER",
        "marker-mail",
        "98765",
        "demo-secret",
        "Bearer",
    ):
        assert marker not in dump, marker
        assert marker not in ours, marker


async def test_diagnostics_of_a_meter_without_a_right(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.rights[:] = [right for right in sandbox.rights if right.pce != HOUSE]
    entry = await import_meters(HOUSE)

    dump: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert dump["meters"][0]["rights"] == {
        "consumption": None,
        "injection": None,
        "others": [],
    }
    assert dump["meters"][0]["next_update"] is None


async def test_a_busy_recorder_at_the_start_is_logged_and_written_later(
    hass: HomeAssistant,
    import_meters: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    class Unheard(SynchronizeTask):
        @override
        def run(self, instance: Recorder) -> None:
            """Leave who waits waiting, as if much else came first."""

    with monkeypatch.context() as busy:
        busy.setattr("custom_components.grdf_adict.helpers.recorder._LONGEST_WAIT", 0)
        busy.setattr(
            "custom_components.grdf_adict.helpers.recorder.SynchronizeTask",
            Unheard,
        )
        await hass.config_entries.async_reload(entry.entry_id)
        for _ in range(500):
            await hass.async_block_till_done(wait_background_tasks=True)
            if "the recorder or the disk is busy" in caplog.text:
                break
            # The loop's own clock stands still here.
            await hass.async_add_executor_job(threading.Event().wait, 0.02)
    assert "the recorder or the disk is busy" in caplog.text

    await settle(hass, entry)
    assert await stored_rows(hass, ENERGY) == before
