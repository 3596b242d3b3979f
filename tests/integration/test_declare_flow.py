"""Adding a meter by declaring a customer's consent to GRDF."""

from dataclasses import asdict
from datetime import timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.grdf_adict.const import CONF_PCE
from custom_components.grdf_adict.flows.declare_forms import declaration_of
from tests.sandbox import FLAT, HOUSE, PRODUCER, WAITING, Fault, Sandbox

from .common import next_day, settle, stored_rows
from .conftest import AddEntry
from .price_flow import choose, submit
from .right_flow import (
    COMPANY,
    COMPANY_CONSENT,
    CONSENT,
    DECLARE,
    PERSON,
    add,
    forget_rights,
    meter,
    review,
    scope,
    suggested,
    walk,
)

type Form = dict[str, Any]

FLAT_ENERGY = f"grdf_adict:sandbox_{FLAT}_energy"


@pytest.fixture(autouse=True)
def _nobody_has_consented_for_the_flat(sandbox: Sandbox) -> None:
    forget_rights(sandbox, FLAT)


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """A contract with one meter."""
    return await add_entry(HOUSE)


async def test_a_declared_right_waits_and_starts_by_itself_once_the_customer_agrees(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    clock: FrozenDateTimeFactory,
) -> None:
    result = await submit(hass, await review(hass, entry, sandbox.today), DECLARE)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] == "waiting"
    assert result["title"] == f"Meter …{FLAT[-4:]}"
    assert result["data"] == {CONF_PCE: FLAT}
    right = sandbox.right(FLAT)
    assert (right.state, right.role) == ("A valider", "AUTORISE_CONTRAT_FOURNITURE")
    assert (right.holder_name, right.postcode) == ("Exemple", "98999")
    assert (right.mail, right.mobile) == ("sacha@example.com", "0612345678")
    assert right.end == right.consumption_to
    await hass.async_block_till_done()
    await settle(hass, entry)
    assert not await stored_rows(hass, FLAT_ENERGY)

    sandbox.answer(right.id, accepts=True)
    await next_day(hass, clock, entry)

    assert await stored_rows(hass, FLAT_ENERGY)


async def test_an_organisation_is_declared_by_its_name(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(holder="company"),
        COMPANY,
        scope(sandbox.today),
        {"checklist": COMPANY_CONSENT},
        {},
        DECLARE,
    )

    assert result["title"] == f"Société Exemple …{FLAT[-4:]}"
    right = sandbox.right(FLAT)
    assert (right.holder_company, right.holder_name) == ("Société Exemple", "")


async def test_a_meter_of_ones_own_needs_no_consent_and_is_open_at_once(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass, result, meter(role="holder", name="Ours"), PERSON, scope(sandbox.today)
    )
    assert result["step_id"] == "proofs"
    result = await walk(hass, result, {}, DECLARE)

    assert (result["title"], result["description"]) == ("Ours", "open")
    assert sandbox.right(FLAT).role == "DETENTEUR_CONTRAT_FOURNITURE"
    await hass.async_block_till_done()
    await settle(hass, entry)
    assert await stored_rows(hass, FLAT_ENERGY)


async def test_a_producers_right_covers_injections_and_no_informative_data(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    forget_rights(sandbox, PRODUCER)
    form = scope(sandbox.today)
    del form["informative"]
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(PRODUCER, flow="injection"), PERSON)
    assert "informative" not in result["data_schema"].schema
    result = await walk(hass, result, form, {"checklist": CONSENT}, {}, DECLARE)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    (right,) = (right for right in sandbox.rights if right.pce == PRODUCER)
    assert right.role == "AUTORISE_CONTRAT_INJECTION"
    assert right.injection_from == sandbox.today - timedelta(days=100)
    assert right.consumption_from is None
    assert not right.informative


