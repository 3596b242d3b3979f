"""The recorder's rows: the ledger's projection, whatever happened to them."""

from datetime import UTC, datetime, time, timedelta
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
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

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
        row.start_ts += 3 * 3600

    await _in_database(hass, move)
    await settle(hass, entry)

    assert await stored_rows(hass, ENERGY) == before


@pytest.mark.whole_history
async def test_each_gas_day_has_a_base_at_five_and_its_row_at_six_in_france(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        ALWAYS,
        None,
        {ENERGY},
        "hour",
        None,
        {"state", "sum"},
    )

    # Over every clock change of five years.
    starts = [datetime.fromtimestamp(row["start"], PARIS) for row in rows[ENERGY]]
    assert {start.timetz() for start in starts[::2]} == {time(5, tzinfo=PARIS)}
    assert {start.timetz() for start in starts[1::2]} == {time(6, tzinfo=PARIS)}
    days = [start.date() for start in starts[1::2]]
    assert [start.date() for start in starts[::2]] == days
    assert {(after - before).days for before, after in pairwise(days)} == {1}
    assert len(days) > 5 * 365
    bases, own = rows[ENERGY][::2], rows[ENERGY][1::2]
    assert {base["state"] for base in bases} == {None}
    assert [base["sum"] for base in bases] == [0, *(row["sum"] for row in own[:-1])]


async def test_rows_of_an_earlier_version_get_their_base_rows_and_stay(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)

    def without_bases(session: Any) -> None:
        for row in session.query(Statistics):
            if datetime.fromtimestamp(row.start_ts, PARIS).hour == 5:
                session.delete(row)

    def all_rows(session: Any) -> None:
        found.append(
            {
                row.id: (row.metadata_id, row.start_ts, row.state, row.sum)
                for row in session.query(Statistics)
            }
        )

    found: list[dict[int, tuple[object, ...]]] = []
    await _in_database(hass, all_rows)
    await _in_database(hass, without_bases)
    await _in_database(hass, all_rows)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)
    await _in_database(hass, all_rows)

    whole, before, after = found
    assert len(whole) == 2 * len(before) > 100
    assert set(after.values()) == set(whole.values())
    assert {number: after[number] for number in before} == before


async def test_a_unit_changed_by_hand_is_put_back(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    # Home Assistant converts no rows of an integration's series: it relabels them.
    entry = await import_meters(HOUSE)
    before = await stored_rows(hass, ENERGY)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "recorder/update_statistics_metadata",
            "statistic_id": ENERGY,
            "unit_class": "energy",
            "unit_of_measurement": "Wh",
        }
    )
    assert (await client.receive_json())["success"]
    await async_wait_recording_done(hass)
    assert await _named(hass) != ("Meter 0001 (kWh)", "kWh")

    await settle(hass, entry)

    assert await _named(hass) == ("Meter 0001 (kWh)", "kWh")
    assert await stored_rows(hass, ENERGY) == before


async def test_a_meters_new_name_is_that_of_its_series(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.subentries.values()

    hass.config_entries.async_update_subentry(entry, meter, title="Mairie")
    await hass.async_block_till_done(wait_background_tasks=True)
    await settle(hass, entry)

    assert await _named(hass) == ("Mairie (kWh)", "kWh")


async def _named(hass: HomeAssistant) -> tuple[str | None, str | None]:
    """Return the name and the unit of the house's energy."""
    (found,) = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {ENERGY}
    )
    return found["name"], found["statistics_unit_of_measurement"]


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
