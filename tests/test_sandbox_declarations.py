"""A right is asked for, found, renewed and revoked over HTTP."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from tests.sandbox import BUSINESS, FARM, FLAT, FORMER, HOUSE, PRODUCER, Sandbox
from tests.sandbox.canned import DECLARATION_DECK
from tests.sandbox.cases import CONTRACT_OVER
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, Wire, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
INJECTION: Wire = {
    "role_tiers": "AUTORISE_CONTRAT_INJECTION",
    "nom_titulaire": None,
    "raison_sociale": "METHANISEUR EXEMPLE SAS",
    "perim_donnees_conso_debut": None,
    "perim_donnees_conso_fin": None,
    "perim_donnees_inj_debut": "2021-11-20",
    "perim_donnees_inj_fin": "2029-11-20",
}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def test_a_declaration_is_answered_with_the_decks_fields(
    visitor: Visitor,
) -> None:
    reply = await visitor.declare(FORMER)
    assert (reply.status, reply.code) == (201, "0000000002")
    assert list(reply.one) == list(DECLARATION_DECK)
    assert reply.one["etat_droit_acces"] == "A valider"


@pytest.mark.parametrize("base", ["/adict/v2", "/adict/bas/v6"])
async def test_a_declared_right_is_listed_as_it_was_asked_for(
    visitor: Visitor, base: str
) -> None:
    asked = await visitor.declare(FORMER, perim_donnees_techniques="Faux")
    listed = await visitor.call(
        "POST", "/droits_acces", base, json={"id_pce": [FORMER]}
    )
    found = listed.objects[-2]
    assert found["id_droit_acces"] == asked.one["id_droit_acces"]
    assert found["date_fin_droit_acces"] == "2029-11-20"
    assert found["perim_donnees_techniques"] == "Faux"
    assert found["date_creation"] == "2026-11-20 09:00:00"


@pytest.mark.parametrize("role", ["DETENTEUR_CONTRAT_FOURNITURE", "injection"])
async def test_who_is_the_customer_needs_no_answer(visitor: Visitor, role: str) -> None:
    changes = INJECTION | {"role_tiers": "DETENTEUR_CONTRAT_INJECTION"}
    reply = await visitor.declare(
        FORMER, **(changes if role == "injection" else {"role_tiers": role})
    )
    assert (reply.status, reply.code) == (201, "0000000000")
    assert reply.one["etat_droit_acces"] == "Active"


async def test_a_producers_right_has_injection_dates(visitor: Visitor) -> None:
    reply = await visitor.declare(PRODUCER, **INJECTION)
    assert reply.one["perim_donnees_inj_fin"] == "2029-11-20"
    assert "perim_donnees_conso_fin" not in reply.one
    (found,) = await visitor.find_rights(
        id_pce=[PRODUCER], etat_droit_acces=["A valider"]
    )
    assert found["perim_donnees_inj_debut"] == "2021-11-20"
    assert found["perim_donnees_conso_debut"] is None


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"role_tiers": None}, 400, "2000000006"),
        ({"nom_titulaire": None}, 400, "1000000026"),
        ({"nom_titulaire": " "}, 400, "1000000026"),
        ({"raison_sociale": "EXEMPLE SARL"}, 400, "1000000039"),
        ({"code_postal": ""}, 400, "1000000027"),
        ({"code_postal": "9900"}, 400, "1000000036"),
        ({"code_postal": "99001"}, 409, "1000000005"),
        ({"courriel_titulaire": None}, 400, "1000000028"),
        ({"courriel_titulaire": "camille"}, 400, "1000000024"),
        ({"courriel_titulaire": "camille@example"}, 400, "1000000024"),
        ({"perim_donnees_conso_debut": None}, 409, "1000000022"),
        ({"perim_donnees_conso_fin": "2020-01-01"}, 409, "1000000022"),
        ({"perim_donnees_inj_debut": "2021-11-20"}, 409, "1000000022"),
        ({"role_tiers": "AUTORISE_CONTRAT_INJECTION"}, 409, "1000000022"),
        (
            {
                "perim_donnees_contractuelles": "Faux",
                "perim_donnees_techniques": "Faux",
                "perim_donnees_informatives": "Faux",
                "perim_donnees_publiees": None,
            },
            409,
            "1000000022",
        ),
    ],
)
async def test_a_declaration_that_breaks_a_rule_gets_its_code(
    sandbox: Sandbox, visitor: Visitor, changes: Wire, status: int, code: str
) -> None:
    before = len(sandbox.rights)
    reply = await visitor.declare(FORMER, **changes)
    assert (reply.status, reply.code) == (status, code)
    assert len(sandbox.rights) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"role_tiers": "FOURNISSEUR"},
        {"date_debut_droit_acces": None},
        {"date_fin_droit_acces": "20/11/2027"},
        {"date_fin_droit_acces": "2026-11-19"},
        {"perim_donnees_publiees": "oui"},
        {"perim_donnees_publiees": True},
    ],
)
async def test_a_field_of_the_wrong_shape_is_a_bad_request(
    visitor: Visitor, changes: Wire
) -> None:
    assert (await visitor.declare(FORMER, **changes)).status == 400


@pytest.mark.parametrize(
    ("pce", "status", "code"),
    [("09999999911111", 404, "1000000006"), ("GI99", 400, "1000000037")],
)
async def test_a_declaration_names_a_pce_that_exists(
    visitor: Visitor, pce: str, status: int, code: str
) -> None:
    reply = await visitor.declare(pce)
    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize("text", ["{", "[]", '"Vrai"'])
async def test_a_body_that_is_no_json_object_is_a_bad_request(
    visitor: Visitor, text: str
) -> None:
    reply = await visitor.call("PUT", f"/pce/{FORMER}/droit_acces", data=text)
    assert reply.status == 400


async def test_what_waits_for_its_customer_cannot_be_declared_twice(
    visitor: Visitor,
) -> None:
    await visitor.declare(FORMER)
    reply = await visitor.declare(FORMER)
    assert (reply.status, reply.code) == (409, "1000000003")


async def test_declaring_again_renews_once_the_customer_agrees(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    old = sandbox.right(HOUSE)
    renewed = (await visitor.declare(HOUSE)).one["id_droit_acces"]
    assert old.state == "Active"
    sandbox.answer(renewed, accepts=True)
    assert sandbox.right(HOUSE).id == renewed
    assert (old.state, old.obsolete) == ("Obsolète", NOW)


async def test_a_renewal_can_be_refused_as_existing(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.refuses_renewal = True
    reply = await visitor.declare(HOUSE)
    assert (reply.status, reply.code) == (409, "1000000003")
    sandbox.now = datetime(2030, 1, 1, tzinfo=PARIS)
    await visitor.log_in()
    assert (await visitor.declare(HOUSE)).status == 201


async def test_rights_of_both_roles_live_side_by_side(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    renewed = (await visitor.declare(FARM, **INJECTION)).one["id_droit_acces"]
    sandbox.answer(renewed, accepts=True)
    states = {
        right["role_tiers"]: right["etat_droit_acces"]
        for right in await visitor.find_rights(
            id_pce=[FARM], etat_droit_acces=["Active"]
        )
    }
    assert set(states) == {"AUTORISE_CONTRAT_FOURNITURE", "AUTORISE_CONTRAT_INJECTION"}


async def test_less_may_be_granted_than_was_asked(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.grants_less = True
    granted = (await visitor.declare(FORMER)).one
    assert granted["date_fin_droit_acces"] == "2027-11-20"
    assert granted["perim_donnees_techniques"] == "Faux"
    assert granted["perim_donnees_contractuelles"] == "Faux"
    assert granted["perim_donnees_publiees"] == "Vrai"


@pytest.mark.parametrize(
    ("filters", "pces"),
    [
        ({"id_pce": [BUSINESS, FORMER]}, {BUSINESS, FORMER}),
        ({"id_pce": [BUSINESS, FORMER], "etat_droit_acces": ["Active"]}, {BUSINESS}),
        ({"etat_droit_acces": ["obsolete"]}, {FORMER}),
        ({"role_tiers": ["AUTORISE_CONTRAT_INJECTION"]}, {PRODUCER, FARM}),
        ({"statut_controle_preuve": ["Preuve en attente"]}, {FLAT}),
        ({"id_pce": ["09999999911111"]}, set()),
        ({"id_pce": [FLAT], "etat_droit_acces": []}, {FLAT}),
    ],
)
async def test_filters_are_lists_and_cumulative(
    sandbox: Sandbox, visitor: Visitor, filters: Wire, pces: set[str]
) -> None:
    sandbox.start_campaign([FLAT])
    assert {right["id_pce"] for right in await visitor.find_rights(**filters)} == pces


async def test_without_a_filter_all_are_found(visitor: Visitor) -> None:
    assert (
        await visitor.find_rights() == (await visitor.get("/droits_acces")).objects[:-1]
    )


@pytest.mark.parametrize(("number", "status"), [(1000, 200), (1001, 400)])
async def test_a_filter_names_at_most_a_thousand_pce(
    visitor: Visitor, number: int, status: int
) -> None:
    pces = [f"{number:014}" for number in range(number)]
    reply = await visitor.call("POST", "/droits_acces", json={"id_pce": pces})
    assert reply.status == status
    assert reply.code == ("0000000000" if status == 200 else "2000000009")


@pytest.mark.parametrize("body", [[], {"id_pce": FLAT}, {"id_pce": [1]}])
async def test_a_filter_of_the_wrong_shape_is_a_bad_request(
    visitor: Visitor, body: object
) -> None:
    assert (await visitor.call("POST", "/droits_acces", json=body)).status == 400


@pytest.mark.parametrize("options", [{}, {"json": {}}])
async def test_a_third_party_revokes_its_right(
    sandbox: Sandbox, visitor: Visitor, options: Wire
) -> None:
    right = sandbox.right(FLAT)
    reply = await visitor.call("PATCH", f"/droit_acces/{right.id}", **options)
    assert (reply.status, reply.code) == (200, "0000000000")
    (found,) = await visitor.find_rights(id_pce=[FLAT])
    assert found["etat_droit_acces"] == "Révoquée"
    assert found["source_revocation"] == "TIERS"
    assert found["date_revocation"] == "2026-11-20 09:00:00"
    again = await visitor.call("PATCH", f"/droit_acces/{right.id}")
    assert (again.status, again.code) == (404, "1000000001")


async def test_an_unknown_right_cannot_be_revoked(visitor: Visitor) -> None:
    reply = await visitor.call("PATCH", "/droit_acces/nobody")
    assert (reply.status, reply.code) == (404, "1000000001")


async def test_a_contract_that_is_over_opens_nothing(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.contract_over = True
    for reply in (await visitor.get("/droits_acces"), await visitor.declare(FORMER)):
        assert reply.one == CONTRACT_OVER


async def test_a_wish_that_has_ended_already_is_obsolete_at_once(
    visitor: Visitor,
) -> None:
    await visitor.declare(
        FORMER,
        role_tiers="DETENTEUR_CONTRAT_FOURNITURE",
        date_debut_droit_acces=str(date(2020, 1, 1)),
        date_fin_droit_acces=str(NOW.date() - timedelta(days=1)),
    )
    found = (await visitor.find_rights(id_pce=[FORMER]))[-1]
    assert found["etat_droit_acces"] == "Obsolète"
