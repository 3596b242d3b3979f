"""GRDF's test data for declaring, revoking and proving answer as the notes list them.

API notes §11, last paragraph.
"""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox import CASES_NOW, Sandbox
from tests.sandbox.visitor import Visitor, Wire, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

REVOCABLE = "f13a3109-39a7-47a0-8017-3192620dee4e"
REVOKED = "3edbd20d-34aa-4ef2-b5f1-dadc211acfb0"
AWAITED = "90494e79-bfee-474e-888a-ea653f48cac6"
IN_REVIEW = "34ed04b3-1371-4418-93fe-0467760c7919"
TOO_LARGE = "34ed04b3-1371-4418-93fe-0467760c7920"
BAD_FORMAT = "34ed04b3-1371-4418-93fe-0467760c7921"


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting(Sandbox(now=CASES_NOW)) as found:
        yield found


@pytest.mark.parametrize(
    ("pce", "role"),
    [
        ("09999999900617", "AUTORISE_CONTRAT_FOURNITURE"),
        ("09999999975102", "AUTORISE_CONTRAT_FOURNITURE"),
        ("GI999055", "AUTORISE_CONTRAT_FOURNITURE"),
        ("GI999947", "AUTORISE_CONTRAT_FOURNITURE"),
        ("09999999928289", "DETENTEUR_CONTRAT_FOURNITURE"),
        ("GI999602", "AUTORISE_CONTRAT_INJECTION"),
        ("GI999150", "DETENTEUR_CONTRAT_INJECTION"),
    ],
)
async def test_these_declarations_are_accepted(
    visitor: Visitor, pce: str, role: str
) -> None:
    other: Wire = {
        "perim_donnees_conso_debut": None,
        "perim_donnees_conso_fin": None,
        "perim_donnees_inj_debut": "2021-11-20",
        "perim_donnees_inj_fin": "2029-11-20",
    }
    changes = other if role.endswith("INJECTION") else {}

    reply = await visitor.declare(pce, role_tiers=role, **changes)

    assert reply.status == 201


@pytest.mark.parametrize(
    ("pce", "code", "changes"),
    [
        ("GI999159", "1000000003", {}),
        ("09999999900609", "2000000006", {"role_tiers": None}),
        ("GI999888", "2000000001", {}),
        ("09999999988256", "1000000004", {}),
        ("09999999900612", "1000000005", {}),
        ("0999999999999", "1000000006", {}),
        ("09999999900614", "1000000026", {"nom_titulaire": None}),
        ("09999999900615", "1000000039", {"raison_sociale": "EXEMPLE"}),
        ("0999999990061", "1000000037", {}),
        ("09999999900618", "1000000027", {"code_postal": None}),
        ("09999999900619", "1000000036", {"code_postal": "9899"}),
        ("09999999900620", "1000000028", {"courriel_titulaire": None}),
        ("09999999900622", "1000000022", {"perim_donnees_conso_debut": None}),
        ("09999999900624", "1000000024", {"courriel_titulaire": "alix"}),
    ],
)
async def test_these_declarations_are_refused_with_their_code(
    visitor: Visitor, pce: str, code: str, changes: Wire
) -> None:
    assert (await visitor.declare(pce, **changes)).code == code


async def test_a_wrong_postcode_is_corrected(visitor: Visitor) -> None:
    reply = await visitor.declare("09999999900612", code_postal="13000")
    assert reply.status == 201


@pytest.mark.parametrize(
    ("right_id", "code"),
    [
        (REVOCABLE, "0000000000"),
        (REVOKED, "1000000001"),
        ("09999999900617", "2000000001"),
    ],
)
async def test_revoking_ends_as_the_id_says(
    visitor: Visitor, right_id: str, code: str
) -> None:
    reply = await visitor.call("PATCH", f"/droit_acces/{right_id}")
    assert reply.code == code


@pytest.mark.parametrize(
    ("right_id", "code"),
    [
        (IN_REVIEW, "0000000000"),
        (AWAITED, "0000000000"),
        (TOO_LARGE, "2000000005"),
        (BAD_FORMAT, "2000000002"),
    ],
)
async def test_proving_ends_as_the_id_says(
    visitor: Visitor, right_id: str, code: str
) -> None:
    reply = await visitor.send_proofs(right_id, ("accord.pdf", b"%PDF-"))
    assert reply.code == code
