"""A public client of ADICT, lowatt-grdf, reads what the sandbox holds.

It was written against GRDF itself: what satisfies it is no invention of ours. All of
its commands run, as its users run them, with its addresses pointed at the sandbox.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime
import json
import time
from types import SimpleNamespace
from typing import Any

from click.testing import CliRunner
from lowatt_grdf import api, main
import pytest
from requests import HTTPError

from tests.sandbox import (
    BUSINESS,
    FARM,
    FLAT,
    FORMER,
    HALF_YEARLY,
    HOUSE,
    INDUSTRY,
    PRODUCER,
    Block,
    Fault,
    Flow,
    Sandbox,
    Served,
    serve,
)
from tests.sandbox.clock import PARIS

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 16, tzinfo=PARIS)
FROM, TO = "2026-07-20", "2026-11-20"
DATES = ("--from-date", FROM, "--to-date", TO)
DONE = "0000000000"


type Run = Callable[..., Awaitable[Any]]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def served(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    """The sandbox where the client looks for GRDF."""
    async with serve(sandbox) as served:
        root = served.root_url
        monkeypatch.setattr(api, "NEW_AUTH_ENDPOINT", served.token_url)
        monkeypatch.setattr(api.API, "api", f"{root}/adict/v2")
        monkeypatch.setattr(api.StagingAPI, "api", f"{root}/adict/bas/v6")
        # It rests a second between calls; the sandbox here counts none.
        hurry = SimpleNamespace(time=time.time, sleep=lambda _: None)
        monkeypatch.setattr(api, "time", hurry)
        yield served


@pytest.fixture(params=["production", "sandbox"])
def environment(request: pytest.FixtureRequest, sandbox: Sandbox) -> tuple[str, ...]:
    """Either of its environments; GRDF's own sandbox indents its answers."""
    if request.param == "production":
        return ()
    sandbox.switches.pretty = True
    return ("--bas",)


@pytest.fixture
def run(
    served: Served,  # noqa: ARG001 - the commands need it
    environment: tuple[str, ...],
) -> Run:
    """Run one of its commands, and return what it prints."""

    async def run(command: str, *arguments: str) -> Any:
        output = await say(command, *arguments, *environment)
        return json.loads(output) if output else None

    return run


async def say(command: str, *arguments: str) -> str:
    """Run a command in a thread, as it blocks, and return what it prints."""
    words = (
        command,
        *arguments,
        "--client-id",
        "demo",
        "--client-secret",
        "demo-secret",
    )
    result = await asyncio.to_thread(CliRunner().invoke, main.main, words)
    if result.exception is not None:
        raise result.exception
    return result.stdout


def listed(sandbox: Sandbox, *pces: str) -> list[Any]:
    """Return the rights as they are listed, without the status that ends the list."""
    return [right.wire() for right in sandbox.rights if not pces or right.pce in pces]


def held(blocks: list[Block]) -> list[tuple[str, str, int | None, int | None]]:
    """Return what the sandbox holds of blocks that touch the days asked for.

    The gas day before comes along: it ends on the first of them.
    """
    first, last = date.fromisoformat(FROM), date.fromisoformat(TO)
    return [
        (str(block.start), str(block.end), block.kwh, block.m3)
        for block in blocks
        if block.end >= first and block.start <= last
    ]


def read(
    objects: list[Any], place: str = "consommation"
) -> list[tuple[str, str, int | None, int | None]]:
    """Return the same of what the client has read."""
    return [
        (
            item[place][f"date_debut_{place}"][:10],
            item[place][f"date_fin_{place}"][:10],
            item[place]["energie"],
            item[place]["volume_brut"],
        )
        for item in objects
    ]


async def test_it_lists_all_rights(sandbox: Sandbox, run: Run) -> None:
    *rights, status = await run("droits-acces")
    assert rights == listed(sandbox)
    assert status["code_statut_traitement"] == DONE


async def test_it_finds_the_rights_of_some_pce(sandbox: Sandbox, run: Run) -> None:
    *rights, _ = await run("droits-acces", HOUSE, FARM)
    assert rights == listed(sandbox, HOUSE, FARM)


async def test_it_filters_by_role_state_and_proof(sandbox: Sandbox, run: Run) -> None:
    sandbox.start_campaign([PRODUCER, FLAT])
    *rights, _ = await run(
        "droits-acces-specifiques",
        *("--role", "AUTORISE_CONTRAT_INJECTION"),
        *("--etat", "Active", "--etat", "Révoquée"),
        *("--preuve", "Preuve en attente"),
    )
    assert rights == listed(sandbox, PRODUCER)


async def test_it_checks_that_no_consent_is_in_doubt(
    sandbox: Sandbox, run: Run
) -> None:
    await run("droits-acces", "--check")
    sandbox.start_campaign([HOUSE])
    with pytest.raises(RuntimeError, match="consent"):
        await run("droits-acces", "--check")


@pytest.mark.parametrize("pce", [HOUSE, HALF_YEARLY, BUSINESS, INDUSTRY])
async def test_it_reads_published_consumptions(
    sandbox: Sandbox, run: Run, pce: str
) -> None:
    found = await run("donnees-consos-publiees", pce, *DATES)
    assert read(found) == held(sandbox.available_published(pce))
    assert found


