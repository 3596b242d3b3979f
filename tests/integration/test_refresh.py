"""Day after day: late days, corrections, withdrawals, restarts, and GRDF away."""

from datetime import date, timedelta
from http import HTTPStatus
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import BUSINESS, FLAT, HALF_YEARLY, HOUSE, INDUSTRY, Fault, Sandbox
from tests.sandbox.faults import Faults

from .common import held, next_day, settle, stored_rows
from .conftest import AddEntry

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
VOLUME = f"grdf_adict:sandbox_{HOUSE}_volume"


async def _states(hass: HomeAssistant, pce: str) -> dict[date, float | None]:
    rows = await stored_rows(hass, f"grdf_adict:sandbox_{pce.lower()}_energy")
    return {day: state for day, state, _ in rows}


def _recent(sandbox: Sandbox, days_ago: int) -> date:
    """Return a measured gas day, that many days before the newest."""
    days = sandbox.available_days(HOUSE).items()
    return [day for day, row in days if row.kwh is not None][-1 - days_ago]


@pytest.mark.whole_history
@pytest.mark.parametrize("pce", [HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY])
async def test_every_kind_of_meter_ends_up_with_what_the_sandbox_holds(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry, pce: str
) -> None:
    entry = await add_entry(pce)
    await settle(hass, entry)

    stored = await _states(hass, pce)

    assert stored == held(sandbox, pce)