async def test_the_forms_begin_with_three_years_ahead_and_five_back(
    hass: HomeAssistant, clock: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    clock.move_to("2028-02-29T12:00:00+01:00")
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(), PERSON)

    assert suggested(result) == {
        "start": "2028-02-29",
        "end": "2031-02-28",
        "data_from": "2023-02-28",
        "published": True,
        "informative": True,
        "contractual": True,
        "technical": True,
    }


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("holder_name", "  ", "holder_missing"),
        ("postcode", "7590", "postcode_format"),
        ("postcode", " ", "postcode_missing"),
        ("mail", "sacha", "mail_format"),
        ("mail", " ", "mail_missing"),
        ("mobile", "01 23 45 67 89", "mobile_format"),
    ],
)
async def test_what_is_wrong_with_the_customer_is_said_where_it_stands(
    hass: HomeAssistant, entry: MockConfigEntry, field: str, value: str, error: str
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(), {**PERSON, field: value})

    assert result["errors"] == {field: error}
    assert suggested(result) == {**PERSON, field: value}
    result = await submit(hass, result, PERSON)
    assert result["step_id"] == "scope"


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ({"start": 1}, {"start": "right_not_started"}),
        ({"start": -9, "end": -1}, {"end": "right_over"}),
        ({"start": -1, "end": -2}, {"end": "right_reversed"}),
        ({"data_from": 1}, {"data_from": "data_not_started"}),
        ({"data_from": -1, "data_to": -2}, {"data_to": "data_reversed"}),
        ({"end": 9, "data_to": 10}, {"data_to": "data_beyond_right"}),
    ],
)
async def test_what_is_wrong_with_the_dates_is_said_where_it_stands(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    days: dict[str, int],
    error: dict[str, str],
) -> None:
    today = sandbox.today
    wrong = {
        field: (today + timedelta(days=number)).isoformat()
        for field, number in days.items()
    }
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(), PERSON, scope(today, **wrong))

    assert result["errors"] == error
    assert suggested(result) == scope(today, **wrong)
    result = await submit(hass, result, scope(today))
    assert result["step_id"] == "checklist_person"


async def test_at_least_one_kind_of_data_is_asked_for(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    nothing = dict.fromkeys(
        ("published", "informative", "contractual", "technical"), False
    )
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(), PERSON, scope(sandbox.today, **nothing))

    assert result["errors"] == {"published": "nothing_granted"}


async def test_a_consent_that_lacks_a_point_is_not_declared(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(),
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT[:-1]},
    )

    assert result["errors"] == {"checklist": "consent_incomplete"}
    assert suggested(result) == {"checklist": CONSENT[:-1]}
    result = await submit(hass, result, {"checklist": CONSENT})
    assert result["step_id"] == "proofs"


async def test_what_is_no_pce_is_said_and_the_form_keeps_the_rest(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter("1234", holder="company"))

    assert result["errors"] == {CONF_PCE: "pce_format"}
    assert suggested(result) == meter("1234", holder="company")


async def test_a_pce_of_another_contract_is_refused_before_anything_is_declared(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(HOUSE))

    assert result["errors"] == {CONF_PCE: "already_a_meter"}
    assert result["description_placeholders"]["account"] == "Example"
    result = await submit(hass, result, meter())
    assert result["step_id"] == "person"
    assert not [call for call in sandbox.calls if call.path.endswith("droit_acces")]


