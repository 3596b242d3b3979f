"""A fleet's job: it waits when it must, looks before it asks again, and ends."""

from datetime import timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.grdf_adict.const import DOMAIN
from tests.exports.layouts import Cell
from tests.sandbox import FARM, HOUSE, WAITING, Fault, Sandbox

from .actions import act
from .conftest import AddEntry
from .fleet import build, row_of, table
from .repair import shown

pytestmark = pytest.mark.usefixtures("hass_storage", "folder")
SENSOR = "sensor.example_many_pce_progress"


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Any) -> Any:
    """A folder that actions may read, and reports go to."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """A contract with one meter."""
    return await add_entry(HOUSE)


async def _begin(
    hass: HomeAssistant, folder: Any, content: bytes, action: str = "declare"
) -> None:
    (folder / "a.xlsx").write_bytes(content)
    path = str(folder / "a.xlsx")
    response = await act(hass, "declare_fleet", path=path, action=action, start=True)
    assert response["started"] is True
    await hass.async_block_till_done(wait_background_tasks=True)


async def _declare(
    hass: HomeAssistant, folder: Any, sandbox: Sandbox, count: int
) -> list[str]:
    pces = build(sandbox, count)
    rows = [row_of(sandbox, pce, place) for place, pce in enumerate(pces)]
    await _begin(hass, folder, table(rows))
    return pces


async def _pass(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, **time: float
) -> None:
    clock.tick(timedelta(**time))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)


def _declared(sandbox: Sandbox, pces: list[str]) -> list[str]:
    return sorted(right.pce for right in sandbox.rights if right.pce in pces)


def _puts(sandbox: Sandbox, pce: str) -> int:
    return sum(pce in call.path and call.method == "PUT" for call in sandbox.calls)


@pytest.mark.parametrize("fault", [Fault.status(429), Fault.status(403)])
async def test_a_job_pauses_when_grdf_limits_calls_and_goes_on(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    folder: Any,
    fault: Fault,
) -> None:
    sandbox.fail_next("00001/droit_acces", fault)

    pces = await _declare(hass, folder, sandbox, 4)

    assert _declared(sandbox, pces) == pces[:1]
    state = hass.states.get(SENSOR)
    assert state is not None
    assert (state.state, state.attributes["done"], state.attributes["left"]) == (
        "25",
        1,
        3,
    )
    assert state.attributes["paused_until"] == entry.runtime_data.jobs.paused_until
    await _pass(hass, clock, minutes=6)

    assert _declared(sandbox, pces) == pces
    state = hass.states.get(SENSOR)
    assert state is not None
    assert (state.state, state.attributes["paused_until"]) == ("100", None)


async def test_pauses_grow_while_grdf_stays_away(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    sandbox.fail_next("00000/droit_acces", Fault.status(429), times=6)
    waits = []

    await _declare(hass, folder, sandbox, 1)
    while (until := entry.runtime_data.jobs.paused_until) is not None:
        waits.append((until - dt_util.utcnow()).total_seconds() / 60)
        await _pass(hass, clock, minutes=waits[-1], seconds=1)

    assert waits == [5, 10, 20, 40, 60, 60]


@pytest.mark.usefixtures("entry")
async def test_an_answer_that_was_lost_is_looked_for_and_never_asked_for_again(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    sandbox.fail_next("00001/droit_acces", Fault.cut())

    pces = await _declare(hass, folder, sandbox, 3)
    assert _declared(sandbox, pces) == pces[:2]
    await _pass(hass, clock, minutes=6)

    assert _declared(sandbox, pces) == pces
    assert [_puts(sandbox, pce) for pce in pces] == [1, 1, 1]
    report = await act(hass, "fleet_report")
    assert [each["result"] for each in report["pces"]] == ["done"] * 3


@pytest.mark.usefixtures("entry")
async def test_a_call_that_never_arrived_is_made_again_once_the_list_has_shown_so(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    sandbox.fail_next("00001/droit_acces", Fault.status(502))

    pces = await _declare(hass, folder, sandbox, 2)
    sandbox.fail_next("droits_acces", Fault.status(503), times=10)
    await _pass(hass, clock, minutes=6)
    assert _declared(sandbox, pces) == pces[:1], "the list could not be read"
    sandbox.faults.clear()
    sandbox.fail_next("droits_acces", Fault.partial_error(after_objects=1))
    await _pass(hass, clock, minutes=11)
    assert _declared(sandbox, pces) == pces[:1], "the list was cut"
    await _pass(hass, clock, minutes=21)

    assert _declared(sandbox, pces) == pces


@pytest.mark.usefixtures("entry")
async def test_what_grdf_calls_a_double_after_a_doubt_is_ours(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    (pce,) = build(sandbox, 1)
    sandbox.fail_next("00000/droit_acces", Fault.cut())
    await _begin(hass, folder, table([row_of(sandbox, pce)]))
    hidden = [right for right in sandbox.rights if right.pce == pce]
    hidden[0].start -= timedelta(days=1)

    await _pass(hass, clock, minutes=6)

    (outcome,) = (await act(hass, "fleet_report"))["pces"]
    assert (outcome["result"], outcome["code"]) == ("done", "1000000003")
    assert len(_declared(sandbox, [pce])) == 1


@pytest.mark.usefixtures("entry")
async def test_grdfs_refusals_are_reported_by_pce_and_stop_no_other(
    hass: HomeAssistant,
    sandbox: Sandbox,
    folder: Any,
) -> None:
    pces = build(sandbox, 3)
    rows = [row_of(sandbox, pces[0], postcode="75001"), row_of(sandbox, pces[1])]
    rows.append(row_of(sandbox, "09999999899999"))
    sandbox.switches.grants_less = True

    await _begin(hass, folder, table(rows))

    report = await act(hass, "fleet_report")
    assert (report["done"], report["refused"], report["progress"]) == (1, 2, 100)
    by_pce = {each["pce"]: each for each in report["pces"]}
    assert by_pce[pces[0]]["code"] == "1000000005"
    assert "code postal" in by_pce[pces[0]]["message"]
    assert by_pce[pces[1]]["granted_less"] == ["end", "contractual", "technical"]
    (note,) = persistent_notification._async_get_or_create_notifications(  # noqa: SLF001
        hass
    ).values()
    assert "Done: 1. Refused: 2" in note["message"]
    assert "grdf_adict/fleet/" in note["message"]


@pytest.mark.usefixtures("entry")
async def test_a_refused_secret_asks_for_a_new_one_and_loses_nothing(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    pces = build(sandbox, 2)
    sandbox.fail_next("00000/droit_acces", Fault.status(401), times=2)

    await _begin(hass, folder, table([row_of(sandbox, pce) for pce in pces]))

    assert _declared(sandbox, pces) == []
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == ["reauth"]
    await _pass(hass, clock, minutes=61)
    assert _declared(sandbox, pces) == pces


async def test_a_customer_without_a_supply_contract_is_one_refused_row(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry, folder: Any
) -> None:
    over = json.dumps(
        {
            "code_statut_traitement": "1000000004",
            "message_retour_traitement": "Le contrat de fourniture de gaz est échu",
        }
    )
    sandbox.fail_next("00001/droit_acces", Fault.status(409, over))

    pces = await _declare(hass, folder, sandbox, 5)

    tasks = entry.runtime_data.jobs.job.tasks
    assert [task.state.value for task in tasks] == [
        "done",
        "refused",
        "done",
        "done",
        "done",
    ]
    assert (tasks[1].code, tasks[1].message) == (
        "1000000004",
        "Le contrat de fourniture de gaz est échu",
    )
    assert _declared(sandbox, pces) == [pces[0], *pces[2:]]


async def test_a_job_waits_where_the_adict_contract_is_over_and_a_repair_says_so(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    over = {"code": "1000099", "message": "Votre contrat GRDF ADICT est expiré."}
    body = json.dumps({"statut_restitution": over})
    sandbox.fail_next("00001/droit_acces", Fault.status(200, body))

    pces = await _declare(hass, folder, sandbox, 3)

    assert _declared(sandbox, pces) == pces[:1]
    assert shown(hass) == {"contract_over"}
    assert entry.runtime_data.jobs.job.left == 2
    await _pass(hass, clock, minutes=61)
    assert _declared(sandbox, pces) == pces
    assert shown(hass) == set()


async def test_daily_readings_keep_their_share_of_the_days_calls(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    quota = entry.runtime_data.account.quota
    readings = quota.remaining - 4
    quota.daily_calls_left = lambda: readings

    pces = await _declare(hass, folder, sandbox, 5)
    assert 0 < len(_declared(sandbox, pces)) < 5
    quota.daily_calls_left = lambda: 0
    await _pass(hass, clock, hours=4)

    assert _declared(sandbox, pces) == pces


async def test_an_unload_keeps_how_far_the_job_came(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Any,
    hass_storage: dict[str, Any],
) -> None:
    sandbox.fail_next("00002/droit_acces", Fault.status(429))
    pces = await _declare(hass, folder, sandbox, 4)

    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"grdf_adict.fleet.{entry.entry_id}"]["data"]["tasks"]
    assert [task["state"] for task in stored] == ["done", "done", "waiting", "waiting"]
    assert str(stored).count("@example.com") == 2, "who is done with is forgotten"
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert _declared(sandbox, pces) == pces


async def test_an_unload_in_the_middle_of_a_call_looks_at_the_list_afterwards(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pces = build(sandbox, 3)
    take = sandbox.declare

    def declare(wish: Any) -> Any:
        right = take(wish)
        if wish.pce == pces[1]:
            hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
        return right

    monkeypatch.setattr(sandbox, "declare", declare)
    await _begin(hass, folder, table([row_of(sandbox, pce) for pce in pces]))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert _declared(sandbox, pces) == pces
    assert [_puts(sandbox, pce) for pce in pces] == [1, 1, 1]


@pytest.mark.usefixtures("entry")
async def test_no_call_is_made_that_could_not_be_noted_first(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.fail_next("00000/droit_acces", Fault.status(429))
    pces = await _declare(hass, folder, sandbox, 2)

    async def full(*_: object) -> None:
        raise WriteError("no space left")

    with monkeypatch.context() as disk:
        disk.setattr(Store, "_async_write_data", full)
        await _pass(hass, clock, minutes=6)
        assert _declared(sandbox, pces) == []
        assert "write_failed" in shown(hass)
    await _pass(hass, clock, minutes=61)

    assert _declared(sandbox, pces) == pces
    assert "write_failed" not in shown(hass)


async def test_a_job_that_cannot_be_read_is_forgotten_and_nothing_breaks(
    hass: HomeAssistant, add_entry: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    key = f"grdf_adict.fleet.{entry.entry_id}"
    hass_storage[key] = {
        "version": 1,
        "minor_version": 1,
        "key": key,
        "data": {"created": "yesterday", "tasks": [{}]},
    }

    assert await hass.config_entries.async_setup(entry.entry_id)

    assert not entry.runtime_data.jobs.is_busy


@pytest.mark.usefixtures("entry")
async def test_revoking_what_has_ended_meanwhile_is_no_failure(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    sandbox.fail_next(sandbox.right(WAITING).id, Fault.status(429))
    await _begin(hass, folder, table([[WAITING]], header=["PCE"]), "revoke")
    sandbox.revoke(sandbox.right(WAITING).id)

    await _pass(hass, clock, minutes=6)

    (outcome,) = (await act(hass, "fleet_report"))["pces"]
    assert (outcome["result"], outcome["code"]) == ("done", "1000000001")


async def test_a_pce_that_became_a_meter_meanwhile_is_not_added_twice(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Any,
) -> None:
    (pce,) = build(sandbox, 1)
    sandbox.fail_next(f"{pce}/droit_acces", Fault.status(429))
    header = ["Action", "PCE", "Titulaire", "Code postal", "Courriel"]
    header += ["Début du droit", "Fin du droit", "Données depuis"]
    rows: list[list[Cell]] = [["Déclarer", *row_of(sandbox, pce)]]
    rows.append(["Suivre", WAITING])
    rows.append(["Suivre", FARM])
    await _begin(hass, folder, table(rows, header=header))
    fleet = entry.runtime_data.jobs
    assert fleet.job.left == 3
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    fleet = entry.runtime_data.jobs
    assert fleet.job.left == 0
    assert len(entry.subentries) == 3

    again = [task.ended(task.state) for task in fleet.job.tasks if task.pce == FARM]
    await fleet.async_begin([type(again[0])(line="1", pce=FARM, work=again[0].work)])
    await hass.async_block_till_done(wait_background_tasks=True)
    (outcome,) = (await act(hass, "fleet_report"))["pces"]
    assert (outcome["result"], outcome["message"]) == (
        "refused",
        "the PCE is a meter already",
    )


async def test_following_that_a_crash_interrupted_is_found_done(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_storage: dict[str, Any],
) -> None:
    entry = await add_entry(HOUSE, set_up=False)
    key = f"grdf_adict.fleet.{entry.entry_id}"
    tasks = [
        {"line": "2", "pce": pce, "work": "follow", "state": "started"}
        for pce in (HOUSE, FARM)
    ]
    hass_storage[key] = {
        "version": 1,
        "minor_version": 1,
        "key": key,
        "data": {"created": "2026-11-20T20:00:00+01:00", "tasks": tasks},
    }

    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert [task.state.value for task in entry.runtime_data.jobs.job.tasks] == [
        "done",
        "done",
    ]
    assert len(entry.subentries) == 2


@pytest.mark.usefixtures("entry")
async def test_a_proof_that_was_moved_away_is_reported(
    hass: HomeAssistant,
    sandbox: Sandbox,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    (folder / f"{HOUSE}.pdf").write_bytes(b"%PDF")
    sandbox.start_campaign([HOUSE])
    sandbox.fail_next("preuves", Fault.status(429))
    response = await act(hass, "send_fleet_proofs", folder=str(folder), start=True)
    assert (response["rows"], response["started"]) == (1, True)
    await hass.async_block_till_done(wait_background_tasks=True)
    (folder / f"{HOUSE}.pdf").unlink()

    await _pass(hass, clock, minutes=6)

    (outcome,) = (await act(hass, "fleet_report"))["pces"]
    assert outcome["result"] == "refused"
    assert "cannot be read" in outcome["message"]


async def test_consents_that_ended_while_the_job_waited_are_not_declared(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    folder: Any,
) -> None:
    (pce,) = build(sandbox, 1)
    ends = f"{sandbox.today:%d/%m/%Y}"
    sandbox.fail_next("00000/droit_acces", Fault.retry_after(429, 90_000))
    await _begin(hass, folder, table([row_of(sandbox, pce, end=ends)]))
    until = entry.runtime_data.jobs.paused_until
    assert (until - dt_util.utcnow()).total_seconds() == 86_400, "a day at the most"

    await _pass(hass, clock, hours=26)

    (outcome,) = (await act(hass, "fleet_report"))["pces"]
    assert (outcome["result"], outcome["code"]) == ("refused", None)
    assert "over already" in outcome["message"]


async def test_the_progress_is_removed_with_its_job(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry, folder: Any
) -> None:
    assert hass.states.get(SENSOR) is None
    await _declare(hass, folder, sandbox, 1)
    state = hass.states.get(SENSOR)
    assert state is not None
    assert state.state == "100"

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()

    assert er.async_get(hass).async_get(SENSOR) is None


@pytest.mark.usefixtures("entry")
async def test_a_report_that_cannot_be_written_is_still_available_by_action(
    hass: HomeAssistant, sandbox: Sandbox, folder: Any
) -> None:
    (folder / "media").write_bytes(b"a file where the folder should be")

    await _declare(hass, folder, sandbox, 1)

    (note,) = persistent_notification._async_get_or_create_notifications(  # noqa: SLF001
        hass
    ).values()
    assert "grdf_adict.fleet_report" in note["message"]
    assert (await act(hass, "fleet_report"))["done"] == 1


async def test_a_contract_that_is_removed_takes_its_job_along(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    folder: Any,
    hass_storage: dict[str, Any],
) -> None:
    await _declare(hass, folder, sandbox, 1)

    await hass.config_entries.async_remove(entry.entry_id)

    assert not [key for key in hass_storage if key.startswith(f"{DOMAIN}.fleet")]
