"""Another customer on the same PCE: one series, or two that never mix."""

from datetime import date, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import DOMAIN
from tests.sandbox import HOUSE, Right, Sandbox

from .common import amounts, energies, next_day, settle
from .conftest import NOW, AddEntry
from .repair import shown, start_fix

ENTITY: Final = "sensor.meter_0001_energy"
ACCESSIBLE: Final = "binary_sensor.meter_0001_data_accessible"


def _move(sandbox: Sandbox, name: str = "AUTRE Dominique") -> Right:
    """Let the customer leave, and another customer give a right a day later."""
    former = sandbox.right(HOUSE)
    sandbox.move_out(HOUSE)
    return sandbox.grant(
        Right(
            id="",
            pce=HOUSE,
            holder_name=name,
            created=sandbox.now,
            start=sandbox.today,
            end=former.end,
            consumption_from=sandbox.today - timedelta(days=3),
            consumption_to=former.end,
        )
    )


@pytest.fixture
async def moved(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> MockConfigEntry:
    """The contract with a meter whose PCE another customer holds now."""
    entry = await import_meters(HOUSE)
    _move(sandbox)
    await next_day(hass, clock, entry)
    return entry


async def _answer(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, choice: str
) -> None:
    fix = await start_fix(hass, hass_client, "new_holder")
    assert fix.answer["type"] == "menu"
    await fix.submit(next_step_id=choice)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_until_the_user_answers_no_call_is_made(
    hass: HomeAssistant,
    sandbox: Sandbox,
    moved: MockConfigEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    before = await energies(hass, HOUSE)
    sandbox.reset_calls()

    await next_day(hass, clock, moved)

    assert [call.path.rpartition("/")[2] for call in sandbox.calls] == ["droits_acces"]
    assert shown(hass) == {"new_holder"}
    assert await energies(hass, HOUSE) == before
    state = hass.states.get(ACCESSIBLE)
    assert state is not None
    assert state.state == "off"


@pytest.mark.parametrize("name", ["DUPONT JEAN", "Jean DUPONT", "M. Dupont Jean", ""])
async def test_the_same_customer_written_otherwise_or_blank_is_no_other(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    name: str,
) -> None:
    sandbox.right(HOUSE).holder_name = "JEAN DUPONT"
    entry = await import_meters(HOUSE)
    newest = max(await energies(hass, HOUSE))
    _move(sandbox, name)

    for _ in range(3):
        await next_day(hass, clock, entry)

    assert shown(hass) == set()
    assert max(await energies(hass, HOUSE)) > newest


async def test_going_on_lets_the_new_days_follow_the_old_ones(
    hass: HomeAssistant,
    sandbox: Sandbox,
    moved: MockConfigEntry,
    clock: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
) -> None:
    before = await energies(hass, HOUSE)

    await _answer(hass, hass_client, "continue_series")
    await next_day(hass, clock, moved)

    after = await energies(hass, HOUSE)
    assert before.items() <= after.items()
    assert len(after) > len(before)
    assert shown(hass) == set()
    assert await amounts(hass, f"{HOUSE}_2", "energy") == {}
    assert hass.states.get(ACCESSIBLE) is not None

    assert await hass.config_entries.async_reload(moved.entry_id)
    await next_day(hass, clock, moved)
    assert shown(hass) == set()
    assert sandbox.right(HOUSE).holder_name == "AUTRE Dominique"


async def test_a_new_series_leaves_the_old_one_alone_and_entities_go_on(
    hass: HomeAssistant,
    moved: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
) -> None:
    before = await energies(hass, HOUSE)
    (subentry,) = moved.subentries.values()
    file = hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"]

    await _answer(hass, hass_client, "begin_series")
    await settle(hass, moved)

    assert await energies(hass, HOUSE) == before
    assert hass_storage[f"grdf_adict.meter.sandbox_{HOUSE}"] == file
    new = await amounts(hass, f"{HOUSE}_2", "energy")
    assert min(new) == date(2026, 11, 17)
    assert shown(hass) == set()
    (changed,) = moved.subentries.values()
    assert changed.data["series"] == 2
    assert changed.subentry_id == subentry.subentry_id
    state = hass.states.get(ENTITY)
    assert state is not None
    entity = er.async_get(hass).async_get(ENTITY)
    assert entity is not None
    assert entity.unique_id == f"sandbox_{HOUSE}_2_energy"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), moved.entry_id)
    assert {
        identifier for device in devices for _, identifier in device.identifiers
    } == {
        moved.entry_id,
        f"sandbox_{HOUSE}_2",
    }


@pytest.mark.history
async def test_what_the_recorder_held_of_the_entities_moves_aside(
    hass: HomeAssistant,
    moved: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    from homeassistant.components.recorder.history import (  # noqa: PLC0415
        state_changes_during_period,
    )
    from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415

    await async_wait_recording_done(hass)
    index = "sensor.meter_0001_index"
    old = hass.states.get(index)
    assert old is not None

    await _answer(hass, hass_client, "begin_series")
    await settle(hass, moved)
    await async_wait_recording_done(hass)

    def values(entity_id: str) -> set[str]:
        found = state_changes_during_period(
            hass, NOW - timedelta(days=1), entity_id=entity_id
        )
        return {state.state for state in found.get(entity_id, [])}

    recorder = get_instance(hass)
    aside = await recorder.async_add_executor_job(values, f"{index}_1")
    here = await recorder.async_add_executor_job(values, index)
    assert old.state in aside
    assert old.state not in here


async def test_a_renewal_by_the_same_customer_shows_no_repair(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    before = len(await energies(hass, HOUSE))
    _move(sandbox, sandbox.right(HOUSE).holder_name.lower())

    await next_day(hass, clock, entry)

    assert shown(hass) == set()
    assert len(await energies(hass, HOUSE)) == before + 1


async def test_a_meter_added_after_the_move_shows_no_repair(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _move(sandbox)

    entry = await import_meters(HOUSE)

    assert await energies(hass, HOUSE)
    assert shown(hass) == set()
    assert entry.runtime_data.account.data[HOUSE].main.former


async def test_names_of_customers_are_nowhere_on_disk(
    hass: HomeAssistant,
    sandbox: Sandbox,
    moved: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    assert shown(hass) == {"new_holder"}
    ours = str({key: hass_storage[key] for key in hass_storage if DOMAIN in key})
    assert "Dominique" not in ours
    for right in sandbox.rights:
        if right.pce == HOUSE:
            assert right.holder_name not in ours
    assert moved.entry_id in ours