@pytest.mark.parametrize("pce", [HOUSE, BUSINESS])
async def test_it_reads_informative_consumptions(
    sandbox: Sandbox, run: Run, pce: str
) -> None:
    found = await run("donnees-consos-informatives", pce, *DATES)
    assert read(found) == held(sandbox.informative(pce))
    days = {item["consommation"]["journee_gaziere"] for item in found}
    assert len(days) > 100


@pytest.mark.parametrize("pce", [PRODUCER, FARM])
async def test_it_reads_injections(sandbox: Sandbox, run: Run, pce: str) -> None:
    found = await run("donnees-injections-publiees", pce, *DATES)
    assert read(found, "injection") == held(
        sandbox.available_published(pce, Flow.INJECTION)
    )
    assert len(found) > 100


@pytest.mark.parametrize("pce", [HOUSE, INDUSTRY])
async def test_it_reads_contractual_data(sandbox: Sandbox, run: Run, pce: str) -> None:
    data = (await run("donnees-contractuelles", pce))["donnees_contractuelles"]
    site = sandbox.meters[pce].site
    assert data["car"]["car_actuelle"] == str(site.annual_reference)
    assert data["tarif_acheminement"] == site.tariff
    assert data["profil"]["profil_type_actuel"] == site.profile


@pytest.mark.parametrize("pce", [HOUSE, INDUSTRY])
async def test_it_reads_technical_data(sandbox: Sandbox, run: Run, pce: str) -> None:
    data = (await run("donnees-techniques", pce))["donnees_techniques"]
    meter = sandbox.meters[pce]
    known = data["caracteristiques_compteur"]
    assert known["frequence"] == meter.frequency.value
    assert known["matricule_compteur"] == meter.site.serial_number
    assert data["situation_compteur"]["code_postal"] == meter.site.postcode


async def test_it_declares_a_right_and_revokes_it(sandbox: Sandbox, run: Run) -> None:
    before = len(sandbox.rights)
    await run(
        "declare-acces",
        *("--pce", FORMER),
        *("--nom-titulaire", "MME DOMINIQUE EXEMPLE"),
        *("--code-postal", "98999"),
        *("--courriel-titulaire", "dominique@example.com"),
        *("--date-debut-droit-acces", "2026-11-20"),
        *("--date-fin-droit-acces", "2027-11-19"),
        *("--perim-donnees-conso-debut", "2021-11-20"),
        *("--perim-donnees-conso-fin", "2027-11-19"),
        "--perim-donnees-publiees",
    )
    assert len(sandbox.rights) == before + 1
    right = sandbox.rights[-1]
    assert (right.pce, right.state) == (FORMER, "A valider")
    assert (right.start, right.end) == (date(2026, 11, 20), date(2027, 11, 19))
    assert (right.published, right.informative) == (True, False)
    sandbox.answer(right.id, accepts=True)

    (answer,) = await run("revoke-acces", right.id)

    assert answer["code_statut_traitement"] == DONE
    assert (right.state, right.revocation_source) == ("Révoquée", "TIERS")


async def test_it_declares_a_producers_right(sandbox: Sandbox, run: Run) -> None:
    await run(
        "declare-acces",
        *("--pce", PRODUCER),
        *("--role-tiers", "DETENTEUR_CONTRAT_INJECTION"),
        *("--raison-sociale", "METHANISEUR EXEMPLE SAS"),
        *("--code-postal", "98999"),
        *("--courriel-titulaire", "methaniseur@example.com"),
        *("--date-debut-droit-acces", "2026-11-20"),
        *("--date-fin-droit-acces", "2027-11-19"),
        *("--perim-donnees-inj-debut", "2021-11-20"),
        *("--perim-donnees-inj-fin", "2027-11-19"),
        "--perim-donnees-publiees",
    )
    right = sandbox.rights[-1]
    assert (right.state, right.injection_from) == ("Active", date(2021, 11, 20))


@pytest.mark.parametrize("client", [api.API, api.StagingAPI])
async def test_it_sends_proofs(
    sandbox: Sandbox, served: Served, client: type[api.BaseAPI]
) -> None:
    assert served
    (right,) = sandbox.start_campaign([HOUSE])
    proofs = (("consentement.pdf", b"%PDF-1.7"), ("appel.mp3", bytes(100_000)))
    grdf = client("demo", "demo-secret")
    (answer,) = await asyncio.to_thread(grdf.transmettre_preuves, right.id, proofs)
    assert answer["code_statut_traitement"] == DONE
    assert [(proof.name, proof.content) for proof in right.proofs] == [*proofs]
    assert right.proof_state == "Preuve en cours de vérification"


async def test_it_hears_a_refusal(sandbox: Sandbox, served: Served) -> None:
    assert served
    sandbox.fail_next("techniques", Fault.status(503))
    with pytest.raises(HTTPError, match="503"):
        await say("donnees-techniques", HOUSE)
    with pytest.raises(HTTPError, match="404"):
        await say("donnees-techniques", "09999999911111")


def test_none_of_its_commands_is_left_out() -> None:
    assert set(main.main.commands) == {
        "declare-acces",
        "donnees-consos-informatives",
        "donnees-consos-publiees",
        "donnees-contractuelles",
        "donnees-injections-publiees",
        "donnees-techniques",
        "droits-acces",
        "droits-acces-specifiques",
        "revoke-acces",
    }