async def test_a_pce_that_another_window_took_meanwhile_is_refused_at_the_end(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    first = await review(hass, entry, sandbox.today)
    second = await review(hass, entry, sandbox.today)
    await submit(hass, second, DECLARE)

    result = await submit(hass, first, DECLARE)

    assert result["step_id"] == "declare"
    assert result["errors"] == {CONF_PCE: "already_a_meter"}
    assert len([right for right in sandbox.rights if right.pce == FLAT]) == 1


async def test_a_right_that_is_there_already_is_offered_and_nothing_declared(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(WAITING, name="Waiting"))

    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["use_existing", "declare_anyway"]
    assert result["description_placeholders"]["state"] == "A valider"
    result = await choose(hass, result, "use_existing")
    assert (result["title"], result["description"]) == ("Waiting", "waiting")
    assert not [call for call in sandbox.calls if call.path.endswith("droit_acces")]


async def test_a_right_that_is_there_does_not_keep_from_declaring_another(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(hass, result, meter(WAITING))
    result = await choose(hass, result, "declare_anyway")

    assert result["step_id"] == "person"


async def test_a_right_that_was_declared_meanwhile_elsewhere_is_offered(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    await entry.runtime_data.account.client.declare_access_right(
        FLAT, declaration_of({**meter(), **PERSON, **scope(sandbox.today)})
    )

    result = await submit(hass, result, DECLARE)

    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["use_existing"]
    result = await choose(hass, result, "use_existing")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len([right for right in sandbox.rights if right.pce == FLAT]) == 1


async def test_an_offered_right_whose_pce_became_a_meter_meanwhile_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    results = []
    for _ in range(2):
        result = await choose(hass, await add(hass, entry), "declare")
        results.append(await walk(hass, result, meter(WAITING)))
    await choose(hass, results[0], "use_existing")

    result = await choose(hass, results[1], "use_existing")

    assert result["errors"] == {CONF_PCE: "already_a_meter"}


async def test_already_exists_without_a_right_in_the_list_is_told_in_grdfs_words(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    body = (
        '{"code_statut_traitement": "1000000003",'
        ' "message_retour_traitement": "Déjà déclaré."}'
    )
    sandbox.fail_next("droit_acces", Fault.status(409, body))

    result = await submit(hass, result, DECLARE)

    assert result["errors"] == {"base": "already_exists"}
    assert result["description_placeholders"]["code"] == "1000000003"
    assert result["description_placeholders"]["message"] == "Déjà déclaré."
    result = await submit(hass, result, DECLARE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_another_postcode_than_the_meters_is_said_at_the_postcode(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(),
        {**PERSON, "postcode": "01000"},
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
        DECLARE,
    )

    assert result["step_id"] == "person"
    assert result["errors"] == {"postcode": "postcode_mismatch"}
    assert result["description_placeholders"]["code"] == "1000000005"
    result = await walk(
        hass,
        {**result, "errors": {}},
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {},
        DECLARE,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("code", "step", "field"),
    [
        ("1000000006", "declare", CONF_PCE),
        ("1000000022", "scope", "data_from"),
        ("1000000024", "person", "mail"),
        ("1000000026", "person", "holder_name"),
    ],
)
async def test_what_grdf_refuses_is_shown_where_it_can_be_mended(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    code: str,
    step: str,
    field: str,
) -> None:
    result = await review(hass, entry, sandbox.today)
    body = (
        f'{{"code_statut_traitement": "{code}",'
        ' "message_retour_traitement": "Refusé par GRDF."}'
    )
    sandbox.fail_next("droit_acces", Fault.status(400, body))

    result = await submit(hass, result, DECLARE)

    assert (result["step_id"], result["errors"]) == (step, {field: "refused"})
    assert result["description_placeholders"] == {
        "code": code,
        "message": "Refusé par GRDF.",
    }


async def test_a_company_name_that_grdf_refuses_is_shown_at_the_company(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await choose(hass, await add(hass, entry), "declare")
    result = await walk(
        hass,
        result,
        meter(holder="company"),
        COMPANY,
        scope(sandbox.today),
        {"checklist": COMPANY_CONSENT},
        {},
    )
    body = '{"code_statut_traitement": "1000000026"}'
    sandbox.fail_next("droit_acces", Fault.status(400, body))

    result = await submit(hass, result, DECLARE)

    assert (result["step_id"], result["errors"]) == ("company", {"company": "refused"})


async def test_a_grdf_that_is_away_loses_nothing_that_was_typed(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    sandbox.fail_next("droit_acces", Fault.status(429))

    result = await submit(hass, result, DECLARE)
    assert result["errors"] == {"base": "quota_reached"}

    result = await submit(hass, {**result, "errors": {}}, DECLARE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_declaration_whose_answer_was_lost_is_found_among_the_rights(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    sandbox.switches.grants_less = True
    sandbox.fail_next("droit_acces", Fault.cut())

    result = await submit(hass, result, DECLARE)

    assert result["step_id"] == "granted"
    result = await submit(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len([right for right in sandbox.rights if right.pce == FLAT]) == 1


async def test_a_declaration_of_which_nothing_is_known_is_not_made_twice_blindly(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    sandbox.fail_next("droit_acces", Fault.status(500))

    result = await submit(hass, result, DECLARE)

    assert result["errors"] == {"base": "uncertain"}
    assert len(entry.subentries) == 1


async def test_rights_that_cannot_be_read_again_do_not_lose_the_meter(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    sandbox.fail_next("droits_acces", Fault.status(503), times=9)

    result = await submit(hass, result, DECLARE)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert FLAT in {subentry.unique_id for subentry in entry.subentries.values()}


async def test_what_grdf_granted_less_is_told_before_the_meter_is_added(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    sandbox.switches.grants_less = True
    today = sandbox.today

    result = await submit(hass, await review(hass, entry, today), DECLARE)

    assert result["step_id"] == "granted"
    rows = result["description_placeholders"]["rows"].splitlines()
    asked, granted = today.replace(year=today.year + 3), today + timedelta(days=365)
    assert f"| End of the right | {asked} | {granted} |" in rows
    assert "| Contract data | Yes | No |" in rows
    result = await submit(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_another_role_than_the_one_declared_is_told_in_words(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    result = await review(hass, entry, sandbox.today)
    body = json.dumps(
        {
            "code_statut_traitement": "0000000000",
            "id_pce": FLAT,
            "role_tiers": "DETENTEUR_CONTRAT_FOURNITURE",
            "etat_droit_acces": "Active",
        }
    )
    sandbox.fail_next("droit_acces", Fault.status(201, body))

    result = await submit(hass, result, DECLARE)

    rows = result["description_placeholders"]["rows"].splitlines()
    told = rows[0].strip("| ").split(" | ")
    assert told[0] == "Your part"
    assert told[1] != told[2]
    assert "{" not in rows[0]


async def test_the_review_says_what_is_declared_and_lets_it_be_changed(
    hass: HomeAssistant, sandbox: Sandbox, entry: MockConfigEntry
) -> None:
    today = sandbox.today
    result = await review(hass, entry, today)
    told = result["description_placeholders"]
    assert told["pce"] == FLAT
    assert told["holder"] == "Exemple"
    assert told["role"] == "The customer has authorised me"
    assert told["data_to"] == today.replace(year=today.year + 3).isoformat()
    assert told["perimeters"].startswith("Published data, ")

    result = await submit(hass, result, {"change": True})
    assert suggested(result) == meter()
    result = await walk(hass, result, meter())
    assert suggested(result) == PERSON
    without_mobile = {key: value for key, value in PERSON.items() if key != "mobile"}
    result = await walk(hass, result, without_mobile)
    assert suggested(result) == scope(today)
    result = await walk(hass, result, scope(today))
    assert suggested(result) == {"checklist": CONSENT}
    result = await walk(hass, result, {"checklist": CONSENT}, {})
    assert result["description_placeholders"]["mobile"] == "—"


async def test_nothing_of_a_person_is_logged_or_stored(
    hass: HomeAssistant,
    sandbox: Sandbox,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    result = await review(hass, entry, sandbox.today)
    await submit(hass, result, DECLARE)
    await hass.async_block_till_done()

    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.grdf_adict")
    )
    kept = str(asdict(entry.runtime_data.account._file))  # noqa: SLF001 - all that is kept
    assert FLAT not in ours
    for word in ("Exemple", "98999", "sacha", "612345678"):
        assert word not in ours
        assert word not in kept
        assert word not in str([dict(each.data) for each in entry.subentries.values()])
