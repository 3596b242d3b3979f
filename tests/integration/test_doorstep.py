"""Impossible values on the wire: refused and shown, without loops or errors."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
import json
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import CONF_METERS, DOMAIN
from custom_components.grdf_adict.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.sandbox import (
    FLAT,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    Amendment,
    Fault,
    Sandbox,
)

from .common import amounts, energies, held, next_day, settle
from .conftest import AddEntry

SENTINELS: Final = {
    "perim_donnees_conso_debut": "0001-01-01",
    "date_debut_droit_acces": "0001-01-01",
    "perim_donnees_conso_fin": "9999-12-31",
    "date_fin_droit_acces": "9999-12-31",
    "date_fin_autorisation": "9999-12-31 23:59:59",
    "date_creation": "9999-12-31T23:59:59Z",
    "date_limite_transmission_preuve": "9999-12-31",
    "date_revocation": "",
    "perim_donnees_inj_debut": "",
    "perim_donnees_inj_fin": "9999-12-31",
}
IMPORT: Final = Counter(
    {
        "droits_acces": 1,
        "donnees_techniques": 1,
        "donnees_consos_informatives": 1,
        "donnees_consos_publiees": 1,
        "donnees_contractuelles": 1,
    }
)
EVENING: Final = Counter({"droits_acces": 1, "donnees_consos_informatives": 1})


def _calls(sandbox: Sandbox) -> Counter[str]:
    return Counter(call.path.rsplit("/", 1)[-1] for call in sandbox.calls)


def _state(hass: HomeAssistant, meter: str = "meter_0001") -> str | None:
    state = hass.states.get(f"sensor.{meter}_state")
    return state.state if state else None


async def diagnosed(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the diagnostics of an entry's only meter."""
    (meter,) = (await async_get_config_entry_diagnostics(hass, entry))["meters"]
    assert isinstance(meter, dict)
    return meter


def _newest(sandbox: Sandbox, pce: str = HOUSE) -> date:
    """Return the newest gas day that GRDF has measured."""
    days = sandbox.available_days(pce).items()
    return max(day for day, row in days if row.kwh is not None)


async def test_dates_that_stand_for_no_bound_open_a_meter_and_make_no_loop(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # What the right opens is the sandbox's to decide; the list alone is strange.
    sandbox.right(HOUSE).raw = dict(SENTINELS)
    # A right on a PCE that is no meter here.
    sandbox.right(FLAT).raw = dict(SENTINELS)

    entry = await import_meters(HOUSE)

    assert _calls(sandbox) == IMPORT
    assert _state(hass) == "up_to_date"
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    for _ in range(3):
        sandbox.reset_calls()
        await next_day(hass, clock, entry)
        assert _calls(sandbox) == EVENING
    sandbox.reset_calls()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert _calls(sandbox) == {}
    assert "Traceback" not in caplog.text


async def test_a_contract_with_such_dates_is_added_by_the_flow(
    hass: HomeAssistant, sandbox: Sandbox, contract: dict[str, Any]
) -> None:
    for right in sandbox.rights:
        right.raw = {"date_creation": "9999-12-31T23:59:59Z"}
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for form in ({"next_step_id": "contract"}, contract, {CONF_METERS: [HOUSE]}):
        result = await flow.async_configure(result["flow_id"], form)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED
    assert len(sandbox.token_calls) <= 2


async def test_dates_that_an_earlier_version_kept_do_not_prevent_the_start(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    entry = await import_meters(HOUSE)
    assert await hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"grdf_adict.account.{entry.entry_id}"]["data"]
    stored["rights"][HOUSE][0] |= {
        **dict.fromkeys(("first", "starts"), "0001-01-01"),
        **dict.fromkeys(("last", "ends", "declared", "proof_deadline"), "9999-12-31"),
    }
    sandbox.reset_calls()

    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass, entry)
    assert _calls(sandbox) == {}
    assert _state(hass) == "up_to_date"

    await next_day(hass, clock, entry)
    stored_days = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert {day: stored_days.get(day) for day in known} == known