@pytest.mark.whole_history
async def test_sums_run_on_and_an_absent_day_leaves_them_unchanged(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    # Nothing fills a day that GRDF calls absent and has not published yet.
    absent_day = _recent(sandbox, 2)
    sandbox.withdraw(HOUSE, absent_day)
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    total = 0.0
    absent = 0
    for _, state, running in await stored_rows(hass, ENERGY):
        total = round(total + (state or 0), 3)
        absent += state is None
        assert running == total
    assert absent > 0


async def test_volumes_have_a_series_of_their_own(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    rows = await stored_rows(hass, VOLUME)

    assert {day: state for day, state, _ in rows} == held(sandbox, HOUSE, "m3")


@pytest.mark.whole_history
async def test_a_half_yearly_meter_is_never_asked_for_days(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HALF_YEARLY)
    await settle(hass, entry)

    assert not any("informatives" in call.path for call in sandbox.calls)


async def test_the_first_import_takes_five_calls_and_one_token(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == [
        "droits_acces",
        "donnees_techniques",
        "donnees_consos_informatives",
        "donnees_consos_publiees",
        "donnees_contractuelles",
    ]
    assert len(sandbox.token_calls) == 1


async def test_a_new_day_brings_its_rows_with_two_calls(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    sandbox.reset_calls()

    await next_day(hass, clock, entry)

    stored = await _states(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known
    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == [
        "droits_acces",
        "donnees_consos_informatives",
    ]


async def test_a_correction_and_a_late_day_rewrite_from_there(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    late, corrected = _recent(sandbox, 20), _recent(sandbox, 10)
    sandbox.delay(HOUSE, late, sandbox.today + timedelta(days=1))
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    assert await _states(hass, HOUSE) == held(sandbox, HOUSE)
    assert late not in sandbox.available_days(HOUSE)
    sandbox.correct(HOUSE, corrected, kwh=1)

    await next_day(hass, clock, entry)

    stored = await _states(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert stored[corrected] == 1
    assert {day: stored[day] for day in known} == known


async def test_an_explicit_absence_withdraws_a_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    unpublished, published = _recent(sandbox, 2), _recent(sandbox, 20)
    sandbox.withdraw(HOUSE, unpublished)
    sandbox.withdraw(HOUSE, published)

    await next_day(hass, clock, entry)

    stored = await _states(hass, HOUSE)
    assert stored[unpublished] is None
    assert stored[published] == held(sandbox, HOUSE)[published]


async def test_a_cut_answer_withdraws_nothing_and_is_asked_again_the_same_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    before = await _states(hass, HOUSE)
    withdrawn = _recent(sandbox, 10)
    sandbox.withdraw(HOUSE, withdrawn)
    sandbox.fail_next("informatives", Fault.cut(after_objects=50))

    await next_day(hass, clock, entry)
    assert (await _states(hass, HOUSE))[withdrawn] == before[withdrawn]

    clock.tick(timedelta(hours=2))
    await settle(hass, entry)
    stored = await _states(hass, HOUSE)
    assert stored[withdrawn] == held(sandbox, HOUSE)[withdrawn] != before[withdrawn]


async def test_the_first_history_is_asked_for_in_whole_again_when_it_was_cut(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next("informatives", Fault.cut(after_objects=30))
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    assert await _states(hass, HOUSE) != held(sandbox, HOUSE)
    assert meter.data.summary.total is None

    clock.tick(timedelta(hours=2))
    await settle(hass, entry)

    assert await _states(hass, HOUSE) == held(sandbox, HOUSE)
    assert meter.data.summary.total == sum(
        kwh or 0 for kwh in held(sandbox, HOUSE).values()
    )


@pytest.mark.parametrize("value", ["-3", "NaN", "douze"])
async def test_an_impossible_value_leaves_the_day_as_it_was(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    value: str,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    before = await _states(hass, HOUSE)
    day = _recent(sandbox, 10)
    sandbox.raw(HOUSE, day, energie=value)

    await next_day(hass, clock, entry)

    assert (await _states(hass, HOUSE))[day] == before[day]


async def test_a_number_written_as_text_with_a_comma_is_a_number(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    day = _recent(sandbox, 10)
    sandbox.raw(HOUSE, day, energie="12,5")

    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    assert (await _states(hass, HOUSE))[day] == 12.5


async def test_more_gas_than_the_meter_can_pass_waits_for_a_second_word(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    before = await _states(hass, HOUSE)
    day = _recent(sandbox, 10)
    sandbox.correct(HOUSE, day, kwh=900_000)

    await next_day(hass, clock, entry)
    assert (await _states(hass, HOUSE))[day] == before[day]

    await next_day(hass, clock, entry)
    assert (await _states(hass, HOUSE))[day] == 900_000


async def test_a_restart_costs_no_call_and_shows_the_last_values(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    shown = meter.data
    counted = entry.runtime_data.account.quota.calls_today
    rows = await stored_rows(hass, ENERGY)
    sandbox.reset_calls()

    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)

    (meter,) = entry.runtime_data.meters.values()
    assert meter.data == shown
    assert entry.runtime_data.account.quota.calls_today >= counted
    assert sandbox.calls == []
    assert sandbox.token_calls == []
    assert await stored_rows(hass, ENERGY) == rows


async def test_grdf_away_leaves_everything_as_it_was_and_is_said_once(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    before = await _states(hass, HOUSE)
    sandbox.fail_next(None, Fault.status(503), times=1000)
    sandbox.reset_calls()

    for _ in range(3):
        await next_day(hass, clock, entry)

    assert await _states(hass, HOUSE) == before
    assert hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day") is not None
    shown = hass.states.get("sensor.meter_0001_energy_of_the_last_gas_day")
    assert shown is not None
    assert shown.state not in {"unavailable", "unknown"}
    said = [
        record.message for record in caplog.records if record.levelno >= logging.ERROR
    ]
    assert sum("meter …0001" in message for message in said) == 1, said
    assert len(sandbox.calls) <= 3 * 6

    sandbox.faults = Faults()
    clock.tick(timedelta(hours=2))
    await entry.runtime_data.account.async_refresh()
    await settle(hass, entry)
    stored = await _states(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known


async def test_grdf_down_at_the_very_first_start_is_made_up_for_later(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next(None, Fault.status(500), times=1000)
    entry = await add_entry(HOUSE, FLAT)
    await settle(hass, entry)
    assert await _states(hass, HOUSE) == {}
    spent = len(sandbox.calls)
    assert spent <= 3, "one meter's failure must spare the others' calls"

    sandbox.faults = Faults()
    clock.tick(timedelta(hours=2))
    await settle(hass, entry)

    assert await _states(hass, HOUSE) == held(sandbox, HOUSE)
    assert await _states(hass, FLAT) == held(sandbox, FLAT)


async def test_one_meter_that_fails_does_not_take_the_others_down(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry
) -> None:
    sandbox.fail_next(f"{HOUSE}/", Fault.status(HTTPStatus.NOT_FOUND), times=1000)

    entry = await add_entry(HOUSE, FLAT)
    await settle(hass, entry)

    assert await _states(hass, HOUSE) == {}
    assert await _states(hass, FLAT) == held(sandbox, FLAT)


async def test_a_secret_that_grdf_refuses_asks_the_user_for_a_new_one(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    sandbox.client_secret = "another"
    sandbox.tokens.expire()

    await next_day(hass, clock, entry)

    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_an_ended_right_stops_the_calls_says_so_and_heals(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    clock: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    entry = await add_entry(HOUSE)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    issue_id = f"no_access_right_{meter.subentry_id}"
    before = await _states(hass, HOUSE)
    sandbox.right(HOUSE).state = "Révoquée"

    await next_day(hass, clock, entry)
    sandbox.reset_calls()
    await next_day(hass, clock, entry)

    assert await _states(hass, HOUSE) == before
    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == ["droits_acces"]
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert HOUSE not in str(issue.translation_placeholders)

    for right in sandbox.rights:
        if right.pce == HOUSE:
            right.state = "Active"
    await next_day(hass, clock, entry)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    stored = await _states(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known


async def test_a_refusal_that_the_rights_do_not_explain_is_told_with_grdfs_words(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    sandbox.fail_next(
        "informatives",
        Fault.status(
            200,
            body='{"statut_restitution": {"code": "1000010",'
            ' "message": "Périmètre sans données informatives"}}',
        ),
    )

    entry = await add_entry(HOUSE)
    await settle(hass, entry)

    (meter,) = entry.runtime_data.meters.values()
    issue = issue_registry.async_get_issue(
        DOMAIN, f"no_access_right_{meter.subentry_id}"
    )
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "Périmètre" in issue.translation_placeholders["message"]
