"""Day after day: late days, corrections, withdrawals, restarts, and GRDF away."""

from datetime import date, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from tests.sandbox import BUSINESS, FLAT, HALF_YEARLY, HOUSE, INDUSTRY, Fault, Sandbox

from .common import energies, held, next_day, settle, stored_rows
from .conftest import AddEntry

ENERGY = f"grdf_adict:sandbox_{HOUSE}_energy"
VOLUME = f"grdf_adict:sandbox_{HOUSE}_volume"


def _recent(sandbox: Sandbox, days_ago: int) -> date:
    """Return a measured gas day, that many days before the newest."""
    days = sandbox.available_days(HOUSE).items()
    return [day for day, row in days if row.kwh is not None][-1 - days_ago]


@pytest.mark.whole_history
@pytest.mark.parametrize("pce", [HOUSE, FLAT, HALF_YEARLY, BUSINESS, INDUSTRY])
async def test_every_kind_of_meter_ends_up_with_what_the_sandbox_holds(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry, pce: str
) -> None:
    await import_meters(pce)

    stored = await energies(hass, pce)

    assert stored == held(sandbox, pce)


@pytest.mark.whole_history
async def test_sums_run_on_and_an_absent_day_leaves_them_unchanged(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    # Nothing fills a day that GRDF calls absent and has not published yet.
    absent_day = _recent(sandbox, 2)
    sandbox.withdraw(HOUSE, absent_day)
    await import_meters(HOUSE)

    total = 0.0
    absent = 0
    for _, state, running in await stored_rows(hass, ENERGY):
        total = round(total + (state or 0), 3)
        absent += state is None
        assert running == total
    assert absent > 0


async def test_volumes_have_a_series_of_their_own(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

    rows = await stored_rows(hass, VOLUME)

    assert {day: state for day, state, _ in rows} == held(sandbox, HOUSE, "m3")


@pytest.mark.whole_history
async def test_of_a_half_yearly_meter_days_are_never_read(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HALF_YEARLY)

    assert not any("informatives" in call.path for call in sandbox.calls)


async def test_the_first_import_takes_five_calls_and_one_token(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    await import_meters(HOUSE)

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
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    sandbox.reset_calls()

    await next_day(hass, clock, entry)

    stored = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored[day] for day in known} == known
    assert [call.path.rsplit("/", 1)[-1] for call in sandbox.calls] == [
        "droits_acces",
        "donnees_consos_informatives",
    ]


async def test_a_correction_and_a_late_day_rewrite_from_there(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    late, corrected = _recent(sandbox, 20), _recent(sandbox, 10)
    sandbox.delay(HOUSE, late, sandbox.today + timedelta(days=1))
    entry = await import_meters(HOUSE)
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert late not in sandbox.available_days(HOUSE)
    sandbox.correct(HOUSE, corrected, kwh=1)

    await next_day(hass, clock, entry)

    stored = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert stored[corrected] == 1
    assert {day: stored[day] for day in known} == known


async def test_an_explicit_absence_withdraws_a_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    unpublished, published = _recent(sandbox, 2), _recent(sandbox, 20)
    sandbox.withdraw(HOUSE, unpublished)
    sandbox.withdraw(HOUSE, published)

    await next_day(hass, clock, entry)

    stored = await energies(hass, HOUSE)
    assert stored[unpublished] is None
    assert stored[published] == held(sandbox, HOUSE)[published]


async def test_a_cut_answer_withdraws_nothing_and_is_read_again_the_same_day(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    withdrawn = _recent(sandbox, 10)
    sandbox.withdraw(HOUSE, withdrawn)
    sandbox.fail_next("informatives", Fault.cut(after_objects=50))

    await next_day(hass, clock, entry)
    assert (await energies(hass, HOUSE))[withdrawn] == before[withdrawn]

    clock.tick(timedelta(hours=2))
    await settle(hass, entry)
    stored = await energies(hass, HOUSE)
    assert stored[withdrawn] == held(sandbox, HOUSE)[withdrawn] != before[withdrawn]


async def test_the_first_history_is_read_in_full_again_when_it_was_cut(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    sandbox.fail_next("informatives", Fault.cut(after_objects=30))
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    assert await energies(hass, HOUSE) != held(sandbox, HOUSE)
    assert meter.data.summary.total is None

    clock.tick(timedelta(hours=2))
    await settle(hass, entry)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert meter.data.summary.total == sum(
        kwh or 0 for kwh in held(sandbox, HOUSE).values()
    )


@pytest.mark.parametrize("value", ["-3", "NaN", "douze"])
async def test_an_impossible_value_leaves_the_day_as_it_was(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    value: str,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    day = _recent(sandbox, 10)
    sandbox.raw(HOUSE, day, energie=value)

    await next_day(hass, clock, entry)

    assert (await energies(hass, HOUSE))[day] == before[day]


async def test_a_number_written_as_text_with_a_comma_is_a_number(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    day = _recent(sandbox, 10)
    sandbox.raw(HOUSE, day, energie="12,5")

    await import_meters(HOUSE)

    assert (await energies(hass, HOUSE))[day] == 12.5


async def test_more_gas_than_the_meter_can_pass_needs_a_second_answer(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    day = _recent(sandbox, 10)
    sandbox.correct(HOUSE, day, kwh=900_000)

    await next_day(hass, clock, entry)
    assert (await energies(hass, HOUSE))[day] == before[day]

    await next_day(hass, clock, entry)
    assert (await energies(hass, HOUSE))[day] == 900_000


async def test_a_restart_costs_no_call_and_shows_the_last_values(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
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