@pytest.mark.parametrize(
    "life", [1_764_486_000_000, "14399", None, -5, 0, "NaN", 0.001, "1e400"]
)
async def test_a_strange_life_of_a_token_makes_one_request_for_a_days_calls(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    life: object,
) -> None:
    sandbox.switches.token = {"expires_in": life}

    entry = await import_meters(HOUSE)
    clock.tick(timedelta(seconds=20))
    await entry.runtime_data.account.async_reread()
    assert len(sandbox.calls) == 6
    assert len(sandbox.token_calls) == 1

    await next_day(hass, clock, entry)
    assert len(sandbox.token_calls) == 2
    assert _state(hass) == "up_to_date"


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("energie", "1e307"),
        ("energie", -300),
        ("volume_brut", 1e300),
        ("coeff_conversion", "1e307"),
        ("releve_fin__index_brut_fin__valeur_index", "1e307"),
    ],
)
async def test_an_absurd_number_costs_its_block_once_and_is_shown_with_its_reason(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    field: str,
    bad: object,
) -> None:
    gas_day = _newest(sandbox)
    change: dict[str, Any] = {field: bad}
    sandbox.raw(HOUSE, gas_day, **change)

    entry = await import_meters(HOUSE)

    assert _calls(sandbox) == IMPORT
    stored = await energies(hass, HOUSE)
    known = held(sandbox, HOUSE)
    assert gas_day not in stored
    assert {day: stored.get(day) for day in known if day != gas_day} == {
        day: energy for day, energy in known.items() if day != gas_day
    }
    shown = (await diagnosed(hass, entry))["refused"]
    ((day, reason),) = shown["informative"]["newest"]
    assert day == gas_day.isoformat()
    name = "index_brut" if "index" in field else field
    assert reason.startswith(f"{name}: ")

    sandbox.restore(HOUSE, gas_day)
    sandbox.reset_calls()
    await next_day(hass, clock, entry)
    assert _calls(sandbox) == EVENING
    assert (await energies(hass, HOUSE))[gas_day] == known[gas_day]
    assert (await diagnosed(hass, entry))["refused"] == {}


