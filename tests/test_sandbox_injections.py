"""A producer's injections, and a site whose gas goes both ways."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from statistics import mean

import pytest

from tests.sandbox import (
    CASES_NOW,
    FARM,
    HOUSE,
    PRODUCER,
    Amendment,
    Flow,
    Perimeter,
    Sandbox,
)
from tests.sandbox.clock import PARIS
from tests.sandbox.visitor import Reply, Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOW = datetime(2026, 11, 20, 9, tzinfo=PARIS)
WEEK = {"date_debut": "2026-11-02", "date_fin": "2026-11-09"}
DAY = date(2026, 11, 4)
INJECTION = Flow.INJECTION


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(now=NOW)


@pytest.fixture
async def visitor(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    async with visiting(sandbox) as found:
        yield found


async def injections(visitor: Visitor, pce: str, **query: str) -> Reply:
    return await visitor.get(f"/pce/{pce}/donnees_injections_publiees", **query)


@pytest.mark.parametrize("base", ["/adict/v2", "/adict/bas/v6"])
@pytest.mark.parametrize(
    "path", ["donnees_injections_publiees", "donnees_injection_publiees"]
)
async def test_injections_answer_under_either_spelling(
    visitor: Visitor, base: str, path: str
) -> None:
    reply = await visitor.get(f"/pce/{PRODUCER}/{path}", base, **WEEK)
    assert len(reply.objects) == 9
    assert list(reply.objects[0]) == [
        "pce",
        "periode",
        "releve_debut",
        "releve_fin",
        "injection",
        "statut_restitution",
    ]
    assert list(reply.objects[0]["injection"]) == [
        "date_debut_injection",
        "date_fin_injection",
        "flag_retour_zero",
        "volume_brut",
        "coeff_calcul",
        "volume_converti",
        "energie",
        "type_qualif_injection",
        "sens_flux_gaz",
        "statut_injection",
        "journee_gaziere",
        "type_injection",
    ]


async def test_what_is_injected_flows_as_production(visitor: Visitor) -> None:
    wire = (await injections(visitor, PRODUCER, **WEEK)).objects[0]["injection"]
    assert wire["sens_flux_gaz"] == "Production"
    assert wire["type_qualif_injection"] == "Mesuré"


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-11-20T14:59:00+01:00", "2026-11-18"),
        ("2026-11-20T15:00:00+01:00", "2026-11-19"),
    ],
)
async def test_an_injection_appears_on_the_next_day_at_three(
    sandbox: Sandbox, visitor: Visitor, now: str, newest: str
) -> None:
    sandbox.now = datetime.fromisoformat(now)
    await visitor.log_in()
    reply = await injections(visitor, PRODUCER, periode="2026-11")
    assert reply.objects[-1]["injection"]["journee_gaziere"] == newest


async def test_an_injection_is_provisional_during_its_month(visitor: Visitor) -> None:
    reply = await injections(visitor, PRODUCER, periode="2026")
    states = {
        item["injection"]["journee_gaziere"]: item["injection"]["statut_injection"]
        for item in reply.objects
    }
    assert states["2026-10-31"] == "Définitive"
    assert states["2026-11-01"] == "Provisoire"


async def test_what_comes_over_http_is_the_truth(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.switches.gives_day_before = False
    span = {"date_debut": "2021-11-20", "date_fin": "2026-11-20"}
    reply = await injections(visitor, FARM, **span)
    assert {
        item["injection"]["journee_gaziere"]: item["injection"]["energie"]
        for item in reply.objects
    } == {
        str(day): row.kwh
        for day, row in sandbox.available_days(FARM, INJECTION).items()
    }
    own = await visitor.own(f"truth/{FARM}")
    assert len(own["injections"]) == len(reply.objects)


async def test_a_site_that_does_both_has_two_series(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    taken = await visitor.published(FARM, **WEEK)
    given = await injections(visitor, FARM, **WEEK)
    assert len(taken.objects) == len(given.objects)
    assert taken.consumptions[0]["sens_flux_gaz"] == "Consommation"
    injected = [item["injection"]["energie"] for item in given.objects]
    consumed = [wire["energie"] for wire in taken.consumptions]
    assert mean(injected) > 10 * mean(consumed)
    assert sandbox.truth(FARM).days != sandbox.truth(FARM, INJECTION).days


async def test_a_producer_consumes_nothing_and_a_house_injects_nothing(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.right(HOUSE).role = "AUTORISE_CONTRAT_INJECTION"
    reply = await injections(visitor, HOUSE, **WEEK)
    assert reply.code == "1000008"
    assert reply.one["injection"] is None
    assert sandbox.published(PRODUCER) == []
    assert sandbox.informative(PRODUCER) == []
    assert sandbox.truth(PRODUCER).days == {}
    assert (await visitor.published(PRODUCER, **WEEK)).code == "1000002"


async def test_a_test_can_change_an_injection_and_not_the_consumption(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    async def seen() -> list[tuple[int | None, str]]:
        reply = await injections(visitor, FARM, **WEEK)
        return [
            (item["injection"]["energie"], item["injection"]["type_qualif_injection"])
            for item in reply.objects
            if item["injection"]["journee_gaziere"] == str(DAY)
        ]

    consumed = sandbox.available_days(FARM)
    original = await seen()
    sandbox.correct(FARM, DAY, kwh=17_000, m3=1_600, flow=INJECTION)
    assert await seen() == [(17_000, "Corrigé")]
    assert sandbox.truth(FARM, INJECTION).days[DAY].kwh == 17_000
    sandbox.withdraw(FARM, DAY, flow=INJECTION)
    assert await seen() == [(None, "Absence de Données")]
    sandbox.delay(FARM, DAY, date(2026, 11, 21), flow=INJECTION)
    assert await seen() == []
    assert DAY not in sandbox.available_days(FARM, INJECTION)
    assert sandbox.available_days(FARM) == consumed
    sandbox.restore(FARM, DAY, flow=INJECTION)
    assert await seen() == original


async def test_a_test_can_write_any_field_of_an_injection(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.raw(FARM, DAY, flow=INJECTION, energie="12,5", valeur_pcs="11,2")
    reply = await injections(visitor, FARM, periode="2026-308")
    wire = reply.objects[-1]["injection"]
    assert (wire["energie"], wire["coeff_calcul"]["valeur_pcs"]) == ("12,5", "11,2")
    assert "energie" not in reply.objects[-1]


async def test_a_published_injection_can_be_amended(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    sandbox.amend_published(FARM, DAY, Amendment(kwh=1), flow=INJECTION)
    reply = await injections(visitor, FARM, periode="2026-308")
    assert reply.objects[-1]["injection"]["energie"] == 1


async def test_injections_stay_within_the_rights_dates(
    sandbox: Sandbox, visitor: Visitor
) -> None:
    right = sandbox.right(PRODUCER, Perimeter.INJECTION)
    right.injection_from, right.injection_to = DAY, DAY + timedelta(days=1)
    reply = await injections(visitor, PRODUCER, **WEEK)
    days = [item["injection"]["journee_gaziere"] for item in reply.objects]
    assert days == ["2026-11-04", "2026-11-05"]
    assert [
        str(block.start) for block in sandbox.available_published(PRODUCER, INJECTION)
    ] == days


@pytest.mark.parametrize(
    ("first", "status"), [("2021-11-20", 200), ("2021-11-19", 400)]
)
async def test_injections_reach_five_years_back(
    visitor: Visitor, first: str, status: int
) -> None:
    query = {"date_debut": first, "date_fin": "2026-11-20"}
    assert (await injections(visitor, PRODUCER, **query)).status == status


async def test_grdfs_own_producers_answer_as_its_notes_describe() -> None:
    async with visiting(Sandbox(now=CASES_NOW)) as visitor:
        span = {"date_debut": "2023-07-01", "date_fin": "2023-07-17"}
        found = await injections(visitor, "GI999150", **span)
        other = await injections(visitor, "GI999602", **span)
    days = [item["injection"]["journee_gaziere"] for item in found.objects]
    assert (days[0], days[-1]) == ("2023-07-01", "2023-07-17")
    assert other.code == "1000002"
