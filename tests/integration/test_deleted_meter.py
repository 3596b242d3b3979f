"""After a meter was deleted: one question, and erasing that leaves nothing."""

import asyncio
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.recorder import get_instance, session_scope
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from sqlalchemy import text

from custom_components.grdf_adict.adict import AdictClient, Answer, Consumption
from custom_components.grdf_adict.const import DOMAIN
from custom_components.grdf_adict.meters import book, projection
from tests.sandbox import HOUSE, Fault, Sandbox

from .common import energies, settle
from .conftest import AddEntry
from .price_flow import choose, reconfigure, submit
from .repair import repair, shown, start_fix

FILE: Final = f"grdf_adict.meter.sandbox_{HOUSE}"

# What the recorder has of its entities is erased too.
pytestmark = pytest.mark.history


def _delete(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigSubentry:
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    return subentry


async def _kept(hass: HomeAssistant) -> set[str]:
    """Return every name under which the recorder keeps something of the meter."""

    def names() -> set[str]:
        with session_scope(hass=hass) as session:
            statistics = session.execute(
                text("SELECT statistic_id FROM statistics_meta")
            )
            states = session.execute(
                text(
                    "SELECT DISTINCT states_meta.entity_id FROM states_meta JOIN states"
                    " ON states.metadata_id = states_meta.metadata_id"
                    # The removal of an entity is a row without a value.
                    " WHERE states.state IS NOT NULL"
                )
            )
            return {row[0] for row in (*statistics, *states)}

    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(names)
    return {name for name in found if HOUSE in name or "meter_0001" in name}


@pytest.mark.parametrize("revoke", [True, False])
@pytest.mark.parametrize("erase", [True, False])
async def test_each_choice_has_its_effect_and_no_other(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    clock: FrozenDateTimeFactory,
    *,
    revoke: bool,
    erase: bool,
) -> None:
    entry = await import_meters(HOUSE)
    assert await _kept(hass)
    right = sandbox.right(HOUSE)
    _delete(hass, entry)
    await hass.async_block_till_done()
    assert shown(hass) == {"meter_deleted"}

    fix = await start_fix(hass, hass_client, "meter_deleted")
    assert fix.answer["description_placeholders"]["pce"] == "…0001"
    clock.tick(60)
    done = await fix.submit(revoke=revoke, erase=erase)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert done["type"] == "create_entry"
    assert right.state == ("Révoquée" if revoke else "Active")
    assert bool(await _kept(hass)) is not erase
    assert (FILE in hass_storage) is not erase
    assert bool(await energies(hass, HOUSE)) is not erase
    assert shown(hass) == set()
    assert entry.runtime_data.account.deleted == {}


async def test_an_answer_in_flight_brings_nothing_back_that_is_erased(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    asked, erased = asyncio.Event(), asyncio.Event()
    ask = AdictClient.informative_consumption

    async def ask_slowly(*args: Any, **more: Any) -> Answer[Consumption]:
        asked.set()
        await erased.wait()
        return await ask(*args, **more)

    monkeypatch.setattr(AdictClient, "informative_consumption", ask_slowly)
    await meter.book.async_forget_answers()
    refresh = asyncio.create_task(meter.async_refresh())
    await asked.wait()

    _delete(hass, entry)
    await hass.async_block_till_done()
    fix = await start_fix(hass, hass_client, "meter_deleted")
    await fix.submit(revoke=False, erase=True)
    assert FILE not in hass_storage
    erased.set()
    await refresh
    await hass.async_block_till_done(wait_background_tasks=True)

    assert FILE not in hass_storage
    assert await energies(hass, HOUSE) == {}
    assert shown(hass) == set()


async def test_rows_that_are_being_written_are_erased_with_the_others(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    device = _device(hass, entry)
    computed, erasing = asyncio.Event(), asyncio.Event()

    async def write_late(*args: Any, **more: Any) -> Any:
        computed.set()
        await erasing.wait()
        return await projection.async_write_rows(*args, **more)

    monkeypatch.setattr(f"{book.__name__}.async_write_rows", write_late)
    rebuilding = asyncio.create_task(meter.async_compare(rewrite=True))
    await computed.wait()

    erasure = asyncio.create_task(_forget(hass, device_id=device, confirm=True))
    # Whatever the erasure does without waiting for the rows is done.
    for _ in range(200):
        await hass.async_add_executor_job(get_instance(hass).block_till_done)
    erasing.set()
    await asyncio.gather(rebuilding, erasure)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert FILE not in hass_storage
    assert await energies(hass, HOUSE) == {}


async def test_rows_that_are_ready_as_a_meter_is_erased_are_not_written(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    device = _device(hass, entry)
    computing, erased = asyncio.Event(), asyncio.Event()

    async def follow_late(*args: Any, **more: Any) -> Any:
        computing.set()
        await erased.wait()
        return await projection.async_follow(*args, **more)

    monkeypatch.setattr(f"{book.__name__}.async_follow", follow_late)
    rebuilding = asyncio.create_task(meter.async_compare(rewrite=True))
    await computing.wait()

    await _forget(hass, device_id=device, confirm=True)
    erased.set()
    await rebuilding
    await hass.async_block_till_done(wait_background_tasks=True)

    assert FILE not in hass_storage
    assert await energies(hass, HOUSE) == {}


async def test_a_meter_whose_entry_is_not_loaded_is_erased_with_its_repairs(
    hass: HomeAssistant, import_meters: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await import_meters(HOUSE)
    (meter,) = entry.subentries.values()
    data = {**meter.data, "outdoor": "sensor.none"}
    hass.config_entries.async_update_subentry(entry, meter, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass) == {"outdoor_lost"}
    assert await hass.config_entries.async_unload(entry.entry_id)

    form = await choose(hass, await reconfigure(hass, entry), "erase")
    done = await submit(hass, form, {"confirm": True})

    assert done["reason"] == "erased"
    assert shown(hass) == set()
    assert FILE not in hass_storage
    assert await energies(hass, HOUSE) == {}


async def test_the_series_of_a_meter_whose_entry_is_disabled_is_still_in_use(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    before = await energies(hass, HOUSE)

    with pytest.raises(ServiceValidationError) as refused:
        await _forget(
            hass, statistic_id=f"grdf_adict:sandbox_{HOUSE}_energy", confirm=True
        )

    assert refused.value.translation_key == "series_in_use"
    assert await energies(hass, HOUSE) == before


async def test_the_repair_survives_a_restart_without_a_name(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    subentry = _delete(hass, entry)
    await hass.async_block_till_done()
    kept = str(hass_storage[f"grdf_adict.account.{entry.entry_id}"])
    assert subentry.title not in kept
    assert sandbox.right(HOUSE).holder_name not in kept

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    fix = await start_fix(hass, hass_client, "meter_deleted")
    await fix.submit(revoke=True, erase=False)

    assert sandbox.right(HOUSE).state == "Révoquée"


async def test_a_right_that_has_ended_meanwhile_counts_as_revoked(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await import_meters(HOUSE)
    _delete(hass, entry)
    await hass.async_block_till_done()
    sandbox.revoke(sandbox.right(HOUSE).id)

    fix = await start_fix(hass, hass_client, "meter_deleted")
    done = await fix.submit(revoke=True, erase=False)

    assert done["type"] == "create_entry"


async def test_a_holders_right_that_grdf_does_not_revoke_is_explained(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    sandbox.right(HOUSE).role = "DETENTEUR_CONTRAT_FOURNITURE"
    entry = await import_meters(HOUSE)
    _delete(hass, entry)
    await hass.async_block_till_done()
    sandbox.fail_next("droit_acces", Fault.status(409))

    fix = await start_fix(hass, hass_client, "meter_deleted")
    answer = await fix.submit(revoke=True, erase=False)

    assert answer["errors"] == {"base": "revoke_as_holder"}


async def test_while_grdf_is_unavailable_the_repair_and_the_history_stay(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    entry = await import_meters(HOUSE)
    _delete(hass, entry)
    await hass.async_block_till_done()
    sandbox.fail_next("droit_acces", Fault.status(503), times=20)

    fix = await start_fix(hass, hass_client, "meter_deleted")
    answer = await fix.submit(revoke=True, erase=True)

    assert answer["errors"] == {"base": "cannot_connect"}
    assert await energies(hass, HOUSE)
    assert shown(hass) == {"meter_deleted"}


async def test_a_meter_that_is_added_again_has_no_repair_any_more(
    hass: HomeAssistant, import_meters: AddEntry
) -> None:
    entry = await import_meters(HOUSE)
    before = await energies(hass, HOUSE)
    subentry = _delete(hass, entry)
    await hass.async_block_till_done()
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=subentry.data,
            subentry_type="meter",
            title="Again",
            unique_id=HOUSE,
        ),
    )
    await hass.async_block_till_done()

    assert shown(hass) == set()
    await settle(hass, entry)
    assert await energies(hass, HOUSE) == before


async def test_there_is_no_repair_where_nothing_is_left(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    sandbox.rights[:] = [right for right in sandbox.rights if right.pce != HOUSE]
    entry = await import_meters(HOUSE)

    _delete(hass, entry)
    await hass.async_block_till_done()

    assert shown(hass) == set()


async def _forget(hass: HomeAssistant, user: str | None = None, **data: Any) -> None:
    await hass.services.async_call(
        DOMAIN,
        "forget_meter",
        data,
        blocking=True,
        context=Context(user_id=user) if user else None,
    )


def _device(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"sandbox_{HOUSE}"), entry.entry_id
    )
    assert device is not None
    return device.id


async def test_forgetting_a_meter_leaves_only_the_question_of_its_right(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    sandbox: Sandbox,
    hass_client: ClientSessionGenerator,
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    # What the recorder got in this very instant is not yet past.
    clock.tick(60)

    await _forget(hass, device_id=_device(hass, entry), confirm=True)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.subentries == {}
    assert await _kept(hass) == set()
    assert FILE not in hass_storage
    data = repair(hass, "meter_deleted").data
    assert data is not None
    fix = await start_fix(hass, hass_client, "meter_deleted")
    assert [field["name"] for field in fix.answer["data_schema"]] == ["revoke"]
    assert sandbox.right(HOUSE).state == "Active"


async def test_a_series_without_a_meter_can_be_erased(
    hass: HomeAssistant,
    import_meters: AddEntry,
    hass_storage: dict[str, Any],
    clock: FrozenDateTimeFactory,
) -> None:
    entry = await import_meters(HOUSE)
    series = f"grdf_adict:sandbox_{HOUSE}_energy"
    with pytest.raises(ServiceValidationError) as refused:
        await _forget(hass, statistic_id=series, confirm=True)
    assert refused.value.translation_key == "series_in_use"
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    clock.tick(60)

    await _forget(hass, statistic_id=series, confirm=True)

    assert await _kept(hass) == set()
    assert FILE not in hass_storage


async def test_erasing_requires_an_administrator_and_a_confirmation(
    hass: HomeAssistant, import_meters: AddEntry, hass_read_only_user: MockUser
) -> None:
    entry = await import_meters(HOUSE)
    device = _device(hass, entry)
    before = await energies(hass, HOUSE)

    with pytest.raises(Unauthorized):
        await _forget(hass, hass_read_only_user.id, device_id=device, confirm=True)
    with pytest.raises(ServiceValidationError) as refused:
        await _forget(hass, device_id=device, confirm=False)
    assert refused.value.translation_key == "not_confirmed"
    with pytest.raises(ServiceValidationError) as refused:
        await _forget(hass, statistic_id="sensor.energy", confirm=True)
    assert refused.value.translation_key == "not_a_series"

    assert await energies(hass, HOUSE) == before