async def test_an_absurd_energy_of_a_published_block_makes_no_loop(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    newest = sandbox.available_published(HOUSE)[-1]
    sandbox.publish(HOUSE, replace(newest, raw={"energie": "1e307"}))

    entry = await import_meters(HOUSE)
    assert _calls(sandbox) == IMPORT
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    shown = (await diagnosed(hass, entry))["refused"]
    assert [newest.start.isoformat()] == [
        day for day, _ in shown["published"]["newest"]
    ]
    sandbox.reset_calls()
    await next_day(hass, clock, entry)
    assert _calls(sandbox) == EVENING


async def test_a_negative_half_year_is_shown_with_its_reason_beside_those_before(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    sandbox.right(HALF_YEARLY).consumption_from = sandbox.today - timedelta(days=900)
    first, second, third = sandbox.available_published(HALF_YEARLY)[-3:]
    for block, energy, qualification in (
        (first, 4000, "Mesuré"),
        (second, 5000, "Estimé"),
        (third, -300, "Mesuré"),
    ):
        raw: dict[str, object] = {"energie": energy, "type_qualif_conso": qualification}
        sandbox.amend_published(HALF_YEARLY, block.start, Amendment(raw=raw))

    entry = await import_meters(HALF_YEARLY)

    rows = await energies(hass, HALF_YEARLY)
    for block, total in ((first, 4000), (second, 5000)):
        days = [
            block.start + timedelta(days=n)
            for n in range((block.end - block.start).days)
        ]
        assert sum(rows[day] or 0 for day in days) == pytest.approx(total)
    assert all(
        rows.get(third.start + timedelta(n)) is None
        for n in range((third.end - third.start).days)
    )
    reason = [third.start.isoformat(), "energie: negative"]
    for _ in range(2):
        shown = (await diagnosed(hass, entry))["refused"]
        assert shown["published"] == {"number": 1, "newest": [reason]}
        file = f"grdf_adict.meter.sandbox_{HALF_YEARLY}"
        assert hass_storage[file]["data"]["refused"] == shown
        # It stays until GRDF answers otherwise.
        await next_day(hass, clock, entry)


@pytest.mark.parametrize("ahead", [1, 40, 730])
async def test_an_informative_day_of_the_future_is_in_no_row_and_is_shown(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    ahead: int,
) -> None:
    newest = _newest(sandbox)
    wrong = sandbox.today + timedelta(days=ahead)
    sandbox.raw(
        HOUSE,
        newest,
        journee_gaziere=wrong.isoformat(),
        date_debut_consommation=f"{wrong}T06:00:00+01:00",
        date_fin_consommation=f"{wrong + timedelta(days=1)}T06:00:00+01:00",
    )

    entry = await import_meters(HOUSE)

    assert _calls(sandbox) == IMPORT
    assert max(await energies(hass, HOUSE)) < newest
    meter = await diagnosed(hass, entry)
    assert meter["refused"] == {
        "informative": {
            "number": 1,
            "newest": [[wrong.isoformat(), "date_fin: in the future"]],
        }
    }
    age = hass.states.get("sensor.meter_0001_age_of_the_data")
    assert age is None or float(age.state) >= 0


async def test_a_published_block_that_ends_in_the_future_is_in_no_row_and_is_shown(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    known = held(sandbox, HOUSE)
    newest = sandbox.available_published(HOUSE)[-1]
    start = sandbox.today - timedelta(days=5)
    end = sandbox.today + timedelta(days=40)
    sandbox.publish(HOUSE, replace(newest, start=start, end=end, kwh=900))

    entry = await import_meters(HOUSE)

    assert _calls(sandbox) == IMPORT
    assert await energies(hass, HOUSE) == known
    meter = await diagnosed(hass, entry)
    assert meter["refused"]["published"] == {
        "number": 1,
        "newest": [[start.isoformat(), "date_fin: in the future"]],
    }
    sandbox.reset_calls()
    await next_day(hass, clock, entry)
    assert _calls(sandbox) == EVENING
    assert max(await energies(hass, HOUSE)) < sandbox.today


@pytest.mark.parametrize("written", ["0.021", "21", "21,0"])
async def test_a_pressure_in_mbar_leaves_the_limit_of_a_meter_as_it_is(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
    written: str,
) -> None:
    meter = {"frequence": "1M", "code_debit": "6", "pression_livraison": written}
    wire = {
        "pce": {"id_pce": HOUSE},
        "donnees_techniques": {"caracteristiques_compteur": meter},
    }
    sandbox.fail_next("techniques", Fault.status(200, json.dumps(wire)))

    entry = await import_meters(HOUSE)

    shown = await diagnosed(hass, entry)
    assert shown["capacity_kwh_per_hour"] == pytest.approx(6 * 1.021 * 13)
    assert shown["refused"] == {}


async def test_an_impossible_fact_of_a_meter_is_shown_and_its_days_come(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    meter = {"frequence": "1M", "code_debit": "1e307"}
    wire = {
        "pce": {"id_pce": HOUSE},
        "donnees_techniques": {"caracteristiques_compteur": meter},
    }
    sandbox.fail_next("techniques", Fault.status(200, json.dumps(wire)))

    entry = await import_meters(HOUSE)

    assert _calls(sandbox) == IMPORT
    assert await energies(hass, HOUSE) == held(sandbox, HOUSE)
    shown = await diagnosed(hass, entry)
    assert shown["frequency"] == "1M"
    assert shown["capacity_kwh_per_hour"] is None
    ((_, reason),) = shown["refused"]["technical"]["newest"]
    assert reason.startswith("code_debit: ")


async def test_blocks_with_bare_dates_are_read(
    hass: HomeAssistant, sandbox: Sandbox, import_meters: AddEntry
) -> None:
    known = held(sandbox, INDUSTRY)
    for day in known:
        sandbox.raw(
            INDUSTRY,
            day,
            date_debut_consommation=day.isoformat(),
            date_fin_consommation=(day + timedelta(days=1)).isoformat(),
            journee_gaziere=None,
        )

    await import_meters(INDUSTRY)

    assert await energies(hass, INDUSTRY) == known


async def test_a_converted_volume_alone_is_shown_as_refused_and_its_energy_counts(
    hass: HomeAssistant,
    sandbox: Sandbox,
    import_meters: AddEntry,
) -> None:
    gas_day = _newest(sandbox, INDUSTRY)
    sandbox.raw(INDUSTRY, gas_day, volume_brut=None, volume_converti=123)

    entry = await import_meters(INDUSTRY)

    assert (await energies(hass, INDUSTRY))[gas_day] == held(sandbox, INDUSTRY)[gas_day]
    assert (await amounts(hass, INDUSTRY, "volume")).get(gas_day) is None
    shown = (await diagnosed(hass, entry))["refused"]
    assert shown["published"]["newest"] == [
        [gas_day.isoformat(), "volume_brut: only volume_converti"]
    ]
