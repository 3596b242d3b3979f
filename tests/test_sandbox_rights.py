"""The life of a right on the sandbox's clock."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from tests.sandbox import (
    FARM,
    FLAT,
    FORMER,
    HOUSE,
    PRODUCER,
    WAITING,
    Perimeter,
    Right,
    Sandbox,
)
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Visitor, Wire, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}
COMPANY: Wire = {"nom_titulaire": None, "raison_sociale": "BUREAUX EXEMPLE SARL"}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def declared(visitor: Visitor, pce: str = FORMER, **changes: object) -> str:
    """Declare a right and return its id."""
    reply = await visitor.declare(pce, **changes)
    found: str = reply.one["id_droit_acces"]
    return found


async def seen(visitor: Visitor, right_id: str) -> Wire:
    """Return a right as GRDF lists it."""
    await visitor.log_in()
    rights = (await visitor.get("/droits_acces")).objects[:-1]
    return next(right for right in rights if right["id_droit_acces"] == right_id)


@pytest.mark.parametrize(
    ("changes", "days", "state"),
    [({}, 3, "Refusée"), (COMPANY, 2, "Active")],
    ids=["person", "entity"],
)
async def test_silence_is_a_persons_no_and_an_entitys_yes(
    sandbox: Sandbox, visitor: Visitor, changes: Wire, days: int, state: str
) -> None:
    right_id = await declared(visitor, **changes)
    sandbox.now = NOW + timedelta(days=days, seconds=-1)
    assert (await seen(visitor, right_id))["etat_droit_acces"] == "A valider"
    sandbox.now = NOW + timedelta(days=days)
    assert (await seen(visitor, right_id))["etat_droit_acces"] == state


async def test_silence_is_dated_by_its_end_not_by_the_look(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right_id = await declared(visitor)
    sandbox.now = NOW + timedelta(days=30)
    found = await seen(visitor, right_id)
    assert found["date_passage_a_refuse"] == "2026-11-23 09:00:00"
    assert found["source_passage_a_refuse"]


async def test_a_customer_says_yes_and_data_come(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right_id = await declared(visitor)
    assert (await visitor.informative(FORMER, **WEEK)).code == "1000002"
    sandbox.answer(right_id, accepts=True)
    assert (await visitor.informative(FORMER, **WEEK)).code is None
    assert sandbox.available_days(FORMER)


async def test_a_customer_says_no_with_a_reason_and_a_comment(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right_id = await declared(visitor)
    sandbox.now = NOW + timedelta(hours=1)
    sandbox.answer(right_id, accepts=False, reason="Motif", comment="Commentaire")
    found = await seen(visitor, right_id)
    assert found["etat_droit_acces"] == "Refusée"
    assert found["date_passage_a_refuse"] == "2026-11-20 10:00:00"
    assert found["source_passage_a_refuse"].endswith("Motif, Commentaire")
    assert (await visitor.informative(FORMER, **WEEK)).code == "1000002"


async def test_nobody_answers_twice(sandbox: Sandbox, visitor: Visitor) -> None:
    right_id = await declared(visitor)
    sandbox.answer(right_id, accepts=True)
    with pytest.raises(ValueError, match="Active"):
        sandbox.answer(right_id, accepts=False)


async def test_the_opening_right_that_waits_is_refused_in_the_end(
    sandbox: Sandbox,
) -> None:
    assert sandbox.right(WAITING).state == "A valider"
    sandbox.now = NOW + timedelta(days=3)
    assert sandbox.right(WAITING).state == "Refusée"


@pytest.mark.parametrize(
    ("seconds", "mails"), [([0, 60, 120], 1), ([0, 61, 62], 2), ([0, 61, 122], 3)]
)
async def test_declarations_a_minute_apart_at_most_make_one_mail(
    sandbox: Sandbox, visitor: Visitor, seconds: list[int], mails: int
) -> None:
    ids = []
    for pce, after in zip((FORMER, FLAT, HOUSE), seconds, strict=True):
        sandbox.now = NOW + timedelta(seconds=after)
        ids.append(await declared(visitor, pce))
    assert len(sandbox.mails) == mails
    assert [right for mail in sandbox.mails for right in mail.rights] == ids
    assert {mail.to for mail in sandbox.mails} == {"camille@example.com"}
    assert sandbox.mails[0].at == NOW


async def test_two_customers_get_a_mail_each(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await declared(visitor, FORMER)
    await declared(visitor, FLAT, courriel_titulaire="sacha@example.com")
    assert [mail.to for mail in sandbox.mails] == [
        "camille@example.com",
        "sacha@example.com",
    ]


async def test_who_need_not_answer_gets_no_mail(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    await declared(visitor, role_tiers="DETENTEUR_CONTRAT_FOURNITURE")
    assert sandbox.mails == []


async def test_a_customer_revokes(sandbox: Sandbox, visitor: Visitor) -> None:
    right = sandbox.right(FLAT)
    sandbox.revoke(right.id)
    found = await seen(visitor, right.id)
    assert found["etat_droit_acces"] == "Révoquée"
    assert found["source_revocation"] == "TITULAIRE"
    assert (await visitor.informative(FLAT, **WEEK)).code == "1000014"
    with pytest.raises(ValueError, match="Révoquée"):
        sandbox.revoke(right.id)


async def test_a_customer_who_moves_out_takes_the_consent_along(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    ended = sandbox.move_out(FARM)
    assert {right.role for right in ended} == {
        "AUTORISE_CONTRAT_FOURNITURE",
        "AUTORISE_CONTRAT_INJECTION",
    }
    found = await seen(visitor, ended[0].id)
    assert found["etat_droit_acces"] == "Obsolète"
    assert found["source_passage_a_obsolete"] == (
        "Le client n'est plus titulaire de ce PCE"
    )
    assert (await visitor.published(FARM, **WEEK)).code == "1000000"


async def test_a_new_holder_can_consent_on_the_same_pce(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.move_out(HOUSE)
    sandbox.move_in(HOUSE, name="M. NOUVEAU EXEMPLE", mail="nouveau@example.com")
    right_id = await declared(
        visitor,
        HOUSE,
        nom_titulaire="M. NOUVEAU EXEMPLE",
        courriel_titulaire="nouveau@example.com",
    )
    sandbox.answer(right_id, accepts=True)
    assert sandbox.right(HOUSE).holder_name == "M. NOUVEAU EXEMPLE"
    assert sandbox.meters[HOUSE].site.mail == "nouveau@example.com"
    assert (await visitor.informative(HOUSE, **WEEK)).code is None


async def test_a_right_is_obsolete_the_day_after_its_last(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(HOUSE)
    right.end = date(2026, 11, 21)
    sandbox.now = datetime(2026, 11, 21, 23, 59, tzinfo=PARIS)
    assert (await seen(visitor, right.id))["etat_droit_acces"] == "Active"
    sandbox.now = datetime(2026, 11, 22, tzinfo=PARIS)
    found = await seen(visitor, right.id)
    assert found["etat_droit_acces"] == "Obsolète"
    assert found["date_passage_a_obsolete"] == "2026-11-22 00:00:00"
    assert (await visitor.informative(HOUSE, **WEEK)).code == "1000001"


async def test_an_authorisation_may_end_before_its_right(sandbox: Sandbox) -> None:
    right = sandbox.right(HOUSE)
    right.authorisation_end = datetime(2026, 11, 19, tzinfo=PARIS)
    assert sandbox.right(HOUSE).state == "Obsolète"


async def test_the_same_steps_lead_to_the_same_rights() -> None:
    async def life() -> list[Right]:
        sandbox = Sandbox(now=NOW)
        async with visiting(sandbox) as visitor:
            await declared(visitor)
            sandbox.now = NOW + timedelta(days=5)
            return sandbox.rights

    assert await life() == await life()


FAMILIES = {
    "published": "donnees_consos_publiees",
    "informative": "donnees_consos_informatives",
    "injection": "donnees_injections_publiees",
    "contractual": "donnees_contractuelles",
    "technical": "donnees_techniques",
}


@pytest.mark.parametrize("family", [*FAMILIES])
@pytest.mark.parametrize("role", ["FOURNITURE", "INJECTION"])
@pytest.mark.parametrize("kind", ["AUTORISE", "DETENTEUR"])
async def test_each_role_opens_its_own_families(
    sandbox: Sandbox, visitor: Visitor, family: str, role: str, kind: str
) -> None:
    rights = sandbox.rights
    rights[:] = [right for right in rights if right.pce == FARM]
    rights[:] = [right for right in rights if right.role.endswith(role)]
    (right,) = rights
    right.role = f"{kind}_CONTRAT_{role}"
    own = {
        "FOURNITURE": {"published", "informative"},
        "INJECTION": {"injection"},
    }[role]
    query = {} if family in {"contractual", "technical"} else WEEK
    reply = await visitor.get(f"/pce/{FARM}/{FAMILIES[family]}", **query)
    opened = family in own | {"contractual", "technical"}
    assert (reply.code == "1000002") is not opened


@pytest.mark.parametrize(
    ("family", "code"),
    [
        ("published", "1000009"),
        ("informative", "1000010"),
        ("contractual", "1000002"),
        ("technical", "1000002"),
    ],
)
async def test_a_family_outside_the_perimeter_is_closed(
    sandbox: Sandbox, visitor: Visitor, family: str, code: str
) -> None:
    setattr(sandbox.right(HOUSE), family, False)
    query = {} if family in {"contractual", "technical"} else WEEK
    reply = await visitor.get(f"/pce/{HOUSE}/{FAMILIES[family]}", **query)
    assert reply.code == code


async def test_injections_are_published_data(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.right(PRODUCER, Perimeter.INJECTION).published = False
    reply = await visitor.get(f"/pce/{PRODUCER}/donnees_injections_publiees", **WEEK)
    assert reply.code == "1000009"


async def test_of_several_rights_the_active_one_of_the_role_decides(
    sandbox: Sandbox,
) -> None:
    supply = sandbox.right(FARM, Perimeter.PUBLISHED)
    injection = sandbox.right(FARM, Perimeter.INJECTION)
    assert supply.role.endswith("FOURNITURE")
    assert injection.role.endswith("INJECTION")
    sandbox.revoke(supply.id)
    assert sandbox.available_days(FARM) == {}
    assert sandbox.right(FARM, Perimeter.TECHNICAL) is injection
