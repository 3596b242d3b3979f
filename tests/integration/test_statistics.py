"""The recorder's rows: the ledger's projection, whatever happened to them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.recorder import get_instance, session_scope
import pytest

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE, Sandbox

from .common import next_day, settle, stored_rows
from .conftest import AddEntry

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
VOLUME = f"grdf_adict:sandbox_{HOUSE}_volume"


async def _in_database(hass: HomeAssistant, change: Any) -> None:
    def run() -> None:
        with session_scope(hass=hass) as session:
            change(session)

    await get_instance(hass).async_add_executor_job(run)


async def test_the_energy_dashboard_can_pick_both_series(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    known = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {ENERGY, VOLUME}
    )

    assert {
        (row["statistic_id"], row["unit_class"], row["statistics_unit_of_measurement"])
        for row in known
    } == {(ENERGY, "energy", "kWh"), (VOLUME, "volume", "m³")}
    assert all(row["has_sum"] and row["source"] == DOMAIN for row in known)


async def test_rows_deleted_by_hand_come_back_without_a_call(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    sandbox.reset_calls()

    def delete_thirty(session: Any) -> None:
        oldest = session.query(Statistics.id).order_by(Statistics.start_ts).limit(60)
        ids = [row.id for row in oldest]
        session.query(Statistics).filter(Statistics.id.in_(ids)).delete()

    await _in_database(hass, delete_thirty)
    assert len(await stored_rows(hass, ENERGY)) < len(before)
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY) == before
    assert sandbox.calls == []


async def test_a_series_cleared_in_home_assistant_comes_back_without_a_call(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY), await stored_rows(hass, VOLUME)
    sandbox.reset_calls()

    get_instance(hass).async_clear_statistics([ENERGY, VOLUME])
    await settle(hass, entry)

    after = await stored_rows(hass, ENERGY), await stored_rows(hass, VOLUME)
    assert after == before
    assert sandbox.calls == []


@pytest.mark.parametrize("change", [{"state": 999.0}, {"sum": None}, {"sum": 1.0}])
async def test_a_row_edited_by_hand_is_put_right(
    hass: HomeAssistant, import_meters: AddEntry, change: dict[str, float | None]
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    def edit(session: Any) -> None:
        row = session.query(Statistics).order_by(Statistics.start_ts).offset(40).first()
        for column, value in change.items():
            setattr(row, column, value)

    await _in_database(hass, edit)
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY) == before


async def test_a_row_that_is_nobodys_goes(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)

    def move(session: Any) -> None:
        row = session.query(Statistics).order_by(Statistics.start_ts).offset(40).first()
        row.start_ts += 3600

    await _in_database(hass, move)
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY) == before


@pytest.mark.whole_history
async def test_every_row_starts_at_six_in_france_over_every_clock_change(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, ALWAYS, None, {ENERGY}, "hour", None, {"sum"}
    )

    starts = [datetime.fromtimestamp(row["start"], PARIS) for row in rows[ENERGY]]
    assert {(start.hour, start.minute) for start in starts} == {(6, 0)}
    steps = {(after.date() - before.date()).days for before, after in pairwise(starts)}
    assert steps == {1}
    assert len(starts) > 5 * 365


async def test_nothing_changed_writes_nothing(
    hass: HomeAssistant, import_meters: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await import_meters(HOUSE)
    written: list[object] = []
    monkeypatch.setattr(
        "custom_components.grdf_adict.external_statistics.rows.async_add_external_statistics",
        lambda *args: written.append(args),
    )

    await settle(hass, entry)

    assert written == []


async def test_a_lost_ledger_is_recovered_from_the_rows(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    await hass.config_entries.async_unload(entry.entry_id)
    del hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]
    # GRDF now gives the last days only.
    for right in sandbox.rights:
        right.consumption_from = sandbox.today - timedelta(days=20)
    del hass_storage[f"grdf_adict.account.{entry.entry_id}"]

    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY) == before


async def test_many_days_withdrawn_at_once_need_the_users_consent(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    # No published month fills the days.
    sandbox.right(HOUSE).published = False
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    (meter,) = entry.runtime_data.meters.values()
    for day, state, _ in before[-45:-5]:
        if state is not None:
            sandbox.withdraw(HOUSE, day)

    await next_day(hass, clock, entry)

    issue_id = f"withdrawal_withheld_{meter.subentry_id}"
    assert (await stored_rows(hass, ENERGY))[: len(before)] == before
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.is_fixable

    await meter.async_compare(withdrawal_accepted=True)
    after = await stored_rows(hass, ENERGY)
    assert [state for _, state, _ in after[-46:-6]] == [None] * 40
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_a_disk_that_is_full_keeps_rows_and_file_as_they_were(
    hass: HomeAssistant,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    issue_id = f"write_failed_{entry.entry_id}"

    with monkeypatch.context() as full:
        full.setattr("homeassistant.helpers.storage.Store._async_write_data", _no_space)
        await next_day(hass, clock, entry)

    assert await stored_rows(hass, ENERGY) == before
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None

    clock.tick(timedelta(hours=2))
    await settle(hass, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    assert len(await stored_rows(hass, ENERGY)) == len(before) + 1


async def _no_space(*_: object) -> None:
    from homeassistant.util.file import WriteError  # noqa: PLC0415

    raise WriteError("no space left on device") from sqlite3.OperationalError()
