"""What all open rights of a PCE give together, and what a blank right gives."""

from datetime import timedelta
import json
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from tests.sandbox import HOUSE, Fault, Right, Sandbox

from .common import energies, held, next_day, settle
from .conftest import AddEntry
from .repair import shown

END: Final = "sensor.meter_0001_access_right_end"
STANDING: Final = "sensor.meter_0001_access_right"
FLAGS: Final = tuple(
    f"perim_donnees_{name}"
    for name in ("publiees", "informatives", "contractuelles", "techniques")
)
DATES: Final = ("perim_donnees_conso_debut", "perim_donnees_conso_fin")


def _state(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


def _asked(sandbox: Sandbox) -> set[str]:
    return {call.path.rpartition("/")[2] for call in sandbox.calls}


def _second(sandbox: Sandbox, **fields: Any) -> Right:
    """Let the house have another active right: newer, later, published data alone."""
    first = sandbox.right(HOUSE)
    right = Right(
        **{
            "id": "00000000-0000-4000-8000-000000000002",
            "pce": HOUSE,
            "holder_name": first.holder_name,
            "created": sandbox.now - timedelta(days=1),
            "start": sandbox.today - timedelta(days=1),
            "end": first.end,
            "informative": False,
            "contractual": False,
            "technical": False,
            "consumption_from": sandbox.today - timedelta(days=20),
            "consumption_to": first.end,
            **fields,
        }
    )
    sandbox.rights.append(right)
    return right


async def test_a_newer_right_that_is_narrower_takes_nothing_away(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    known = held(sandbox, HOUSE)
    first = sandbox.right(HOUSE)
    _second(sandbox, end=sandbox.today + timedelta(days=10))

    entry = await import_meters(HOUSE)

    assert _asked(sandbox) >= {"donnees_consos_informatives", "donnees_techniques"}
    assert await energies(hass, HOUSE) == known
    assert min(known) <= sandbox.today - timedelta(days=99)
    assert _state(hass, END) == first.end.isoformat()
    assert shown(hass) == set()
    await next_day(hass, clock, entry)
    assert max(await energies(hass, HOUSE)) > max(known)


async def test_the_dates_of_two_rights_are_those_of_both(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    known = held(sandbox, HOUSE)
    split = sandbox.today - timedelta(days=40)
    first = sandbox.right(HOUSE)
    first.consumption_to = split
    _second(sandbox, informative=True, consumption_from=split - timedelta(days=1))

    await import_meters(HOUSE)

    assert await energies(hass, HOUSE) == known
    assert _state(hass, STANDING) == "active"
    assert shown(hass) == set()


async def test_a_right_that_another_outlives_does_not_end_soon(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    first = sandbox.right(HOUSE)
    first.end = sandbox.today + timedelta(days=200)
    second = _second(sandbox, end=sandbox.today + timedelta(days=1))
    entry = await import_meters(HOUSE)
    assert shown(hass) == set()

    # The last reading of the list is from before the end of the newer right.
    sandbox.fail_next("droits_acces", Fault.status(503), times=100)
    for _ in range(3):
        await next_day(hass, clock, entry)
    assert second.end < sandbox.today
    assert _state(hass, STANDING) == "active"
    assert _state(hass, END) == first.end.isoformat()
    assert shown(hass) == set()

    sandbox.faults.clear()
    first.end = sandbox.today + timedelta(days=20)
    # The first call that is answered shows that GRDF is back: the list may follow it.
    for _ in range(2):
        await next_day(hass, clock, entry)
    assert shown(hass) == {"right_ends_soon"}


async def test_what_was_refused_is_asked_again_once_a_second_right_opens_it(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    said = {"statut_restitution": {"code": "1000010", "message": "Exemple"}}
    sandbox.fail_next("informatives", Fault.status(200, body=json.dumps(said)))
    entry = await import_meters(HOUSE)
    assert shown(hass) == {"no_informative_data"}

    first = sandbox.right(HOUSE)
    _second(sandbox, informative=True, created=first.created - timedelta(days=1))
    await entry.runtime_data.account.async_read_rights()
    await settle(hass, entry)

    assert shown(hass) == set()
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)


async def test_a_refusal_of_one_right_leaves_what_the_other_opens(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    _second(sandbox)
    said = {"statut_restitution": {"code": "1000014", "message": "Exemple"}}
    sandbox.fail_next("informatives", Fault.status(200, body=json.dumps(said)))

    await import_meters(HOUSE)

    assert "donnees_consos_publiees" in _asked(sandbox)
    assert "donnees_contractuelles" not in _asked(sandbox)


async def test_the_other_rights_are_kept_on_disk_and_an_older_file_is_read(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    first = sandbox.right(HOUSE)
    _second(sandbox, end=sandbox.today + timedelta(days=10))
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    before = meter.rights
    stored = hass_storage[f"grdf_adict.account.{entry.entry_id}"]["data"]
    sandbox.reset_calls()

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    assert meter.rights == before
    assert sandbox.calls == []
    assert _state(hass, END) == first.end.isoformat()

    assert await hass.config_entries.async_unload(entry.entry_id)
    # Earlier versions did not write these.
    del stored["beside"], stored["digest"]
    for right in stored["rights"][HOUSE]:
        for name in ("as_holder", "of_company", "proof_since"):
            right and right.pop(name)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)
    (meter,) = entry.runtime_data.meters.values()
    assert meter.rights.others == ()
    assert await energies(hass, HOUSE)

    await next_day(hass, clock, entry)
    assert meter.rights == before
    assert shown(hass) == set()


async def test_a_list_that_is_cut_between_two_rights_closes_none(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    first = sandbox.right(HOUSE)
    first.informative = False
    _second(sandbox, informative=True)
    entry = await import_meters(HOUSE)
    (meter,) = entry.runtime_data.meters.values()
    before = meter.rights
    listed = sandbox.rights.index(first) + 1
    sandbox.fail_next("droits_acces", Fault.partial_error(after_objects=listed))

    answer = await entry.runtime_data.account.async_read_rights()

    assert [right.id for right in answer.items if right.pce == HOUSE][-1] == first.id
    assert meter.rights == before


@pytest.mark.parametrize(("role", "blank"), [("DETENTEUR", ""), ("AUTORISE", None)])
async def test_a_blank_right_is_asked_and_the_answer_believed(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    role: str,
    blank: str | None,
) -> None:
    right = sandbox.right(HOUSE)
    right.role = f"{role}_CONTRAT_FOURNITURE"
    right.raw = dict.fromkeys((*FLAGS, *DATES), blank)

    entry = await import_meters(HOUSE)

    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    assert shown(hass) == set()
    right.informative = False
    await next_day(hass, clock, entry)
    assert shown(hass) == {"no_informative_data"}


async def test_a_right_that_says_no_to_all_gas_opens_none(
    sandbox: Sandbox, import_meters: AddEntry
) -> None:
    right = sandbox.right(HOUSE)
    right.published = right.informative = False

    entry = await import_meters(HOUSE)

    assert not [call for call in sandbox.calls if "consos" in call.path]
    (meter,) = entry.runtime_data.meters.values()
    assert meter.data.health.rights[0].opens_no_gas


@pytest.mark.parametrize(
    ("written", "standing"),
    [
        (" ACTIF ", "active"),
        ("REVOQUE", "revoked"),
        ("Refusé\u00a0", "refused"),
    ],
)
async def test_a_state_is_read_in_any_spelling(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    written: str,
    standing: str,
) -> None:
    sandbox.right(HOUSE).raw = {"etat_droit_acces": written}
    entry = await add_entry(HOUSE)
    await entry.runtime_data.account.async_read_rights()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert _state(hass, STANDING) == standing
